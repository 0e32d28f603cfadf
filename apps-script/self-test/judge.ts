import { ROW_TABS, type RowTab, STEP_COLUMNS, STEPS_TAB, type StepId, stepRow, UNDONE } from './steps.ts';

/** From what was seen to what it says of the platform. Pure; what was not seen stays unknown, with the reason. */

/** What one event carried, and where it was. */
export interface HeardEdit {
  readonly tab: string;
  readonly row: number;
  readonly lastRow: number;
  readonly column: number;
  readonly lastColumn: number;
  /** Not there if the event carried none. */
  readonly value?: string;
  /** Blank if it named nobody. */
  readonly user: string;
}

export interface Evidence {
  readonly owner: string;
  readonly heard: readonly HeardEdit[];
  /** The cells under "Here", and whether somebody marked the step as done. */
  readonly steps: Readonly<Record<StepId, { readonly here: string; readonly isDone: boolean }>>;
  /** Column A below the header. */
  readonly rows: Readonly<Record<RowTab, readonly string[]>>;
  /** When the trigger of every minute fired, in milliseconds since the epoch. */
  readonly ticks: readonly number[];
  /** What the script saw without anybody. */
  readonly alone: Readonly<Record<AloneId, Finding>>;
}

export type Finding = { readonly saw: boolean | number | string } | { readonly unknown: string };
export const ALONE_IDS = [
  'readsCachedUntilFlush',
  'dateCellReadsAs',
  'scriptWriteObeysValidation',
  'skippedHourReadsAs',
  'repeatedHourReadsAs',
] as const;
export type AloneId = (typeof ALONE_IDS)[number];
export type QuirkId = StepId | AloneId | 'scriptWriteFiresEdit' | 'tickEverySeconds';

export interface Verdict {
  /** As the local runtime replays it. */
  readonly recording: Readonly<Record<string, boolean | number | string>>;
  readonly unknown: readonly { readonly id: QuirkId; readonly why: string }[];
}

const saw = (value: boolean | number | string): Finding => ({ saw: value });
const unknown = (why: string): Finding => ({ unknown: why });
const NOT_DONE = 'the step is not done';

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

export function judge(evidence: Evidence): Verdict {
  const findings = Object.entries(findingsOf(evidence)) as [QuirkId, Finding][];
  return {
    recording: Object.fromEntries(findings.flatMap(([id, finding]) => ('saw' in finding ? [[id, finding.saw]] : []))),
    unknown: findings.flatMap(([id, finding]) => ('unknown' in finding ? [{ id, why: finding.unknown }] : [])),
  };
}

function findingsOf({ owner, heard, steps, rows, ticks, alone }: Evidence): Record<QuirkId, Finding> {
  const at = (id: StepId, column: number) =>
    heard.filter(
      (edit) =>
        edit.tab === STEPS_TAB &&
        edit.row <= stepRow(id) &&
        stepRow(id) <= edit.lastRow &&
        edit.column <= column &&
        column <= edit.lastColumn,
    );
  const ofHere = (id: StepId) => at(id, STEP_COLUMNS.here);
  const ofDone = (id: StepId) => at(id, STEP_COLUMNS.done);

  /** Of one cell that must have come to say something: whether its events carry a value. */
  const carriesValue = (id: StepId, expected: string): Finding => {
    const { here, isDone } = steps[id];
    if (!isDone || here !== expected) return unknown(NOT_DONE);
    if (ofHere(id).length === 0) return unknown('no event of it came');
    return saw(ofHere(id).some(({ value }) => value !== undefined));
  };

  /** That nothing was heard says something only if the trigger was awake: it heard the mark that followed. */
  const isFired = (id: StepId, didHappen: boolean, fired: boolean): Finding => {
    if (!didHappen) return unknown(NOT_DONE);
    if (fired) return saw(true);
    return ofDone(id).length > 0 ? saw(false) : unknown('no event came, not even of "done"');
  };
  const isFiredOn = (id: StepId, tab: RowTab, didHappen: (now: readonly string[]) => boolean): Finding =>
    isFired(id, steps[id].isDone && didHappen(rows[tab]), heardOn(tab));
  const heardOn = (tab: string) => heard.some((edit) => edit.tab === tab);

  function undo(): Finding {
    const { here, isDone } = steps.undoFiresEdit;
    const isTyped = ofHere('undoFiresEdit').some(({ value }) => value === UNDONE);
    const isUndone = isDone && isTyped && here !== UNDONE;
    // An event may come twice: only one that does not tell what was typed can be the undoing.
    return isFired(
      'undoFiresEdit',
      isUndone,
      ofHere('undoFiresEdit').some(({ value }) => value !== UNDONE),
    );
  }

  function protectedInsert(): Finding {
    if (!steps.rowInsertObeysProtection.isDone) return unknown(NOT_DONE);
    const who = ofDone('rowInsertObeysProtection');
    if (who.length === 0) return unknown('no event of "done" came, so it is not known who it was');
    if (who.some(({ user }) => user.toLowerCase() === owner.toLowerCase()))
      return unknown('the owner did it, who may edit everything');
    return saw(rows.Protected.indexOf('b') === ROW_TABS.Protected.indexOf('b'));
  }

  function stranger(): Finding {
    const { here } = steps.userBlankOutsideDomain;
    if (!here.includes('@')) return unknown(NOT_DONE);
    if (domainOf(here) === domainOf(owner)) return unknown('the address is of the same domain');
    const events = ofHere('userBlankOutsideDomain');
    if (events.length === 0) return unknown('no event of it came');
    const named = events.map(({ user }) => user.toLowerCase()).filter((user) => user !== '');
    if (named.some((user) => user !== here.trim().toLowerCase()))
      return unknown('the event names somebody else than the address');
    return saw(named.length === 0);
  }

  function pasted(): Finding {
    if (!steps.pasteObeysValidation.isDone) return unknown(NOT_DONE);
    return saw(steps.pasteObeysValidation.here === 'choice');
  }

  return {
    pasteCarriesValue: carriesValue('pasteCarriesValue', 'pasted'),
    clearCarriesValue: carriesValue('clearCarriesValue', ''),
    rowInsertFiresEdit: isFiredOn('rowInsertFiresEdit', 'Insert', (now) => now.indexOf('b') > 1),
    rowDeleteFiresEdit: isFiredOn('rowDeleteFiresEdit', 'Delete', (now) => !now.includes('b')),
    sortFiresEdit: isFiredOn('sortFiresEdit', 'Sort', (now) => now.join('') === 'abc'),
    undoFiresEdit: undo(),
    scriptWriteFiresEdit: heard.length > 0 ? saw(heardOn('Alone')) : unknown('no event came at all'),
    readsCachedUntilFlush: alone.readsCachedUntilFlush,
    userBlankOutsideDomain: stranger(),
    dateCellReadsAs: alone.dateCellReadsAs,
    tickEverySeconds: tickEvery(ticks),
    scriptWriteObeysValidation: alone.scriptWriteObeysValidation,
    pasteObeysValidation: pasted(),
    rowInsertObeysProtection: protectedInsert(),
    skippedHourReadsAs: alone.skippedHourReadsAs,
    repeatedHourReadsAs: alone.repeatedHourReadsAs,
  };
}

/** Closer than this, one tick fired twice. */
const SAME_TICK_MS = 15_000;
const LEAST_GAPS = 3;
/** Ticks drift by seconds: a finer figure would say more than was seen. */
const GRAIN_SECONDS = 5;

function tickEvery(ticks: readonly number[]): Finding {
  const times = [...ticks]
    .sort((a, b) => a - b)
    .filter((at, index, all) => at - (all[index - 1] ?? Number.NEGATIVE_INFINITY) > SAME_TICK_MS);
  const gaps = times
    .slice(1)
    .map((at, index) => at - (times[index] as number))
    .sort((a, b) => a - b);
  const median = gaps[Math.floor(gaps.length / 2)];
  if (median === undefined || gaps.length < LEAST_GAPS)
    return unknown(`the trigger of every minute has fired ${times.length} times; it takes ${LEAST_GAPS + 1}`);
  return saw(Math.max(1, Math.round(median / 1_000 / GRAIN_SECONDS)) * GRAIN_SECONDS);
}
