import { realDoors } from './doors.ts';
import { onEdit } from './edit.ts';
import { onTick } from './minute.ts';
import { connectEnvironments, installTriggers } from './owner.ts';
import { RUNDOWN_TAB } from './rundown.ts';
import { rundownSheet } from './sheet.ts';

/** The globals of the script: what triggers and the owner call, and nothing else. */

/** Installable onEdit trigger of every release sheet. */
export function onRundownEdit(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  if (!event?.range) throw new Error('onRundownEdit is called by the trigger of a release sheet, not by hand.');
  const { range, source } = event;
  const sheet = range.getSheet();
  if (sheet.getName() !== RUNDOWN_TAB) return;
  onEdit(realDoors(), {
    spreadsheetId: source.getId(),
    sheet: rundownSheet(sheet, () => source.getSpreadsheetTimeZone()),
    firstRow: range.getRow(),
    lastRow: range.getLastRow(),
    firstColumn: range.getColumn() - 1,
    lastColumn: range.getLastColumn() - 1,
    user: event.user?.getEmail() ?? '',
    typed: event.value,
  });
}

/** Time trigger, every minute. */
export function onMinute(): void {
  onTick(realDoors());
}

/** For the owner: stores the connections and proves them. */
export function connect(): void {
  connectEnvironments(realDoors());
}

/** For the owner: installs the triggers. */
export function install(): void {
  installTriggers(realDoors());
}
