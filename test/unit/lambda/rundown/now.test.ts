import { operate } from '../../../../lambda/src/operate/operate.ts';
import { at, createWorld, DUTY, MANAGER, MINUTE_MS, night, Terminal, type World } from './terminal.ts';

/** What the sheet's banner says above the rows. */

let world: World;
let sheet: Terminal;
beforeEach(() => {
  world = createWorld();
  sheet = new Terminal(world);
});

it('tells how each service of the sheet stands, since when, and which step is next', async () => {
  expect((await sheet.sync()).banner).toMatchObject({
    now: 'Shop: Open\nPayments: Open',
    next: { step: '2', at: at(5) },
  });
  await sheet.set('2', 'Go');
  expect((await sheet.sync()).banner).toMatchObject({
    now: 'Shop: Closed 02:00\nPayments: Open',
    next: { step: '5', at: at(12) },
  });
});

it('in the zone of the sheet, with the day if it was another one', async () => {
  sheet.timeZone = 'America/New_York';
  await sheet.set('2', 'Go');
  expect((await sheet.sync()).banner.now).toContain('Shop: Closed 21:00\n');
  world.clock.now += 24 * 60 * MINUTE_MS;
  expect((await sheet.sync()).banner.now).toContain('Shop: Closed 11-21 21:00\n');
});

it('what came through another door, and what is in doubt', async () => {
  await sheet.sync();
  const request = { service: 'shop', requestedBy: DUTY, requestedAt: at(0), source: { kind: 'break-glass' } } as const;
  await operate(world.deps, { ...request, operationId: 'break-glass-1', action: 'enter' });
  expect((await sheet.sync()).banner.now).toMatch(/^Shop: Clos/);
  await sheet.minutes(1);
  expect((await sheet.sync()).banner.now).toMatch(/^Shop: Closed/);
  world.ruleGroups.visit = () => ({ kind: 'answered', status: 200 });
  await sheet.minutes(3);
  expect((await sheet.sync()).banner.now).toMatch(/^Shop: In doubt/);
});

it('is left out of a poll that another one follows, and told by the last', async () => {
  const { visit } = world.ruleGroups;
  world.ruleGroups.visit = () => ({ kind: 'answered', status: 200 });
  sheet.step('2').status = 'Go';
  await sheet.sync(sheet.event(['2'], MANAGER, { typed: 'Go' }));
  expect((await sheet.send(sheet.read('poll'))).banner.now).toBeUndefined();
  world.ruleGroups.visit = visit;
  let answer = await sheet.send(sheet.read('poll'));
  for (let polls = 0; polls < 20 && answer.again.afterMs < 10_000; polls += 1) {
    world.clock.now += answer.again.afterMs;
    answer = await sheet.send(sheet.read('poll'));
  }
  expect(answer.banner.now).toBe('Shop: Closed 02:00\nPayments: Open');
});

it('says nothing of services that no step names, and nothing is next when all is over', async () => {
  const own = new Terminal(
    world,
    'release-43',
    night()
      .map((line) => ({ ...line, status: 'Skipped' }))
      .slice(0, 4),
  );
  expect((await own.sync()).banner).toEqual({ connectedUntil: expect.any(String), now: 'Shop: Open' });
  const empty = new Terminal(world, 'release-44', []);
  expect((await empty.sync()).banner.now).toBe('');
});

it('says since when it is in doubt, and not since when it was set', async () => {
  await sheet.set('2', 'Go');
  await sheet.minutes(10);
  world.ruleGroups.visit = () => ({ kind: 'answered', status: 200 });
  await sheet.minutes(3);
  expect((await sheet.sync()).banner.now).toMatch(/^Shop: In doubt 02:1\d/);
});

it('a step that a later one of its service passed over is not next, and one that was refused still is', async () => {
  await sheet.set('2', 'Go');
  await sheet.set('5', 'Go', 'intern@example.com');
  expect(sheet.step('5').status).toBe('Failed');
  expect((await sheet.sync()).banner.next?.step).toBe('5');
  world.clock.now += 20 * MINUTE_MS;
  await sheet.set('8', 'Go');
  expect(sheet.step('8').status).toBe('Done');
  expect((await sheet.sync()).banner.next?.step).toBe('9');
});

it('a step is next by its planned start, wherever its row is', async () => {
  sheet.lines.reverse();
  expect((await sheet.sync()).banner.next?.step).toBe('2');
});
