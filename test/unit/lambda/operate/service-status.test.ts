import { serviceStatuses } from '../../../../lambda/src/operate/service-status.ts';
import { at, createWorld, Terminal } from '../rundown/terminal.ts';

it('counts what is armed for each service, in all sheets, a group’s step for each of its members', async () => {
  const world = createWorld();
  const [one, other] = [new Terminal(world), new Terminal(world, 'release-43')];
  await one.set('2', 'Scheduled');
  await one.set('8', 'Scheduled');
  other.step('2').service = 'storefront';
  await other.move('2', at(50));
  await other.set('2', 'Scheduled');
  const statuses = await serviceStatuses(world.deps);
  expect(statuses.map(({ service, armed }) => [service, armed])).toEqual([
    ['shop', 3],
    ['payments', 1],
  ]);
});
