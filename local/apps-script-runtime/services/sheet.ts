import { type Caller, counted, free, type Service } from '../service.ts';
import { type Area, parseA1 } from '../spreadsheet/a1.ts';
import type { ConditionalFormat } from '../spreadsheet/formatting.ts';
import { SHEETS } from './sheets-scope.ts';

type Id = string;
type SheetId = number;

const grid = ({ sheets }: Caller, id: Id, sheetId: SheetId): Area => {
  const { maxRows, maxColumns } = sheets.tab(id, sheetId).size();
  return { row: 1, column: 1, rows: maxRows, columns: maxColumns };
};

export const SHEET: Readonly<Record<string, Service>> = {
  'Sheet.size': free((_world, { sheets }, id: Id, sheetId: SheetId) => sheets.tab(id, sheetId).size(), SHEETS),
  'Sheet.name': free(
    (_world, { sheets }, id: Id, sheetId: SheetId) => sheets.spreadsheet(id).tabById(sheetId).name,
    SHEETS,
  ),
  'Sheet.getRange': free((_world, { sheets }, id: Id, sheetId: SheetId, asked: Area | string) => {
    const tab = sheets.tab(id, sheetId);
    const area = tab.closed(typeof asked === 'string' ? parseA1(asked) : asked);
    tab.check(area);
    return area;
  }, SHEETS),
  'Sheet.setName': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, name: string) => sheets.spreadsheet(id).renameTab(sheetId, name),
    SHEETS,
  ),
  'Sheet.setFrozenRows': counted((_world, { sheets }, id: Id, sheetId: SheetId, rows: number) => {
    sheets.change(id, sheetId, 'formatting', ({ formatting }) => {
      formatting.frozenRows = rows;
    });
  }, SHEETS),
  'Sheet.setFrozenColumns': counted((_world, { sheets }, id: Id, sheetId: SheetId, columns: number) => {
    sheets.change(id, sheetId, 'formatting', ({ formatting }) => {
      formatting.frozenColumns = columns;
    });
  }, SHEETS),
  'Sheet.setTabColor': counted((_world, { sheets }, id: Id, sheetId: SheetId, color: string | null) => {
    sheets.change(id, sheetId, 'formatting', ({ formatting }) => {
      formatting.tabColor = color;
    });
  }, SHEETS),
  'Sheet.hideSheet': counted((_world, { sheets }, id: Id, sheetId: SheetId) => {
    sheets.change(id, sheetId, 'formatting', ({ formatting }) => {
      formatting.isHidden = true;
    });
  }, SHEETS),
  'Sheet.setColumnWidths': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, first: number, columns: number, widthPx: number) =>
      sheets.change(id, sheetId, 'formatting', ({ formatting }) => formatting.widen(first, columns, widthPx)),
    SHEETS,
  ),
  'Sheet.appendRow': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, values: unknown[]) => sheets.append(id, sheetId, values),
    SHEETS,
  ),
  'Sheet.insertRowsAfter': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, after: number, count: number) =>
      sheets.change(id, sheetId, 'cells', (tab) => tab.insertRows(after + 1, count)),
    SHEETS,
  ),
  'Sheet.deleteRows': counted((_world, caller, id: Id, sheetId: SheetId, first: number, count: number) => {
    caller.sheets.checkWrite(id, sheetId, { ...grid(caller, id, sheetId), row: first, rows: count }, []);
    caller.sheets.change(id, sheetId, 'cells', (tab) => tab.deleteRows(first, count));
  }, SHEETS),
  'Sheet.insertColumnsAfter': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, after: number, count: number) =>
      sheets.change(id, sheetId, 'cells', (tab) => tab.insertColumns(after + 1, count)),
    SHEETS,
  ),
  'Sheet.clear': counted((_world, caller, id: Id, sheetId: SheetId) => {
    const area = grid(caller, id, sheetId);
    caller.sheets.checkWrite(id, sheetId, area, []);
    caller.sheets.change(id, sheetId, 'cells', (tab) => {
      tab.clearContents();
      tab.formatting.clearStyles({ ...area, rows: Number.POSITIVE_INFINITY });
    });
  }, SHEETS),
  'Sheet.setConditionalFormatRules': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, rules: ConditionalFormat[]) =>
      sheets.change(id, sheetId, 'formatting', (tab) => {
        tab.formatting.conditionalFormats = rules.map((one) => ({
          ...one,
          areas: one.areas.map((area) => tab.opened(area)),
        }));
      }),
    SHEETS,
  ),
  'Sheet.getConditionalFormatRules': counted((_world, { sheets }, id: Id, sheetId: SheetId) => {
    const tab = sheets.tab(id, sheetId);
    return tab.formatting.conditionalFormats.map((one) => ({
      ...one,
      areas: one.areas.map((area) => tab.closed(area)),
    }));
  }, SHEETS),
};
