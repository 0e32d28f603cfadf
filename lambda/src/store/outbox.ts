import type { ServiceConfig } from '../../../config/schema.ts';
import type { ServiceEvent, ServiceState } from '../model/service-state.ts';
import type { Notify } from '../notify/sns.ts';
import type { Store } from './store.ts';
import { type RetryDependencies, updateWithRetry } from './update-with-retry.ts';

/**
 * What happens to a service besides operations is committed with the state that it leads to, then written into the audit
 * and told, then forgotten: an execution that dies in between leaves it to the next tick. Delivered at least once.
 */
export const withEvents = (state: ServiceState, fresh: readonly ServiceEvent[]): ServiceState => {
  if (fresh.length === 0) return state;
  const kept = (state.events ?? []).filter(({ id }) => !fresh.some((event) => event.id === id));
  return { ...state, events: [...kept, ...fresh] };
};

export interface OutboxDependencies extends RetryDependencies {
  readonly store: Pick<Store, 'state' | 'put' | 'putAudit'>;
}

/** @param notify - Without it, what is to be told is left to the reconciler. */
export async function settleEvents(
  deps: OutboxDependencies,
  service: ServiceConfig,
  state: ServiceState,
  notify?: Notify,
): Promise<ServiceState> {
  const events = (state.events ?? []).filter(({ notice }) => notify || !notice);
  if (events.length === 0) return state;
  for (const { audit, notice } of events) {
    if (audit) await deps.store.putAudit(audit);
    if (notice) await notify?.(notice);
  }
  const settled = new Set(events.map(({ id }) => id));
  return updateWithRetry(deps, service, (now) => {
    const left = (now.events ?? []).filter(({ id }) => !settled.has(id));
    return left.length === now.events?.length ? now : { ...now, events: left };
  });
}
