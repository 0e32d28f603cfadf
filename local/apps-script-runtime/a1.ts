import { SheetError } from './sheet-error.ts';

export interface Area {
  /** One-based, as Sheets counts. */
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

const A1 = /^([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?$/i;

const columnNumber = (letters: string): number =>
  [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

/** `G3` or `G3:H4`. @throws SheetError - It is no such range. */
export function parseA1(text: string): Area {
  const [, left = '', top = '', right = left, bottom = top] = A1.exec(text.trim()) ?? [];
  const area = { row: Number(top), column: columnNumber(left), rows: 0, columns: 0 };
  const rows = Number(bottom) - area.row + 1;
  const columns = columnNumber(right) - area.column + 1;
  if (!left || area.row < 1 || rows < 1 || columns < 1)
    throw new SheetError(`"${text}" is no range such as G3 or G3:H4.`);
  return { ...area, rows, columns };
}

/** 1 → A, 27 → AA. */
export function columnLetters(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return `${rest > 0 ? columnLetters(rest) : ''}${String.fromCharCode(65 + ((column - 1) % 26))}`;
}

/** The other way round: a single cell has no colon. */
export function toA1({ row, column, rows, columns }: Area): string {
  const first = `${columnLetters(column)}${row}`;
  return rows === 1 && columns === 1 ? first : `${first}:${columnLetters(column + columns - 1)}${row + rows - 1}`;
}
