import type { Doors } from './doors.ts';
import type { Outcome } from './outcome.ts';
import { cellText, hasStatus, type OwnCells, type OwnColumn, type Row, type Rundown, readRundown } from './rundown.ts';
import type { RundownSheet } from './sheet.ts';

/**
 * Writes outcomes into the rows that carry their ids, wherever those are by now, and forgets what has come to its end.
 * A row that was deleted changes nothing: the audit has it, and the log says so here.
 *
 * @returns Whether it was written; if the lock could not be had, the next wake-up does it.
 */
export function writeBack(doors: Doors, sheet: RundownSheet, outcomes: readonly Outcome[]): boolean {
  if (outcomes.length === 0) return true;
  const written = doors.locked(() => {
    sheet.flush();
    const reading = readRundown(sheet.read());
    if (!reading.ok) return false;
    for (const outcome of outcomes) writeOutcome(doors, sheet, reading.rundown, outcome);
    sheet.flush();
    for (const { entry } of outcomes.filter(({ isFinal }) => isFinal)) doors.store.removeEntry(entry.id);
    return true;
  });
  return written ?? false;
}

function writeOutcome(doors: Doors, sheet: RundownSheet, rundown: Rundown, outcome: Outcome): void {
  const { entry, cells, isFinal } = outcome;
  const rows = findRows(rundown, outcome);
  if (rows.length === 0) {
    if (isFinal)
      console.warn(`Step ${entry.step} is gone from the sheet. Its operation ended: ${cells.status}. ${cells.result}`);
    return;
  }
  // Never backwards: who ended the operation has already taken it out of the outbox.
  if (!isFinal && !doors.store.hasEntry(entry.id)) return;
  for (const row of rows) {
    const twins =
      rows.length > 1
        ? ` Rows ${rows.map(({ number }) => number).join(' and ')} carry this operation: one is a copy.`
        : '';
    const wanted: OwnCells = {
      ...cells,
      result: `${cells.result}${twins}`,
      operation: entry.id,
      by: entry.requestedBy,
    };
    const changed = changes(row, wanted);
    if (Object.keys(changed).length > 0) sheet.writeOwn(row.number, rundown.columns, changed);
  }
}

/** By id; if somebody cleared the id, the one running row that asks for the same. */
function findRows({ rows }: Rundown, { entry }: Outcome): Row[] {
  const carrying = rows.filter(({ operation }) => operation === entry.id);
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
