import type { Area } from './a1.ts';
import { type Cell, shown, typed } from './cell.ts';
import { SheetError } from './sheet-error.ts';
import { Tab } from './sheet-tab.ts';

/** Spreadsheets as far as a release sheet needs them. */

export interface NewSpreadsheet {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  /** By tab, the cells as a person would type them. */
  readonly tabs: Readonly<Record<string, readonly (readonly unknown[])[]>>;
}

export class Spreadsheet {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly #tabs: readonly Tab[];

  constructor({ id, name, timeZone, tabs }: NewSpreadsheet) {
    this.id = id;
    this.name = name;
    this.timeZone = timeZone;
    this.#tabs = Object.entries(tabs).map(
      ([tab, rows], index) =>
        new Tab(
          tab,
          index,
          rows.map((row) => row.map((cell) => this.typed(cell))),
        ),
    );
  }

  tabNames(): string[] {
    return this.#tabs.map(({ name }) => name);
  }

  /** @throws SheetError - There is none of that name. */
  tab(name: string): Tab {
    const tab = this.#tabs.find((one) => one.name === name);
    if (tab) return tab;
    throw new SheetError(`The spreadsheet "${this.name}" has no tab "${name}". It has: ${this.tabNames().join(', ')}.`);
  }

  /** Everything that is shown, row 1 first. */
  displayValues(tab: string): string[][] {
    return this.tab(tab)
      .everything()
      .map((row) => row.map((cell) => this.shown(cell)));
  }

  /** As somebody types or pastes it. @returns What was in the cells, and what is now. */
  type(tab: string, area: Area, values: readonly (readonly unknown[])[]): { before: Cell[][]; after: Cell[][] } {
    const held = this.tab(tab);
    const before = held.values(area);
    const after = values.map((line) => line.map((value) => this.typed(value)));
    held.set(area, after);
    return { before, after };
  }

  typed(input: unknown): Cell {
    return typed(input, this.timeZone);
  }

  shown(cell: Cell): string {
    return shown(cell, this.timeZone);
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

  /** @throws SheetError - As openById words it. */
  get(id: string): Spreadsheet {
    const found = this.#all.get(id);
    if (found) return found;
    throw new SheetError(
      `Unexpected error while getting the method or property openById on object SpreadsheetApp: no spreadsheet ${id}.`,
    );
  }
}
