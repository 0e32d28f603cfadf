import { type Area, columnLetters, columnNumber, toA1 } from '../apps-script-runtime/spreadsheet/a1.ts';
import { formulaOf } from '../apps-script-runtime/spreadsheet/formulas/formula.ts';
import type { Spreadsheet } from '../apps-script-runtime/spreadsheet/spreadsheet.ts';

/**
 * The cells, as far as the tab is used, that a custom formula holds for. It is written for the top left cell of its
 * areas; what has no `$` moves along with the cell [1].
 * @see [1] https://support.google.com/docs/answer/78413
 */
export function cellsWhere(spreadsheet: Spreadsheet, name: string, areas: readonly Area[], formula: string): string[] {
  const tab = spreadsheet.tab(name);
  const { rows, columns } = tab.size();
  const origin = {
    row: Math.min(...areas.map(({ row }) => row)),
    column: Math.min(...areas.map(({ column }) => column)),
  };
  // Most name whole columns: one answer for a row, or for the tab.
  const known = new Map<string, boolean>();
  const holds = (row: number, column: number): boolean => {
    const text = moved(formula, row - origin.row, column - origin.column);
    const answer = known.get(text) ?? isTrue(spreadsheet.computed(tab, formulaOf(text)));
    known.set(text, answer);
    return answer;
  };
  const cells = areas.flatMap((area) => cellsOf(area, rows, columns));
  return cells.filter(([row, column]) => holds(row, column)).map(([row, column]) => cellName(row, column));
}

const isTrue = (value: unknown): boolean => value === true || (typeof value === 'number' && value !== 0);

export const cellName = (row: number, column: number): string => toA1({ row, column, rows: 1, columns: 1 });

function cellsOf(area: Area, mostRows: number, mostColumns: number): (readonly [number, number])[] {
  const rows = Math.min(area.row + area.rows - 1, mostRows) - area.row + 1;
  const columns = Math.min(area.column + area.columns - 1, mostColumns) - area.column + 1;
  return Array.from({ length: Math.max(0, rows) }, (_row, down) =>
    Array.from({ length: Math.max(0, columns) }, (_cell, right) => [area.row + down, area.column + right] as const),
  ).flat();
}

/** Texts stay as they are, and so do functions such as `LOG10(`. */
const REFERENCE = /"(?:[^"]|"")*"|(?<![\w$.])(\$?)([A-Za-z]{1,3})(\$?)(\d+)(?![\w(.!])/g;

export function moved(formula: string, down: number, right: number): string {
  return formula.replace(REFERENCE, (token, fixedColumn?: string, letters = '', fixedRow = '', digits = '') => {
    if (token.startsWith('"')) return token;
    const column = fixedColumn ? letters : columnLetters(columnNumber(letters) + right);
    return `${fixedColumn}${column}${fixedRow}${fixedRow ? digits : Number(digits) + down}`;
  });
}
