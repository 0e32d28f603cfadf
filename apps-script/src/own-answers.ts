import { plainText } from '../../contract/status.ts';
import type { RowAnswer } from '../../contract/sync-answer.ts';
import { says } from './sentences.ts';
import { type Board, isStep, type Row } from './sheet/rundown-tab.ts';

/** What the script itself says in rows, as answers of nobody else. Pure. */

export interface Wanted extends RowAnswer {
  /** Only a row whose Result says this is written; any other is left alone, and that is no change. */
  readonly onlyOver?: string;
}

/** What the script itself says in a row of the rundown. */
export const answerTo = (row: Row, cells: RowAnswer['cells']): Wanted => ({
  tab: 'rundown',
  basis: {
    row: row.row,
    step: row.step,
    plannedStart: row.plannedStart,
    service: row.service,
    action: row.action,
    was: [{ status: row.status, operation: row.operation }],
  },
  cells,
});

export const answerToPick = (row: Board['rows'][number], cells: RowAnswer['cells']): Wanted => ({
  tab: 'services',
  basis: {
    row: row.row,
    step: '',
    plannedStart: { text: '' },
    service: row.service,
    action: row.action,
    was: [{ status: row.status, operation: row.operation }],
  },
  cells,
});

/** Every open step of a service whose running step lost its row says so: nobody must think that nothing runs. */
export function runsElsewhere(rows: readonly Row[], { basis, cells }: RowAnswer): Wanted[] {
  const { operation = '' } = cells;
  if (operation === '') return [];
  const result = says.runsElsewhere(basis.action, basis.service, operation);
  const isOpen = ({ status }: Row) => !['Done', 'Accepted', 'Skipped', 'Failed'].includes(status);
  return rows
    .filter((row) => isStep(row) && isOpen(row) && plainText(row.service) === plainText(basis.service))
    .filter((row) => row.result !== result)
    .map((row) => answerTo(row, { result }));
}
