import { RELEASES_TAB } from '../../release-sheet-template/control.ts';
import { connectEnvironments } from './controller/connect.ts';
import { checkHealth as writeHealth } from './controller/health.ts';
import { installController } from './controller/install.ts';
import { onReleasesEdit } from './controller/releases-tab.ts';
import { onEdit } from './edit.ts';
import { realPorts } from './ports.ts';
import { releaseSheet, sheetTab } from './sheet/spreadsheet.ts';
import { onTick } from './tick.ts';

/** The globals of the script: what triggers and the owner call, and nothing else. */

type SheetsEdit = GoogleAppsScript.Events.SheetsOnEdit;

const placeOf = ({ range, user }: SheetsEdit) => ({
  firstRow: range.getRow(),
  lastRow: range.getLastRow(),
  firstColumn: range.getColumn() - 1,
  lastColumn: range.getLastColumn() - 1,
  user: user?.getEmail() ?? '',
});

/** Installable onEdit trigger of every release sheet. */
export function onRundownEdit(event?: SheetsEdit): void {
  if (!event?.range) throw new Error('onRundownEdit is called by the trigger of a release sheet, not by hand.');
  const tab = event.range.getSheet();
  const edit = { ...placeOf(event), tabName: tab.getName(), typed: event.value };
  onEdit(realPorts(), releaseSheet(event.source), sheetTab(tab), edit);
}

/** Installable onEdit trigger of the control spreadsheet. */
export function onControlEdit(event?: SheetsEdit): void {
  if (!event?.range) throw new Error('onControlEdit is called by the trigger of the control spreadsheet, not by hand.');
  const tab = event.range.getSheet();
  if (tab.getName() !== RELEASES_TAB.name) return;
  onReleasesEdit(realPorts(), { ...placeOf(event), sheet: releaseSheet(event.source), tab: sheetTab(tab) });
}

/** Time trigger, every minute. */
export function onMinute(): void {
  onTick(realPorts());
}

/** For the owner: stores the connections and proves them. */
export function connect(): void {
  connectEnvironments(realPorts());
}

/** For the owner: makes the control spreadsheet and the triggers. */
export function install(): void {
  installController(realPorts());
}

/** For the owner: writes what is missing or broken, and its remedy, into the tab Health. */
export function checkHealth(): void {
  writeHealth(realPorts());
}
