import type { ServicesResponse } from '../../../contract/services.ts';
import { BOARD_GOOD_UNTIL, BOARD_GOOD_UNTIL_LABEL, HEARTBEAT_TAB } from '../../../release-sheet-template/tab.ts';
import type { Doors } from '../doors.ts';
import type { TabSheet } from '../sheet.ts';
import { type BoardOptions, boardCells, boardWrites, readBoard } from './services-board.ts';

const GOOD_UNTIL_ROW = Number(BOARD_GOOD_UNTIL.slice(1));

export interface Answers {
  readonly responses: readonly ServicesResponse[];
  /** Every environment answered. */
  readonly areAll: boolean;
}

/**
 * Brings the tab Services up to what was told. Rows of an environment that did not answer stay as they are, and turn grey
 * in time.
 *
 * @returns Whether it could; not while somebody else holds the lock.
 */
export function writeServices(
  doors: Doors,
  tab: TabSheet,
  { responses, areAll }: Answers,
  options: BoardOptions,
): boolean {
  const told = responses.flatMap(({ environment, services }) =>
    services.map((status) => boardCells({ environment, status }, options)),
  );
  if (told.length === 0) return true;
  const done = doors.locked(() => {
    tab.flush();
    const board = readBoard(tab.read());
    if (!board) return true;
    for (const { row, column, values } of boardWrites(board, told, options.at)) tab.write(row, column, values);
    if (areAll) {
      const heartbeat = doors.openTab(options.spreadsheetId, HEARTBEAT_TAB);
      heartbeat?.write(GOOD_UNTIL_ROW, 0, [[BOARD_GOOD_UNTIL_LABEL, new Date(options.goodUntil)]]);
    }
    tab.flush();
    return true;
  });
  return done ?? false;
}
