import { ALLOWLIST_TAB } from '../../release-sheet-template/allowlist.ts';
import { AUDIT_TAB } from '../../release-sheet-template/audit.ts';
import { RELEASES_TAB } from '../../release-sheet-template/control.ts';
import { SERVICES_TAB } from '../../release-sheet-template/services.ts';
import { onAllowlistEdit, onAuditEdit } from './boards/edit-boards.ts';
import { onServicesEdit } from './boards/edit-services.ts';
import { connectEnvironments } from './controller/connect.ts';
import { checkHealth as lookAtHealth } from './controller/health.ts';
import { installController } from './controller/install.ts';
import { onControlEdit as onReleases } from './controller/releases.ts';
import { hearEdit, hearTick, selfTest as testThePlatform } from './controller/self-test.ts';
import { realDoors } from './doors.ts';
import { onEdit } from './edit.ts';
import { onTick } from './minute.ts';

import { RUNDOWN_TAB } from './rundown.ts';
import { picksSheet, rundownSheet, tabSheet } from './sheet.ts';

/** The globals of the script: what triggers and the owner call, and nothing else. */

/** Installable onEdit trigger of every release sheet. */
export function onRundownEdit(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  if (!event?.range) throw new Error('onRundownEdit is called by the trigger of a release sheet, not by hand.');
  const { range, source } = event;
  const sheet = range.getSheet();
  const place = {
    spreadsheetId: source.getId(),
    firstRow: range.getRow(),
    lastRow: range.getLastRow(),
    firstColumn: range.getColumn() - 1,
    lastColumn: range.getLastColumn() - 1,
    user: event.user?.getEmail() ?? '',
    typed: event.value,
  };
  const doors = realDoors();
  const name = sheet.getName();
  if (name === RUNDOWN_TAB) onEdit(doors, { ...place, sheet: rundownSheet(sheet, source) });
  else if (name === SERVICES_TAB.name) onServicesEdit(doors, { ...place, sheet: picksSheet(sheet, source) });
  else if (name === ALLOWLIST_TAB.name) onAllowlistEdit(doors, place.spreadsheetId, tabSheet(sheet));
  else if (name === AUDIT_TAB.name) onAuditEdit(doors, place.spreadsheetId);
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

/** For the owner: records how the real platform behaves, on a scratch sheet. */
export function selfTest(): void {
  testThePlatform(realDoors());
}

/** Installable onEdit trigger of the scratch sheet, while selfTest() listens. */
export function onSelfTestEdit(event?: GoogleAppsScript.Events.SheetsOnEdit): void {
  if (!event?.range) throw new Error('onSelfTestEdit is called by the trigger of a scratch sheet, not by hand.');
  const { range, source, value, user } = event;
  hearEdit(source, {
    tab: range.getSheet().getName(),
    row: range.getRow(),
    lastRow: range.getLastRow(),
    column: range.getColumn(),
    lastColumn: range.getLastColumn(),
    value,
    user: user?.getEmail() ?? '',
  });
}

/** Time trigger, every minute, while selfTest() listens. */
export function onSelfTestTick(): void {
  hearTick(realDoors());
}
