import type { Area } from './a1.ts';
import { type Content, isFormula } from './cell.ts';
import { Formatting } from './formatting.ts';
import { SheetError } from './sheet-error.ts';
import { isWallDate, serialOf, type Value } from './value.ts';

interface Row {
  readonly cells: Content[];
  readonly notes: string[];
}

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** The grid of a new tab; whatever lies outside cannot be written. */
export const NEW_GRID: Grid = { rows: 1_000, columns: 26 };

export interface TabSize extends Grid {
  /** `rows` and `columns` go as far as there is content. */
  readonly maxRows: number;
  readonly maxColumns: number;
}

export interface NewTab {
  readonly name: string;
  readonly sheetId: number;
  readonly cells?: readonly (readonly Content[])[];
  readonly grid?: Grid;
}

/** Makes it as it was before. It counts on it that no row moved since. @throws SheetError - Something would be lost. */
export type TakeBack = () => void;

const filledLength = (cells: readonly Content[]): number => cells.findLastIndex((cell) => cell !== '') + 1;

/** One tab: its cells, their notes, and how it looks. Pure: no events, no users, and formulas are not computed. */
export class Tab {
  readonly sheetId: number;
  name: string;
  #rows: Row[];
  #maxRows: number;
  #maxColumns: number;
  #formatting = new Formatting();
  #rowsRevision = 0;
  #lastRevision = 0;

  constructor({ name, sheetId, cells = [], grid = NEW_GRID }: NewTab) {
    this.name = name;
    this.sheetId = sheetId;
    this.#rows = cells.map((row) => ({ cells: [...row], notes: [] }));
    this.#maxRows = Math.max(grid.rows, cells.length);
    this.#maxColumns = Math.max(grid.columns, ...cells.map((row) => row.length));
  }

  get formatting(): Formatting {
    return this.#formatting;
  }

  /** Another number once rows moved: were inserted, deleted or sorted. The same number means that each row is where it was. */
  get rowsRevision(): number {
    return this.#rowsRevision;
  }

  /** As it is now, for readers that must not see what happens to it later. */
  copy(): Tab {
    const copy = new Tab({ name: this.name, sheetId: this.sheetId });
    copy.#rows = this.#rows.map(({ cells, notes }) => ({ cells: [...cells], notes: [...notes] }));
    copy.#maxRows = this.#maxRows;
    copy.#maxColumns = this.#maxColumns;
    copy.#formatting = this.#formatting.copy();
    copy.#rowsRevision = this.#rowsRevision;
    copy.#lastRevision = this.#lastRevision;
    return copy;
  }

  size(): TabSize {
    const lengths = this.#rows.map(({ cells }) => filledLength(cells));
    const rows = lengths.findLastIndex((length) => length > 0) + 1;
    return { rows, columns: Math.max(0, ...lengths), maxRows: this.#maxRows, maxColumns: this.#maxColumns };
  }

  /** An area that is open at the bottom, down to the grid's end. */
  closed(area: Area): Area {
    const rows = Number.isFinite(area.rows) ? area.rows : this.#maxRows - area.row + 1;
    return { ...area, rows };
  }

  /** The other way round: what reaches down to the grid's end stays there when rows are added. */
  opened(area: Area): Area {
    return area.row + area.rows - 1 < this.#maxRows ? area : { ...area, rows: Number.POSITIVE_INFINITY };
  }

  has(area: Area): boolean {
    const { row, column, rows, columns } = this.closed(area);
    return rows > 0 && row + rows - 1 <= this.#maxRows && column + columns - 1 <= this.#maxColumns;
  }

  /** @throws SheetError - As getRange words it. */
  check({ row, column, rows, columns }: Area): void {
    if (row < 1) throw new SheetError('The starting row of the range is too small.', { field: 'range' });
    if (column < 1) throw new SheetError('The starting column of the range is too small.', { field: 'range' });
    if (rows < 1) throw new SheetError('The number of rows in the range must be at least 1.', { field: 'range' });
    if (columns < 1) throw new SheetError('The number of columns in the range must be at least 1.', { field: 'range' });
    if (!this.has({ row, column, rows, columns }))
      throw new SheetError('The coordinates of the range are outside the dimensions of the sheet.', { field: 'range' });
  }

  contents(area: Area): Content[][] {
    this.check(area);
    const { row, column, rows, columns } = area;
    return Array.from({ length: rows }, (_row, down) =>
      Array.from({ length: columns }, (_cell, right) => this.#rows[row - 1 + down]?.cells[column - 1 + right] ?? ''),
    );
  }

  /** Every row that was ever used, all of one width. */
  everything(): Content[][] {
    const columns = Math.max(0, ...this.#rows.map(({ cells }) => cells.length));
    if (columns === 0) return [];
    return this.contents({ row: 1, column: 1, rows: this.#rows.length, columns });
  }

  /** @throws SheetError - The values do not fit the area, or the area the grid. */
  set(area: Area, values: readonly (readonly Content[])[]): void {
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

  /** Below the last row that has content, which is looked for now. */
  append(cells: readonly Content[]): void {
    const row = this.size().rows + 1;
    this.#maxRows = Math.max(this.#maxRows, row);
    this.#maxColumns = Math.max(this.#maxColumns, cells.length);
    if (cells.length > 0) this.set({ row, column: 1, rows: 1, columns: cells.length }, [cells]);
  }

  /** Notes stay. */
  clearContents(): void {
    this.#rows = this.#rows.map(({ notes }) => ({ cells: [], notes }));
  }

  note(row: number, column: number): string {
    return this.#rows[row - 1]?.notes[column - 1] ?? '';
  }

  notes(): { row: number; column: number; text: string }[] {
    return this.#rows.flatMap(({ notes }, down) =>
      [...notes].flatMap((text = '', right) => (text === '' ? [] : [{ row: down + 1, column: right + 1, text }])),
    );
  }

  setNote(row: number, column: number, text: string): void {
    this.check({ row, column, rows: 1, columns: 1 });
    this.#row(row).notes[column - 1] = text;
  }

  insertRows(before: number, count: number): TakeBack {
    if (before < 1 || before > this.#maxRows + 1 || count < 1)
      throw new SheetError(`There is no row ${before} to insert ${count} rows above it.`, { field: 'row' });
    const formatting = this.#formatting.copy();
    this.#maxRows += count;
    const revision = this.#rowsMoved();
    this.#formatting.insertRows(before, count);
    if (before <= this.#rows.length)
      this.#rows.splice(before - 1, 0, ...Array.from({ length: count }, () => ({ cells: [], notes: [] })));
    return () => {
      const inserted = this.#rows.slice(before - 1, before - 1 + count);
      if (inserted.some(({ cells }) => filledLength(cells) > 0))
        throw new SheetError('Somebody has written into the row that was inserted: it stays.', { field: 'row' });
      this.#maxRows -= count;
      this.#rowsRevision = revision;
      this.#formatting = formatting;
      this.#rows.splice(before - 1, count);
    };
  }

  deleteRows(first: number, count: number): TakeBack {
    if (first < 1 || count < 1 || first + count - 1 > this.#maxRows)
      throw new SheetError(`There are no ${count} rows to delete from row ${first} on.`, { field: 'row' });
    if (count === this.#maxRows) throw new SheetError("You can't delete all the rows on the sheet.", { field: 'row' });
    const formatting = this.#formatting.copy();
    this.#maxRows -= count;
    const revision = this.#rowsMoved();
    this.#formatting.deleteRows(first, count);
    const deleted = this.#rows.splice(first - 1, count);
    return () => {
      this.#maxRows += count;
      this.#rowsRevision = revision;
      this.#formatting = formatting;
      if (deleted.length > 0) this.#row(first - 1 || 1);
      this.#rows.splice(first - 1, 0, ...deleted);
    };
  }

  insertColumns(before: number, count: number): void {
    if (before < 1 || before > this.#maxColumns + 1 || count < 1)
      throw new SheetError(`There is no column ${before} to insert ${count} columns before it.`);
    this.#maxColumns += count;
    this.#formatting.insertColumns(before, count);
    for (const { cells, notes } of this.#rows) {
      if (cells.length >= before) cells.splice(before - 1, 0, ...Array.from({ length: count }, () => ''));
      if (notes.length >= before) notes.splice(before - 1, 0, ...Array.from({ length: count }, () => ''));
    }
  }

  /**
   * Sorts everything below the header by one column; empty cells always come last. Notes move along, looks do not (the
   * real ones do), and formulas keep their text.
   * @param compute - What a formula comes to; without it, formulas are sorted by their text.
   */
  sort(column: number, ascending: boolean, compute?: (content: Content) => Value): TakeBack {
    const [header, ...rows] = this.#rows;
    if (!header) return () => {};
    const plain = (content: Content) => compute?.(content) ?? (isFormula(content) ? content.formula : content);
    const keyed = rows.map((row, at) => ({ row, at, key: plain(row.cells[column - 1] ?? '') }));
    keyed.sort((a, b) => compare(a.key, b.key, ascending ? 1 : -1));
    const revision = this.#rowsMoved();
    this.#rows = [header, ...keyed.map(({ row }) => row)];
    return () => {
      const [top, ...sorted] = this.#rows;
      const before = keyed.map(({ at }, to) => ({ at, row: sorted[to] as Row })).sort((a, b) => a.at - b.at);
      this.#rowsRevision = revision;
      this.#rows = [top as Row, ...before.map(({ row }) => row), ...sorted.slice(keyed.length)];
    };
  }

  /** @returns What it was before; a number that was given once never stands for another order of the rows. */
  #rowsMoved(): number {
    const before = this.#rowsRevision;
    this.#lastRevision += 1;
    this.#rowsRevision = this.#lastRevision;
    return before;
  }

  #row(number: number): Row {
    while (this.#rows.length < number) this.#rows.push({ cells: [], notes: [] });
    return this.#rows[number - 1] as Row;
  }
}

const misfit = (noun: string, got: number, wanted: number) =>
  new SheetError(
    `The number of ${noun}s in the data does not match the number of ${noun}s in the range. The data has ${got} but the range has ${wanted}.`,
    { field: 'values' },
  );

/** Numbers and dates, then text, then booleans. */
function rank(value: Value): number {
  if (typeof value === 'number' || isWallDate(value)) return 0;
  return typeof value === 'string' ? 1 : 2;
}

function compare(a: Value, b: Value, direction: 1 | -1): number {
  if (a === '' || b === '') return Number(a === '') - Number(b === '');
  const byKind = rank(a) - rank(b);
  if (byKind !== 0) return direction * byKind;
  return direction * (typeof a === 'string' ? a.localeCompare(String(b)) : numeric(a) - numeric(b));
}

const numeric = (value: Value): number => (isWallDate(value) ? serialOf(value) : Number(value));
