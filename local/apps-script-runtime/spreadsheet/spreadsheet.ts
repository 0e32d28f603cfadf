import type { Quirks } from '../quirks.ts';
import { type Area, toA1 } from './a1.ts';
import { type Book, calculation } from './calculation.ts';
import { type Cell, type Content, isFormula, typed } from './cell.ts';
import { mayEdit, REFUSED } from './protection.ts';
import { SheetError } from './sheet-error.ts';
import { type Grid, Tab } from './sheet-tab.ts';
import { violation } from './validation.ts';
import { isWallDate, serialOf, shown, type Value } from './value.ts';
import { fromWall, wallAsUtc } from './zoned-time.ts';

/** One spreadsheet, as far as a release sheet needs it. */

export interface NewSpreadsheet {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  /** By tab, the cells as a person would type them. */
  readonly tabs: Readonly<Record<string, readonly (readonly unknown[])[]>>;
  /** Of the script if left out. */
  readonly owner?: string;
  /** Who can open and edit it besides its owner; everybody if left out. */
  readonly sharedWith?: readonly string[];
}

/** What a spreadsheet needs of the world around it. */
export interface Surroundings {
  now(): number;
  readonly quirks: Quirks;
  /** Its name, its zone or its tabs are others now. */
  changed(spreadsheetId: string): void;
}

export type TabNamed = Book['tabNamed'];

export class Spreadsheet {
  readonly id: string;
  readonly owner: string;
  #sharedWith: readonly string[] | undefined;
  readonly #around: Surroundings;
  #name: string;
  #timeZone: string;
  #locale = 'en_US';
  #invited: readonly string[] = [];
  #tabs: readonly Tab[];

  constructor({ id, name, timeZone, tabs, owner = '', sharedWith }: NewSpreadsheet, around: Surroundings) {
    this.id = id;
    this.owner = owner;
    this.#sharedWith = sharedWith;
    this.#around = around;
    this.#name = name;
    this.#timeZone = timeZone;
    this.#tabs = Object.entries(tabs).map(([tab, rows], sheetId) => {
      const cells = rows.map((row) => row.map((cell) => this.typed(cell)));
      return new Tab({ name: tab, sheetId, cells });
    });
  }

  get name(): string {
    return this.#name;
  }

  get timeZone(): string {
    return this.#timeZone;
  }

  get sharedWith(): readonly string[] | undefined {
    return this.#sharedWith;
  }

  rename(name: string): void {
    this.#name = name;
    this.#around.changed(this.id);
  }

  /** Cells go on showing what they show: they hold no instants. @throws SheetError - There is no such zone. */
  setTimeZone(timeZone: string): void {
    try {
      wallAsUtc(0, timeZone);
    } catch (error) {
      throw new SheetError(`Invalid argument: ${timeZone}`, { cause: error });
    }
    this.#timeZone = timeZone;
    this.#around.changed(this.id);
  }

  /** How the sheet writes numbers and dates, and separates the arguments of formulas. */
  get locale(): string {
    return this.#locale;
  }

  /** @throws SheetError - It is none such as `de_DE`. */
  setLocale(locale: string): void {
    if (!/^[a-z]{2}(_[A-Z]{2})?$/.test(locale)) throw new SheetError(`Invalid argument: ${locale}`);
    this.#locale = locale;
    this.#around.changed(this.id);
  }

  /** By address, its owner first; also of one that is open to everybody. */
  get editors(): readonly string[] {
    return [...new Set([this.owner, ...(this.#sharedWith ?? []), ...this.#invited])];
  }

  isOpenTo(account: string): boolean {
    return this.#sharedWith === undefined || account === this.owner || this.#sharedWith.includes(account);
  }

  /** Whether everybody who has its link may read it, without signing in. */
  isOpenByLink = false;

  /** One that is open to everybody stays so. */
  share(accounts: readonly string[]): void {
    this.#invited = [...new Set([...this.#invited, ...accounts])];
    if (this.#sharedWith) this.#sharedWith = [...new Set([...this.#sharedWith, ...accounts])];
  }

  /** Takes a protection away, as a person does under Data. @returns The tab's name. @throws SheetError */
  unprotect(description: string, account: string): string {
    const tab = this.#tabs.find(({ formatting }) =>
      formatting.protections.some((one) => one.description === description),
    );
    const protection = tab?.formatting.protections.find((one) => one.description === description);
    if (!tab || !protection) throw new SheetError(`There is no protection "${description}".`);
    if (!mayEdit(protection, account, this.owner)) throw new SheetError(REFUSED, { field: 'user' });
    tab.formatting.protections = tab.formatting.protections.filter((one) => one !== protection);
    return tab.name;
  }

  tabs(): readonly Tab[] {
    return this.#tabs;
  }

  tabNames(): string[] {
    return this.#tabs.map(({ name }) => name);
  }

  /** Case does not matter, as in formulas. */
  readonly tabNamed: TabNamed = (name) => this.#tabs.find((one) => one.name.toLowerCase() === name.toLowerCase());

  /** @throws SheetError - There is none of that name. */
  tab(name: string): Tab {
    const tab = this.#tabs.find((one) => one.name === name);
    if (tab) return tab;
    throw new SheetError(
      `The spreadsheet "${this.name}" has no tab "${name}". It has: ${this.tabNames().join(', ')}.`,
      {
        field: 'sheet',
      },
    );
  }

  /** @throws SheetError - It was deleted. */
  tabById(sheetId: number): Tab {
    const tab = this.#tabs.find((one) => one.sheetId === sheetId);
    if (tab) return tab;
    throw new SheetError(`Sheet ${sheetId} not found`);
  }

  /** Without a name: Sheet2 and so on. Without an index: at the end. @throws SheetError - The name is taken. */
  insertTab(name = this.#freeName(), index = this.#tabs.length, grid?: Grid): Tab {
    this.#checkName(name);
    const sheetId = Math.max(-1, ...this.#tabs.map((one) => one.sheetId)) + 1;
    const tab = new Tab({ name, sheetId, grid });
    this.#tabs = this.#tabs.toSpliced(index, 0, tab);
    this.#around.changed(this.id);
    return tab;
  }

  deleteTab(sheetId: number): void {
    const tab = this.tabById(sheetId);
    if (this.#tabs.length === 1) throw new SheetError("You can't remove all the sheets in a document.");
    this.#tabs = this.#tabs.filter((one) => one !== tab);
    this.#around.changed(this.id);
  }

  renameTab(sheetId: number, name: string): void {
    const tab = this.tabById(sheetId);
    if (tab.name !== name) this.#checkName(name);
    tab.name = name;
    this.#around.changed(this.id);
  }

  /** Everything that is shown, row 1 first. */
  displayValues(name: string): string[][] {
    const tab = this.tab(name);
    const contents = tab.everything();
    const columns = contents[0]?.length ?? 0;
    if (columns === 0) return [];
    return this.displayed(tab, { row: 1, column: 1, rows: contents.length, columns });
  }

  /** Formulas as text, everything else as nothing; of the shape of {@link displayValues}. */
  formulas(name: string): string[][] {
    return this.tab(name)
      .everything()
      .map((row) => row.map((content) => (isFormula(content) ? content.formula : '')));
  }

  /** How a tab looks and what it lets people do, as plain JSON. */
  formatting(name: string) {
    const tab = this.tab(name);
    const notes = tab
      .notes()
      .map(({ row, column, text }) => ({ cell: toA1({ row, column, rows: 1, columns: 1 }), text }));
    return { ...tab.formatting.describe(), notes };
  }

  /** What cells come to now. */
  values(tab: Tab, area: Area, tabNamed: TabNamed = this.tabNamed): Value[][] {
    return this.#calculation(tabNamed).cellValues(tab, area);
  }

  displayed(tab: Tab, area: Area, tabNamed: TabNamed = this.tabNamed): string[][] {
    return this.values(tab, area, tabNamed).map((line, down) =>
      line.map((value, right) =>
        shown(value, tab.formatting.styleAt('numberFormat', area.row + down, area.column + right)),
      ),
    );
  }

  /** What one cell comes to. */
  computed(tab: Tab, content: Content, tabNamed: TabNamed = this.tabNamed): Value {
    return this.#calculation(tabNamed).cellValue(tab, content);
  }

  /** As a script reads it: a date is the instant at which the clocks of the sheet's zone show it. */
  asRead(value: Value): Cell {
    if (!isWallDate(value)) return value;
    const { dateCellReadsAs, skippedHourReadsAs: skipped, repeatedHourReadsAs: repeated } = this.#around.quirks;
    if (dateCellReadsAs === 'number') return serialOf(value);
    return new Date(fromWall(value.wallMs, this.timeZone, { skipped, repeated }));
  }

  typed(input: unknown, format?: string): Content {
    return typed(input, this.timeZone, format);
  }

  /** Values of an area's shape, each by its cell's number format. */
  typedInto(tab: Tab, { row, column }: Area, values: readonly (readonly unknown[])[]): Content[][] {
    return values.map((line, down) =>
      line.map((value, right) => this.typed(value, tab.formatting.styleAt('numberFormat', row + down, column + right))),
    );
  }

  /** What is wrong with the first of these contents that a rule of that kind does not let in; undefined if nothing is. */
  violation(
    tab: Tab,
    { row, column }: Area,
    contents: readonly (readonly Content[])[],
    kind: 'rejecting' | 'warning',
    tabNamed?: TabNamed,
  ): string | undefined {
    for (const [down, line] of contents.entries())
      for (const [right, content] of line.entries()) {
        const rule = tab.formatting.validationAt(row + down, column + right);
        if (!rule || rule.allowInvalid !== (kind === 'warning')) continue;
        const text = shown(this.computed(tab, content, tabNamed));
        if (text !== '' && !rule.choices.includes(text)) return violation(rule, row + down, column + right);
      }
    return undefined;
  }

  /** The tabs with all that they hold: for another spreadsheet that is made from this one. */
  copyTabs(): readonly Tab[] {
    return this.#tabs.map((tab) => tab.copy());
  }

  adopt(tabs: readonly Tab[]): void {
    this.#tabs = tabs;
  }

  /** The same spreadsheet, as it is now, in another world. */
  beside(around: Surroundings): Spreadsheet {
    const { id, owner, name, timeZone, sharedWith } = this;
    const same = new Spreadsheet(
      { id, owner, name, timeZone, tabs: {}, ...(sharedWith ? { sharedWith } : {}) },
      around,
    );
    same.#locale = this.#locale;
    same.#invited = this.#invited;
    same.isOpenByLink = this.isOpenByLink;
    same.adopt(this.copyTabs());
    return same;
  }

  #calculation(tabNamed: TabNamed) {
    const now = () => ({ wallMs: wallAsUtc(this.#around.now(), this.timeZone) });
    return calculation({ now, tabNamed });
  }

  #freeName(): string {
    const isTaken = (name: string) => this.tabNamed(name) !== undefined;
    let number = this.#tabs.length + 1;
    while (isTaken(`Sheet${number}`)) number += 1;
    return `Sheet${number}`;
  }

  #checkName(name: string): void {
    if (this.tabNamed(name))
      throw new SheetError(`A sheet with the name "${name}" already exists. Please enter another name.`);
  }
}
