import { titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import type { PauseBody } from '../../../contract/break-glass.ts';
import { auditWrites } from '../store/audit.ts';
import { type RetryDependencies, updateWithRetry } from '../store/update-with-retry.ts';
import { repairsGoOn, repairsPaused } from '../words/audit-messages.ts';

export interface PauseDependencies extends RetryDependencies {
  now(): number;
  newId(): string;
}

/** Leaves the rules of a service alone for a while, or no longer: with its audit, in one transaction. @returns In words. */
export async function pauseRepair(
  deps: PauseDependencies,
  service: ServiceConfig,
  { forMinutes, reason, by }: Pick<PauseBody, 'forMinutes' | 'reason'> & { readonly by: string },
): Promise<{ readonly until?: string; readonly message: string }> {
  const now = deps.now();
  const until = forMinutes === 0 ? undefined : new Date(now + forMinutes * 60_000).toISOString();
  const title = titleOf(service);
  const message = until === undefined ? repairsGoOn(title) : repairsPaused(title, until);
  const operationId = deps.newId();
  await updateWithRetry(deps, service, (state) => {
    const entry = {
      ...{ service: service.name, revision: state.revision, operationId, kind: 'repair-paused' as const, by, reason },
      ...{ source: { kind: 'break-glass' }, at: new Date(now).toISOString(), message },
    };
    const repairPause = until === undefined ? undefined : { until, by };
    return { state: { ...state, repairPause }, writes: auditWrites(entry) };
  });
  return { ...(until === undefined ? {} : { until }), message };
}
