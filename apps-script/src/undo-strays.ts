import type { RowAnswer } from '../../contract/sync-answer.ts';
import type { Wanted } from './own-answers.ts';
import type { AnyRow } from './sheet/find-row.ts';
import { BLANK, type Columns, cellText, isDate, OWN_COLUMNS, type OwnCells } from './sheet/rundown-tab.ts';
import type { SheetTab } from './sheet/spreadsheet.ts';
import { writeCells } from './sheet/write-cells.ts';

/** A sort can move rows between our read and our write: what ended up in another row is undone there. */

export interface Read<R extends AnyRow> {
  readonly columns: Columns;
  readonly rows: readonly R[];
}

/** A tab with rows that answers are for. */
export interface Target<R extends AnyRow> {
  open(): SheetTab | undefined;
  read(tab: SheetTab): Read<R> | undefined;
  find(rows: readonly R[], answer: RowAnswer): R | undefined;
  /** Equal for rows that are the same step, whatever our cells say. */
  planOf(row: R | RowAnswer['basis']): string;
  isBlank(row: R): boolean;
  flush(): void;
  wall(at: Date): string;
}

export interface Write<R extends AnyRow> {
  readonly answer: Wanted;
  readonly row: R;
  readonly cells: OwnCells;
}

export interface Checked {
  /** Their rows had moved. */
  readonly missed: readonly Wanted[];
  /** Something ended up in another row, and was undone there. */
  readonly hasStrayed: boolean;
}

export function undoStrays<R extends AnyRow>(
  target: Target<R>,
  tab: SheetTab,
  before: Read<R>,
  after: Read<R>,
  writes: readonly Write<R>[],
): Checked {
  const { planOf } = target;
  const missed: Wanted[] = [];
  let hasStrayed = false;
  // Several rows may be told the same.
  const isToldSo = (one: R) => writes.some(({ row, cells }) => planOf(one) === planOf(row) && shows(one, cells));
  for (const { answer, row, cells } of writes) {
    const isMeant = (one: R) => planOf(one) === planOf(row);
    for (const stray of after.rows.filter((one) => !isMeant(one) && !isToldSo(one) && shows(one, cells))) {
      const was = ownBefore(target, before, stray);
      if (!was || shows(was, cells)) continue;
      writeCells(tab, after.columns, stray, was.own);
      hasStrayed = true;
    }
    const isThere = after.rows.some((one) => shows(one, cells) && (isMeant(one) || !ownBefore(target, before, one)));
    if (!isThere) missed.push(answer);
  }
  if (hasStrayed) target.flush();
  return { missed, hasStrayed };
}

const shows = (row: AnyRow, cells: OwnCells): boolean =>
  OWN_COLUMNS.every(
    (name) => cells[name] === undefined || isDate(cells[name]) || cellText(row.own[name]) === cellText(cells[name]),
  );

/**
 * What a row said that we wrote into by mistake. One that nobody knows from before is a step whose plan was edited
 * meanwhile, and no stray.
 */
function ownBefore<R extends AnyRow>({ planOf, isBlank }: Target<R>, before: Read<R>, row: R): AnyRow | undefined {
  const [was] = before.rows
    .filter((one) => planOf(one) === planOf(row))
    .sort((a, b) => Math.abs(a.row - row.row) - Math.abs(b.row - row.row));
  if (was || !isBlank(row)) return was;
  return { ...row, own: BLANK };
}
