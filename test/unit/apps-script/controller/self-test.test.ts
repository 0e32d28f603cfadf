import type { FaultInjection } from '../../../../local/apps-script-runtime/fault-injection.ts';
import { seeded } from '../../../../local/apps-script-runtime/fault-injection.ts';
import { QUIRKS, quirksOf, type Recording } from '../../../../local/apps-script-runtime/quirks.ts';
import { MANAGER, OWNER, runtimeHouse } from '../../local/apps-script-runtime/start-runtime.ts';
import { builtCode } from '../night.ts';

/** selfTest() on the local runtime, with a person who does what the scratch sheet asks for. */

const STRANGER = 'tester@example.org';
const house = runtimeHouse();
let code: string;
beforeAll(async () => {
  code = await builtCode();
});

interface Told {
  readonly recording: Recording;
  readonly unknown: readonly string[];
}

function lab(quirks: Recording = {}, faultInjection: FaultInjection = {}) {
  const { runtime, clock, sleeps } = house.start(code, { quirks, faultInjection });
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

  /** A tick comes while it waits for one. */
  async function finish(): Promise<Told> {
    const asleep = sleeps();
    const running = runtime.run('selfTest');
    const isOver = running.then(() => true);
    while (sleeps() === asleep && !(await Promise.race([isOver, pause()])));
    await runtime.tick();
    clock.moveTo(clock.now() + 2_000);
    const { log, error } = await running;
    if (error !== undefined) throw new Error(error);
    await runtime.idle();
    const unknown = log.flatMap((line) => /^Unknown: (\w+)/.exec(line)?.[1] ?? []);
    return { recording: JSON.parse(log[0] ?? ''), unknown };
  }

  async function minutes(count: number, secondsEach = 60): Promise<void> {
    const from = clock.now();
    for (let at = 1; at <= count; at += 1) {
      clock.moveTo(from + at * secondsEach * 1_000);
      await runtime.tick();
    }
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
    'type your own address': (row) => edit(`C${row}`, STRANGER, STRANGER),
  };

  async function doSteps(which: readonly string[] = Object.keys(doings)): Promise<void> {
    for (const text of which) {
      const row = rowOf(text);
      await doings[text]?.(row);
      await edit(`D${row}`, 'done', MANAGER);
    }
    await runtime.idle();
  }

  const triggers = async () => {
    const before = runtime.executions().length;
    await runtime.tick();
    await edit('E20', 'anything', MANAGER);
    return runtime.executions().length - before;
  };

  return { runtime, begin, finish, minutes, doSteps, edit, triggers, sheet, id: () => id, clock };
}

const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 5));

async function wholeTest(quirks: Recording = {}, faultInjection: FaultInjection = {}, secondsEach = 60): Promise<Told> {
  const { begin, doSteps, minutes, finish } = lab(quirks, faultInjection);
  await begin();
  await doSteps();
  await minutes(5, secondsEach);
  return finish();
}

it('records exactly the quirks that the local runtime replays, as it believes them', async () => {
  const { recording, unknown } = await wholeTest();
  expect(unknown).toEqual([]);
  expect(recording).toEqual(quirksOf());
  expect(Object.keys(recording).sort()).toEqual(QUIRKS.map(({ id }) => id as string).sort());
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
    expect(await wholeTest({}, faultInjection())).toEqual({ recording: quirksOf(), unknown: [] });
  });

  it('are not taken for the event of an undoing', async () => {
    expect((await wholeTest({ undoFiresEdit: false }, faultInjection())).recording.undoFiresEdit).toBe(false);
  });
});

it('is not misled by writes that reach the sheet late', async () => {
  expect(await wholeTest({}, { lateWrites: true })).toEqual({ recording: quirksOf(), unknown: [] });
});

it('leaves what nobody did unknown, listens on when it is run again, and then knows it', async () => {
  const { begin, doSteps, minutes, finish, runtime, id } = lab();
  await begin();
  await doSteps(['press Delete']);
  await minutes(5);
  const first = await finish();
  expect(first.recording).toMatchObject({ clearCarriesValue: false, scriptWriteFiresEdit: false });
  expect(first.recording).not.toHaveProperty('undoFiresEdit');
  expect(first.unknown).toEqual(expect.arrayContaining(['pasteCarriesValue', 'undoFiresEdit', 'sortFiresEdit']));

  const { log } = await runtime.run('selfTest');
  expect(log.join()).toContain(id());
  await doSteps();
  expect(await finish()).toEqual({ recording: quirksOf(), unknown: [] });
});

it('does not take silence for an answer when its trigger was deaf', async () => {
  const { recording, unknown } = await wholeTest({}, { dropEvent: 1 });
  expect(recording).not.toHaveProperty('sortFiresEdit');
  expect(recording).not.toHaveProperty('scriptWriteFiresEdit');
  expect(unknown).toContain('rowInsertObeysProtection');
});

it('takes its triggers away, and leaves those of the controller', async () => {
  const { begin, doSteps, minutes, finish, triggers } = lab();
  await begin();
  expect(await triggers()).toBe(2);
  await doSteps();
  await minutes(4);
  await finish();
  expect(await triggers()).toBe(0);
});

it('does not hear its own notes, should the platform tell of them', async () => {
  const { begin, minutes, sheet } = lab({ scriptWriteFiresEdit: true });
  await begin();
  await minutes(2);
  expect(sheet().displayValues('Heard').flat().join()).not.toContain('Ticks');
});

it('keeps the recording where people find it', async () => {
  const { begin, doSteps, minutes, finish, sheet } = lab();
  await begin();
  await doSteps();
  await minutes(4);
  const { recording } = await finish();
  expect(JSON.parse(sheet().displayValues('Recording')[0]?.[0] ?? '')).toEqual(recording);
});

it('begins anew, with nothing doubled, wherever its first run was cut', async () => {
  const { calls } = await lab().runtime.run('selfTest');
  const delicate = ['Range.protect', 'Trigger.create'].map((call) => calls.indexOf(call) + 1);
  expect(delicate).not.toContain(0);
  for (const at of [...delicate, ...calls.flatMap((_call, index) => (index % 13 === 0 ? [index + 1] : []))]) {
    const { runtime, begin, triggers, sheet } = lab();
    runtime.cutNext({ at, side: 'after' });
    await runtime.run('selfTest');
    await begin();
    expect([at, sheet().tabNames().toSorted(), await triggers()]).toEqual([at, TABS, 2]);
    expect([at, sheet().displayValues('Protected').length]).toEqual([at, 4]);
    expect([at, sheet().tab('Protected').formatting.protections.length]).toEqual([at, 1]);
    await runtime.close();
  }
});
const TABS = ['Alone', 'Delete', 'Heard', 'Insert', 'Protected', 'Sort', 'Steps', 'Ticks'];

it('is refused to anybody but the owner', async () => {
  const { runtime } = lab();
  runtime.setScriptProperty('OWNER', OWNER);
  const { error, calls } = await runtime.run('selfTest', { user: MANAGER });
  expect(error).toContain(`Only ${OWNER} may run this.`);
  expect(calls.filter((call) => call.startsWith('Spreadsheet'))).toEqual([]);
});

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
