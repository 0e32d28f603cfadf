import { CONTROL_SHEET } from '../../../release-sheet-template/control.ts';
import type { Doors } from '../doors.ts';
import { applyTabs } from './build-sheet.ts';
import { requireOwner } from './ownership.ts';
import { settleTriggers } from './triggers.ts';

const CONTROL_NAME = 'Drawbridge control';

/**
 * Makes the private control spreadsheet and the script's triggers. Run again, it mends what is missing and changes nothing
 * else.
 *
 * @throws Error - Nobody has connected yet, a stranger runs it, or the control spreadsheet cannot be opened.
 */
export function installController(doors: Doors): void {
  requireOwner(doors);
  const { store } = doors;
  const { control, sheets } = store.load();
  const spreadsheet = control === '' ? SpreadsheetApp.create(CONTROL_NAME) : SpreadsheetApp.openById(control);
  if (control === '') store.putControl(spreadsheet.getId());
  applyTabs(spreadsheet, CONTROL_SHEET, { services: [], operators: [] });
  settleTriggers({ control: spreadsheet.getId(), sheets: sheets.map(({ id }) => id) });
  console.log(`The control spreadsheet is ${spreadsheet.getUrl()}. Share it with the people who make release sheets.`);
}
