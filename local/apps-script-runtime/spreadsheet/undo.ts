import { SheetError } from './sheet-error.ts';
import type { Tab } from './sheet-tab.ts';

/** What people did to cells and rows, so that each can be taken back as long as its rows are where they were. */

export interface Made {
  /** What Sheets tells this person without keeping them from it. */
  readonly warnings: readonly string[];
  /** What takes it back, and what takes that back in turn. */
  readonly undo: string;
}

export interface History {
  /** @param takeBack - Called at most once, as the person who takes it back; it may refuse. */
  remember(place: { readonly spreadsheetId: string; readonly tab: Tab }, takeBack: (user: string) => Made): string;
  /** @throws SheetError - It would not come to the same cells any more; nothing was changed. */
  undo(id: string, spreadsheetId: string, user: string): Made;
}

/** As many as a person would ever take back in a row. */
const MOST_KEPT = 500;

const GONE = 'There is nothing of that name to take back any more: it was taken back already, or is too long ago.';
const MOVED =
  'Rows were inserted, deleted or sorted since: it would come to other rows, so nothing was undone. Change the cells by hand.';

export function createHistory(): History {
  const kept = new Map<string, { spreadsheetId: string; tab: Tab; revision: number; takeBack(user: string): Made }>();
  let last = 0;
  return {
    remember({ spreadsheetId, tab }, takeBack) {
      last += 1;
      const id = `undo-${last}`;
      kept.set(id, { spreadsheetId, tab, revision: tab.rowsRevision, takeBack });
      kept.delete(`undo-${last - MOST_KEPT}`);
      return id;
    },
    undo(id, spreadsheetId, user) {
      const found = kept.get(id);
      if (found?.spreadsheetId !== spreadsheetId) throw new SheetError(GONE, { field: 'undo' });
      if (found.tab.rowsRevision !== found.revision) throw new SheetError(MOVED, { field: 'undo' });
      const made = found.takeBack(user);
      kept.delete(id);
      return made;
    },
  };
}
