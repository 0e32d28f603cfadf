import type { AuditEntry } from '../../../contract/audit.ts';
import type { SyncRequest } from '../../../contract/sync-request.ts';
import {
  isRunning,
  type PlannedEnd,
  type RundownRecord,
  type SheetRecord,
  type StepRecord,
} from '../model/rundown-record.ts';
import { findNamed, mayAct } from '../model/service-names.ts';
import type { WaitingNotice } from '../store/notices.ts';
import type { NextRundown } from '../store/rundowns.ts';
import { stepMessages } from '../words/step-words.ts';
import { missedNotices } from './missed-notices.ts';
import { noteEntry } from './note-entry.ts';
import { asItSays, withoutPast } from './plan/another-step.ts';
import { applyEffect, asRead, cellsOf, plannedEndOf, seenOf } from './plan/apply-effects.ts';
import { coversPlan, personOf } from './plan/authority.ts';
import type { Note, PlanContext, PlanInputs } from './plan/effects.ts';
import { matchRows } from './plan/match-rows.ts';
import { planSteps, type Step } from './plan/plan.ts';
import type { Reading } from './plan/read-rows.ts';
import type { Row } from './plan/row.ts';
import { rowOfRecord } from './row-of-record.ts';

/** From what is stored and what was read to what is to be stored. Pure. */

export interface PlannedRundown {
  readonly next: NextRundown;
  readonly audit: readonly AuditEntry[];
  readonly notices: readonly WaitingNotice[];
  /** Of each step whose row is there. */
  readonly rowOf: ReadonlyMap<string, Row>;
}

export interface RundownInputs extends Omit<PlanInputs, 'sheet'> {
  readonly environment: string;
}

/** A row that two readings miss, a minute apart, is gone: between a cut and its paste it is nowhere. */
const GONE_AFTER_MS = 50_000;

export function planRundown(
  before: RundownRecord,
  request: SyncRequest,
  reading: Reading,
  inputs: RundownInputs,
): PlannedRundown {
  const sheet = sheetAfter(before.sheet, request, reading, inputs.now);
  const context = { ...inputs, sheet };
  const { steps, nextKey } = stepsOf(before, reading, { known: inputs.known, sheet });
  const planned = planSteps(steps, context);
  const applying = { ...context, rows: [...reading.rows, ...unread(before, request)] };
  const applied = planned.map(({ row, record, effect }) => {
    const read = row ? asRead(record, row) : record;
    return { row, ...applyEffect(applying, { row, record: read, effect }) };
  });
  const read = new Set([...(request.steps ? ['rundown'] : []), ...(request.picks ? ['services'] : [])]);
  const there = applied.map((one) =>
    one.row || !read.has(one.record.tab) ? one : { ...one, ...missing(one.record, inputs.readAt) },
  );
  const removed = there.filter((one) => 'isGone' in one && one.isGone).map(({ record }) => record);
  const kept = there.filter(({ record }) => !removed.includes(record));
  const notes = there.flatMap(({ record, notes }) => notes.map((note): [Note, StepRecord] => [note, record]));
  const ends = endsAfter(
    { ...context, rows: reading.rows },
    kept.map(({ record }) => record),
  );
  return {
    next: { sheet: { ...sheet, nextKey, ends }, steps: kept.map(({ record }) => record), removed },
    audit: notes.map(([note, record], index) => noteEntry(note, record, sheet, inputs.now, index)),
    notices: missedNotices(before, notes, inputs),
    rowOf: new Map(kept.flatMap(({ row, record }) => (row ? [[record.key, row] as const] : []))),
  };
}

/** The rundown as it was last read: a pick in the tab Services comes alone. */
const unread = ({ steps }: RundownRecord, request: SyncRequest): Row[] =>
  request.steps ? [] : steps.filter(({ tab }) => tab === 'rundown').map(rowOfRecord);

function sheetAfter(before: SheetRecord, request: SyncRequest, { allowlist }: Reading, now: number): SheetRecord {
  const at = new Date(now).toISOString();
  // What was under way when it was retired: an edit, or the rows of before.
  const staysRetired =
    before.retiredAt !== undefined &&
    (request.cause === 'edit' || Date.parse(request.readAt) <= Date.parse(before.retiredAt));
  return {
    ...before,
    name: request.sheet.name,
    timeZone: request.sheet.timeZone,
    readAt: new Date(request.readAt).toISOString(),
    syncId: request.syncId,
    heardAt: at,
    // Only a registered sheet is synced: one that comes again after it was retired or left alone begins anew.
    firstHeardAt: !staysRetired && isBack(before, now) ? at : before.firstHeardAt,
    retiredAt: staysRetired ? before.retiredAt : undefined,
    ...(allowlist ? { allowlist } : {}),
  };
}

/** A live sheet is heard of once an hour at least. */
const AWAY_MS = 3 * 60 * 60_000;

const isBack = ({ firstHeardAt, heardAt, retiredAt }: SheetRecord, now: number): boolean =>
  firstHeardAt === '' || retiredAt !== undefined || now - Date.parse(heardAt) > AWAY_MS;

function stepsOf(
  before: RundownRecord,
  { rows }: Reading,
  { known, sheet }: Pick<PlanContext, 'known' | 'sheet'>,
): { steps: Step[]; nextKey: number } {
  let { nextKey } = sheet;
  const reader = { known, timeZone: sheet.timeZone };
  const steps = matchRows(rows, before.steps).map(({ row, record }): Step => {
    if (!row) return { record: record as StepRecord };
    if (record) {
      const now = asItSays(reader, record, row);
      return { row: withoutPast(row, now), record: now };
    }
    const key = String(nextKey).padStart(6, '0');
    nextKey += 1;
    return { row, record: newStep(key, row) };
  });
  return { steps, nextKey };
}

const newStep = (key: string, row: Row): StepRecord => ({
  key,
  tab: row.tab,
  version: 0,
  seen: seenOf(row),
  told: [],
  decided: cellsOf(row),
  isAnswered: false,
  intents: {},
});

interface Missing {
  readonly record: StepRecord;
  readonly notes: readonly Note[];
  readonly isGone: boolean;
}

function missing(record: StepRecord, readAt: number): Missing {
  const { missingSince, armed } = record;
  const since = missingSince ?? new Date(readAt).toISOString();
  const isGone = !isRunning(record) && readAt - Date.parse(since) >= GONE_AFTER_MS;
  const notes: Note[] =
    isGone && armed ? [{ kind: 'disarmed', who: '', message: stepMessages.noteGone, plannedAt: armed.at }] : [];
  return { record: { ...record, missingSince: since }, notes, isGone };
}

/** When each service is planned to open. What moves it is an operator's step that closes it, or their edit of its exit. */
function endsAfter(context: PlanContext, steps: readonly StepRecord[]): SheetRecord['ends'] {
  const { known, rows, now } = context;
  const ends: Record<string, PlannedEnd> = { ...context.sheet.ends };
  for (const { intents } of steps) {
    for (const { service, action, plannedEnd, requestedBy } of Object.values(intents)) {
      if (plannedEnd) ends[service] = { plannedEnd, by: requestedBy };
      // Another maintenance than the one whose end was planned: nobody has planned when this one ends.
      else if (action === 'enter' || action === 'exit') delete ends[service];
    }
  }
  const by = personOf(context);
  if (by === '') return ends;
  const moved = rows.filter((row) => row.meant === 'exit' && coversPlan(context, row));
  for (const member of moved.flatMap(({ service }) => findNamed(known, service)?.members ?? [])) {
    const end = plannedEndOf(rows, member.name, known, now);
    if (end !== undefined && mayAct(member, by)) ends[member.name] = { plannedEnd: new Date(end).toISOString(), by };
  }
  return ends;
}
