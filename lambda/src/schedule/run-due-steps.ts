import { GRACE_MS } from '../../../contract/timing.ts';
import type { Armed, RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { membersOf } from '../model/service-names.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import type { RundownDependencies } from '../rundown/dependencies.ts';
import { missedNotices } from '../rundown/missed-notices.ts';
import { noteEntry } from '../rundown/note-entry.ts';
import { applyEffect } from '../rundown/plan/apply-effects.ts';
import type { Effect, PlanContext } from '../rundown/plan/effects.ts';
import { disarm, fire } from '../rundown/plan/plan-scheduled.ts';
import { planInputs } from '../rundown/plan-inputs.ts';
import { rowOfRecord } from '../rundown/row-of-record.ts';
import { settle } from '../rundown/settle.ts';
import { startIntents } from '../rundown/start-intents.ts';
import type { WaitingSheet } from '../store/rundowns.ts';

/**
 * Fires what is armed when its time has come and its sheet's script did not: a sync that read the rows at that time has
 * fired it already. Safe to run twice, and beside syncs: each firing is one conditional commit.
 */

/** The next invocation comes in a minute, or a little later. */
const LOOK_AHEAD_MS = 75_000;
/** So long after its time the script's own rows are waited for. */
const WAIT_FOR_ROWS_MS = 20_000;
/** Rows that were read so long before may still say what is to run. */
const OLDEST_ROWS_MS = 90_000;
const CONVERGE_MS = 10_000;

export async function runDueSteps(given: RundownDependencies, lookAheadMs = LOOK_AHEAD_MS): Promise<void> {
  const deps = await knowingOrphans(given);
  const from = deps.now();
  const waiting = await deps.rundowns.waiting();
  await Promise.all(
    waiting.filter(({ hasIntents }) => hasIntents).map((sheet) => attempt(deps, sheet, () => finish(deps, sheet))),
  );
  const due = waiting.flatMap((sheet) => sheet.armed.map((step) => ({ sheet, at: Date.parse(step.plannedStart) })));
  const moments = due
    .map(({ sheet, at }) => ({ sheet, at: Math.max(from, at + WAIT_FOR_ROWS_MS) }))
    .filter(({ at }) => at <= from + lookAheadMs)
    .sort((a, b) => a.at - b.at);
  for (const { sheet, at } of uniqueMoments(moments)) {
    if (at > deps.now()) await deps.sleep(at - deps.now());
    await attempt(deps, sheet, () => fireSheet(deps, sheet.spreadsheetId));
  }
}

interface Moment {
  readonly sheet: WaitingSheet;
  readonly at: number;
}

const uniqueMoments = (moments: readonly Moment[]): Moment[] => [
  ...new Map(moments.map((one) => [`${one.sheet.spreadsheetId} ${one.at}`, one])).values(),
];

/** One sheet that fails does not keep the others waiting. */
async function attempt(deps: RundownDependencies, { spreadsheetId }: WaitingSheet, work: () => Promise<unknown>) {
  try {
    await work();
  } catch (error) {
    deps.log('error', 'not scheduled', { spreadsheetId, message: (error as Error).message });
  }
}

const finish = (deps: RundownDependencies, { spreadsheetId }: WaitingSheet) =>
  settle(deps, spreadsheetId, { canProve: false });

const MOST_ATTEMPTS = 6;

/** What is due in one sheet, on the rows that were read last. */
async function fireSheet(deps: RundownDependencies, spreadsheetId: string): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const before = await deps.rundowns.load(spreadsheetId);
    const due = before.steps.filter(({ armed }) => armed && Date.parse(armed.at) + WAIT_FOR_ROWS_MS <= deps.now());
    if (due.length === 0) return;
    const context = await contextOf(deps, before);
    const changes = due.flatMap((step) => change(context, step, step.armed as Armed) ?? []);
    if (changes.length === 0) return;
    const byKey = new Map(changes.map(({ record }) => [record.key, record]));
    const steps = before.steps.map((step) => byKey.get(step.key) ?? step);
    const notes = changes.flatMap(({ record, notes }) => notes.map((note) => [note, record] as const));
    const audit = notes.map(([note, record], index) => noteEntry(note, record, before.sheet, deps.now(), index));
    const notices = missedNotices(before, notes, { environment: deps.environment, known: context.known });
    const rundown = await deps.rundowns.commit(before, { sheet: before.sheet, steps }, audit, notices);
    if (!rundown) continue;
    await startIntents(deps, rundown, { convergeMs: CONVERGE_MS });
    await settle(deps, spreadsheetId, { canProve: false });
    return;
  }
}

async function contextOf(deps: RundownDependencies, before: RundownRecord): Promise<PlanContext> {
  const { sheet } = before;
  const rows = before.steps.filter(({ missingSince }) => missingSince === undefined).map(rowOfRecord);
  const request = { syncId: '', readAt: sheet.readAt, edit: undefined };
  const inputs = await planInputs(deps, before, request, rows);
  return { ...inputs, sheet, rows };
}

/** @returns undefined while fresh rows may still come. */
function change(context: PlanContext, step: StepRecord, armed: Armed) {
  const { now, sheet, known } = context;
  const row = rowOfRecord(step);
  const apply = (effect: Effect) => applyEffect(context, { row, record: step, effect });
  const opened = context.openedSince(membersOf(known, armed.service), armed.armedAt);
  if (opened !== undefined) return apply(disarm(step, 'Planned', opened, ''));
  const isLate = now - Date.parse(armed.at) > GRACE_MS;
  const isFresh = now - Date.parse(sheet.readAt) <= OLDEST_ROWS_MS;
  const isAsArmed = step.missingSince === undefined && step.unattributed === undefined;
  if (!isLate && !(isFresh && isAsArmed)) return undefined;
  return apply(fire(context, row, step, armed));
}
