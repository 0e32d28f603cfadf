import type { Item } from '../../lambda/src/store/table.ts';
import { BoardNight } from '../unit/apps-script/boards/board-night.ts';
import { type Cell, type Cut, editEvent, type Run } from '../unit/apps-script/google.ts';
import { builtCode, DUTY, MANAGER, MINUTE_MS, Night, SHEET } from '../unit/apps-script/night.ts';
import { HOW, tried } from './plays.ts';
import { committed, leftOver, wrongAudit, wrongPeople, wrongRows } from './truth.ts';

/**
 * Code.js is killed once before and once after each service call that it makes in a scenario; each of its requests once does
 * not arrive, once is not answered, once is answered late, and once arrives twice. The next minutes come. Then the sheet tells
 * what was run, or that nothing was and what to do; and a second Go does what the first one was meant to.
 */

/** To be killed before a call is to be killed after the one before it. */
function sidesOf(call: string, index: number): Cut['side'][] {
  const isRequest = call.startsWith('fetchAll');
  return [
    ...(index === 0 ? ['before' as const] : []),
    'after',
    ...(isRequest ? (['fails', 'unanswered', 'slow', 'twice'] as const) : []),
  ];
}

interface Scenario {
  readonly hasBoards?: boolean;
  prepare?(night: Night): void;
  /** The execution that is cut, if it is. */
  play(night: Night, cut?: Cut): Run;
  /** What was asked for, by step: by whom. */
  readonly people: Readonly<Record<string, string>>;
  /** The step that it is about, and what it says when it was run. */
  readonly about: string;
  /** What ran in the end: step, service, action. */
  readonly runs: readonly string[];
  /** What people do next, whatever came of it. */
  next?(night: Night): void;
  wrong?(night: Night): string[];
  /** So many minutes later. */
  readonly minutes?: number;
  /** Somebody asks again for what was not run. */
  again?(night: Night): Run;
  readonly leastCalls: number;
}

const ENTER = 'Enter maintenance';
const boards = (night: Night): BoardNight => night as BoardNight;
const CONTROL = 'control';
const OTHER_SHEET = 'release-43';

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a Go': {
    play: (night, cut) => night.go(2, MANAGER, opt(cut)),
    people: { 2: MANAGER },
    about: '2',
    runs: ['2 shop enter'],
    again: (night) => night.go(2),
    leastCalls: 15,
  },
  'the Go that opens again': {
    prepare(night) {
      night.go(2);
      night.minute();
    },
    play: (night, cut) => night.go(8, DUTY, opt(cut)),
    people: { 2: MANAGER, 8: DUTY },
    about: '8',
    runs: ['2 shop enter', '8 shop exit'],
    again: (night) => night.go(8, DUTY),
    leastCalls: 15,
  },
  'a Scheduled': {
    prepare(night) {
      night.google.now += 3 * MINUTE_MS;
    },
    play: (night, cut) => night.status(2, 'Scheduled', MANAGER, opt(cut)),
    people: { 2: MANAGER },
    about: '2',
    runs: ['2 shop enter'],
    again: (night) => night.go(2),
    minutes: 5,
    leastCalls: 10,
  },
  'the tick that fires an armed step': {
    prepare(night) {
      night.status(2, 'Scheduled');
      night.google.now = Date.parse('2026-11-22T02:03:20Z');
      night.minute();
    },
    play(night, cut) {
      // The server's own schedule comes later than the script's.
      night.google.now += 45_000;
      return night.google.run('onMinute', undefined, cut);
    },
    people: { 2: MANAGER },
    about: '2',
    runs: ['2 shop enter'],
    leastCalls: 12,
  },
  'a Go for a group': {
    prepare(night) {
      night.set(2, 'Service', 'storefront');
      night.minute();
    },
    play: (night, cut) => night.go(2, MANAGER, opt(cut)),
    people: { 2: MANAGER },
    about: '2',
    runs: ['2 payments enter', '2 shop enter'],
    again: (night) => night.go(2),
    leastCalls: 15,
  },
  'an abort of what is under way': {
    prepare: beginsToRun,
    play: (night, cut) => night.go(8, DUTY, opt(cut)),
    people: { 2: MANAGER, 8: DUTY },
    about: '8',
    runs: ['2 shop enter', '8 shop exit'],
    again: (night) => night.go(8, DUTY),
    leastCalls: 15,
  },
  'a Go that lets testers in': {
    hasBoards: true,
    prepare(night) {
      night.google.type(SHEET, 2, 1, [['198.51.100.7', 'Ana']], 'Allowlist');
      night.go(2);
      night.minute();
    },
    play: (night, cut) => night.go(5, DUTY, opt(cut)),
    people: { 2: MANAGER, 5: DUTY },
    about: '5',
    runs: ['2 shop enter', '5 shop enable-allowlist'],
    again: (night) => night.go(5, DUTY),
    leastCalls: 15,
  },
  'a pick in Do now': {
    hasBoards: true,
    play: (night, cut) => boards(night).pick('payments', ENTER, MANAGER, cut),
    people: { Services: MANAGER },
    about: 'Services',
    runs: ['Services payments enter'],
    again: (night) => boards(night).pick('payments', ENTER),
    leastCalls: 12,
  },
  'the tick that goes on with what runs, and writes the boards': {
    hasBoards: true,
    prepare: beginsToRun,
    play(night, cut) {
      night.google.now += MINUTE_MS;
      return night.google.run('onMinute', undefined, cut);
    },
    people: { 2: MANAGER },
    about: '2',
    runs: ['2 shop enter'],
    // The Audit is read once more when its line is not there.
    minutes: 7,
    wrong(night) {
      const told = boards(night)
        .lines('Audit')
        .flatMap(({ What }) => What || []);
      return told.join() === ENTER ? [] : [`the Audit tells ${told.join() || 'nothing'}`];
    },
    leastCalls: 20,
  },
  'the tick after a Go that was cut': {
    prepare(night) {
      const at = wholeGo.calls.findIndex((call) => call.includes('/sync')) + 1;
      night.go(2, MANAGER, { cut: { at, side: 'after' } });
    },
    play(night, cut) {
      night.google.now += MINUTE_MS;
      return night.google.run('onMinute', undefined, cut);
    },
    people: { 2: MANAGER },
    about: '2',
    runs: ['2 shop enter'],
    leastCalls: 12,
  },
  'Retire of a sheet with an armed step': {
    prepare(night) {
      night.status(2, 'Scheduled');
      const url = `https://docs.google.com/spreadsheets/d/${SHEET}/edit`;
      const header = ['Release', 'Action', 'Sheet', 'Status', 'Result', 'By', 'At'];
      const row: Cell[] = ['Release 42', 'Retire', url, 'Go', '', '', ''];
      night.google.books.set(CONTROL, new Map([['Releases', [header, row]]]));
    },
    play: retire,
    people: {},
    about: '2',
    runs: [],
    // As its row in the tab Releases says.
    next(night) {
      night.minute();
      if (releaseRow(night)[3] !== 'Done') retire(night);
    },
    minutes: 6,
    wrong(night) {
      const [, , , status, result] = releaseRow(night);
      const isTold = status === 'Done' || String(result).includes('is not connected');
      const row = rowsOf(night).find(({ step }) => step === '2');
      const isSaid = row?.status === 'Planned' && row.result.includes('this release sheet was retired');
      const isKept = night.google.userProperties.has(`sheet:${SHEET}`);
      return [
        ...(isSaid ? [] : [`step 2 says ${row?.status}: ${row?.result}`]),
        ...(isTold ? [] : [`Releases says ${status}: ${result}`]),
        ...(isKept ? ['the sheet is still synced'] : []),
      ];
    },
    leastCalls: 12,
  },
};

const opt = (cut: Cut | undefined) => (cut ? { cut } : {});

/** A Go whose script is killed once it was answered: its row says Running. */
function beginsToRun(night: Night): void {
  const syncs = (calls: readonly string[]) => calls.flatMap((call, at) => (call.includes('/sync') ? [at + 1] : []));
  const at = syncs(wholeGo.calls)[1];
  night.go(2, MANAGER, { cut: { at: at as number, side: 'before' } });
}
let wholeGo: Run;

const releaseRow = (night: Night): Cell[] => night.google.tab(CONTROL, 'Releases')[1] as Cell[];

/** An administrator sets Go in the tab Releases. */
function retire(night: Night, cut?: Cut): Run {
  night.google.type(CONTROL, 2, 4, [['Go']], 'Releases');
  const event = editEvent({ book: CONTROL, tab: 'Releases', row: 2, column: 4, user: MANAGER, value: 'Go' });
  return night.google.run('onControlEdit', event, cut);
}

let code: string;
beforeAll(async () => {
  code = await builtCode();
  wholeGo = new Night(code).go(2);
});

interface Ending {
  readonly run: Run;
  readonly wrong: readonly string[];
  readonly told: readonly string[];
}

function ending(scenario: Scenario, cut?: Cut): Ending {
  const night = scenario.hasBoards ? new BoardNight(code) : new Night(code);
  scenario.prepare?.(night);
  const run = scenario.play(night, cut);
  const told = [`after it: ${tellOf(night, scenario)}`];
  scenario.next?.(night);
  // People go on with their night: nothing of this may be written over.
  night.set(9, 'Status', 'Skipped');
  night.set(3, 'Owner', 'Somebody else');
  for (let minute = 0; minute < (scenario.minutes ?? 3); minute += 1) {
    night.minute();
    told.push(`a minute later: ${tellOf(night, scenario)}`);
  }
  const wrong = wrongIn(scenario, night);
  const isRun = missing(scenario, night).length === 0;
  if (!isRun && wrong.length === 0) {
    wrong.push(...untold(scenario, night));
    scenario.again?.(night);
    night.minute();
    told.push(`asked again: ${tellOf(night, scenario)}`);
    wrong.push(...wrongIn(scenario, night), ...missing(scenario, night));
  }
  return { run, wrong, told };
}

const tellOf = (night: Night, { about }: Scenario): string =>
  rowsOf(night)
    .filter(({ step }) => step === about)
    .map(({ status, result, operation }) => `${status} | ${result} | ${operation}`)
    .join();

function rowsOf(night: Night) {
  const steps = Object.keys(night.statuses());
  const text = (step: string, header: string) => String(night.value(step, header));
  const rows = steps.map((step) => ({
    step,
    status: text(step, 'Status'),
    result: text(step, 'Result'),
    by: text(step, 'By'),
    operation: text(step, 'Operation'),
  }));
  const picks = night instanceof BoardNight ? night.lines('Services').filter(({ Operation }) => Operation) : [];
  const own = picks.map(({ Status, Result, By, Operation }) => ({
    ...{
      step: 'Services',
      status: String(Status),
      result: String(Result),
      by: String(By),
      operation: String(Operation),
    },
  }));
  return [...rows, ...own];
}

const itemsOf = (night: Night): Item[] => night.api.items() as Item[];

const ranOf = (night: Night): string[] =>
  committed(itemsOf(night)).map(({ request: { source, service, action } }) => `${source.step} ${service} ${action}`);

/** What was to be run, and was not. */
const missing = ({ runs }: Scenario, night: Night): string[] =>
  runs.filter((one) => !ranOf(night).includes(one)).map((one) => `${one} was not run`);

/** Nobody may be left to guess. */
function untold({ about }: Scenario, night: Night): string[] {
  const row = rowsOf(night).find(({ step }) => step === about);
  if (row === undefined || /set.*Go|Go.*again|[Pp]ick it again|set Scheduled again|Set Scheduled/.test(row.result))
    return [];
  return [`step ${about} was not run and does not say so: ${row.status} | ${row.result}`];
}

function wrongIn({ people, runs, wrong }: Scenario, night: Night): string[] {
  const items = itemsOf(night);
  const ran = ranOf(night);
  const others = ran.filter((one) => !runs.includes(one));
  const twice = ran.filter((one, at) => ran.indexOf(one) !== at);
  const isTheirs = night.value(9, 'Status') === 'Skipped' && night.value(3, 'Owner') === 'Somebody else';
  return [
    ...wrongRows(items, rowsOf(night)),
    ...leftOver(items, night.google.now),
    ...wrongAudit(items),
    ...wrongPeople(items, people),
    ...others.map((one) => `${one} ran`),
    ...twice.map((one) => `${one} ran twice`),
    ...(isTheirs ? [] : ['what people typed was written over']),
    ...(wrong?.(night) ?? []),
    ...(night.google.isLockFree ? [] : ['the script lock is held']),
  ];
}

/** Hundreds of plays, also on a busy machine. */
const LONGEST_MS = 15 * MINUTE_MS;
/** Of each scenario, where not all are tried. */
const MOST_PLAYS = 8;

it.each(Object.entries(SCENARIOS))(
  `%s: the sheet tells the truth wherever it is cut (${HOW})`,
  (name, scenario) => {
    const clean = ending(scenario);
    expect([clean.run.error, clean.wrong, clean.told]).toEqual([undefined, [], clean.told]);
    const { calls } = clean.run;
    expect(calls.length).toBeGreaterThanOrEqual(scenario.leastCalls);
    const failures: string[] = [];
    const plays = calls.flatMap((call, index) => sidesOf(call, index).map((side) => ({ call, index, side })));
    for (const { call, index, side } of tried(name, plays, MOST_PLAYS)) {
      const { run, wrong, told } = ending(scenario, { at: index + 1, side });
      const place = `${name}, call ${index + 1}, ${call}: ${side}`;
      expect([place, run.calls[index]]).toEqual([place, call]);
      if (wrong.length > 0) failures.push(`${place}: ${wrong.join('; ')}`, ...run.calls.slice(-3), ...told, '');
    }
    expect(failures.join('\n')).toBe('');
  },
  LONGEST_MS,
);

/** A Go for a step, cut after each of its calls; then so many minutes come. */
function cutAfterCalls(
  story: string,
  { begin, step, minutes }: { begin(): Night; readonly step: number; readonly minutes: number },
  check: (night: Night, place: string) => void,
): void {
  const { calls } = begin().go(step);
  expect(calls.length).toBeGreaterThan(15);
  const plays = calls.map((_call, index) => index + 1);
  for (const at of tried(story, plays, MOST_PLAYS)) {
    const night = begin();
    night.go(step, MANAGER, { cut: { at, side: 'after' } });
    for (let minute = 0; minute < minutes; minute += 1) night.minute();
    const place = `cut after call ${at}`;
    check(night, place);
    expect([place, night.outbox]).toEqual([place, []]);
  }
}

it(
  `a Go that opens, before a step that is armed to close: one of them runs, and the other says so (${HOW})`,
  () => {
    const begin = () => {
      const night = new Night(code);
      night.status(2, 'Scheduled');
      return night;
    };
    cutAfterCalls('a Go that opens before an armed step', { begin, step: 8, minutes: 8 }, (night, place) => {
      const hasOpened = ranOf(night).includes('8 shop exit');
      const ended = [night.value(8, 'Status'), night.value(2, 'Status')];
      expect([place, ...ended]).toEqual([place, ...(hasOpened ? ['Done', 'Planned'] : ['Planned', 'Done'])]);
    });
  },
  LONGEST_MS,
);

it(
  `a Go for a group, one of which another sheet holds, is never Done (${HOW})`,
  () => {
    const begin = () => {
      const night = new Night(code);
      night.addSheet(OTHER_SHEET);
      night.register(OTHER_SHEET);
      const [headers = []] = night.google.tab(OTHER_SHEET);
      night.google.edit(OTHER_SHEET, night.row(9), headers.indexOf('Status') + 1, [['Go']], MANAGER);
      night.set(2, 'Service', 'storefront');
      return night;
    };
    const whole = begin();
    whole.go(2);
    expect(whole.value(2, 'Status')).toBe('Failed');
    cutAfterCalls('a Go for a group that is held', { begin, step: 2, minutes: 4 }, (night, place) => {
      expect([place, night.value(2, 'Status')]).not.toEqual([place, 'Done']);
    });
  },
  LONGEST_MS,
);
