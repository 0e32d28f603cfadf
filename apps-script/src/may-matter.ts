import { actionByTitle } from '../../contract/modes.ts';
import { rehearsalByTitle } from '../../contract/rehearsal.ts';
import { plainText, statusOf } from '../../contract/status.ts';
import { ALLOWLIST_TAB } from '../../release-sheet-template/allowlist.ts';
import { AUDIT_TAB } from '../../release-sheet-template/audit.ts';
import { READ_ME_TAB } from '../../release-sheet-template/read-me.ts';
import { SERVICES_TAB } from '../../release-sheet-template/services.ts';
import { HEARTBEAT_TAB } from '../../release-sheet-template/tab.ts';
import {
  cellText,
  isStep,
  OWN_COLUMNS,
  PLAN_COLUMNS,
  type Row,
  type Rundown,
  readRundown,
} from './sheet/rundown-tab.ts';

/**
 * What an edit can be about, first from its place and what was typed alone, then from what the cells hold: most edits of a
 * release night are notes, and must cost nothing. Pure.
 */

export interface Edit {
  readonly tabName: string;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Zero-based. */
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** Blank if the event names nobody. */
  readonly user: string;
  /** Only of a single cell, and not always then. */
  readonly typed?: string;
}

export type About =
  | 'nothing'
  /** Row 1, whatever tab it is of. */
  | 'headers'
  /** A Status or a plan, if the tab is a rundown. */
  | 'steps'
  /** *Do now*, if the column is. */
  | 'picks'
  /** What the next minute should look at. */
  | 'board';

export function aboutOf(edit: Edit): About {
  switch (edit.tabName) {
    case READ_ME_TAB.name:
    case HEARTBEAT_TAB:
      return 'nothing';
    case ALLOWLIST_TAB.name:
    case AUDIT_TAB.name:
      return 'board';
    case SERVICES_TAB.name:
      return edit.typed === undefined || isAction(edit.typed) ? 'picks' : 'board';
    default:
      if (edit.firstRow === 1 && edit.lastRow === 1) return 'headers';
      return edit.typed === undefined || mayBeOfStep(edit.typed) ? 'steps' : 'nothing';
  }
}

const isAction = (text: string): boolean =>
  actionByTitle(plainText(text)) !== undefined || rehearsalByTitle(text) !== undefined;

/** As services are called; a title with blanks in it waits for the next minute. */
const SERVICE_NAME = /^[a-z][a-z0-9-]{0,39}$/i;
/** Numbers, dates and times, in whatever form: they begin with a digit. */
const BEGINS_WITH_DIGIT = /^[+-]?\d/;

function mayBeOfStep(typed: string): boolean {
  const text = plainText(typed);
  return (
    text === '' ||
    statusOf(text) !== undefined ||
    isAction(text) ||
    SERVICE_NAME.test(text) ||
    BEGINS_WITH_DIGIT.test(text)
  );
}

/** Which of our columns an edit covered. */
export interface Covered {
  readonly status: boolean;
  readonly plan: boolean;
  readonly own: boolean;
  /** The column that what was typed counts for. */
  readonly typedAt: number;
}

export const coversColumn = ({ firstColumn, lastColumn }: Edit, column: number): boolean =>
  firstColumn <= column && column <= lastColumn;

export const coveredBy = (edit: Edit, columns: Rundown['columns']): Covered => ({
  status: coversColumn(edit, columns.status),
  plan: PLAN_COLUMNS.some((name) => coversColumn(edit, columns[name])),
  own: OWN_COLUMNS.some((name) => coversColumn(edit, columns[name])),
  typedAt: columns.status,
});

export const inRange = <R extends { readonly row: number }>(rows: readonly R[], { firstRow, lastRow }: Edit): R[] =>
  rows.filter(({ row }) => row >= firstRow && row <= lastRow);

/** Whether an edit must be heard at once, within a minute, or not at all. */
export function mattersTo(
  edit: Edit,
  { status, plan, own }: Covered,
  values: unknown[][],
): 'sync' | 'mark' | 'nothing' {
  if (!status && !plan) return own ? 'mark' : 'nothing';
  // What cells hold is enough to tell; what people see of them costs another call.
  const rough = readRundown({ values, shown: values.map((line) => line.map(cellText)) });
  if (!rough.ok) return 'nothing';
  const { rows } = rough.rundown;
  const touched = inRange(rows, edit);
  if (status && touched.some(saysSomething)) return 'sync';
  if (plan && touched.some((row) => mayMove(row, rows))) return 'sync';
  return plan || touched.some(isStep) ? 'mark' : 'nothing';
}

/** Planned and Skipped ask for nothing, where nothing waits or runs. */
function saysSomething(row: Row): boolean {
  const word = statusOf(row.status);
  if (!isStep(row)) return word === 'Go';
  return row.operation !== '' || !(word === 'Planned' || word === 'Skipped' || row.status.trim() === '');
}

/** A step that waits or runs; or one that opens what an earlier step has closed: then the public is told another time. */
function mayMove(row: Row, rows: readonly Row[]): boolean {
  if (!isStep(row)) return false;
  if (statusOf(row.status) === 'Scheduled' || row.operation !== '') return true;
  const isClosed = () =>
    rows.some((other) => ['Running', 'Unproven', 'Accepted', 'Done'].includes(statusOf(other.status) ?? ''));
  return actionByTitle(plainText(row.action)) === 'exit' && isClosed();
}
