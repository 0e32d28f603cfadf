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
  return ids.flatMap((id) => {
    const tended = attempt(id, () => tend(doors, memory, open(id), id));
    if (!tended) return [];
    // What was claimed is sent, whatever becomes of this.
    attempt(id, () => tidy(doors, memory, open, id, tended));
    return [tended];
  });
}

function tidy(doors: Doors, memory: Memory, open: OpenSheet, id: string, { planned, connections }: Tended): void {
  const record = memory.sheets.find((sheet) => sheet.id === id);
  if (!record || !planned) return;
  keepUp(doors, { record, sheet: open(id), connections }, planned.rundown);
  const own = memory.entries.filter(({ spreadsheetId }) => spreadsheetId === id);
  if (isOver(planned.rundown, own, record, doors.now())) retire(doors, memory, id);
}

/** One sheet that was deleted or locked away must not hold up the others. */
function attempt<T>(spreadsheetId: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    console.error(`The release sheet ${spreadsheetId}: ${(error as Error).message}`);
    return undefined;
  }
}

/** As things are now. @returns What was claimed and is to be sent. */
export function tendAll(doors: Doors, open: OpenSheet, ids: readonly string[]): OutboxEntry[] {
  if (ids.length === 0) return [];
  return tendEach(doors, doors.store.load(), open, ids).flatMap(({ fresh }) => fresh);
}
