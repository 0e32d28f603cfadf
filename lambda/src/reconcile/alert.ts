import type { ServiceConfig } from '../../../config/schema.ts';
import { isSameJson } from '../model/same-json.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Notify } from '../notify/sns.ts';
import { type RetryDependencies, updateWithRetry } from '../store/update-with-retry.ts';
import type { Condition } from './conditions.ts';

/** People are reminded after this long of what lasts. */
const REMIND_MS = 30 * 60_000;

export interface AlertDependencies extends RetryDependencies {
  now(): number;
  readonly notify: Notify;
}

/**
 * Alerts people when a condition begins, and reminds them while it lasts. The notice first, then the note that it was
 * sent: an execution that dies in between sends it again, and loses none.
 */
export async function alert(
  deps: AlertDependencies,
  service: ServiceConfig,
  { alerted = {} }: ServiceState,
  conditions: readonly Condition[],
): Promise<void> {
  const now = deps.now();
  const next: Record<string, string> = {};
  for (const { id, notice, isToldOnce } of conditions) {
    const last = alerted[id];
    const isDue = last === undefined || (!isToldOnce && now - Date.parse(last) >= REMIND_MS);
    if (isDue) await deps.notify({ ...notice, service: service.name });
    next[id] = isDue ? new Date(now).toISOString() : last;
  }
  if (isSameJson(next, alerted)) return;
  await updateWithRetry(deps, service, (state) => ({ ...state, alerted: next }));
}
