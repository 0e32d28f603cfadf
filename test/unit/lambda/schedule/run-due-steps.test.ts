import { runDueSteps } from '../../../../lambda/src/schedule/run-due-steps.ts';
import { dieOnceAt } from '../../../memory-table.ts';
import { at, createWorld, MANAGER, ran, Terminal, type World } from '../rundown/terminal.ts';

/** The server fires what is armed when the sheet's script did not; only so far ahead as its next invocation. */

let world: World;
let sheet: Terminal;
beforeEach(async () => {
  world = createWorld();
  sheet = new Terminal(world);
  await sheet.set('2', 'Scheduled');
  world.clock.now = Date.parse(at(4, 30));
  await sheet.sync();
});

const firedAt = () =>
  world.table
    .items()
    .filter(({ pk }) => pk.startsWith('OPERATION#'))
    .map(({ committedAt }) => committedAt);

it('waits for the second of the step and twenty more, for rows that the script may still send', async () => {
  await runDueSteps(world.deps);
  expect(firedAt()).toEqual([at(5, 20)]);
  expect(ran(world)).toEqual(['2 shop enter']);
});

it('leaves what is due after its next invocation to that', async () => {
  world.clock.now = Date.parse(at(3, 50));
  await runDueSteps(world.deps);
  expect(ran(world)).toEqual([]);
  expect(world.clock.now).toBe(Date.parse(at(3, 50)));
});

it('beside itself, and beside a sync that read the rows in time, fires once', async () => {
  await Promise.all([runDueSteps(world.deps), runDueSteps(world.deps)]);
  await sheet.sync();
  expect(ran(world)).toEqual(['2 shop enter']);
  const entries = await world.deps.store.audit('shop', '', 100);
  expect(entries.filter(({ kind }) => kind === 'operation')).toMatchObject([{ by: MANAGER }]);
});

it.each(['before', 'after'] as const)('that dies %s its commit leaves the step to the next one, once', async (when) => {
  dieOnceAt(world.table, /^commit sheet/, when);
  await runDueSteps(world.deps);
  expect(ran(world)).toEqual([]);
  await runDueSteps(world.deps);
  expect(ran(world)).toEqual(['2 shop enter']);
});

it('a sheet that fails does not keep the others waiting', async () => {
  const other = new Terminal(world, 'release-43');
  other.step('9').plannedStart = { ...sheet.step('2').plannedStart };
  await other.set('9', 'Scheduled');
  world.table.meanwhile = (call) => {
    if (call.startsWith('query RUNDOWN#release-42')) throw new Error('the table is out of reach');
  };
  const logged: unknown[] = [];
  await runDueSteps({ ...world.deps, log: (...entry) => void logged.push(entry) });
  expect(ran(world)).toEqual(['9 payments enter']);
  expect(logged).toContainEqual([
    ...['error', 'not scheduled', { spreadsheetId: 'release-42', message: 'the table is out of reach' }],
  ]);
});

it('of several sheets the one that is due first is fired first, and none waits for another', async () => {
  const earlier = new Terminal(world, 'release-43');
  earlier.step('9').plannedStart = { text: '2026-11-22 02:04', at: at(4, 50) };
  await earlier.set('9', 'Scheduled');
  await runDueSteps(world.deps);
  expect(ran(world)).toEqual(['9 payments enter', '2 shop enter']);
  expect(firedAt()).toEqual([at(5, 10), at(5, 20)]);
});

it('a step of the same sheet whose time is later waits for its own', async () => {
  sheet.step('9').plannedStart = { text: '2026-11-22 02:05', at: at(5, 30) };
  await sheet.set('9', 'Scheduled');
  await runDueSteps(world.deps);
  expect(ran(world)).toEqual(['2 shop enter']);
  await runDueSteps(world.deps);
  expect([ran(world), firedAt()]).toEqual([
    ['2 shop enter', '9 payments enter'],
    [at(5, 20), at(5, 50)],
  ]);
});

it('what somebody else writes in between is read first; whoever is overtaken on and on leaves it to the next one', async () => {
  const { commit } = world.deps.rundowns;
  let overtaken = 0;
  const rundowns: typeof world.deps.rundowns = {
    ...world.deps.rundowns,
    commit: async (...given) => {
      overtaken -= 1;
      return overtaken >= 0 ? undefined : commit(...given);
    },
  };
  overtaken = Number.POSITIVE_INFINITY;
  await runDueSteps({ ...world.deps, rundowns });
  expect(ran(world)).toEqual([]);
  overtaken = 3;
  await runDueSteps({ ...world.deps, rundowns });
  expect(ran(world)).toEqual(['2 shop enter']);
});

it('leaves the probes to whoever drives: it may be cut off in a minute', async () => {
  let probes = 0;
  const probe: typeof world.deps.probe = (...given) => {
    probes += 1;
    return world.deps.probe(...given);
  };
  // Fired by one that dies then, finished by the next one.
  dieOnceAt(world.table, /^commit sheet/, 'after');
  await runDueSteps({ ...world.deps, probe });
  await runDueSteps({ ...world.deps, probe });
  expect(ran(world)).toEqual(['2 shop enter']);
  expect(probes).toBe(0);
});

it('a step whose row is gone is not run at its time', async () => {
  sheet.lines.splice(0, 1);
  await sheet.sync();
  await runDueSteps(world.deps);
  expect(ran(world)).toEqual([]);
});

it('a service that a person opened since it was armed is not closed behind them', async () => {
  const other = new Terminal(world, 'release-43');
  await other.set('8', 'Go');
  await runDueSteps(world.deps);
  expect(ran(world)).toEqual(['8 shop exit']);
  const step = (await world.deps.rundowns.load(sheet.id)).steps.find(({ seen }) => seen.step === '2');
  expect(step?.armed).toBeUndefined();
  expect(step?.decided).toMatchObject({
    status: 'Planned',
    result: expect.stringMatching(/^Disarmed: .* opened the service \(step 8 of release-43\)\. Nothing was run\.$/),
  });
});

describe('without a new reading', () => {
  it('what the row was told to say before is still known, and is nobody’s change', async () => {
    // A Go that is not run: the row is told to say Scheduled again, and was not read since.
    await sheet.set('2', 'Go', 'intern@example.com');
    expect(sheet.step('2').status).toBe('Scheduled');
    world.clock.now = Date.parse(at(4, 50));
    await runDueSteps(world.deps);
    // Whoever polled for it died before it wrote what was answered.
    for (let poll = 0; poll < 3; poll += 1) await sheet.send(sheet.read('poll'));
    expect(ran(world)).toEqual(['2 shop enter']);
    await sheet.sync();
    expect(sheet.step('2')).toMatchObject({ status: 'Done', by: MANAGER });
    expect(sheet.step('2').result).not.toContain('did not report who');
  });

  it('a row that is gone stays gone, whatever becomes of its step', async () => {
    sheet.lines.splice(0, 1);
    await sheet.sync();
    const missing = (await world.deps.rundowns.load(sheet.id)).steps.find(({ seen }) => seen.step === '2');
    expect(missing?.missingSince).toBeDefined();
    const other = new Terminal(world, 'release-43');
    await other.set('8', 'Go');
    await sheet.send(sheet.read('poll'));
    const after = (await world.deps.rundowns.load(sheet.id)).steps.find(({ seen }) => seen.step === '2');
    expect(after?.armed).toBeUndefined();
    expect(after?.missingSince).toBe(missing?.missingSince);
  });
});
