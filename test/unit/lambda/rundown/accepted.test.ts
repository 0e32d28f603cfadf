import { auditTable, entriesOf } from '../../../../lambda/src/rundown/audit-table.ts';
import { createWorld, MANAGER, MINUTE_MS, ran, Terminal, type World } from './terminal.ts';

/** A service that the config says nobody probes: accepted is all that its steps come to. */

let world: World;
let sheet: Terminal;
beforeEach(() => {
  world = createWorld({ production: true });
  const services = world.deps.config.services.map((service) => ({
    ...service,
    targets: service.targets.map((target) => ({ ...target, verification: 'none' as const })),
  }));
  world = { ...world, deps: { ...world.deps, config: { ...world.deps.config, services } } };
  sheet = new Terminal(world);
});

it('ends as Accepted, says that nobody proves it, and calls nobody', async () => {
  await sheet.set('2', 'Go');
  expect(sheet.step('2')).toMatchObject({ status: 'Accepted', by: MANAGER });
  expect(sheet.step('2').finished).not.toBe('');
  expect(sheet.step('2').result).toMatch(/^Accepted, and nobody proves it.*Look for yourself whether it is closed/);
  for (let minutes = 0; minutes < 8; minutes += 1) await world.minute();
  expect(world.notices).toEqual([]);
  const own = await world.deps.store.auditOfSheet(sheet.id);
  const { rows } = auditTable(entriesOf(sheet.id, own, []), [], world.clock.now);
  expect(rows.map((row) => row[5])).toEqual(['Accepted']);
});

it('is on plan for the next step, and off plan for itself: it has happened', async () => {
  await sheet.set('2', 'Go');
  sheet.allowlist.push({ row: 2, address: '192.0.2.10', who: 'Ana', until: { text: '' }, services: 'shop' });
  world.clock.now += 8 * MINUTE_MS;
  await sheet.set('5', 'Go');
  expect(sheet.step('5').status).toBe('Accepted');
  await sheet.set('2', 'Go');
  expect(sheet.step('2').status).toBe('Accepted');
  expect(sheet.step('2').result).toContain('set Go again');
  expect(ran(world)).toEqual(['2 shop enter', '5 shop enable-allowlist']);
});

it('is ours to say: whoever types it is told that nothing was run', async () => {
  await sheet.set('2', 'Accepted');
  expect([sheet.step('2').status, ran(world)]).toEqual(['Planned', []]);
});
