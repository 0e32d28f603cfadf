import { MOVES } from '../../../contract/modes.ts';
import { isReached, REACHED } from '../../../contract/status.ts';
import {
  isRehearsing,
  isRunning,
  type RundownRecord,
  type SheetRecord,
  type StepRecord,
} from '../model/rundown-record.ts';
import { actionOf, instantOf } from './plan/row.ts';

/** When a sheet should be synced again, until when its banner may say Connected, and when its night is over. Pure. */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const POLL_MS = 1_000;
/** The same, between two parts of one proof: the poll itself takes the seconds that the probes take. */
export const PROVING_POLL_MS = 250;
/** Before its first step and after its last one a sheet is read every minute. */
const NEAR_MS = 60 * MINUTE_MS;
const LONGEST_MS = 60 * MINUTE_MS;
/** So long after it was first heard of, a sheet whose steps have no times is read every minute. */
const UNDATED_MS = 7 * 24 * 60 * MINUTE_MS;
/** So long after its last step nothing is expected of a sheet any more. */
const OVER_AFTER_MS = 7 * 24 * 60 * MINUTE_MS;
/** The banner may say Connected for so much longer than until the next sync: ticks come late. */
const BANNER_SLACK_MS = 5 * MINUTE_MS;
const BANNER_ROUND_MS = 5 * MINUTE_MS;

const isOpen = ({ tab, decided, seen }: StepRecord): boolean =>
  tab === 'rundown' && seen.action !== '' && ![...REACHED, 'Skipped'].includes(decided.status || seen.status);

/** It keeps the public out: what becomes of that should be told soon. */
function isStanding({ tab, seen, run, decided, afterwards }: StepRecord): boolean {
  const isReachedHere = isReached(decided.status) || afterwards !== undefined;
  const action = actionOf(seen.action);
  if (tab !== 'rundown' || run?.isOver !== true || !isReachedHere || !action) return false;
  return MOVES[action].to !== 'normal' && run.operations.some(({ service }) => afterwards?.left[service] === undefined);
}

/** A night is watched closely; what stays closed for days must not use up the day's runtime that Google grants. */
const watchMs = ({ run }: StepRecord, now: number): number =>
  now - Date.parse(run?.startedAt ?? '') < DAY_MS ? MINUTE_MS : 10 * MINUTE_MS;

export function nextSyncMs({ sheet, steps }: RundownRecord, now: number): number {
  if (sheet.retiredAt !== undefined) return LONGEST_MS;
  if (steps.some((step) => isRehearsing(step) || (isRunning(step) && step.decided.status !== 'Unproven'))) {
    return POLL_MS;
  }
  const due = steps.flatMap(({ armed }) => (armed ? [Date.parse(armed.at) - now] : []));
  const soonest = Math.max(0, Math.min(...due, LONGEST_MS));
  if (soonest < MINUTE_MS) return soonest;
  const isBusy = steps.some(
    (step) => isRunning(step) || step.unattributed || step.question || step.afterwards?.doubts || step.missingSince,
  );
  if (isBusy) return MINUTE_MS;
  const watched = steps.filter(isStanding).map((step) => watchMs(step, now));
  return Math.min(soonest, untilNear({ sheet, steps }, now), ...watched);
}

/** Around its open steps a sheet is read every minute; before that its night may be moved to now within an hour. */
function untilNear({ sheet, steps }: RundownRecord, now: number): number {
  const open = steps.filter(isOpen);
  const times = open.flatMap(({ seen }) => instantOf(seen.plannedStart) ?? []);
  const isUndated = times.length < open.length;
  if (isUndated && now - Date.parse(sheet.firstHeardAt) < UNDATED_MS) return MINUTE_MS;
  if (times.length === 0) return LONGEST_MS;
  const [from, to] = [Math.min(...times) - NEAR_MS, Math.max(...times) + NEAR_MS];
  if (now > to) return LONGEST_MS;
  return Math.min(LONGEST_MS, Math.max(MINUTE_MS, from - now));
}

/** Rounded, so that the cell is written only now and then. */
export function connectedUntil(nextMs: number, now: number): string {
  const at = now + nextMs + BANNER_SLACK_MS;
  return new Date(Math.ceil(at / BANNER_ROUND_MS) * BANNER_ROUND_MS).toISOString();
}

/** Whether the night of a sheet has long been over: nothing waits, and the last planned step lies a week back. */
export function isOver({ sheet, steps }: { sheet: SheetRecord; steps: readonly StepRecord[] }, now: number): boolean {
  const waits = steps.some((step) => isRunning(step) || step.armed || ['Go', 'Scheduled'].includes(step.seen.status));
  const times = steps.flatMap(({ seen }) => instantOf(seen.plannedStart) ?? []);
  if (waits || times.length === 0) return false;
  return Math.max(...times, Date.parse(sheet.firstHeardAt)) < now - OVER_AFTER_MS;
}
