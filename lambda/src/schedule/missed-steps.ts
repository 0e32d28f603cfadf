import { type EnvironmentConfig, titleOf } from '../../../config/schema.ts';
import type { ScheduledStep } from '../../../contract/schedule.ts';
import { GRACE_MS, SILENCE_MS } from '../../../contract/timing.ts';
import { fingerprint } from '../model/stable-json.ts';
import type { Counts } from '../notify/metrics.ts';
import type { Notify } from '../notify/sns.ts';
import type { ScheduleAndTold, ScheduleTold, StateStore } from '../store/state-store.ts';
import { missedStepNotice, ticksStoppedNotice } from '../words/notice-words.ts';

/** What did not happen: a step that was armed and never arrived; a sheet's script that is not heard of any more. */

export interface ScheduleWatchDependencies {
  readonly config: EnvironmentConfig;
  readonly environment: string;
  readonly store: Pick<StateStore, 'schedules' | 'operation' | 'putScheduleTold'>;
  readonly notify: Notify;
  now(): number;
}

/** A sheet that was thrown away with armed steps in it is not a worry for ever. */
const FORGET_MS = 24 * 60 * 60_000;

/** One read on a quiet minute; one more for each step that is late. */
export async function watchSchedules(deps: ScheduleWatchDependencies): Promise<Counts> {
  const all = await deps.store.schedules();
  const found = await Promise.all(all.map((one) => watchSchedule(deps, one)));
  return {
    MissedStep: found.reduce((sum, { missed }) => sum + missed, 0),
    TicksStopped: found.filter(({ hasStopped }) => hasStopped).length,
  };
}

async function watchSchedule(deps: ScheduleWatchDependencies, { schedule, told }: ScheduleAndTold) {
  const now = deps.now();
  const { spreadsheetId, at } = schedule;
  const steps = schedule.steps.filter(({ plannedStart }) => Date.parse(plannedStart) > now - FORGET_MS);
  const missed = await missedOf(deps, steps, told);
  const hasStopped = steps.length > 0 && now - Date.parse(at) > SILENCE_MS;

  // The notice first, then the note that it was sent: better twice than never.
  for (const step of missed.filter(({ operationId }) => !told.missed.includes(operationId))) {
    await deps.notify(missedStepNotice(deps.environment, titleFor(deps.config, step.service), step));
  }
  if (hasStopped && told.stoppedAfter !== at) {
    await deps.notify(ticksStoppedNotice(deps.environment, schedule, steps));
  }
  const next: ScheduleTold = {
    missed: missed.map(({ operationId }) => operationId),
    ...(hasStopped ? { stoppedAfter: at } : {}),
  };
  const { missed: before, stoppedAfter } = told;
  const last = { missed: before, ...(stoppedAfter ? { stoppedAfter } : {}) };
  if (fingerprint(next) !== fingerprint(last)) await deps.store.putScheduleTold(spreadsheetId, next);
  return { missed: missed.length, hasStopped };
}

/** Whose operation was never seen here, not even to be refused. */
async function missedOf(
  { store, now }: ScheduleWatchDependencies,
  steps: readonly ScheduledStep[],
  told: ScheduleTold,
): Promise<ScheduledStep[]> {
  const late = steps.filter(({ plannedStart }) => Date.parse(plannedStart) + GRACE_MS < now());
  const seen = await Promise.all(
    late.map(({ operationId }) => told.missed.includes(operationId) || store.operation(operationId)),
  );
  return late.filter((_step, index) => seen[index] === true || seen[index] === undefined);
}

function titleFor({ services }: EnvironmentConfig, name: string): string {
  const service = services.find((one) => one.name === name);
  return service ? titleOf(service) : name;
}
