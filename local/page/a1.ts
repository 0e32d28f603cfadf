import { type Area as CellRange, columnLetters, columnNumber, toA1 } from '../apps-script-runtime/spreadsheet/a1.ts';

/** A1 notation as a request gives it. Rows and columns count from 1. */

const RANGE = /^([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?$/;

export { type CellRange, columnLetters, toA1 as rangeName };

/** @returns undefined unless it is `G3` or `G3:H4` with its top left cell first. */
export function parseRange(name: string): CellRange | undefined {
  const found = RANGE.exec(name);
  if (!found) return undefined;
  const [, letters = '', digits = '', lastLetters = letters, lastDigits = digits] = found;
  const [row, column] = [Number(digits), columnNumber(letters)];
  const [rows, columns] = [Number(lastDigits) - row + 1, columnNumber(lastLetters) - column + 1];
  return rows > 0 && columns > 0 ? { row, column, rows, columns } : undefined;
}
