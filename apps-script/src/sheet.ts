import { HEARTBEAT, HEARTBEAT_TAB } from '../../release-sheet-template/tab.ts';
import { readPicks } from './boards/pick-rows.ts';
import { PICKS_TAB } from './entry-record.ts';
import {
  type CellValue,
  OWN_COLUMNS,
  type OwnCells,
  type OwnColumn,
  type Reading,
  type Row,
  RUNDOWN_TAB,
  type Rundown,
  readRundown,
} from './rundown.ts';

/** What happens in live release sheets goes through here; besides, controller/ makes and looks over whole spreadsheets. */
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
  /** One cell as people see it. */
  shown(rowNumber: number, column: number): string;
  /** The banner says Connected until then. Sheets without one are left alone. */
  beat(until: Date): void;
  /** How its cells are read, if it is not the rundown. */
  readonly reader?: typeof readRundown;
}

/** Its rows as they are now: one service call. */
export const readingOf = (sheet: RundownSheet): Reading => (sheet.reader ?? readRundown)(sheet.read());

/** By the spreadsheet's id. @throws Error - It cannot be opened, or has no such tab. */
export type OpenSheet = (spreadsheetId: string, tab?: typeof PICKS_TAB) => RundownSheet;

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
      const room = row + values.length - 1 - sheet.getMaxRows();
      if (room > 0) sheet.insertRowsAfter(sheet.getMaxRows(), room);
      sheet.getRange(row, column + 1, values.length, first.length).setValues(values.map((line) => [...line]));
    },
    flush: () => SpreadsheetApp.flush(),
  };
}

/** @throws Error - The spreadsheet cannot be opened, or has no such tab. */
export function openRundown(spreadsheetId: string, tab?: typeof PICKS_TAB): RundownSheet {
  const spreadsheet = SpreadsheetApp.openById(spreadsheetId);
  const name = tab ?? RUNDOWN_TAB;
  const sheet = spreadsheet.getSheetByName(name);
  if (!sheet) throw new Error(`The spreadsheet has no tab "${name}".`);
  return tab === PICKS_TAB ? picksSheet(sheet, spreadsheet) : rundownSheet(sheet, spreadsheet);
}

/** The board, whose rows run what is picked in *Do now*. */
export const picksSheet = (sheet: Sheet, spreadsheet: Spreadsheet): RundownSheet => ({
  ...rundownSheet(sheet, spreadsheet),
  reader: readPicks,
});

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

export function rundownSheet(sheet: Sheet, spreadsheet: Spreadsheet): RundownSheet {
  return {
    timeZone: () => spreadsheet.getSpreadsheetTimeZone(),
    shown: (rowNumber, column) => sheet.getRange(rowNumber, column + 1).getDisplayValue(),
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
  const places: { name: OwnColumn | 'pick'; column: number }[] = [
    ...OWN_COLUMNS.map((name) => ({ name, column: columns[name] })),
    // Emptied in the same call as Status is written, where they are neighbours.
    ...(cells.pick === undefined ? [] : [{ name: 'pick' as const, column: columns.action }]),
  ].sort((a, b) => a.column - b.column);
  const grouped: { first: number; names: (OwnColumn | 'pick')[] }[] = [];
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
      return [
        {
          rank,
          run: {
            first: first + from,
            values: written.map((name) => cells[name] ?? (name === 'pick' ? '' : own[name])),
          },
        },
      ];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ run }) => run);
}
