import type { Doors } from '../doors.ts';
import { knownOf } from '../known-services.ts';
import type { TabSheet } from '../sheet.ts';
import { checkAllowlistTab } from './allowlist-tab.ts';
import { refreshBoards } from './refresh.ts';

/** Somebody wrote into the tab Allowlist: what it is worth is said at once, as far as it can be known without asking. */
export function onAllowlistEdit(doors: Doors, spreadsheetId: string, tab: TabSheet): void {
  const memory = doors.store.load();
  const testersIn = Object.keys(memory.boards(spreadsheetId)?.testersIn ?? {});
  // Whether a line was let in already only the API knows.
  if (testersIn.length > 0) refreshBoards(doors, [spreadsheetId]);
  else checkAllowlistTab(doors, tab, { known: knownOf(memory.connections), lists: new Map(), rows: () => [] });
}

/** The tab Audit is only ever added to, by the script: the next tick looks at it, and writes it anew. */
export function onAuditEdit({ store }: Doors, spreadsheetId: string): void {
  store.markBoardEdited(spreadsheetId);
}
