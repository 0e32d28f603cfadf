import { type FaultInjection, happens } from './fault-injection.ts';
import type { RangePlace } from './protocol.ts';
import type { Quirks } from './quirks.ts';
import type { Area } from './spreadsheet/a1.ts';
import type { Cell, Content } from './spreadsheet/cell.ts';
import { checkProtections } from './spreadsheet/protection.ts';
import { SheetError } from './spreadsheet/sheet-error.ts';
import type { Spreadsheets } from './spreadsheet/sheet-model.ts';
import type { Tab } from './spreadsheet/sheet-tab.ts';
import type { Spreadsheet, TabNamed } from './spreadsheet/spreadsheet.ts';

/** What of a tab has changed: what its cells and notes say, or how it looks and what it lets people do. */
export type Changed = 'cells' | 'formatting';

/** Others can see it now. */
export interface ScriptChange {
  readonly spreadsheetId: string;
  readonly sheet: string;
  readonly what: Changed;
  /** The cells whose values were written. */
  readonly written?: RangePlace;
  readonly account: string;
}

export interface SheetViewOptions {
  /** The account that the execution runs as. */
  readonly account: string;
  /** What an execution has read of a tab, it sees until it flushes, whatever others do meanwhile. */
  readonly cachedReads: boolean;
  readonly faultInjection: FaultInjection;
  readonly quirks: Quirks;
  changed(change: ScriptChange): void;
}

/** The spreadsheets as one execution sees and writes them. */
export class SheetView {
  readonly #spreadsheets: Spreadsheets;
  readonly #options: SheetViewOptions;
  readonly #seen = new Map<Tab, Tab>();
  #unwritten: (() => void)[] = [];

  constructor(spreadsheets: Spreadsheets, options: SheetViewOptions) {
    this.#spreadsheets = spreadsheets;
    this.#options = options;
  }

  /** @throws SheetError - There is none, or it is not shared with this account. */
  spreadsheet(id: string): Spreadsheet {
    const found = this.#spreadsheets.get(id);
    if (found.isOpenTo(this.#options.account)) return found;
    throw new SheetError('You do not have permission to access the requested document.');
  }

  /** To read from. The first view of a tab is what this execution sees of it. */
  tab(spreadsheetId: string, sheetId: number): Tab {
    return this.#viewOf(this.spreadsheet(spreadsheetId).tabById(sheetId));
  }

  values(spreadsheetId: string, sheetId: number, area: Area): Cell[][] {
    const spreadsheet = this.spreadsheet(spreadsheetId);
    const values = spreadsheet.values(this.tab(spreadsheetId, sheetId), area, this.#tabNamed(spreadsheet));
    return values.map((line) => line.map((value) => spreadsheet.asRead(value)));
  }

  displayed(spreadsheetId: string, sheetId: number, area: Area): string[][] {
    const spreadsheet = this.spreadsheet(spreadsheetId);
    return spreadsheet.displayed(this.tab(spreadsheetId, sheetId), area, this.#tabNamed(spreadsheet));
  }

  /** Text is parsed as if it were typed. @throws SheetError - A cell is protected, or does not take its value. */
  write(spreadsheetId: string, sheetId: number, area: Area, values: readonly (readonly unknown[])[]): void {
    const spreadsheet = this.spreadsheet(spreadsheetId);
    const tab = this.tab(spreadsheetId, sheetId);
    const contents = spreadsheet.typedInto(tab, area, values);
    this.checkWrite(spreadsheetId, sheetId, area, contents);
    this.change(spreadsheetId, sheetId, 'cells', (one) => one.set(area, contents), area);
  }

  /** A new row below everything; where that is shows when it reaches the sheet. */
  append(spreadsheetId: string, sheetId: number, values: readonly unknown[]): void {
    const spreadsheet = this.spreadsheet(spreadsheetId);
    const tab = this.tab(spreadsheetId, sheetId);
    const area = { row: tab.size().rows + 1, column: 1, rows: 1, columns: values.length };
    const [contents = []] = spreadsheet.typedInto(tab, area, [values]);
    this.checkWrite(spreadsheetId, sheetId, area, [contents]);
    this.change(spreadsheetId, sheetId, 'cells', (one) => one.append(contents));
  }

  checkWrite(spreadsheetId: string, sheetId: number, area: Area, contents: readonly (readonly Content[])[]): void {
    const spreadsheet = this.spreadsheet(spreadsheetId);
    const tab = this.tab(spreadsheetId, sheetId);
    checkProtections(tab.formatting.protections, area, this.#options.account, spreadsheet.owner);
    if (!this.#options.quirks.scriptWriteObeysValidation) return;
    const wrong = spreadsheet.violation(tab, area, contents, 'rejecting', this.#tabNamed(spreadsheet));
    if (wrong) throw new SheetError(wrong);
  }

  /** In what this execution sees, and in the sheet, now or when its writes come there. */
  change(spreadsheetId: string, sheetId: number, what: Changed, change: (tab: Tab) => void, area?: Area): void {
    const real = this.spreadsheet(spreadsheetId).tabById(sheetId);
    const seen = this.#viewOf(real);
    change(seen);
    const { account, changed } = this.#options;
    const written = area && { spreadsheetId, sheetId, ...area };
    const tell = () => changed({ spreadsheetId, sheet: real.name, what, written, account });
    if (seen === real) tell();
    else
      this.#later(() => {
        change(real);
        tell();
      });
  }

  flush(): void {
    const { faultInjection } = this.#options;
    this.writeOut();
    if (!happens(faultInjection, faultInjection.staleReads)) this.#seen.clear();
  }

  /** An execution that ends by itself leaves nothing unwritten; one that is cut does. */
  writeOut(): void {
    for (const write of this.#unwritten.splice(0)) write();
  }

  #viewOf(real: Tab): Tab {
    const { cachedReads, faultInjection } = this.#options;
    const seen = this.#seen.get(real);
    if (seen) return seen;
    if (!cachedReads && !faultInjection.lateWrites) return real;
    const copy = real.copy();
    this.#seen.set(real, copy);
    return copy;
  }

  #tabNamed(spreadsheet: Spreadsheet): TabNamed {
    return (name) => {
      const real = spreadsheet.tabNamed(name);
      return real && this.#viewOf(real);
    };
  }

  #later(write: () => void): void {
    if (this.#options.faultInjection.lateWrites) this.#unwritten.push(write);
    else write();
  }
}
