import { RELEASES_TAB } from '../../release-sheet-template/control.ts';
import { connectEnvironments } from './controller/connect.ts';
import { checkHealth as lookAtHealth } from './controller/health.ts';
import { installController } from './controller/install.ts';
import { onControlEdit as onReleases } from './controller/releases.ts';
import { realDoors } from './doors.ts';
import { onEdit } from './edit.ts';
import { onTick } from './minute.ts';

import { RUNDOWN_TAB } from './rundown.ts';
import { rundownSheet, tabSheet } from './sheet.ts';

/** The globals of the script: what triggers and the owner call, and nothing else. */

/** Installable onEdit trigger of every release sheet. */
export function onRundownEdit(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  if (!event?.range) throw new Error('onRundownEdit is called by the trigger of a release sheet, not by hand.');
  const { range, source } = event;
  const sheet = range.getSheet();
  if (sheet.getName() !== RUNDOWN_TAB) return;
  onEdit(realDoors(), {
    spreadsheetId: source.getId(),
    sheet: rundownSheet(sheet, source),
    firstRow: range.getRow(),
    lastRow: range.getLastRow(),
    firstColumn: range.getColumn() - 1,
    lastColumn: range.getLastColumn() - 1,
    user: event.user?.getEmail() ?? '',
    typed: event.value,
  });
}

/** Installable onEdit trigger of the control spreadsheet. */
export function onControlEdit(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  if (!event?.range) throw new Error('onControlEdit is called by the trigger of the control spreadsheet, not by hand.');
  const { range } = event;
  const sheet = range.getSheet();
  if (sheet.getName() !== RELEASES_TAB.name) return;
  onReleases(realDoors(), {
    tab: tabSheet(sheet),
    firstRow: range.getRow(),
    lastRow: range.getLastRow(),
    firstColumn: range.getColumn() - 1,
    lastColumn: range.getLastColumn() - 1,
    user: event.user?.getEmail() ?? '',
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

/** For the owner: makes the control spreadsheet and the triggers. */
export function install(): void {
  installController(realDoors());
}

/** For the owner: writes what is missing or broken, and its remedy, into the tab Health. */
export function checkHealth(): void {
  lookAtHealth(realDoors());
}
