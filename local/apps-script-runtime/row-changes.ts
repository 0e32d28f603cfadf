import { checkRows, type EditFacts } from './persons-edit.ts';
import type { World } from './service.ts';
import type { Tab } from './sheet-tab.ts';
import type { Spreadsheet } from './spreadsheet.ts';

export interface RowNews {
  changed(spreadsheetId: string, sheet: string): void;
  edited(facts: EditFacts): Promise<unknown>;
}

interface RowsChange {
  readonly row: number;
  readonly count: number;
  /** Held to the protections; nobody is asked if left out. */
  readonly user: string | undefined;
  readonly isChecked?: boolean;
  readonly firesEdit: boolean;
}

/** Inserting, deleting and sorting rows: changes, not edits, so that no onEdit trigger hears of them as far as is believed. */
export function createRowChanges({ spreadsheets, quirks }: World, { changed, edited }: RowNews) {
  function restructure(
    spreadsheetId: string,
    sheet: string,
    { row, count, user, isChecked = true, firesEdit }: RowsChange,
    change: (tab: Tab, spreadsheet: Spreadsheet) => void,
  ): void {
    const spreadsheet = spreadsheets.get(spreadsheetId);
    const tab = spreadsheet.tab(sheet);
    const { columns, maxColumns } = tab.size();
    if (isChecked) checkRows(spreadsheet, tab, { row, column: 1, rows: count, columns: maxColumns }, user);
    change(tab, spreadsheet);
    changed(spreadsheetId, sheet);
    if (!firesEdit) return;
    const place = { spreadsheetId, sheetId: tab.sheetId, row, column: 1, rows: count, columns: Math.max(1, columns) };
    void edited({ kind: 'edit', place, user: user ?? '' });
  }

  return {
    insertRows(spreadsheetId: string, sheet: string, before: number, count = 1, user?: string): void {
      const isChecked = quirks.rowInsertObeysProtection;
      const facts = { row: before, count, user, isChecked, firesEdit: quirks.rowInsertFiresEdit };
      restructure(spreadsheetId, sheet, facts, (tab) => tab.insertRows(before, count));
    },
    deleteRows(spreadsheetId: string, sheet: string, first: number, count = 1, user?: string): void {
      const facts = { row: first, count, user, firesEdit: quirks.rowDeleteFiresEdit };
      restructure(spreadsheetId, sheet, facts, (tab) => tab.deleteRows(first, count));
    },
    sort(spreadsheetId: string, sheet: string, column: number, ascending = true, user?: string): void {
      const count = Math.max(1, spreadsheets.get(spreadsheetId).tab(sheet).size().rows - 1);
      const facts = { row: 2, count, user, firesEdit: quirks.sortFiresEdit };
      restructure(spreadsheetId, sheet, facts, (tab, spreadsheet) =>
        tab.sort(column, ascending, (content) => spreadsheet.computed(tab, content)),
      );
    },
  };
}
