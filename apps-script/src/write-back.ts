import type { Doors } from './doors.ts';
import { type OutboxEntry, rowIdOf } from './entry-record.ts';
import { cellsBefore } from './moved-rows.ts';
import type { Outcome } from './outcome.ts';
import { cellText, hasStatus, type OwnCells, type OwnColumn, type Row, type Rundown } from './rundown.ts';
import { says } from './sentences.ts';
import { type OpenSheet, type RundownSheet, readingOf } from './sheet.ts';

/**
 * Writes outcomes into the rows that carry their ids, wherever those are by now, and forgets what has come to its end.
 * A row that was deleted changes nothing: the audit has it, and the log says so here.
 *
 * @returns The ids that are written; the others are tried again at the next look.
 */
export function writeBack(doors: Doors, open: OpenSheet, outcomes: readonly Outcome[]): ReadonlySet<string> {
  const done = new Set<string>();
  const telling = outcomes.filter(({ cells }) => cells !== undefined);
  if (telling.length === 0) return done;
  doors.locked(() => {
    for (const place of new Set(telling.map(({ entry }) => placeOf(entry)))) {
      const here = telling.filter(({ entry }) => placeOf(entry) === place);
      const written = writeSheet(doors, open, (here[0] as Outcome).entry, here);
      for (const { entry, isFinal, forget = [entry.id] } of written) {
        done.add(entry.id);
        if (isFinal) doors.store.removeEntries(forget);
      }
    }
  });
  return done;
}

const placeOf = ({ spreadsheetId, tab }: OutboxEntry): string => `${spreadsheetId}/${tab ?? ''}`;

function writeSheet(
  doors: Doors,
  open: OpenSheet,
  { spreadsheetId: id, tab }: OutboxEntry,
  outcomes: readonly Outcome[],
): readonly Outcome[] {
  let sheet: RundownSheet;
  try {
    sheet = open(id, tab);
    sheet.flush();
  } catch (error) {
    // One sheet that was deleted or locked away must not hold up the others.
    console.error(`The release sheet ${id} cannot be opened: ${(error as Error).message}`);
    return outcomes.filter(({ isFinal }) => isFinal).map(logGone);
  }
  const before = readingOf(sheet);
  if (!before.ok) return [];
  const writes = outcomes.flatMap((outcome) => writesFor(doors, before.rundown, outcome));
  for (const { row, cells } of writes) sheet.writeOwn(row, before.rundown.columns, cells);
  if (writes.length > 0) sheet.flush();
  const strayed = writes.some(({ cells }) => cells.status !== undefined)
    ? misplaced(sheet, before.rundown, writes)
    : [];
  return outcomes.filter(({ entry }) => !strayed.includes(entry.id));
}

interface Write {
  readonly id: string;
  readonly rowId: string;
  readonly row: Row;
  readonly cells: OwnCells;
}

function logGone(outcome: Outcome): Outcome {
  const { entry, cells } = outcome;
  const how = `${cellText(cells?.status)}. ${cellText(cells?.result)}`;
  console.warn(`Step ${entry.step} is gone from the sheet. Its operation ${entry.id} ended: ${how}`);
  return outcome;
}

function writesFor(doors: Doors, rundown: Rundown, outcome: Outcome): Write[] {
  const { entry, cells, isFinal } = outcome;
  const rows = findRows(rundown, outcome);
  if (rows.length === 0 && isFinal) logGone(outcome);
  const twins = rows.length > 1 ? ` ${says.twins(rows.map(({ number }) => number))}` : '';
  return rows.flatMap((row) => {
    // Never backwards: who ended the operation has already taken it out of the outbox.
    if (!isFinal && hasStatus(row, 'Done', 'Failed') && !doors.store.hasEntry(entry.id)) return [];
    const wanted = { ...cells, result: `${cells?.result}${twins}`, operation: rowIdOf(entry), by: entry.requestedBy };
    // What was picked is over with its operation; what was picked since is somebody's next wish.
    const pick = isFinal && row.isPick && row.action === entry.action ? ({ pick: '' } as const) : {};
    const changed = { ...changes(row, wanted), ...pick };
    return Object.keys(changed).length > 0 ? [{ id: entry.id, rowId: rowIdOf(entry), row, cells: changed }] : [];
  });
}

/** By id; if somebody cleared the id, the one running row that asks for the same. */
function findRows({ rows }: Rundown, { entry }: Outcome): Row[] {
  const carrying = rows.filter(({ operation }) => operation === rowIdOf(entry));
  if (carrying.length > 0) return carrying;
  const alike = rows.filter(
    (row) =>
      row.operation === '' &&
      hasStatus(row, 'Running', 'Unproven') &&
      row.step === entry.step &&
      row.service === entry.service &&
      row.action === entry.action,
  );
  return alike.length === 1 ? alike : [];
}

function changes(row: Row, wanted: OwnCells): OwnCells {
  const names = Object.keys(wanted) as OwnColumn[];
  const different = names.filter((name) => cellText(row.own[name]) !== cellText(wanted[name]));
  return Object.fromEntries(different.map((name) => [name, wanted[name]]));
}

/** Reads again what was written. A status that ended up in a row of somebody else is taken back: a wrong Done is the worst. */
function misplaced(sheet: RundownSheet, before: Rundown, writes: readonly Write[]): string[] {
  const after = readingOf(sheet);
  if (!after.ok) return writes.map(({ id }) => id);
  const { rows, columns } = after.rundown;
  const wrong = writes.filter(({ rowId, cells }) => {
    const row = rows.find(({ operation }) => operation === rowId);
    return cells.status !== undefined && row?.status !== cells.status;
  });
  for (const write of wrong) {
    const hit = rows.find(({ number }) => number === write.row.number);
    const isOurs = hit !== undefined && hit.identity !== write.row.identity && hit.result === write.cells.result;
    if (isOurs) sheet.writeOwn(hit, columns, cellsBefore(before, hit));
  }
  if (wrong.length > 0) sheet.flush();
  return wrong.map(({ id }) => id);
}
