import { HEARTBEAT, HEARTBEAT_TAB } from '../../../release-sheet-template/tab.ts';
import { literal } from './cell-runs.ts';
import type { CellValue, Grid } from './rundown-tab.ts';

/** What happens in live release sheets goes through here; besides, controller/ makes and checks whole spreadsheets. */

export interface ReleaseSheet {
  readonly id: string;
  name(): string;
  timeZone(): string;
  locale(): string;
  tabs(): SheetTab[];
  tabNamed(name: string): SheetTab | undefined;
  tabWithId(tabId: number): SheetTab | undefined;
  /** What was written is there for everybody, and what others wrote is seen from now on. */
  flush(): void;
  /** What the banners go by. Sheets without them are left alone. */
  writeHeartbeat(cells: Partial<Readonly<Record<keyof typeof HEARTBEAT, Date | string>>>): void;
}

/** Each of `headers`, `values`, `shown` and the writes is one service call. */
export interface SheetTab {
  readonly id: number;
  name(): string;
  /** Row 1 alone. */
  headers(): unknown[];
  /** Every cell, row 1 first. */
  values(): unknown[][];
  /** As people see them; of the same shape. */
  shown(): string[][];
  /** Rows count from 1, columns from 0. Text stays text, whatever it begins with. */
  write(row: number, column: number, values: readonly (readonly CellValue[])[]): void;
  note(row: number, column: number, text: string): void;
}

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;
type Sheet = GoogleAppsScript.Spreadsheet.Sheet;

/** @throws Error - It was deleted, or is not shared with us. */
export const openSpreadsheet = (spreadsheetId: string): ReleaseSheet =>
  releaseSheet(SpreadsheetApp.openById(spreadsheetId));

/** Whatever it is called by now. */
export const sheetWithId = (spreadsheet: Spreadsheet, id: number): Sheet | undefined =>
  spreadsheet.getSheets().find((sheet) => sheet.getSheetId() === id);

export function releaseSheet(spreadsheet: Spreadsheet): ReleaseSheet {
  const tabOf = (sheet: Sheet | null | undefined) => (sheet ? sheetTab(sheet) : undefined);
  return {
    id: spreadsheet.getId(),
    name: () => spreadsheet.getName(),
    timeZone: () => spreadsheet.getSpreadsheetTimeZone(),
    locale: () => spreadsheet.getSpreadsheetLocale(),
    tabs: () => spreadsheet.getSheets().map(sheetTab),
    tabNamed: (name) => tabOf(spreadsheet.getSheetByName(name)),
    tabWithId: (tabId) => tabOf(sheetWithId(spreadsheet, tabId)),
    flush: () => SpreadsheetApp.flush(),
    writeHeartbeat: (cells) => {
      const tab = spreadsheet.getSheetByName(HEARTBEAT_TAB);
      for (const [cell, value] of Object.entries(cells)) {
        tab?.getRange(HEARTBEAT[cell as keyof typeof HEARTBEAT]).setValue(literal(value));
      }
    },
  };
}

export function sheetTab(sheet: Sheet): SheetTab {
  return {
    id: sheet.getSheetId(),
    name: () => sheet.getName(),
    headers: () => sheet.getRange(1, 1, 1, Math.max(1, sheet.getLastColumn())).getValues()[0] ?? [],
    values: () => sheet.getDataRange().getValues(),
    shown: () => sheet.getDataRange().getDisplayValues(),
    write(row, column, values) {
      const [first] = values;
      if (!first || first.length === 0) return;
      const missing = row + values.length - 1 - sheet.getMaxRows();
      if (missing > 0) sheet.insertRowsAfter(sheet.getMaxRows(), missing);
      const range = sheet.getRange(row, column + 1, values.length, first.length);
      range.setValues(values.map((line) => line.map(literal)));
    },
    note: (row, column, text) => {
      sheet.getRange(row, column + 1).setNote(text);
    },
  };
}

/**
 * Every cell of a tab. Rows can move between the two calls that it takes: then what people see and what the cells hold
 * would be of different rows.
 */
export function readGrid(tab: SheetTab, values: unknown[][] = tab.values()): Grid {
  const shown = tab.shown();
  if (fitTogether(values, shown)) return { values, shown };
  return { values: tab.values(), shown: tab.shown() };
}

/** Text is shown as it is, unless somebody gave it a format of its own. */
function fitTogether(values: readonly (readonly unknown[])[], shown: readonly (readonly string[])[]): boolean {
  const isSame = (cell: unknown, text: string | undefined) => typeof cell !== 'string' || cell === text;
  return (
    values.length === shown.length &&
    values.every((line, row) => line.every((cell, column) => isSame(cell, shown[row]?.[column])))
  );
}
