import type { Members } from '../script-context.ts';
import type { Area } from '../spreadsheet/a1.ts';
import type { ConditionalFormat } from '../spreadsheet/formatting.ts';
import type { TabSize } from '../spreadsheet/sheet-tab.ts';
import type { Makers } from './spreadsheet-app.ts';
import type { Thread } from './thread.ts';

export function sheetFacade(thread: Thread, makers: Makers, spreadsheetId: string, sheetId: number): Members {
  const { call, scriptContext } = thread;
  const at = [spreadsheetId, sheetId] as const;
  const size = () => call('Sheet.size', ...at) as TabSize;
  const rangeAt = (asked: Area | string) =>
    makers.rangeOf({ spreadsheetId, sheetId, ...(call('Sheet.getRange', ...at, asked) as Area) });
  const protection = (id: unknown) => makers.protectionOf(spreadsheetId, sheetId, id as string);
  const done = (name: string, ...args: unknown[]) => {
    call(name, ...at, ...args);
    return self;
  };

  const self: Members = scriptContext.sealed('Sheet', {
    getName: () => call('Sheet.name', ...at),
    getSheetId: () => sheetId,
    getLastRow: () => size().rows,
    getLastColumn: () => size().columns,
    getMaxRows: () => size().maxRows,
    getMaxColumns: () => size().maxColumns,
    getDataRange() {
      const { rows, columns } = size();
      return rangeAt({ row: 1, column: 1, rows: Math.max(1, rows), columns: Math.max(1, columns) });
    },
    getRange: (first: number | string, column = 1, rows = 1, columns = 1) =>
      rangeAt(typeof first === 'string' ? first : { row: first, column, rows, columns }),
    setName: (name: string) => done('Sheet.setName', name),
    setFrozenRows: (rows: number) => void call('Sheet.setFrozenRows', ...at, rows),
    setFrozenColumns: (columns: number) => void call('Sheet.setFrozenColumns', ...at, columns),
    setColumnWidth: (column: number, widthPx: number) => done('Sheet.setColumnWidths', column, 1, widthPx),
    setColumnWidths: (first: number, columns: number, widthPx: number) =>
      done('Sheet.setColumnWidths', first, columns, widthPx),
    setTabColor: (color: string | null) => done('Sheet.setTabColor', color),
    hideSheet: () => done('Sheet.hideSheet'),
    appendRow: (values: unknown[]) => done('Sheet.appendRow', values),
    insertRowsAfter: (after: number, count: number) => done('Sheet.insertRowsAfter', after, count),
    deleteRows: (first: number, count: number) => void call('Sheet.deleteRows', ...at, first, count),
    insertColumnsAfter: (after: number, count: number) => done('Sheet.insertColumnsAfter', after, count),
    clear: () => done('Sheet.clear'),
    setConditionalFormatRules: (rules: readonly Members[]) =>
      void call(
        'Sheet.setConditionalFormatRules',
        ...at,
        Array.from(rules, (one) => behindRule(makers, one)),
      ),
    getConditionalFormatRules: () =>
      scriptContext.list(
        Array.from(call('Sheet.getConditionalFormatRules', ...at) as ConditionalFormat[], (one) =>
          makers.standing('ConditionalFormatRule', one, {}),
        ),
      ),
    protect: () => protection(call('Sheet.protect', ...at)),
    getProtections(type: unknown) {
      if (type !== 'RANGE' && type !== 'SHEET') throw scriptContext.exception('Invalid argument: type');
      return scriptContext.list((call('Sheet.getProtections', ...at, type) as string[]).map(protection));
    },
  });
  return self;

  function behindRule({ behind }: Makers, rule: Members): ConditionalFormat {
    const facts = behind<ConditionalFormat>('ConditionalFormatRule', rule);
    if (!facts) throw scriptContext.exception('Invalid argument: rules');
    return facts;
  }
}
