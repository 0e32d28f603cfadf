import type { Area } from './a1.ts';
import { formatDate, fromWallTime } from './zoned-time.ts';

/** Spreadsheets as far as a release sheet needs them. Pure: no events, no users. */

export type Cell = string | number | boolean | Date;

interface Tab {
  readonly name: string;
  cells: Cell[][];
  readonly notes: Map<string, string>;
}

export interface NewSpreadsheet {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  /** By tab, the cells as a person would type them. */
  readonly tabs: Readonly<Record<string, readonly (readonly unknown[])[]>>;
}

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** What a cell holds after somebody typed this into it. */
export function typed(input: unknown, timeZone: string): Cell {
  if (typeof input !== 'string') return typeof input === 'number' || typeof input === 'boolean' ? input : '';
  const text = input.trim();
  if (text !== '' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const [, year, month, day, hour = 0, minute = 0, second = 0] = (DATE_TIME.exec(text) ?? []).map(Number);
  if (!year || !month || !day) return input;
  const wall = { year, month, day, hour: hour || 0, minute: minute || 0, second: second || 0 };
  return new Date(fromWallTime(wall, timeZone));
}

/** What a cell shows. */
export function shown(cell: Cell, timeZone: string): string {
  if (cell instanceof Date) {
    const withSeconds = cell.getTime() % 60_000 === 0 ? '' : ':ss';
    return formatDate(cell.getTime(), timeZone, `yyyy-MM-dd HH:mm${withSeconds}`);
  }
  return typeof cell === 'boolean' ? String(cell).toUpperCase() : String(cell);
}

export class Spreadsheet {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly #tabs: Tab[];

  constructor({ id, name, timeZone, tabs }: NewSpreadsheet) {
    this.id = id;
    this.name = name;
    this.timeZone = timeZone;
    this.#tabs = Object.entries(tabs).map(([tab, rows]) => ({
      name: tab,
      cells: rows.map((row) => row.map((cell) => typed(cell, timeZone))),
      notes: new Map(),
    }));
  }

  tabNames(): string[] {
    return this.#tabs.map(({ name }) => name);
  }

  size(tab: string): { rows: number; columns: number } {
    const { cells } = this.#tab(tab);
    return { rows: cells.length, columns: Math.max(0, ...cells.map((row) => row.length)) };
  }

  values(tab: string, { row, column, rows, columns }: Area): Cell[][] {
    const { cells } = this.#tab(tab);
    return Array.from({ length: rows }, (_row, down) =>
      Array.from({ length: columns }, (_cell, right) => cells[row - 1 + down]?.[column - 1 + right] ?? ''),
    );
  }

  /** Everything that is shown, row 1 first. */
  displayValues(tab: string): string[][] {
    const { rows, columns } = this.size(tab);
    return this.values(tab, { row: 1, column: 1, rows, columns }).map((row) =>
      row.map((cell) => shown(cell, this.timeZone)),
    );
  }

  /** Writes values as they are; the grid grows as needed. @throws Error - The values do not fit the area. */
  set(tab: string, { row, column, rows, columns }: Area, values: readonly (readonly unknown[])[]): void {
    if (values.length !== rows)
      throw new Error(
        `The number of rows in the data does not match the number of rows in the range. The data has ${values.length} but the range has ${rows}.`,
      );
    const uneven = values.find((one) => one.length !== columns);
    if (uneven)
      throw new Error(
        `The number of columns in the data does not match the number of columns in the range. The data has ${uneven.length} but the range has ${columns}.`,
      );
    const { cells } = this.#tab(tab);
    values.forEach((line, down) => {
      const at = row - 1 + down;
      while (cells.length <= at) cells.push([]);
      const target = cells[at] as Cell[];
      while (target.length < column - 1) target.push('');
      line.forEach((value, right) => {
        target[column - 1 + right] = value instanceof Date ? new Date(value.getTime()) : ((value ?? '') as Cell);
      });
    });
  }

  insertRows(tab: string, before: number, count: number): void {
    const { columns } = this.size(tab);
    const empty = Array.from({ length: count }, () => Array.from({ length: columns }, (): Cell => ''));
    this.#tab(tab).cells.splice(before - 1, 0, ...empty);
  }

  deleteRows(tab: string, first: number, count: number): void {
    this.#tab(tab).cells.splice(first - 1, count);
  }

  /** Sorts everything below the header by one column. */
  sort(tab: string, column: number, ascending = true): void {
    const held = this.#tab(tab);
    const [header = [], ...rows] = held.cells;
    const key = (row: Cell[]) => row[column - 1] ?? '';
    const order = (a: Cell, b: Cell) =>
      typeof a === 'string' || typeof b === 'string' ? String(a).localeCompare(String(b)) : Number(a) - Number(b);
    rows.sort((a, b) => (ascending ? 1 : -1) * order(key(a), key(b)));
    held.cells = [header, ...rows];
  }

  note(tab: string, row: number, column: number): string {
    return this.#tab(tab).notes.get(`${row},${column}`) ?? '';
  }

  setNote(tab: string, row: number, column: number, text: string): void {
    this.#tab(tab).notes.set(`${row},${column}`, text);
  }

  #tab(name: string): Tab {
    const tab = this.#tabs.find((one) => one.name === name);
    if (!tab)
      throw new Error(`The spreadsheet "${this.name}" has no tab "${name}". It has: ${this.tabNames().join(', ')}.`);
    return tab;
  }
}

/** All spreadsheets, by id. */
export class Spreadsheets {
  readonly #all = new Map<string, Spreadsheet>();

  create(facts: NewSpreadsheet): Spreadsheet {
    const created = new Spreadsheet(facts);
    this.#all.set(created.id, created);
    return created;
  }

  list(): Spreadsheet[] {
    return [...this.#all.values()];
  }

  /** @throws Error - As openById words it. */
  get(id: string): Spreadsheet {
    const found = this.#all.get(id);
    if (!found)
      throw new Error(
        `Unexpected error while getting the method or property openById on object SpreadsheetApp: no spreadsheet ${id}.`,
      );
    return found;
  }
}
