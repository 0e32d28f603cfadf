import { randomUUID } from 'node:crypto';
import { SheetError } from './sheet-error.ts';
import { type NewSpreadsheet, Spreadsheet, type Surroundings } from './spreadsheet.ts';

export interface Copy {
  /** "Copy of …" if left out, as Sheets names it. */
  readonly name?: string;
  /** Owns the copy. */
  readonly user: string;
}

/** All spreadsheets, by id. */
export class Spreadsheets {
  readonly #all = new Map<string, Spreadsheet>();
  readonly #around: Surroundings;
  readonly #owner: string;

  /**
   * @param owner - Of what is created without one.
   * @param from - Begins with what these are now, beside them.
   */
  constructor(around: Surroundings, owner: string, from?: Spreadsheets) {
    this.#around = around;
    this.#owner = owner;
    for (const one of from?.list() ?? []) this.#all.set(one.id, one.beside(around));
  }

  create(facts: NewSpreadsheet): Spreadsheet {
    return this.#add(new Spreadsheet({ owner: this.#owner, ...facts }, this.#around));
  }

  /**
   * Make a copy: values, formulas, formatting, notes, validations and protections; no triggers. Of a protection that names
   * its editors, the copier becomes the only one (believed, not known).
   */
  copy(id: string, { name, user }: Copy): Spreadsheet {
    const original = this.get(id);
    const { timeZone } = original;
    const facts = { id: newId(), name: name ?? `Copy of ${original.name}`, timeZone, owner: user, tabs: {} };
    const copy = new Spreadsheet(facts, this.#around);
    const tabs = original.copyTabs();
    for (const { formatting } of tabs)
      formatting.protections = formatting.protections.map((one) =>
        one.editors ? { ...one, editors: [user], domainEdit: false } : one,
      );
    copy.adopt(tabs);
    return this.#add(copy);
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

  #add(spreadsheet: Spreadsheet): Spreadsheet {
    this.#all.set(spreadsheet.id, spreadsheet);
    this.#around.changed(spreadsheet.id);
    return spreadsheet;
  }
}

export const newId = (): string => `local-${randomUUID()}`;
