import { plainText } from '../../../contract/status.ts';
import type { RowAnswer } from '../../../contract/sync-answer.ts';
import type { AnyRow } from './find-row.ts';
import { type CellValue, cellText, isDate, OWN_COLUMNS, type OwnCells } from './rundown-tab.ts';

/** What of an answer is not in its row yet. Pure. */

/** Only what differs: a time by what the clocks of the sheet show, as a cell keeps no more of it. */
export function changedCells(
  row: AnyRow,
  { basis, cells }: Pick<RowAnswer, 'basis' | 'cells'>,
  wall: (at: Date) => string,
): OwnCells {
  const changed: OwnCells = Object.fromEntries(
    OWN_COLUMNS.flatMap((name) => {
      const text = cells[name];
      if (text === undefined) return [];
      const wanted = name === 'started' || name === 'finished' ? timeCell(text) : text;
      return isSame(row.own[name], wanted, wall) ? [] : [[name, wanted]];
    }),
  );
  // What was picked since is somebody's next wish.
  const isPicked = row.action !== '' && plainText(row.action) === plainText(basis.action);
  return cells.pick !== undefined && isPicked ? { ...changed, pick: '' } : changed;
}

const SECOND_MS = 1_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T.*Z$/;

function timeCell(text: string): CellValue {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? text : new Date(Math.floor(at / SECOND_MS) * SECOND_MS);
}

/** @param wall - As a clock of the sheet shows an instant: a cell keeps no more of it. */
export function isSame(cell: unknown, wanted: CellValue, wall: (at: Date) => string): boolean {
  // The same instant needs no clock, which is a service call for each look.
  if (isDate(cell) && isDate(wanted)) return cell.getTime() === wanted.getTime() || wall(cell) === wall(wanted);
  return !isDate(cell) && !isDate(wanted) && cellText(cell) === cellText(wanted);
}
