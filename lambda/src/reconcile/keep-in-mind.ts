import type { ServiceConfig } from '../../../config/schema.ts';
import { isForgettable } from '../model/known-environment.ts';
import type { ServiceState } from '../model/service-state.ts';
import { stableJson } from '../model/stable-json.ts';
import { type RetryDependencies, updateWithRetry } from '../store/update-with-retry.ts';

/**
 * Keeps what is remembered of a closed service as the config has it, for the day on which that has lost it; and forgets
 * it once the service is open again.
 *
 * @param service - With the targets that the config has lost already.
 */
export async function keepInMind(
  deps: RetryDependencies & { now(): number },
  service: ServiceConfig,
  state: ServiceState,
): Promise<ServiceState> {
  if (state.kept === undefined || isUpToDate(service, state, deps.now())) return state;
  return updateWithRetry(deps, service, (now) => {
    if (now.kept === undefined || isUpToDate(service, now, deps.now())) return now;
    return { ...now, kept: now.mode === 'normal' ? undefined : service };
  });
}

function isUpToDate(service: ServiceConfig, state: ServiceState, now: number): boolean {
  if (state.mode === 'normal') return !isForgettable(state, now);
  return stableJson(state.kept) === stableJson(service);
}
