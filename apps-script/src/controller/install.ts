import { CONTROL_SHEET } from '../../../release-sheet-template/control.ts';
import type { Ports } from '../ports.ts';
import { applyTabs } from './build-sheet.ts';
import { requireOwner, requireScopes } from './ownership.ts';
import { settleTriggers } from './triggers.ts';

const CONTROL_NAME = 'Drawbridge control';

/**
 * Makes the private control spreadsheet and the script's triggers. Run again, it repairs what is missing and changes
 * nothing else.
 *
 * @throws Error - Nobody has connected yet, a stranger runs it, or the control spreadsheet cannot be opened.
 */
export function installController(ports: Ports): void {
  requireOwner(ports);
  requireScopes();
  const { memory } = ports;
  const { control, sheets, admins } = memory.load();
  const spreadsheet = control === '' ? SpreadsheetApp.create(CONTROL_NAME) : SpreadsheetApp.openById(control);
  if (control === '') memory.putControl(spreadsheet.getId());
  applyTabs(spreadsheet, CONTROL_SHEET, { services: [], operators: [] });
  settleTriggers({ control: spreadsheet.getId(), sheets: sheets.map(({ id }) => id) });
  const people =
    admins.length > 0 ? admins.join(', ') : 'the administrators, of whom drawbridge.config.ts lists none yet';
  console.log(
    `The control spreadsheet is ${spreadsheet.getUrl()}. Share it with ${people}: what others set there is not done.`,
  );
}
