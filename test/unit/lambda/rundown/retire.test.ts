import { knownServices } from '../../../../lambda/src/model/service-names.ts';
import { disarmAll, retire } from '../../../../lambda/src/rundown/disarm-all.ts';
import { wayBackIn } from '../../../../lambda/src/rundown/way-back.ts';
import { at, createWorld, MANAGER, MINUTE_MS, Terminal, type World } from './terminal.ts';

/** A sheet that must not run anything any more, and how a service is opened from one. */

let world: World;
let sheet: Terminal;
beforeEach(() => {
  world = createWorld();
  sheet = new Terminal(world);
});
const steps = async () => (await world.deps.rundowns.load(sheet.id)).steps;
const step = async (name: string) => (await steps()).find(({ seen }) => seen.step === name);
/** Whatever the rules say, visitors get in. */
const open = () => Object.assign(world.ruleGroups, { visit: async () => ({ kind: 'answered', status: 200 }) });

it('is not retired while a step of it runs, and is told which', async () => {
  open();
  sheet.step('2').status = 'Go';
  await sheet.sync(sheet.event(['2'], MANAGER, { typed: 'Go' }));
  expect((await step('2'))?.decided.status).toBe('Running');
  await expect(retire(world.deps, sheet.id, MANAGER)).rejects.toMatchObject({
    ...{ code: 'STEP_RUNNING', message: expect.stringContaining('2') },
  });
  expect((await world.deps.rundowns.load(sheet.id)).sheet.retiredAt).toBeUndefined();
});

it('is retired though a step is not proven: it may never be', async () => {
  open();
  await sheet.set('2', 'Go');
  await sheet.minutes(7);
  expect((await step('2'))?.decided.status).toBe('Unproven');
  await retire(world.deps, sheet.id, MANAGER);
  expect((await step('2'))?.run?.isOver).toBe(true);
});

it('disarms what was armed, in the name of whoever retires it, once', async () => {
  await sheet.set('2', 'Scheduled');
  await retire(world.deps, sheet.id, MANAGER);
  await retire(world.deps, sheet.id, MANAGER);
  expect((await step('2'))?.armed).toBeUndefined();
  const audit = (await world.deps.store.auditOfSheet(sheet.id)).filter(({ kind }) => kind === 'disarmed');
  expect(audit).toMatchObject([{ by: MANAGER, plannedAt: at(5), source: { kind: 'sheet', step: '2' } }]);
});

it('stays retired for an edit that was under way, and begins anew when it is synced again', async () => {
  await sheet.sync();
  const record = async () => (await world.deps.rundowns.load(sheet.id)).sheet;
  const { firstHeardAt } = await record();
  world.clock.now += MINUTE_MS;
  await retire(world.deps, sheet.id, MANAGER);
  const { retiredAt } = await record();
  expect(retiredAt).toBe(new Date(world.clock.now).toISOString());
  await sheet.set('2', 'Planned');
  expect(await record()).toMatchObject({ retiredAt, firstHeardAt });
  await sheet.sync();
  const after = await record();
  expect([after.retiredAt, Date.parse(after.firstHeardAt)]).toEqual([undefined, world.clock.now]);
});

it('disarms a step whose row is gone, in nobody’s name', async () => {
  await sheet.set('2', 'Scheduled');
  sheet.lines.splice(0, 1);
  await sheet.sync();
  const disarmed = async () =>
    (await world.deps.store.auditOfSheet(sheet.id)).filter(({ kind }) => kind === 'disarmed');
  expect(await disarmed()).toEqual([]);
  world.clock.now += 2 * MINUTE_MS;
  await sheet.sync();
  expect(await disarmed()).toMatchObject([{ by: '', plannedAt: at(5) }]);
  expect(await step('2')).toBeUndefined();
});

it('of a secret that leaked nothing is left armed in any sheet, and each row says why', async () => {
  const other = new Terminal(world, 'release-43');
  await sheet.set('2', 'Scheduled');
  await sheet.set('5', 'Scheduled');
  await other.set('9', 'Scheduled');
  await new Terminal(world, 'release-44').set('9', 'Skipped');
  expect(await disarmAll(world.deps, { by: 'ops', reason: 'a secret leaked' })).toEqual({ sheets: 2, steps: 3 });
  await sheet.sync();
  for (const name of ['2', '5']) {
    expect(sheet.step(name)).toMatchObject({ status: 'Planned', result: expect.stringContaining('a secret leaked') });
  }
  expect(await disarmAll(world.deps, { by: 'ops', reason: 'once more' })).toEqual({ sheets: 0, steps: 0 });
});

describe('how a service is opened again', () => {
  const wayBack = async (service: string) => wayBackIn(await steps(), knownServices(world.deps.config))(service);

  it('is the first step that opens it and was not run yet, in the order of the rows', async () => {
    sheet.lines.unshift({ ...structuredClone(sheet.step('8')), step: '8b' });
    await sheet.sync();
    expect(await wayBack('shop')).toContain('step 8b');
    sheet.step('8b').status = 'Skipped';
    await sheet.sync(sheet.event(['8b'], MANAGER, { typed: 'Skipped' }));
    expect(await wayBack('shop')).toContain('step 8');
    expect(await wayBack('shop')).not.toContain('8b');
  });

  it('is the tab Services where no step does, or the step has no name', async () => {
    await sheet.sync();
    const doNow = await wayBack('payments');
    expect(doNow).toContain('Do now');
    sheet.step('8').step = ' ';
    await sheet.sync();
    expect(await wayBack('shop')).toBe(doNow);
  });
});
