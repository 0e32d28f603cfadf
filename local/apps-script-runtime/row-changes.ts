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

/**
 * Inserting, deleting and sorting rows: changes, not edits, so that no onEdit trigger hears of them as far as is believed.
 * Each returns what Sheets would tell that person.
 */
export function createRowChanges({ spreadsheets, quirks }: World, { changed, edited }: RowNews) {
  function restructure(
    spreadsheetId: string,
    sheet: string,
    { row, count, user, isChecked = true, firesEdit }: RowsChange,
    change: (tab: Tab, spreadsheet: Spreadsheet) => void,
  ): readonly string[] {
    const spreadsheet = spreadsheets.get(spreadsheetId);
    const tab = spreadsheet.tab(sheet);
    const { columns, maxColumns } = tab.size();
    const area = { row, column: 1, rows: count, columns: maxColumns };
    const warnings = isChecked ? checkRows(spreadsheet, tab, area, user) : [];
    change(tab, spreadsheet);
    changed(spreadsheetId, sheet);
    if (!firesEdit) return warnings;
    const place = { spreadsheetId, sheetId: tab.sheetId, row, column: 1, rows: count, columns: Math.max(1, columns) };
    void edited({ kind: 'edit', place, user: user ?? '' });
    return warnings;
  }

  return {
    insertRows(spreadsheetId: string, sheet: string, before: number, count = 1, user?: string) {
      const isChecked = quirks.rowInsertObeysProtection;
      const facts = { row: before, count, user, isChecked, firesEdit: quirks.rowInsertFiresEdit };
      return restructure(spreadsheetId, sheet, facts, (tab) => tab.insertRows(before, count));
    },
    deleteRows(spreadsheetId: string, sheet: string, first: number, count = 1, user?: string) {
      const facts = { row: first, count, user, firesEdit: quirks.rowDeleteFiresEdit };
      return restructure(spreadsheetId, sheet, facts, (tab) => tab.deleteRows(first, count));
    },
    sort(spreadsheetId: string, sheet: string, column: number, ascending = true, user?: string) {
      const count = Math.max(1, spreadsheets.get(spreadsheetId).tab(sheet).size().rows - 1);
      const facts = { row: 2, count, user, firesEdit: quirks.sortFiresEdit };
      return restructure(spreadsheetId, sheet, facts, (tab, spreadsheet) =>
        tab.sort(column, ascending, (content) => spreadsheet.computed(tab, content)),
      );
    },
  };
}
