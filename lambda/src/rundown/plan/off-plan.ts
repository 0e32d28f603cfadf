import { REACHED } from '../../../../contract/status.ts';
import type { StepRecord } from '../../model/rundown-record.ts';
import { type Named, sharesService } from '../../model/service-names.ts';
import { stepMessages } from '../../words/step-words.ts';
import type { PlanContext } from './effects.ts';
import { hasWord, instantOf, isPick, type Row } from './row.ts';
import { plannedWords } from './wall-time.ts';

/** Whether a step may run now without a second thought. Pure. */

const MINUTE_MS = 60_000;
/** Nobody is held to less. */
const LEAST_ON_PLAN_MS = 3 * MINUTE_MS;
/** To open a service before its time is what an abort is, and must be quick (decision 6). */
const ABORT_MS = 30 * MINUTE_MS;

type WhenPlanned = Pick<PlanContext, 'rows' | 'known' | 'onPlanMs' | 'now' | 'sheet'>;

/** Steps of the same service before this one that are neither done nor left out: by planned start, else by place. */
export function stepsBefore({ rows, known }: Pick<PlanContext, 'rows' | 'known'>, row: Row): Row[] {
  const [own, others] = [instantOf(row.plannedStart), rows.filter((other) => !isPick(other))];
  const isBefore = (other: Row) => {
    const at = instantOf(other.plannedStart);
    return at !== undefined && own !== undefined && at !== own ? at < own : other.row < row.row;
  };
  return others.filter(
    (other) =>
      other.action !== '' &&
      sharesService(known, other.service, row.service) &&
      isBefore(other) &&
      !hasWord(other, ...REACHED, 'Skipped'),
  );
}

/** @returns Why a Go is off plan, as a sentence; undefined if it is on plan. */
export function offPlan(context: WhenPlanned, row: Row, record: StepRecord, named: Named): string | undefined {
  if (isPick(row)) return stepMessages.offPlanPick(named.title);
  if (wasDone(record)) return stepMessages.offPlanDone;
  // To open a service before its other steps are done is what an abort is: near its time it runs at once (decision 6).
  const before = row.meant === 'exit' ? [] : stepsBefore(context, row).map(({ step }) => step);
  if (before.length > 0) return stepMessages.offPlanOrder(before, named.title);
  const at = instantOf(row.plannedStart);
  if (at === undefined) {
    const { text } = row.plannedStart;
    return text.trim() === '' ? undefined : stepMessages.offPlanUnreadable(text);
  }
  const early = at - context.now;
  const isNear = row.meant === 'exit' && Math.abs(early) <= ABORT_MS;
  const onPlanMs = onPlan(context, at);
  if (isNear || (early <= onPlanMs && -early <= onPlanMs + delayMs(context))) return undefined;
  const when = plannedWords(at, context.sheet.timeZone);
  return stepMessages.offPlanTime(when, Math.round(Math.abs(early) / MINUTE_MS), early > 0);
}

/** Short of the next time in the rundown: a Go at the time of another step may be in the wrong row. */
function onPlan({ rows, onPlanMs }: WhenPlanned, at: number): number {
  const distances = rows.map(({ plannedStart }) => Math.abs((instantOf(plannedStart) ?? at) - at));
  const toNext = Math.min(...distances.filter((distance) => distance > 0));
  return Math.min(onPlanMs, Math.max(LEAST_ON_PLAN_MS, toNext - MINUTE_MS));
}

/** How late the night is: as late as the last step that ran may the next ones be. */
function delayMs({ rows, now }: WhenPlanned): number {
  const ran = rows.flatMap(({ started, plannedStart, isOutdated }) => {
    const [at, planned] = [Date.parse(started), instantOf(plannedStart)];
    return !isOutdated && at <= now && planned !== undefined ? [{ at, late: at - planned }] : [];
  });
  const last = ran.sort((a, b) => b.at - a.at)[0];
  return Math.max(0, last?.late ?? 0);
}

/** Only what was proven, or can never be, has both a run and a time at which it finished; what failed has no such time. */
export const wasDone = ({ run, decided }: StepRecord): boolean => run?.isOver === true && decided.finished !== '';
