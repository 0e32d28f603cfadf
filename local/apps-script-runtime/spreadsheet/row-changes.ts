import type { World } from '../service.ts';
import { checkRows, type EditFacts } from './persons-edit.ts';
import type { Tab, TakeBack } from './sheet-tab.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { History, Made } from './undo.ts';

export interface RowNews {
  changed(spreadsheetId: string, sheet: string): void;
  edited(facts: EditFacts): Promise<unknown>;
  readonly history: History;
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
export function createRowChanges({ spreadsheets, quirks }: World, { changed, edited, history }: RowNews) {
  function restructure(
    spreadsheetId: string,
    sheet: string,
    { row, count, user, isChecked = true, firesEdit }: RowsChange,
    change: (tab: Tab, spreadsheet: Spreadsheet) => TakeBack,
    redo: (user: string) => Made,
  ): Made {
    const spreadsheet = spreadsheets.get(spreadsheetId);
    const tab = spreadsheet.tab(sheet);
    const { columns, maxColumns } = tab.size();
    const area = { row, column: 1, rows: count, columns: maxColumns };
    const warnings = isChecked ? checkRows(spreadsheet, tab, area, user) : [];
    const takeBack = change(tab, spreadsheet);
    changed(spreadsheetId, sheet);
    const place = { spreadsheetId, sheetId: tab.sheetId, row, column: 1, rows: count, columns: Math.max(1, columns) };
    const tell = (who: string | undefined) => void edited({ kind: 'edit', place, user: who ?? '' });
    if (firesEdit) tell(user);
    const undo = history.remember({ spreadsheetId, tab }, (who) => {
      const told = checkRows(spreadsheet, tab, area, who || undefined);
      takeBack();
      changed(spreadsheetId, sheet);
      // Rows that are there again are cells that somebody entered.
      if (quirks.undoFiresEdit && tab.size().rows >= row) tell(who);
      return { warnings: told, undo: history.remember({ spreadsheetId, tab }, redo) };
    });
    return { warnings, undo };
  }

  const changes = {
    insertRows(spreadsheetId: string, sheet: string, before: number, count = 1, user?: string): Made {
      const isChecked = quirks.rowInsertObeysProtection;
      const facts = { row: before, count, user, isChecked, firesEdit: quirks.rowInsertFiresEdit };
      const again = (who: string) => changes.insertRows(spreadsheetId, sheet, before, count, who);
      return restructure(spreadsheetId, sheet, facts, (tab) => tab.insertRows(before, count), again);
    },
    deleteRows(spreadsheetId: string, sheet: string, first: number, count = 1, user?: string): Made {
      const facts = { row: first, count, user, firesEdit: quirks.rowDeleteFiresEdit };
      const again = (who: string) => changes.deleteRows(spreadsheetId, sheet, first, count, who);
      return restructure(spreadsheetId, sheet, facts, (tab) => tab.deleteRows(first, count), again);
    },
    sort(spreadsheetId: string, sheet: string, column: number, ascending = true, user?: string): Made {
      const count = Math.max(1, spreadsheets.get(spreadsheetId).tab(sheet).size().rows - 1);
      const facts = { row: 2, count, user, firesEdit: quirks.sortFiresEdit };
      const again = (who: string) => changes.sort(spreadsheetId, sheet, column, ascending, who);
      const sorted = (tab: Tab, spreadsheet: Spreadsheet) =>
        tab.sort(column, ascending, (content) => spreadsheet.computed(tab, content));
      return restructure(spreadsheetId, sheet, facts, sorted, again);
    },
  };
  return changes;
}
