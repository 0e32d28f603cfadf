import { actionByTitle } from '../../contract/modes.ts';
import { plainText, statusOf } from '../../contract/status.ts';
import { ALLOWLIST_TAB } from '../../release-sheet-template/allowlist.ts';
import { RUNDOWN_TAB } from '../../release-sheet-template/rundown.ts';
import { SERVICES_TAB } from '../../release-sheet-template/services.ts';
import type { Ports } from './ports.ts';
import { type Row, readAllowlist, readBoard, readRundown } from './sheet/rundown-tab.ts';
import { type ReleaseSheet, readGrid, type SheetTab } from './sheet/spreadsheet.ts';
import type { SheetRows } from './sync-request.ts';

/** What of a sheet goes out with a sync. */

/** @throws Error - Its headers are broken. */
export function readSteps(tab: SheetTab): Required<Pick<SheetRows, 'steps'>> {
  const reading = readRundown(readGrid(tab));
  if (!reading.ok) throw new Error(reading.message);
  return { steps: reading.rundown.rows };
}

/** Nothing, if the tab is not there or has lost a header. */
export function readPicks(tab: SheetTab | undefined): Pick<SheetRows, 'picks'> {
  const board = tab && readBoard(tab.values());
  return board ? { picks: board.rows } : {};
}

/** One call: a time is told as the clocks of the sheet show it. Nothing, if there is no such tab. */
export function readLines(
  { formatTime }: Pick<Ports, 'formatTime'>,
  sheet: ReleaseSheet,
): Pick<SheetRows, 'allowlist'> {
  const tab = sheet.tabNamed(ALLOWLIST_TAB.name);
  const lines = tab && readAllowlist(tab.values(), (at) => formatTime(at, sheet.timeZone()));
  return lines ? { allowlist: [...lines] } : {};
}

/** The rundown and the Allowlist; nothing of a rundown that cannot be read. */
export function readRest(
  ports: Pick<Ports, 'formatTime'>,
  sheet: ReleaseSheet,
  tabId: number | undefined,
): Pick<SheetRows, 'steps' | 'allowlist'> {
  const tab = rundownTab(sheet, tabId);
  const reading = tab && readRundown(readGrid(tab));
  return { ...(reading?.ok ? { steps: reading.rundown.rows } : {}), ...readLines(ports, sheet) };
}

/** A step that lets testers in, with this Status: its sync needs the lines of the Allowlist as they are now. */
export const letsIn = ({ status, action }: Pick<Row, 'status' | 'action'>, word: 'Go' | 'Scheduled'): boolean =>
  statusOf(status) === word && actionByTitle(plainText(action)) === 'enable-allowlist';

export const servicesTab = (sheet: ReleaseSheet): SheetTab | undefined => sheet.tabNamed(SERVICES_TAB.name);

/**
 * The tab with the rundown: the one that is remembered, whatever it is called by now; before it was ever read, the one of
 * that name. Undefined if it is gone.
 */
export const rundownTab = (sheet: ReleaseSheet, tabId: number | undefined): SheetTab | undefined =>
  tabId === undefined ? sheet.tabNamed(RUNDOWN_TAB.name) : sheet.tabWithId(tabId);
