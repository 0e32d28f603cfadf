import { type Area, parseA1, toA1 } from '../a1.ts';
import type { RangePlace } from '../protocol.ts';
import type { Members } from '../realm.ts';
import type { TabSize } from '../sheet-tab.ts';
import type { Thread } from './thread.ts';

const ID_IN_URL = /\/spreadsheets\/d\/([^/?#]+)/;

/** SpreadsheetApp, and the objects that it hands out. */
export function spreadsheetApp({ call, realm }: Thread) {
  const { sealed, exception } = realm;

  function rangeOf(place: RangePlace): Members {
    const { spreadsheetId, sheet, row, column, rows, columns } = place;
    const area: Area = { row, column, rows, columns };
    const at = [spreadsheetId, sheet, area] as const;
    const first = (values: unknown) => (values as unknown[][])[0]?.[0];
    const filled = (value: unknown) => Array.from({ length: rows }, () => Array.from({ length: columns }, () => value));
    const self: Members = sealed('Range', {
      getRow: () => row,
      getColumn: () => column,
      getNumRows: () => rows,
      getNumColumns: () => columns,
      getLastRow: () => row + rows - 1,
      getLastColumn: () => column + columns - 1,
      getA1Notation: () => toA1(area),
      getSheet: () => sheetOf(spreadsheetId, sheet),
      getValues: () => call('Range.getValues', ...at),
      getValue: () => first(call('Range.getValues', ...at)),
      getDisplayValues: () => call('Range.getDisplayValues', ...at),
      getDisplayValue: () => first(call('Range.getDisplayValues', ...at)),
      setValues(values: unknown[][]) {
        call('Range.setValues', ...at, values);
        return self;
      },
      setValue(value: unknown) {
        call('Range.setValues', ...at, filled(value));
        return self;
      },
      getNote: () => call('Range.getNote', ...at),
      setNote(note: string | null) {
        call('Range.setNote', ...at, note ?? '');
        return self;
      },
    });
    return self;
  }

  function sheetOf(spreadsheetId: string, sheet: string): Members {
    const size = () => call('Sheet.size', spreadsheetId, sheet) as TabSize;
    const checked = (area: Area) => {
      call('Sheet.getRange', spreadsheetId, sheet, area);
      return rangeOf({ spreadsheetId, sheet, ...area });
    };
    return sealed('Sheet', {
      getName: () => sheet,
      getSheetId: () => call('Sheet.sheetId', spreadsheetId, sheet),
      getParent: () => spreadsheetOf(spreadsheetId),
      getLastRow: () => size().rows,
      getLastColumn: () => size().columns,
      getMaxRows: () => size().maxRows,
      getDataRange() {
        const { rows, columns } = size();
        return checked({ row: 1, column: 1, rows: Math.max(1, rows), columns: Math.max(1, columns) });
      },
      getRange: (first: number | string, column = 1, rows = 1, columns = 1) =>
        checked(typeof first === 'string' ? parseA1(first) : { row: first, column, rows, columns }),
    });
  }

  function spreadsheetOf(id: string): Members {
    const tabs = () => call('Spreadsheet.tabs', id) as string[];
    return sealed('Spreadsheet', {
      getId: () => id,
      getUrl: () => `https://docs.google.com/spreadsheets/d/${id}/edit`,
      getName: () => call('Spreadsheet.name', id),
      getSpreadsheetTimeZone: () => call('Spreadsheet.timeZone', id),
      getSheetByName: (name: string) => (tabs().includes(name) ? sheetOf(id, name) : null),
      getSheets: () => realm.list(tabs().map((name) => sheetOf(id, name))),
    });
  }

  function openById(id: string): Members {
    call('Spreadsheet.name', id);
    return spreadsheetOf(id);
  }

  const app = sealed('SpreadsheetApp', {
    openById,
    openByUrl(url: string) {
      const id = ID_IN_URL.exec(url)?.[1];
      if (!id) throw exception(`Invalid argument: ${url}`);
      return openById(id);
    },
    flush: () => void call('Spreadsheet.flush'),
    getActiveSpreadsheet: () => null,
    getUi() {
      throw exception('Cannot call SpreadsheetApp.getUi() from this context.');
    },
  });

  return { app, spreadsheetOf, rangeOf };
}
