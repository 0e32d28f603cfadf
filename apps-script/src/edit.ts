import { answersOf } from './answers.ts';
import { allowlistOf } from './boards/allowlist.ts';
import { sheetsConcerned } from './boards/due.ts';
import { notesOf } from './boards/notes.ts';
import { refreshBoards } from './boards/refresh.ts';
import { claim } from './claim.ts';
import type { Doors } from './doors.ts';
import { drive } from './drive.ts';
import type { Authority } from './effects.ts';
import type { OutboxEntry } from './entry-record.ts';
import { heldByExits, sheetsToTell } from './exits.ts';
import { claimsOf, forgottenOf, opener, planSheet, remember } from './loop.ts';
import { type Column, hasStatus, isOurs, type Row, type Rundown, readRundown } from './rundown.ts';
import type { RundownSheet } from './sheet.ts';
import { tendAll } from './tend-all.ts';

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
  const { sheet, spreadsheetId } = edit;
  const values = sheet.read();
  const reading = readRundown(values);
  if (!reading.ok) {
    tellBrokenHeaders(edit, values, reading);
    return;
  }
  const { rundown } = reading;
  const authority = authorityOf(edit, rundown);
  if (!authority) return;

  const memory = doors.store.load();
  const planned = planSheet(doors, memory, spreadsheetId, sheet, rundown, authority);
  const allowlist = (service: string) => allowlistOf(doors, spreadsheetId, service);
  const claims = claimsOf(doors, { spreadsheetId, allowlist }, planned);
  const { tells, armed, disarmed } = answersOf(doors, spreadsheetId, sheet, planned);
  const held = heldByExits(doors, memory, planned, claims);
  // Before anything else: from here on the next wake-up can finish it, whatever happens to this one.
  const notes = notesOf(doors, spreadsheetId, planned, { armed, user: edit.user });
  doors.store.putEntries([...claims.flatMap(({ entries }) => entries), ...armed, ...held], notes);
  remember(doors, memory, spreadsheetId, planned);
  const fresh = claim(doors, sheet, tells, claims) ?? [];
  for (const { id } of [...disarmed, ...forgottenOf(planned)]) forget(doors, id, fresh);
  const open = opener(doors, new Map([[spreadsheetId, sheet]]));
  const isPlanChanged = armed.length > 0 || disarmed.length > 0 || !authority.coversStatus;
  drive(doors, { connections: planned.connections, open, fresh, old: [] }, () => {
    const others = held.length > 0 ? sheetsToTell(doors.store.load(), doors.now()) : [];
    return tendAll(doors, open, [...new Set([...(isPlanChanged ? [spreadsheetId] : []), ...others])]);
  });
  if (fresh.length > 0) refreshBoards(doors, sheetsConcerned(memory, [spreadsheetId], doors.now()));
}

/** A step that fired carries the id that it was armed under: it is not forgotten with its arming. */
function forget(doors: Doors, id: string, fresh: readonly OutboxEntry[]): void {
  if (!fresh.some((entry) => entry.id === id)) doors.store.removeEntry(id);
}

/** What an armed step is known by, and when it runs. */
const PLAN_COLUMNS: readonly Column[] = ['step', 'plannedStart', 'service', 'action'];

/** @returns undefined if the edit cannot matter. */
function authorityOf(edit: Edit, { columns, rows }: Rundown): Authority | undefined {
  const { firstRow, lastRow, firstColumn, lastColumn, user } = edit;
  const covers = (column: Column) => firstColumn <= columns[column] && columns[column] <= lastColumn;
  const touched = rows.filter(({ number }) => number >= firstRow && number <= lastRow);
  const coversStatus = covers('status');
  const matters = coversStatus
    ? touched.some(mayMatter)
    : PLAN_COLUMNS.some(covers) && touched.some((row) => hasStatus(row, 'Scheduled') || mayMoveAnEnd(row, rows));
  if (!matters) return undefined;
  const typed = columns.status === firstColumn ? edit.typed : undefined;
  return { firstRow, lastRow, coversStatus, user, typed };
}

const mayMatter = (row: Row): boolean =>
  hasStatus(row, 'Go') || row.operation !== '' || (isOurs(row) && hasStatus(row, 'Running', 'Scheduled', 'Done'));

/** The step that opens what an earlier step of this sheet has closed. */
const mayMoveAnEnd = (row: Row, rows: readonly Row[]): boolean =>
  /^exit/i.test(row.action) &&
  rows.some((other) => other.service === row.service && hasStatus(other, 'Done', 'Unproven', 'Running'));

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
    if (!cells.some((cell) => ['go', 'scheduled'].includes(String(cell).trim().toLowerCase()))) continue;
    if (resultColumn === undefined) sheet.note(row, firstColumn, message);
    else sheet.writeCell(row, resultColumn, message);
  }
}
