import { HEARTBEAT, HEARTBEAT_TAB } from '../../release-sheet-template/tab.ts';
import { type CellValue, OWN_COLUMNS, type OwnCells, type Row, RUNDOWN_TAB, type Rundown } from './rundown.ts';

/** The only file that touches SpreadsheetApp. */
export interface RundownSheet {
  /** Every cell of the tab, row 1 first: one service call. */
  read(): unknown[][];
  /** Only the script's own cells of one row as just read; neighbours go together in one call. */
  writeOwn(row: Row, columns: Rundown['columns'], cells: OwnCells): void;
  /** For when there is no Result column: where people who look for the reason will look. */
  writeCell(rowNumber: number, column: number, value: string): void;
  note(rowNumber: number, column: number, text: string): void;
  /** What was written is there for everybody, and what others wrote is seen from now on. */
  flush(): void;
  timeZone(): string;
  /** The banner says Connected until then. Sheets without one are left alone. */
  beat(until: Date): void;
}

/** By the spreadsheet's id. @throws Error - It cannot be opened, or has no such tab. */
export type OpenSheet = (spreadsheetId: string) => RundownSheet;

type Sheet = GoogleAppsScript.Spreadsheet.Sheet;

/** Any other tab: a board of ours, or one that people fill in. */
export interface TabSheet {
  /** Every cell, row 1 first: one service call. */
  read(): unknown[][];
  /** Rows count from 1, columns from 0. */
  write(row: number, column: number, values: readonly (readonly CellValue[])[]): void;
  flush(): void;
}

/** @returns undefined if there is no such tab. @throws Error - The spreadsheet cannot be opened. */
export function openTab(spreadsheetId: string, name: string): TabSheet | undefined {
  const sheet = SpreadsheetApp.openById(spreadsheetId).getSheetByName(name);
  return sheet ? tabSheet(sheet) : undefined;
}

export function tabSheet(sheet: Sheet): TabSheet {
  return {
    read: () => sheet.getDataRange().getValues(),
    write(row, column, values) {
      const [first] = values;
      if (!first || first.length === 0) return;
      sheet.getRange(row, column + 1, values.length, first.length).setValues(values.map((line) => [...line]));
    },
    flush: () => SpreadsheetApp.flush(),
  };
}

/** @throws Error - The spreadsheet cannot be opened, or has no such tab. */
export function openRundown(spreadsheetId: string): RundownSheet {
  const spreadsheet = SpreadsheetApp.openById(spreadsheetId);
  const sheet = spreadsheet.getSheetByName(RUNDOWN_TAB);
  if (!sheet) throw new Error(`The spreadsheet has no tab "${RUNDOWN_TAB}".`);
  return rundownSheet(sheet, spreadsheet);
}

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

export function rundownSheet(sheet: Sheet, spreadsheet: Spreadsheet): RundownSheet {
  return {
    timeZone: () => spreadsheet.getSpreadsheetTimeZone(),
    beat: (until) => {
      spreadsheet.getSheetByName(HEARTBEAT_TAB)?.getRange(HEARTBEAT.until).setValue(until);
    },
    read: () => sheet.getDataRange().getValues(),
    writeOwn({ number, own }, columns, cells) {
      for (const { first, values } of runs(columns, cells, own)) {
        sheet.getRange(number, first + 1, 1, values.length).setValues([values]);
      }
    },
    writeCell: (rowNumber, column, value) => {
      sheet.getRange(rowNumber, column + 1).setValue(value);
    },
    note: (rowNumber, column, text) => {
      sheet.getRange(rowNumber, column + 1).setNote(text);
    },
    flush: () => SpreadsheetApp.flush(),
  };
}

interface Run {
  readonly first: number;
  readonly values: CellValue[];
}

/**
 * The cells to write as few runs of neighbours. A gap is bridged if everything in it is ours, with what it says already.
 * The id comes first and Status last: an execution that dies in between leaves a row that still asks, under a known id.
 */
export function runs(columns: Rundown['columns'], cells: OwnCells, own: Row['own']): Run[] {
  const places = OWN_COLUMNS.map((name) => ({ name, column: columns[name] })).sort((a, b) => a.column - b.column);
  const grouped: { first: number; names: (typeof OWN_COLUMNS)[number][] }[] = [];
  for (const { name, column } of places) {
    const last = grouped[grouped.length - 1];
    if (last && last.first + last.names.length === column) last.names.push(name);
    else grouped.push({ first: column, names: [name] });
  }
  return grouped
    .flatMap(({ first, names }) => {
      const wanted = names.flatMap((name, at) => (cells[name] === undefined ? [] : [at]));
      const from = wanted[0];
      if (from === undefined) return [];
      const written = names.slice(from, (wanted[wanted.length - 1] as number) + 1);
      const rank = written.includes('status') ? 2 : written.includes('operation') ? 0 : 1;
      return [{ rank, run: { first: first + from, values: written.map((name) => cells[name] ?? own[name]) } }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ run }) => run);
}
