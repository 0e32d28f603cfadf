import type { EnvironmentConfig } from '../../../../config/schema.ts';
import { knowingOrphans } from '../../../../lambda/src/operate/orphans.ts';
import { syncRundown } from '../../../../lambda/src/rundown/sync.ts';
import { tablesOf } from '../../../../lambda/src/rundown/tables.ts';
import { createWorld, MANAGER, Terminal, type World } from './terminal.ts';

/** A service that was taken out of the config while it was closed, from the release sheet. */

let world: { -readonly [K in keyof World]: World[K] };
let sheet: Terminal;
beforeEach(async () => {
  world = createWorld();
  await new Terminal(world).set('2', 'Go');
  const config: EnvironmentConfig = {
    ...world.deps.config,
    groups: [],
    services: world.deps.config.services.filter(({ name }) => name !== 'shop'),
  };
  // As every entry of the Lambdas begins.
  world = { ...world, deps: await knowingOrphans({ ...world.deps, config }) };
  sheet = new Terminal(world);
});

it('is opened with the row that still names it', async () => {
  await sheet.set('8', 'Go');
  expect(sheet.step('8')).toMatchObject({ status: 'Done', by: MANAGER });
  expect(sheet.step('8').result).toContain('Shop is open to everyone');
});

it('is not closed again, and its row says why', async () => {
  await sheet.set('5', 'Go');
  expect(sheet.step('5').status).toBe('Failed');
  expect(sheet.step('5').result).toContain('Shop is not in the config any more');
});

it('is told to the script as a name that rows may have, so that they are sent here', async () => {
  const { names } = await sheet.send(sheet.read());
  expect(names?.services).toEqual([
    { name: 'payments', title: 'Payments' },
    { name: 'shop', title: 'Shop' },
  ]);
});

it('stands in the tab Services, and is opened with Do now there', async () => {
  const { services } = await tablesOf(world.deps, sheet.id);
  const row = services.rows.find(([name]) => name === 'shop') ?? [];
  expect(row[2]).toBe('Closed');
  expect(row[6]).toMatch(/^NOT IN THE CONFIG ANY MORE/);
  const request = sheet.read('edit', {
    ...sheet.event([], MANAGER),
    ...{ tab: 'services', rows: [3], coversPlan: true },
  });
  const own = { status: '', result: '', started: '', finished: '', by: '', operation: '' };
  const { steps: _steps, ...without } = request;
  const picks = [{ row: 3, service: 'shop', action: 'Exit maintenance', ...own }];
  const answer = await syncRundown(world.deps, sheet.id, { ...without, picks });
  expect(answer.rows[0]?.cells).toMatchObject({ status: 'Running', by: MANAGER });
  expect((await world.deps.store.state('shop')).mode).toBe('normal');
});

it('that was open, was opened again, and left the config before that was proven is Unproven until it is back', async () => {
  world = createWorld();
  const { config } = world.deps;
  sheet = new Terminal(world);
  sheet.step('8').status = 'Go';
  await sheet.sync(sheet.event(['8'], MANAGER, { typed: 'Go' }));
  const services = config.services.filter(({ name }) => name !== 'shop');
  world.deps = { ...world.deps, config: { ...config, groups: [], services } };
  for (const _minute of Array(10)) {
    world.clock.now += 60_000;
    await sheet.sync();
  }
  expect(sheet.step('8').status).toBe('Unproven');
  expect(sheet.step('8').result).toMatch(
    /^We don't know whether shop is open, and nobody checks it: the config lost it/,
  );
  world.deps = { ...world.deps, config };
  await sheet.minute();
  expect(sheet.step('8')).toMatchObject({ status: 'Done', by: MANAGER });
  expect(sheet.step('8').result).toContain('Shop is open to everyone');
});
