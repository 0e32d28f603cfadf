import { retire } from './controller/releases.ts';
import type { Doors } from './doors.ts';
import type { OutboxEntry } from './entry-record.ts';
import { isOver } from './over.ts';
import type { OpenSheet } from './sheet.ts';
import type { Memory } from './store.ts';
import { type Tended, tend } from './tend.ts';
import { keepUp } from './upkeep.ts';

/** Looks after several sheets, one after the other. */
export function tendEach(doors: Doors, memory: Memory, open: OpenSheet, ids: readonly string[]): Tended[] {
  return ids.flatMap((spreadsheetId) => {
    try {
      const sheet = open(spreadsheetId);
      const tended = tend(doors, memory, sheet, spreadsheetId);
      const record = memory.sheets.find(({ id }) => id === spreadsheetId);
      const { planned, connections } = tended;
      if (record && planned) keepUp(doors, { record, sheet, connections }, planned.rundown);
      const own = memory.entries.filter((entry) => entry.spreadsheetId === spreadsheetId);
      if (record && planned && isOver(planned.rundown, own, doors.now())) retire(doors, memory, spreadsheetId);
      return [tended];
    } catch (error) {
      // One sheet that was deleted or locked away must not hold up the others.
      console.error(`The release sheet ${spreadsheetId}: ${(error as Error).message}`);
      return [];
    }
  });
}

/** As things are now. @returns What was claimed and is to be sent. */
export function tendAll(doors: Doors, open: OpenSheet, ids: readonly string[]): OutboxEntry[] {
  return tendEach(doors, doors.store.load(), open, ids).flatMap(({ fresh }) => fresh);
}
