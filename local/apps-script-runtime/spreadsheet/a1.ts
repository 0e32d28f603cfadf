import { SheetError } from './sheet-error.ts';

export interface Area {
  /** One-based, as Sheets counts. */
  readonly row: number;
  readonly column: number;
  /** Infinite if it lies open at the bottom, as `G2:G` does. */
  readonly rows: number;
  readonly columns: number;
}

const A1 = /^\$?([A-Z]{1,3})\$?(\d+)?(?::\$?([A-Z]{1,3})\$?(\d+)?)?$/i;

/** A → 1, AA → 27. */
export const columnNumber = (letters: string): number =>
  [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

/** `G3`, `G3:H4`, or open at the bottom: `G3:G`, `G:G`. @throws SheetError - It is no such range. */
export function parseA1(text: string): Area {
  const [, left = '', top, right, bottom] = A1.exec(text.trim()) ?? [];
  const isWhole = top === undefined && right !== undefined && bottom === undefined;
  const row = isWhole ? 1 : Number(top);
  const column = columnNumber(left);
  const rows = right === undefined ? 1 : Number(bottom ?? Number.POSITIVE_INFINITY) - row + 1;
  const columns = columnNumber(right ?? left) - column + 1;
  if (left && row >= 1 && rows >= 1 && columns >= 1) return { row, column, rows, columns };
  throw new SheetError(`"${text}" is no range such as G3 or G3:H4.`, { field: 'range' });
}

/** 1 → A, 27 → AA. */
export function columnLetters(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return `${rest > 0 ? columnLetters(rest) : ''}${String.fromCharCode(65 + ((column - 1) % 26))}`;
}

/** The other way round: a single cell has no colon. */
export function toA1({ row, column, rows, columns }: Area): string {
  const right = columnLetters(column + columns - 1);
  if (rows === Number.POSITIVE_INFINITY) return `${columnLetters(column)}${row === 1 ? '' : row}:${right}`;
  const first = `${columnLetters(column)}${row}`;
  return rows === 1 && columns === 1 ? first : `${first}:${right}${row + rows - 1}`;
}
