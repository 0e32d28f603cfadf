import type { Area } from './a1.ts';
import type { Cell } from './cell.ts';
import type { Spreadsheets } from './sheet-model.ts';
import type { Tab } from './sheet-tab.ts';

export interface SheetViewOptions {
  /** What an execution has read of a tab, it sees until it flushes, whatever others do meanwhile. */
  readonly cachedReads: boolean;
  /** What it writes is there for others only when it flushes, or has ended by itself. */
  readonly lateWrites: boolean;
  /** Others can see a change of this tab now. */
  changed(spreadsheetId: string, tab: string): void;
}

/** The spreadsheets as one execution sees and writes them. */
export class SheetView {
  readonly #spreadsheets: Spreadsheets;
  readonly #options: SheetViewOptions;
  readonly #seen = new Map<string, Tab>();
  #unwritten: (() => void)[] = [];

  constructor(spreadsheets: Spreadsheets, options: SheetViewOptions) {
    this.#spreadsheets = spreadsheets;
    this.#options = options;
  }

  /** To read from. The first look at a tab is what this execution sees of it. */
  tab(spreadsheetId: string, name: string): Tab {
    const { cachedReads, lateWrites } = this.#options;
    const key = JSON.stringify([spreadsheetId, name]);
    const seen = this.#seen.get(key);
    if (seen) return seen;
    const real = this.#real(spreadsheetId, name);
    if (!cachedReads && !lateWrites) return real;
    const copy = real.copy();
    this.#seen.set(key, copy);
    return copy;
  }

  /** Text is parsed as if it were typed. */
  write(spreadsheetId: string, name: string, area: Area, values: readonly (readonly unknown[])[]): void {
    const spreadsheet = this.#spreadsheets.get(spreadsheetId);
    const cells: Cell[][] = values.map((line) => line.map((value) => spreadsheet.typed(value)));
    this.#change(spreadsheetId, name, (tab) => tab.set(area, cells));
  }

  setNote(spreadsheetId: string, name: string, { row, column }: Area, text: string): void {
    this.#change(spreadsheetId, name, (tab) => tab.setNote(row, column, text));
  }

  flush(): void {
    this.writeOut();
    this.#seen.clear();
  }

  /** An execution that ends by itself leaves nothing unwritten; one that is cut does. */
  writeOut(): void {
    for (const write of this.#unwritten.splice(0)) write();
  }

  #change(spreadsheetId: string, name: string, change: (tab: Tab) => void): void {
    const seen = this.tab(spreadsheetId, name);
    const real = this.#real(spreadsheetId, name);
    change(seen);
    if (seen === real) this.#options.changed(spreadsheetId, name);
    else this.#later(() => this.#apply(real, spreadsheetId, change));
  }

  #later(write: () => void): void {
    if (this.#options.lateWrites) this.#unwritten.push(write);
    else write();
  }

  #apply(real: Tab, spreadsheetId: string, change: (tab: Tab) => void): void {
    change(real);
    this.#options.changed(spreadsheetId, real.name);
  }

  #real(spreadsheetId: string, name: string): Tab {
    return this.#spreadsheets.get(spreadsheetId).tab(name);
  }
}
