import { type Action, actionByTitle } from '../../../../contract/modes.ts';
import { DO_NOW_STEP } from '../../../../contract/operation.ts';
import { type Rehearsable, rehearsalByTitle } from '../../../../contract/rehearsal.ts';
import { plainText, type Status, statusOf } from '../../../../contract/status.ts';
import { type CellTime, planKey, type SyncTab } from '../../../../contract/sync.ts';
import type { PickRow, StepRow } from '../../../../contract/sync-request.ts';

/** A row of the sheet as it was just read: of the rundown, or of the tab Services, where a pick in *Do now* is a Go. */
export interface Row extends StepRow {
  readonly tab: SyncTab;
  /** Undefined for what is none of our words. */
  readonly word: Status | undefined;
  readonly meant: Action | undefined;
  /** What is only rehearsed; of a pick alone. */
  readonly rehearses?: Rehearsable | undefined;
  /** Equal for rows that plan the same. */
  readonly plan: string;
  /** Its own columns still tell of what it ran as another step: nothing of that counts. */
  readonly isOutdated?: boolean;
}

export const rundownRow = (row: StepRow): Row => ({
  ...row,
  tab: 'rundown',
  word: statusOf(row.status),
  meant: actionOf(row.action),
  plan: planKey(row),
});

export function pickedRow(row: PickRow): Row {
  const isPicked = row.action.trim() !== '';
  const step = { ...row, step: DO_NOW_STEP, plannedStart: { text: '' } };
  return {
    ...step,
    tab: 'services',
    word: isPicked ? 'Go' : statusOf(row.status),
    meant: actionOf(row.action),
    rehearses: rehearsalByTitle(row.action),
    // The pick goes away with its answer: the service alone tells the rows of the board apart.
    plan: planKey({ ...step, action: '' }),
  };
}

export const actionOf = (text: string): Action | undefined => actionByTitle(plainText(text));

/** A time without a date comes as a day of 1899, the first of the sheet's calendar. */
const FIRST_YEAR = 1990;

export const hasNoDate = ({ at }: CellTime): boolean => at !== undefined && new Date(at).getUTCFullYear() < FIRST_YEAR;

/** Milliseconds since the epoch, if the cell holds a date with its time. */
export const instantOf = (cell: CellTime): number | undefined =>
  cell.at === undefined || hasNoDate(cell) ? undefined : Date.parse(cell.at);

export const isPick = ({ tab }: Pick<Row, 'tab'>): boolean => tab === 'services';

/** What only we know of a step; *Done* people may set too. */
export const OURS = ['Running', 'Accepted', 'Unproven', 'Failed'] as const satisfies readonly Status[];

export const hasWord = ({ word }: Pick<Row, 'word'>, ...words: readonly Status[]): boolean =>
  words.some((one) => one === word);
