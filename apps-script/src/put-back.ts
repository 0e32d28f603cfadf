import type { PlanInputs } from './effects.ts';
import type { OutboxEntry } from './entry-record.ts';
import { wasDone } from './on-plan.ts';
import { hasStatus, type OwnCells, type Row } from './rundown.ts';
import { says } from './sentences.ts';

/** A Go that is not run changes nothing: the row says again what it said before. Pure. */
export function putBack(
  row: Row,
  result: string,
  { entries, formatTime }: Pick<PlanInputs, 'entries' | 'formatTime'>,
): OwnCells {
  const armed = hasStatus(row, 'Go') ? stillArmed(row, entries) : undefined;
  if (armed) {
    const when = formatTime(new Date(armed.at).toISOString());
    return { status: 'Scheduled', result: `${result} ${says.staysArmed(when)}` };
  }
  if (hasStatus(row, 'Go') && wasDone(row)) return { status: 'Done', result: says.staysDone(result, row.result) };
  return { status: 'Planned', result };
}

/** What waits for this row's planned start, if the row still asks for that. */
export const stillArmed = (row: Row, entries: readonly OutboxEntry[]): OutboxEntry | undefined =>
  entries.find(
    (entry) =>
      entry.phase === 'armed' &&
      entry.disarmed === undefined &&
      (row.operation === entry.id || row.operation === '') &&
      isMeant(entry, row),
  );

/** The row still asks for exactly what was seen. */
export const isMeant = (entry: OutboxEntry, row: Row): boolean =>
  entry.step === row.step &&
  entry.service === row.service &&
  entry.action === row.action &&
  entry.plannedStart === row.plannedStart;
