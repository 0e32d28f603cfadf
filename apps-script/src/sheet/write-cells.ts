import { blocks, runs } from './cell-runs.ts';
import type { AnyRow } from './find-row.ts';
import type { Columns, OwnCells } from './rundown-tab.ts';
import type { SheetTab } from './spreadsheet.ts';

/** Cells of ours, in as few calls as they take. */

/** Of one row, in an order that a dying execution may break off at. */
export function writeCells(tab: SheetTab, columns: Columns, row: AnyRow, cells: OwnCells): void {
  for (const { first, values } of runs(columns, cells, row.own)) tab.write(row.row, first, [values]);
}

/** Anywhere in a tab. */
export function writeBlocks(tab: SheetTab, cells: Parameters<typeof blocks>[0]): void {
  for (const { row, column, values } of blocks(cells)) tab.write(row, column, values);
}
