import { type CellValue, OWN_COLUMNS, type OwnCells, RUNDOWN_TAB, type Rundown } from './rundown.ts';

/** The only file that touches SpreadsheetApp. */
export interface RundownSheet {
  /** Every cell of the tab, row 1 first: one service call. */
  read(): unknown[][];
  /** Only the script's own cells of one row; neighbours go together in one call. */
  writeOwn(rowNumber: number, columns: Rundown['columns'], cells: OwnCells): void;
  /** For when there is no Result column: where people who look for the reason will look. */
  writeCell(rowNumber: number, column: number, value: string): void;
  note(rowNumber: number, column: number, text: string): void;
  /** What was written is there for everybody, and what others wrote is seen from now on. */
  flush(): void;
  timeZone(): string;
}

type Sheet = GoogleAppsScript.Spreadsheet.Sheet;

/** @throws Error - The spreadsheet cannot be opened, or has no such tab. */
export function openRundown(spreadsheetId: string): RundownSheet {
  const spreadsheet = SpreadsheetApp.openById(spreadsheetId);
  const sheet = spreadsheet.getSheetByName(RUNDOWN_TAB);
  if (!sheet) throw new Error(`The spreadsheet has no tab "${RUNDOWN_TAB}".`);
  return rundownSheet(sheet, () => spreadsheet.getSpreadsheetTimeZone());
}

export function rundownSheet(sheet: Sheet, timeZone: () => string): RundownSheet {
  return {
    timeZone,
    read: () => sheet.getDataRange().getValues(),
    writeOwn(rowNumber, columns, cells) {
      for (const { first, values } of runs(columns, cells)) {
        sheet.getRange(rowNumber, first + 1, 1, values.length).setValues([values]);
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

/** Cells side by side, as few runs as there can be without touching a cell that is not meant. */
export function runs(columns: Rundown['columns'], cells: OwnCells): Run[] {
  const places = OWN_COLUMNS.flatMap((name) => {
    const value = cells[name];
    return value === undefined ? [] : [{ column: columns[name], value }];
  }).sort((a, b) => a.column - b.column);
  const grouped: Run[] = [];
  for (const { column, value } of places) {
    const last = grouped[grouped.length - 1];
    if (last && last.first + last.values.length === column) last.values.push(value);
    else grouped.push({ first: column, values: [value] });
  }
  return grouped;
}
