import { plainText } from '../../../contract/status.ts';
import { planKey } from '../../../contract/sync.ts';
import type { RowAnswer } from '../../../contract/sync-answer.ts';
import type { Board, Row } from './rundown-tab.ts';

/** Rows move when people sort, insert and delete: a row number is good for one reading only. Pure. */

type Basis = RowAnswer['basis'];
type Answer = Pick<RowAnswer, 'basis' | 'cells'>;

/** What rows of both tabs have. */
export type AnyRow = Pick<Row, 'row' | 'service' | 'action' | 'status' | 'operation' | 'own'>;

const hasId = (ids: readonly string[]) => (row: AnyRow) => row.operation !== '' && ids.includes(row.operation);

/** Several that are alike: the one at its place, else none. */
function oneOf<R extends AnyRow>(rows: readonly R[], { row }: Basis): R | undefined {
  return rows.length === 1 ? rows[0] : rows.find((one) => one.row === row);
}

/**
 * The row that an answer is for: by operation id, else by its plan columns, else the one row of that service and action
 * whose Status is one that was answered. A row that shows another operation is another step.
 */
export function findRow(rows: readonly Row[], { basis, cells }: Answer): Row | undefined {
  const plan = planKey(basis);
  const ids = [...basis.was.map(({ operation }) => operation), cells.operation ?? ''].filter((id) => id !== '');
  const carrying = rows.filter(hasId(ids));
  const samePlan = (row: Row) => planKey(row) === plan;
  // A copied id stands in several rows: each is known by what it plans, too.
  if (carrying.length > 0) return oneOf(carrying, basis) ?? oneOf(carrying.filter(samePlan), basis);
  const free = rows.filter(({ operation }) => operation === '');
  const alike = free.filter(samePlan);
  if (alike.length > 0) return oneOf(alike, basis);
  const wishing = free.filter(
    (row) =>
      plainText(row.service) === plainText(basis.service) &&
      plainText(row.action) === plainText(basis.action) &&
      basis.was.some(({ status }) => status === row.status),
  );
  return wishing.length === 1 ? wishing[0] : undefined;
}

/** In the tab Services the service alone tells rows apart. */
export function findPick(rows: Board['rows'], { basis }: Answer): Board['rows'][number] | undefined {
  const wanted = plainText(basis.service);
  return oneOf(
    rows.filter(({ service }) => plainText(service) === wanted),
    basis,
  );
}

/**
 * Whether a row says what was answered, or what it was told to say already. What a row without an id plans by now was not
 * judged by an answer to another plan: somebody has corrected it, and may have set the very same Status again.
 *
 * @param isSamePlan - The row still plans what it planned when it was read.
 */
export function saysAsAnswered({ status, operation }: AnyRow, { basis, cells }: Answer, isSamePlan: boolean): boolean {
  if (cells.status !== undefined && operation === '' && !isSamePlan) return false;
  if (basis.was.some((was) => was.status === status && was.operation === operation)) return true;
  const { status: told, operation: toldId } = cells;
  return told !== undefined && told === status && (toldId === undefined || toldId === operation);
}

/** The same step in a later reading. */
export function sameStep(rows: readonly Row[], step: Row): Row | undefined {
  if (step.operation !== '') {
    const carrying = rows.filter(({ operation }) => operation === step.operation);
    if (carrying.length === 1) return carrying[0];
  }
  const alike = rows.filter((row) => planKey(row) === planKey(step));
  return alike.length === 1 ? alike[0] : alike.find(({ row }) => row === step.row);
}
