import { claim } from './claim.ts';
import type { Doors } from './doors.ts';
import { drive } from './drive.ts';
import { claimsOf, forgottenOf, opener, planSheet, tellsOf } from './loop.ts';
import { hasStatus, isOurs, type Row, type Rundown, readRundown } from './rundown.ts';
import type { RundownSheet } from './sheet.ts';

export interface Edit {
  readonly spreadsheetId: string;
  readonly sheet: RundownSheet;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Zero-based. */
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** Blank if the event names nobody. */
  readonly user: string;
  /** Only of a single cell, and not always then. */
  readonly typed?: string;
}

/** Somebody edited the rundown. An edit that cannot matter costs one read. */
export function onEdit(doors: Doors, edit: Edit): void {
  const { sheet, spreadsheetId, firstRow, lastRow, user } = edit;
  const values = sheet.read();
  const reading = readRundown(values);
  if (!reading.ok) {
    tellBrokenHeaders(edit, values, reading);
    return;
  }
  const { rundown } = reading;
  if (!concerns(edit, rundown)) return;

  const memory = doors.store.load();
  const typed = rundown.columns.status === edit.firstColumn ? edit.typed : undefined;
  const planned = planSheet(doors, memory, spreadsheetId, rundown, { firstRow, lastRow, user, typed });
  const claims = claimsOf(doors, spreadsheetId, planned);
  // Before anything else: from here on the next wake-up can finish it, whatever happens to this one.
  doors.store.putEntries(claims.map(({ entry }) => entry));
  const fresh = claim(doors, sheet, tellsOf(planned), claims) ?? [];
  for (const { id } of forgottenOf(planned)) doors.store.removeEntry(id);
  const open = opener(doors, new Map([[spreadsheetId, sheet]]));
  drive(doors, { connections: planned.connections, open, fresh, old: [] });
}

function concerns(edit: Edit, { columns, rows }: Rundown): boolean {
  const isStatusCovered = edit.firstColumn <= columns.status && columns.status <= edit.lastColumn;
  return (
    isStatusCovered && rows.some((row) => row.number >= edit.firstRow && row.number <= edit.lastRow && mayMatter(row))
  );
}

const mayMatter = (row: Row): boolean =>
  hasStatus(row, 'Go') || row.operation !== '' || (isOurs(row) && hasStatus(row, 'Running', 'Scheduled'));

interface Broken {
  readonly message: string;
  readonly resultColumn?: number;
}

/** Nothing can be run; who set Go, and who broke the header, must read why. */
function tellBrokenHeaders(edit: Edit, values: readonly unknown[][], { message, resultColumn }: Broken): void {
  const { sheet, firstRow, firstColumn, lastColumn } = edit;
  if (firstRow === 1) sheet.note(1, firstColumn, message);
  const last = Math.min(edit.lastRow, values.length);
  for (let row = Math.max(2, firstRow); row <= last; row += 1) {
    const cells = (values[row - 1] ?? []).slice(firstColumn, lastColumn + 1);
    if (!cells.some((cell) => String(cell).trim().toLowerCase() === 'go')) continue;
    if (resultColumn === undefined) sheet.note(row, firstColumn, message);
    else sheet.writeCell(row, resultColumn, message);
  }
}
