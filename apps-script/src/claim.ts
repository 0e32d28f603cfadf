import type { Doors } from './doors.ts';
import { type OutboxEntry, rowIdOf } from './entry-record.ts';
import { cellsBefore, sameRow } from './moved-rows.ts';
import { isMeant } from './put-back.ts';
import { hasStatus, type OwnCells, type Row, type Rundown } from './rundown.ts';
import { says } from './sentences.ts';
import { type RundownSheet, readingOf } from './sheet.ts';

export interface Tell {
  readonly row: Row;
  readonly cells: OwnCells;
}

export interface Claim {
  /** The row as it was when it was planned. */
  readonly row: Row;
  /** One, or one for each member of a group; all of one row. */
  readonly entries: readonly OutboxEntry[];
}

/**
 * Under the script lock: answers rows, and marks the claims' rows as running. Makes sure that each mark stands in the
 * row that was meant: a sort can move rows between a read and a write. What ended up elsewhere is undone and tried
 * once more. A row that no longer says what was planned for (somebody was faster, or took Go back) is left alone.
 *
 * @returns The entries whose rows carry their id now; the outbox has them as sent. Undefined: the lock could not be had.
 */
export function claim(
  doors: Doors,
  sheet: RundownSheet,
  tells: readonly Tell[],
  claims: readonly Claim[],
): OutboxEntry[] | undefined {
  if (tells.length === 0 && claims.length === 0) return [];
  return doors.locked(() => {
    sheet.flush();
    const first = rundownOf(sheet);
    if (!first) return [];
    for (const { row, cells } of tells) answer(sheet, first, row, cells);
    if (claims.length === 0) {
      sheet.flush();
      return [];
    }
    const standing = markAll(sheet, first, claims);
    const claimed = standing
      .flatMap(({ entries }) => entries)
      .map((entry): OutboxEntry => ({ ...entry, phase: 'sent' }));
    // From here on whoever wakes up knows that the request may have arrived.
    doors.store.putEntries(claimed);
    for (const { entries } of claims.filter((one) => !standing.includes(one))) {
      for (const { id } of entries) doors.store.removeEntry(id);
    }
    return claimed;
  });
}

function answer(sheet: RundownSheet, rundown: Rundown, planned: Row, cells: OwnCells): void {
  const row = sameRow(rundown, planned);
  if (row) sheet.writeOwn(row, rundown.columns, cells);
}

/** What the marks of a claim are made from: the entries of a group differ in nothing that its row shows. */
const firstOf = ({ entries }: Claim): OutboxEntry => entries[0] as OutboxEntry;

/** Tries twice. @returns Those whose marks stand where they were meant to. */
function markAll(sheet: RundownSheet, first: Rundown, claims: readonly Claim[]): Claim[] {
  const standing: Claim[] = [];
  let before = first;
  let left = [...claims];
  for (let attempt = 0; attempt < 2 && left.length > 0; attempt += 1) {
    const marked = left.filter((one) => mark(sheet, before, one));
    sheet.flush();
    const after = rundownOf(sheet);
    if (!after) return standing;
    left = marked.filter((one) => !stands(after, firstOf(one)));
    standing.push(...marked.filter((one) => !left.includes(one)));
    for (const one of left) undo(sheet, before, after, firstOf(one));
    if (left.length > 0) {
      sheet.flush();
      before = rundownOf(sheet) ?? after;
    }
  }
  return standing;
}

function rundownOf(sheet: RundownSheet): Rundown | undefined {
  const reading = readingOf(sheet);
  return reading.ok ? reading.rundown : undefined;
}

/** @returns Whether a row carries the entry's id now, so far as we know. */
function mark(sheet: RundownSheet, rundown: Rundown, one: Claim): boolean {
  const entry = firstOf(one);
  if (stands(rundown, entry)) return true;
  const row = sameRow(rundown, one.row);
  if (!row || !(row.isPick ? row.action !== '' : hasStatus(row, 'Go', 'Scheduled'))) return false;
  sheet.writeOwn(row, rundown.columns, {
    status: 'Running',
    result: says.starting(rowIdOf(entry)),
    started: new Date(entry.at),
    finished: '',
    by: entry.requestedBy,
    operation: rowIdOf(entry),
  });
  return true;
}

const carrying = ({ rows }: Rundown, entry: OutboxEntry): Row[] =>
  rows.filter(({ operation }) => operation === rowIdOf(entry));

function stands(rundown: Rundown, entry: OutboxEntry): boolean {
  const [row, ...others] = carrying(rundown, entry);
  return row !== undefined && others.length === 0 && isMeant(entry, row) && hasStatus(row, 'Running');
}

function undo(sheet: RundownSheet, before: Rundown, after: Rundown, entry: OutboxEntry): void {
  for (const row of carrying(after, entry)) sheet.writeOwn(row, after.columns, cellsBefore(before, row));
}
