import type { Doors } from './doors.ts';
import type { OutboxEntry } from './entry-record.ts';
import { leftBehind } from './plan.ts';
import { OWN_COLUMNS, type OwnCells, type Row, type Rundown, readRundown } from './rundown.ts';
import type { RundownSheet } from './sheet.ts';

/**
 * Marks the entries' rows as running, under the script lock, and makes sure that each mark stands in the row that was
 * meant: a sort can move rows between a read and a write. What ended up elsewhere is undone and tried once more.
 *
 * An entry whose row no longer asks for it (somebody was faster, or took Go back) is dropped.
 *
 * @returns The entries whose rows carry their id now, and may be sent. Undefined: the lock could not be had.
 */
export function claim(doors: Doors, sheet: RundownSheet, entries: readonly OutboxEntry[]): OutboxEntry[] | undefined {
  if (entries.length === 0) return [];
  return doors.locked(() => {
    sheet.flush();
    const claimed: OutboxEntry[] = [];
    let left = [...entries];
    for (let attempt = 0; attempt < 2 && left.length > 0; attempt += 1) {
      const before = rundownOf(sheet);
      if (!before) break;
      const marked = left.filter((entry) => mark(doors, sheet, before, entry));
      sheet.flush();
      const after = rundownOf(sheet);
      claimed.push(...marked.filter((entry) => after && isMarked(after, entry)));
      left = marked.filter((entry) => !claimed.includes(entry));
      if (after) for (const entry of left) undo(sheet, before, after, entry);
    }
    for (const entry of entries.filter((one) => !claimed.includes(one))) doors.store.removeEntry(entry.id);
    return claimed;
  });
}

function rundownOf(sheet: RundownSheet): Rundown | undefined {
  const reading = readRundown(sheet.read());
  return reading.ok ? reading.rundown : undefined;
}

/** @returns Whether a row carries the entry's id now, so far as we know. */
function mark(doors: Doors, sheet: RundownSheet, { rows, columns }: Rundown, entry: OutboxEntry): boolean {
  if (rows.some(({ operation }) => operation === entry.id)) return true;
  const row = rows.find((one) => leftBehind(entry, one, doors.now()));
  if (!row) return false;
  sheet.writeOwn(row.number, columns, {
    status: 'Running',
    result: `Starting… (${entry.id})`,
    started: new Date(entry.at),
    finished: '',
    by: entry.requestedBy,
    operation: entry.id,
  });
  return true;
}

const isMeant = (row: Row, entry: OutboxEntry): boolean =>
  row.step === entry.step &&
  row.service === entry.service &&
  row.action === entry.action &&
  row.plannedStart === entry.plannedStart;

function isMarked({ rows }: Rundown, entry: OutboxEntry): boolean {
  const carrying = rows.filter(({ operation }) => operation === entry.id);
  return carrying.length === 1 && isMeant(carrying[0] as Row, entry);
}

/** Puts back what the row said before, found by everything in it that is not ours. */
function undo(sheet: RundownSheet, before: Rundown, after: Rundown, entry: OutboxEntry): void {
  for (const row of after.rows.filter(({ operation }) => operation === entry.id)) {
    const was = before.rows.filter(({ identity }) => identity === row.identity);
    const own: OwnCells = was.length === 1 ? (was[0] as Row).own : { ...blank(), status: 'Planned' };
    sheet.writeOwn(row.number, after.columns, own);
  }
  sheet.flush();
}

const blank = (): OwnCells => Object.fromEntries(OWN_COLUMNS.map((name) => [name, '']));
