/** A1 notation. Rows and columns count from 1. */

export interface CellRange {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

const RANGE = /^([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?$/;

/** 1 → A, 27 → AA. */
export function columnLetters(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return (rest > 0 ? columnLetters(rest) : '') + String.fromCharCode(65 + ((column - 1) % 26));
}

const columnNumber = (letters: string): number =>
  [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);

/** `G3`, or `G3:H4` for more than one cell. */
export function rangeName({ row, column, rows, columns }: CellRange): string {
  const first = `${columnLetters(column)}${row}`;
  const last = `${columnLetters(column + columns - 1)}${row + rows - 1}`;
  return first === last ? first : `${first}:${last}`;
}

/** @returns undefined unless it is `G3` or `G3:H4` with its top left cell first. */
export function parseRange(name: string): CellRange | undefined {
  const found = RANGE.exec(name);
  if (!found) return undefined;
  const [, letters = '', digits = '', lastLetters = letters, lastDigits = digits] = found;
  const [row, column] = [Number(digits), columnNumber(letters)];
  const [rows, columns] = [Number(lastDigits) - row + 1, columnNumber(lastLetters) - column + 1];
  return rows > 0 && columns > 0 ? { row, column, rows, columns } : undefined;
}
