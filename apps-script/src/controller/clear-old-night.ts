import { statusOf } from '../../../contract/status.ts';
import { rundownTab, servicesTab } from '../read-sheet.ts';
import { BLANK, isStep, readBoard, readRundown } from '../sheet/rundown-tab.ts';
import { type ReleaseSheet, readGrid, type SheetTab } from '../sheet/spreadsheet.ts';
import { writeCells } from '../sheet/write-cells.ts';

/**
 * What a copy brought along of the night that it was copied from: nothing of it may run or be taken for true.
 * @returns How many steps were set back. @throws Error - The headers are broken.
 */
export function clearOldNight(sheet: ReleaseSheet, tabId: number | undefined): number {
  const tab = rundownTab(sheet, tabId);
  const count = tab ? clearSteps(tab) : 0;
  const board = servicesTab(sheet);
  if (board) clearPicks(board);
  sheet.flush();
  return count;
}

function clearSteps(tab: SheetTab): number {
  const reading = readRundown(readGrid(tab));
  if (!reading.ok) {
    // What is no rundown has no night.
    if (!reading.isOurs) return 0;
    throw new Error(reading.message);
  }
  const { rows, columns } = reading.rundown;
  const old = rows.filter((row) => {
    const word = statusOf(row.status) ?? '';
    if (row.operation !== '' || ['Go', 'Scheduled', 'Running'].includes(word)) return true;
    return isStep(row) && ['Done', 'Accepted', 'Failed', 'Unproven'].includes(word);
  });
  for (const row of old) writeCells(tab, columns, row, { ...BLANK, status: 'Planned' });
  return old.length;
}

function clearPicks(tab: SheetTab): void {
  const board = readBoard(tab.values());
  if (!board) return;
  for (const row of board.rows) {
    if (row.action === '' && row.operation === '' && row.status === '') continue;
    writeCells(tab, board.columns, row, { ...BLANK, pick: '' });
  }
}
