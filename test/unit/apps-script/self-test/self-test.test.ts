import type { FaultInjection } from '../../../../local/apps-script-runtime/fault-injection.ts';
import { seeded } from '../../../../local/apps-script-runtime/fault-injection.ts';
import { QUIRKS, quirksOf, type Recording } from '../../../../local/apps-script-runtime/quirks.ts';
import { MANAGER, OWNER, runtimeHouse } from '../../local/apps-script-runtime/start-runtime.ts';
import { builtSelfTest } from '../built-script.ts';

/** selfTest() on the local runtime, with a person who does what the scratch sheet asks for. */

const STRANGER = 'tester@example.org';
const house = runtimeHouse();
let code: string;
beforeAll(async () => {
  code = await builtSelfTest();
});

interface Told {
  readonly recording: Recording;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly unknown: readonly string[];
}

function lab(quirks: Recording = {}, faultInjection: FaultInjection = {}, script = code) {
  const { runtime, clock: time, sleeps } = house.start(script, { quirks, faultInjection });
  let id = '';
  const sheet = () => runtime.spreadsheets.get(id);

  async function begin(): Promise<string> {
    const { log, error } = await runtime.run('selfTest');
    if (error !== undefined) throw new Error(error);
    await runtime.idle();
    id = /spreadsheets\/d\/([^/]+)\//.exec(log.join())?.[1] ?? '';
    sheet().share([MANAGER, STRANGER]);
    return log.join('\n');
  }

  const triggers = () => runtime.triggers().map(({ handler }) => handler);

  /** Minutes pass until it has ended; the tick that waits for another one gets it. */
  async function clock(secondsEach = 60): Promise<Told> {
    for (let minute = 0; minute < 20 && triggers().length > 0; minute += 1) {
      time.moveTo(time.now() + secondsEach * 1_000);
      let asleep = sleeps();
      const running = runtime.tick().then(() => true);
      while (!(await Promise.race([running, pause()]))) {
        if (sleeps() === asleep) continue;
        time.moveTo(time.now() + secondsEach * 1_000);
        await runtime.tick();
        time.moveTo(time.now() + 2_000);
        // It gets another one only if it waits once more: one that comes while it ends has nothing to tell, and says so.
        asleep = sleeps();
      }
    }
    await runtime.idle();
    const told = runtime
      .executions()
      .flatMap(({ log }) => toldIn(log) ?? [])
      .at(-1);
    if (!told) throw new Error('it has not ended');
    return told;
  }

  function toldIn(log: readonly string[]): Told | undefined {
    const [recording, facts] = log.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    const unknown = log.flatMap((line) => /^Unknown: (\w+)/.exec(line)?.[1] ?? []);
    return recording && { recording, facts, unknown };
  }

  const rowOf = (text: string) =>
    sheet()
      .displayValues('Steps')
      .findIndex(([first = '']) => first.includes(text)) + 1;
  const edit = async (range: string, value: string, user: string, how?: 'typed' | 'pasted' | 'undone') => {
    await runtime.edit({ spreadsheetId: id, sheet: 'Steps', range, values: [[value]], user, how }).executions;
  };
  /** As the real one: whom Sheets refuses sees a message, and the sheet stays. */
  const refusable = async (work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      if ((error as Error).name !== 'SheetError') throw error;
    }
  };

  /** By a part of its text: what a person does, between reading it and typing "done". */
  const doings: Readonly<Record<string, (row: number) => unknown>> = {
    'Copy the cell under "Copy this" and paste it into the cell under "Here", with': (row) =>
      edit(`C${row}`, sheet().displayValues('Steps')[row - 1]?.[1] ?? '', MANAGER, 'pasted'),
    'press Delete': (row) => edit(`C${row}`, '', MANAGER),
    'undo it at once': async (row) => {
      await edit(`C${row}`, 'typed', MANAGER);
      await edit(`C${row}`, 'before', MANAGER, 'undone');
    },
    'It may be refused: that is an answer.': (row) =>
      refusable(() => edit(`C${row}`, sheet().displayValues('Steps')[row - 1]?.[1] ?? '', MANAGER, 'pasted')),
    'Open the tab Insert': () => runtime.insertRows(id, 'Insert', 3, 1, MANAGER),
    'Open the tab Delete': () => runtime.deleteRows(id, 'Delete', 3, 1, MANAGER),
    'Open the tab Sort': () => runtime.sort(id, 'Sort', 1, true, MANAGER),
    'open the tab Protected': () => refusable(() => runtime.insertRows(id, 'Protected', 3, 1, MANAGER)),
    'who may open the script: type your own address': (row) => edit(`C${row}`, MANAGER, MANAGER),
    'may not open the script: type': (row) => edit(`C${row}`, MANAGER, MANAGER),
    'Somebody of another domain': (row) => edit(`C${row}`, STRANGER, STRANGER),
  };

  async function doSteps(which: readonly string[] = Object.keys(doings)): Promise<void> {
    for (const text of which) {
      const row = rowOf(text);
      await doings[text]?.(row);
      await edit(`D${row}`, 'done', MANAGER);
    }
    await runtime.idle();
  }

  return { runtime, begin, clock, doSteps, edit, triggers, sheet, id: () => id, time, sleeps };
}

const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 5));

async function wholeTest(quirks: Recording = {}, faultInjection: FaultInjection = {}, secondsEach = 60): Promise<Told> {
  const { begin, doSteps, clock } = lab(quirks, faultInjection);
  await begin();
  await doSteps();
  return clock(secondsEach);
}

it('records exactly the quirks that the local runtime replays, as it believes them', async () => {
  const { recording, unknown } = await wholeTest();
  expect(unknown).toEqual([]);
  expect(recording).toEqual(quirksOf());
  expect(Object.keys(recording).sort()).toEqual(QUIRKS.map(({ id }) => id as string).sort());
});

it('learns what decides besides: who is named, whose edits are heard, formulas, protections, NOW(), and what calls take', async () => {
  const { facts } = await wholeTest();
  expect(facts).toMatchObject({
    newSheetTimeZone: expect.any(String),
    newSheetLocale: 'en_US',
    userNamedWithinDomain: true,
    triggerFiresForNonViewers: true,
    semicolonFormulaWorks: true,
    semicolonFormulaWorksInGerman: true,
    commaFormulaWorksInGerman: expect.any(Boolean),
    openProtectionCoversNewRows: true,
    closedProtectionCoversNewRows: expect.any(Boolean),
    nowChangesByItself: true,
    nowChangesEveryMinute: true,
    callMs: { open: expect.any(Number), readTab: expect.any(Number), readCache: expect.any(Number) },
  });
});

/** The opposite of every belief, in recordings that do not hide each other. */
const OTHERWISE: Recording = {
  pasteCarriesValue: true,
  clearCarriesValue: true,
  rowInsertFiresEdit: true,
  rowDeleteFiresEdit: true,
  sortFiresEdit: true,
  undoFiresEdit: false,
  scriptWriteFiresEdit: true,
  readsCachedUntilFlush: false,
  userBlankOutsideDomain: false,
  scriptWriteObeysValidation: false,
  pasteObeysValidation: true,
  rowInsertObeysProtection: false,
  skippedHourReadsAs: 'earlier',
  repeatedHourReadsAs: 'second',
  tickEverySeconds: 75,
};

it('records a platform that does everything the other way round', async () => {
  const { recording, unknown } = await wholeTest(OTHERWISE, {}, 75);
  expect(unknown).toEqual([]);
  expect(recording).toEqual({ ...OTHERWISE, dateCellReadsAs: 'Date' });
});

it('says that a wall time cannot be told where dates read as numbers', async () => {
  const { recording, unknown } = await wholeTest({ dateCellReadsAs: 'number' });
  expect(recording.dateCellReadsAs).toBe('number');
  expect(unknown).toEqual(['skippedHourReadsAs', 'repeatedHourReadsAs']);
});

describe('events and ticks that come twice, and events that overtake each other', () => {
  const faultInjection = () => ({ doubleEvent: 0.5, doubleTick: 0.5, lateMs: 30, random: seeded(42) });

  it('mislead nothing', async () => {
    expect(await wholeTest({}, faultInjection())).toMatchObject({ recording: quirksOf(), unknown: [] });
  });

  it('are not taken for the event of an undoing', async () => {
    expect((await wholeTest({ undoFiresEdit: false }, faultInjection())).recording.undoFiresEdit).toBe(false);
  });
});

it('is not misled by writes that reach the sheet late', async () => {
  expect(await wholeTest({}, { lateWrites: true })).toMatchObject({ recording: quirksOf(), unknown: [] });
});

it('leaves what nobody did unknown, listens on when it is run again, and then knows it', async () => {
  const { begin, doSteps, clock, runtime, id } = lab();
  await begin();
  await doSteps(['press Delete']);
  await runtime.run('selfTest');
  const first = await clock();
  expect(first.recording).toMatchObject({ clearCarriesValue: false, scriptWriteFiresEdit: false });
  expect(first.recording).not.toHaveProperty('undoFiresEdit');
  expect(first.unknown).toEqual(expect.arrayContaining(['pasteCarriesValue', 'undoFiresEdit', 'sortFiresEdit']));

  const { log } = await runtime.run('selfTest');
  expect(log.join()).toContain(id());
  await doSteps();
  expect(await clock()).toMatchObject({ recording: quirksOf(), unknown: [] });
});

it('does not take silence for an answer when its trigger was deaf', async () => {
  const { begin, doSteps, clock, runtime } = lab({}, { dropEvent: 1 });
  await begin();
  await doSteps();
  await runtime.run('selfTest');
  const { recording, unknown } = await clock();
  expect(recording).not.toHaveProperty('sortFiresEdit');
  expect(recording).not.toHaveProperty('scriptWriteFiresEdit');
  expect(unknown).toContain('rowInsertObeysProtection');
});

describe('its trigger', () => {
  it('is one at a time, as an account may have no more to spare, and is taken away at the end', async () => {
    const { begin, doSteps, clock, triggers } = lab();
    await begin();
    expect(triggers()).toEqual(['onSelfTestEdit']);
    await doSteps();
    expect(triggers()).toEqual(['onSelfTestTick']);
    await clock();
    expect(triggers()).toEqual([]);
  });

  it('hears nobody any more after half an hour: the rest is learnt by the clock, and it ends', async () => {
    const { begin, edit, clock, triggers, time, runtime } = lab();
    await begin();
    time.moveTo(time.now() + 31 * 60_000);
    await edit('E20', 'anything', MANAGER);
    await runtime.idle();
    expect(triggers()).toEqual(['onSelfTestTick']);
    await clock();
    expect(triggers()).toEqual([]);
  });

  it('of every minute ends after half an hour, even if ticks hardly come', async () => {
    const { begin, triggers, time, runtime } = lab();
    await begin();
    await runtime.run('selfTest');
    await runtime.tick();
    time.moveTo(time.now() + 31 * 60_000);
    await runtime.tick();
    expect(triggers()).toEqual([]);
  });
});

it('does not hear its own notes, should the platform tell of them', async () => {
  const { begin, doSteps, sheet, runtime } = lab({ scriptWriteFiresEdit: true });
  await begin();
  await doSteps(['press Delete']);
  await runtime.idle();
  expect(sheet().displayValues('Heard').flat().join()).not.toContain('"Heard"');
});

it('reports once when two ticks end it at the same time', async () => {
  const busy = `\nfunction keepsTheLock() { LockService.getScriptLock().tryLock(0); Utilities.sleep(100000); }`;
  const { begin, doSteps, time, triggers, runtime, sleeps } = lab({}, {}, code + busy);
  await begin();
  await doSteps();
  const passes = (seconds: number) => time.moveTo(time.now() + seconds * 1_000);
  const hasEnded = async (one: Promise<unknown>, asleep: number): Promise<boolean> => {
    for (;;) {
      if (await Promise.race([one.then(() => true), pause()])) return true;
      if (sleeps() > asleep) return false;
    }
  };
  const begins = async (one: () => Promise<unknown>): Promise<Promise<unknown>[]> => {
    const asleep = sleeps();
    const running = one();
    return (await hasEnded(running, asleep)) ? [] : [running];
  };
  let [waiting] = await begins(() => runtime.tick());
  for (let minute = 0; minute < 20 && !waiting; minute += 1) {
    passes(60);
    [waiting] = await begins(() => runtime.tick());
  }
  const [holding] = await begins(() => runtime.run('keepsTheLock'));
  passes(21);
  // It writes what the first one waits for.
  await runtime.tick();
  const asleep = sleeps();
  passes(2);
  expect(await hasEnded(waiting as Promise<unknown>, asleep)).toBe(false);
  passes(21);
  const [second] = await begins(() => runtime.tick());
  expect([holding, second]).not.toContain(undefined);
  passes(60);
  await Promise.all([holding, waiting, second]);
  expect(triggers()).toEqual([]);
  const reports = runtime.executions().filter(({ log }) => log.some((line) => line.startsWith('{')));
  expect(reports).toHaveLength(1);
  expect(reports[0]?.log.filter((line) => line.startsWith('Unknown:'))).toEqual([]);
});

it('keeps the recording where people find it', async () => {
  const { begin, doSteps, clock, sheet } = lab();
  await begin();
  await doSteps();
  const { recording, facts } = await clock();
  const [[first = ''] = [], [second = ''] = []] = sheet().displayValues('Recording');
  expect([JSON.parse(first), JSON.parse(second)]).toEqual([recording, facts]);
});

it('begins anew, with nothing doubled, wherever its first run was cut', async () => {
  const { calls } = await lab().runtime.run('selfTest');
  const delicate = ['Range.protect', 'Trigger.create'].map((call) => calls.indexOf(call) + 1);
  expect(delicate).not.toContain(0);
  for (const at of [...delicate, ...calls.flatMap((_call, index) => (index % 61 === 0 ? [index + 1] : []))]) {
    const { runtime, begin, triggers, sheet } = lab();
    runtime.cutNext({ at, side: 'after' });
    await runtime.run('selfTest');
    // What was cut after its trigger was there goes on with the clock, when it is run again.
    if (triggers().length > 0) continue;
    await begin();
    expect([at, sheet().tabNames().toSorted(), triggers()]).toEqual([at, TABS, ['onSelfTestEdit']]);
    expect([at, sheet().displayValues('Protected').length]).toEqual([at, 4]);
    expect([at, sheet().tab('Protected').formatting.protections.length]).toEqual([at, 1]);
    await runtime.close();
  }
});
const TABS = ['Alone', 'Delete', 'Heard', 'Insert', 'Protected', 'Sort', 'Steps', 'Ticks'];

it('asks for people of the domains that it needs, and says where', async () => {
  const told = await lab().begin();
  expect(told).toContain('https://docs.google.com/spreadsheets/d/');
  expect(told).toContain(`another domain than ${OWNER}`);
});

it('by hand, its triggers do nothing', async () => {
  const { runtime } = lab();
  expect((await runtime.run('onSelfTestEdit')).error).toContain('not by hand');
  expect((await runtime.run('onSelfTestTick', { user: MANAGER })).error).toBeUndefined();
});
