import * as z from 'zod/mini';
import { TELL_SCHEDULE_EVERY_MS } from '../../contract/timing.ts';
import { claim } from './claim.ts';
import type { Connection } from './connections.ts';
import type { Doors } from './doors.ts';
import { knownOf } from './known-services.ts';
import { hasStatus, isOurs, type Rundown, readRundown } from './rundown.ts';
import { type Schedule, schedulesOf } from './schedule.ts';
import { says } from './sentences.ts';
import type { RundownSheet } from './sheet.ts';
import type { SheetRecord } from './store.ts';

/** What is kept up around a sheet: the APIs know its plan, its banner knows that a script stands behind it. */

const MINUTE_MS = 60_000;
/** Before its first step and after its last one a sheet is looked at often. */
const WATCH_AROUND_MS = 60 * MINUTE_MS;
const ROUNDED_MS = 15 * MINUTE_MS;
/** So long after it was registered a sheet whose steps have no times is looked at often. */
const UNDATED_MS = 7 * 24 * 60 * MINUTE_MS;
/** How long the banner says Connected, and what must be left of it, so that not every look writes. */
const BEATS = {
  /** Looked at in turn, at most as many minutes apart as there can be sheets: who waits there must soon see that nobody comes. */
  near: { forMs: 30 * MINUTE_MS, leftMs: 20 * MINUTE_MS },
  /** Looked at once an hour; half an hour late is still alive. */
  resting: { forMs: 90 * MINUTE_MS, leftMs: 60 * MINUTE_MS },
} as const;

export interface Upkeep {
  readonly record: SheetRecord;
  readonly sheet: RundownSheet;
  readonly connections: readonly Connection[];
}

/** After a sheet was looked at: notes when it needs looking at again, and tells its plan if that is news. */
export function keepUp(doors: Doors, { record, sheet, connections }: Upkeep, rundown: Rundown): void {
  let next = { ...record, ...watchOf(rundown, record) };
  const now = doors.now();
  const { forMs, leftMs } = isNear(next, now) ? BEATS.near : BEATS.resting;
  const left = next.connectedUntil - now;
  if (left < leftMs || left > forMs) {
    next = { ...next, connectedUntil: now + forMs };
    sheet.beat(new Date(next.connectedUntil));
  }
  next = tellPlan(doors, { record: next, sheet, connections }, rundown);
  if (JSON.stringify(next) !== JSON.stringify(record)) doors.store.putSheet(next);
}

/** Around its open steps. */
export const isNear = ({ watchFrom, watchTo }: Pick<SheetRecord, 'watchFrom' | 'watchTo'>, now: number): boolean =>
  watchFrom <= now && now <= watchTo;

/** When its open steps are planned. Rounded, so that a small move is no news. */
function watchOf({ rows }: Rundown, { registeredAt }: SheetRecord): Pick<SheetRecord, 'watchFrom' | 'watchTo'> {
  const open = rows.filter((row) => isOurs(row) && row.action !== '' && !hasStatus(row, 'Done', 'Skipped'));
  // A step without a time may be set to Go at any time.
  if (open.some(({ plannedAt }) => plannedAt === undefined)) {
    return { watchFrom: registeredAt, watchTo: registeredAt + UNDATED_MS };
  }
  if (open.length === 0) return { watchFrom: 0, watchTo: 0 };
  const times = open.map(({ plannedAt }) => plannedAt as number);
  const rounded = (at: number) => Math.round(at / ROUNDED_MS) * ROUNDED_MS;
  return {
    watchFrom: rounded(Math.min(...times)) - WATCH_AROUND_MS,
    watchTo: rounded(Math.max(...times)) + WATCH_AROUND_MS,
  };
}

const scheduleAnswer = z.object({
  conflicts: z._default(z.array(z.object({ operationId: z.string(), message: z.string() })), []),
});

/** `PUT /schedule` where something changed, or where somebody alive must show that he is. */
function tellPlan(doors: Doors, { record, sheet, connections }: Upkeep, rundown: Rundown): SheetRecord {
  const known = knownOf(connections);
  const hasPlan = rundown.rows.some((row) => hasStatus(row, 'Scheduled', 'Done', 'Running', 'Unproven') && isOurs(row));
  if (!hasPlan && record.told === '') return record;
  const entries = doors.store.load().entries.filter(({ spreadsheetId }) => spreadsheetId === record.id);
  const schedules = schedulesOf(rundown, entries, known, doors.now());
  const told = digestOf(schedules);
  const isArmed = [...schedules.values()].some(({ steps }) => steps.length > 0);
  const isStale = isArmed && doors.now() - record.toldAt >= TELL_SCHEDULE_EVERY_MS;
  if (told === record.told && !isStale) return record;
  // An environment that had a plan and has none any more is told so.
  const before = Object.keys(record.told === '' ? {} : JSON.parse(record.told));
  const concerned = connections.filter(({ environment }) => schedules.has(environment) || before.includes(environment));
  const nothing: Schedule = { steps: [], ends: [] };
  const answers = doors.api.read(
    concerned.map((connection) => {
      const plan = schedules.get(connection.environment) ?? nothing;
      const body = JSON.stringify({ spreadsheetId: record.id, ...plan });
      return { connection, method: 'put', path: '/schedule', body };
    }),
  );
  tellConflicts(doors, sheet, answers);
  // What did not arrive is told again at the next look.
  return answers.every((answer) => answer !== undefined) ? { ...record, told, toldAt: doors.now() } : record;
}

/** Short, as a property holds 9 KB: what was told is only compared. */
function digestOf(schedules: ReadonlyMap<string, Schedule>): string {
  const digest = [...schedules].map(([environment, { steps, ends }]) => [
    environment,
    [
      ...steps.map(({ operationId, plannedStart }) => `${operationId} ${plannedStart}`),
      ...ends.map(({ service, plannedEnd }) => `${service} ${plannedEnd}`),
    ].join(','),
  ]);
  return digest.length === 0 ? '' : JSON.stringify(Object.fromEntries(digest));
}

/** Somebody else has plans for the same service: who armed the step must read it while there is time. */
function tellConflicts(doors: Doors, sheet: RundownSheet, answers: readonly unknown[]): void {
  const conflicts = answers.flatMap((answer) => {
    const parsed = z.safeParse(scheduleAnswer, answer);
    return parsed.success ? parsed.data.conflicts : [];
  });
  if (conflicts.length === 0) return;
  const reading = readRundown(sheet.read());
  if (!reading.ok) return;
  const tells = conflicts.flatMap(({ operationId, message }) => {
    const row = reading.rundown.rows.find(({ operation }) => operation !== '' && operationId.startsWith(operation));
    if (!row || row.result.includes(message)) return [];
    return [{ row, cells: { result: says.mind(row.result, message) } }];
  });
  claim(doors, sheet, tells, []);
}
