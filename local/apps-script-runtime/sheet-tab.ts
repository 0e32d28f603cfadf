import { types } from 'node:util';
import type { Area } from './a1.ts';
import type { Cell } from './cell.ts';
import { SheetError } from './sheet-error.ts';

interface Row {
  readonly cells: Cell[];
  readonly notes: string[];
}

/** The grid of a new tab; whatever lies outside cannot be written. */
const GRID_ROWS = 1_000;
const GRID_COLUMNS = 26;

export interface TabSize {
  /** As far as there is content. */
  readonly rows: number;
  readonly columns: number;
  readonly maxRows: number;
  readonly maxColumns: number;
}

const filledLength = (cells: readonly Cell[]): number => cells.findLastIndex((cell) => cell !== '') + 1;

/** One tab: its cells and their notes. Pure: no events, no users. */
export class Tab {
  readonly name: string;
  readonly sheetId: number;
  #rows: Row[];
  #maxRows: number;
  readonly #maxColumns: number;

  constructor(name: string, sheetId: number, cells: readonly (readonly Cell[])[]) {
    this.name = name;
    this.sheetId = sheetId;
    this.#rows = cells.map((row) => ({ cells: [...row], notes: [] }));
    this.#maxRows = Math.max(GRID_ROWS, cells.length);
    this.#maxColumns = Math.max(GRID_COLUMNS, ...cells.map((row) => row.length));
  }

  /** As it is now, for whoever must not see what happens to it later. */
  copy(): Tab {
    const copy = new Tab(this.name, this.sheetId, []);
    copy.#take(this);
    return copy;
  }

  size(): TabSize {
    const lengths = this.#rows.map(({ cells }) => filledLength(cells));
    const rows = lengths.findLastIndex((length) => length > 0) + 1;
    return { rows, columns: Math.max(0, ...lengths), maxRows: this.#maxRows, maxColumns: this.#maxColumns };
  }

  /** @throws SheetError - As getRange words it. */
  check({ row, column, rows, columns }: Area): void {
    if (row < 1) throw new SheetError('The starting row of the range is too small.');
    if (column < 1) throw new SheetError('The starting column of the range is too small.');
    if (rows < 1) throw new SheetError('The number of rows in the range must be at least 1.');
    if (columns < 1) throw new SheetError('The number of columns in the range must be at least 1.');
    if (row + rows - 1 > this.#maxRows || column + columns - 1 > this.#maxColumns)
      throw new SheetError('The coordinates of the range are outside the dimensions of the sheet.');
  }

  values(area: Area): Cell[][] {
    this.check(area);
    const { row, column, rows, columns } = area;
    return Array.from({ length: rows }, (_row, down) =>
      Array.from({ length: columns }, (_cell, right) => this.#rows[row - 1 + down]?.cells[column - 1 + right] ?? ''),
    );
  }

  /** Every row that was ever used, all of one width. */
  everything(): Cell[][] {
    const columns = Math.max(0, ...this.#rows.map(({ cells }) => cells.length));
    if (columns === 0) return [];
    return this.values({ row: 1, column: 1, rows: this.#rows.length, columns });
  }

  /** @throws SheetError - The values do not fit the area, or the area the grid. */
  set(area: Area, values: readonly (readonly Cell[])[]): void {
    this.check(area);
    const { row, column, rows, columns } = area;
    if (values.length !== rows) throw misfit('row', values.length, rows);
    const uneven = values.find((line) => line.length !== columns);
    if (uneven) throw misfit('column', uneven.length, columns);
    values.forEach((line, down) => {
      const { cells } = this.#row(row + down);
      while (cells.length < column - 1) cells.push('');
      cells.splice(column - 1, columns, ...line);
    });
  }

  note(row: number, column: number): string {
    return this.#rows[row - 1]?.notes[column - 1] ?? '';
  }

  setNote(row: number, column: number, text: string): void {
    this.check({ row, column, rows: 1, columns: 1 });
    this.#row(row).notes[column - 1] = text;
  }

  insertRows(before: number, count: number): void {
    if (before < 1 || before > this.#maxRows + 1 || count < 1)
      throw new SheetError(`There is no row ${before} to insert ${count} rows above it.`);
    this.#maxRows += count;
    if (before > this.#rows.length) return;
    this.#rows.splice(before - 1, 0, ...Array.from({ length: count }, () => ({ cells: [], notes: [] })));
  }

  deleteRows(first: number, count: number): void {
    if (first < 1 || count < 1 || first + count - 1 > this.#maxRows)
      throw new SheetError(`There are no ${count} rows to delete from row ${first} on.`);
    if (count === this.#maxRows) throw new SheetError("You can't delete all the rows on the sheet.");
    this.#maxRows -= count;
    this.#rows.splice(first - 1, count);
  }

  /** Sorts everything below the header by one column; empty cells always come last. */
  sort(column: number, ascending: boolean): void {
    const [header, ...rows] = this.#rows;
    if (!header) return;
    const key = ({ cells }: Row) => cells[column - 1] ?? '';
    rows.sort((a, b) => compare(key(a), key(b), ascending ? 1 : -1));
    this.#rows = [header, ...rows];
  }

  #take(other: Tab): void {
    this.#rows = other.#rows.map(({ cells, notes }) => ({ cells: [...cells], notes: [...notes] }));
    this.#maxRows = other.#maxRows;
  }

  #row(number: number): Row {
    while (this.#rows.length < number) this.#rows.push({ cells: [], notes: [] });
    return this.#rows[number - 1] as Row;
  }
}

const misfit = (noun: string, got: number, wanted: number) =>
  new SheetError(
    `The number of ${noun}s in the data does not match the number of ${noun}s in the range. The data has ${got} but the range has ${wanted}.`,
  );

/** Numbers and dates, then text, then booleans. */
function rank(cell: Cell): number {
  if (typeof cell === 'number' || types.isDate(cell)) return 0;
  return typeof cell === 'string' ? 1 : 2;
}

function compare(a: Cell, b: Cell, direction: 1 | -1): number {
  if (a === '' || b === '') return Number(a === '') - Number(b === '');
  const byKind = rank(a) - rank(b);
  if (byKind !== 0) return direction * byKind;
  return direction * (typeof a === 'string' ? a.localeCompare(String(b)) : Number(a) - Number(b));
}
