import { type ServiceConfig, titleOf } from '../../../config/schema.ts';
import { problem } from '../../../contract/problem.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Store } from './store.ts';

export interface RetryDependencies {
  readonly store: Pick<Store, 'state' | 'put'>;
  sleep(ms: number): Promise<void>;
  /** 0 to 1; for jitter. */
  random(): number;
}

const MOST_ATTEMPTS = 8;
const PAUSE_MS = 60;

/**
 * Changes a service's state on top of whatever others wrote meanwhile.
 *
 * @param apply - Called with the state as it is, again after each conflict. The same object means: leave it so.
 * @throws ProblemError TRY_AGAIN - Others kept changing it. Nothing was written by this call.
 */
export async function updateWithRetry(
  { store, sleep, random }: RetryDependencies,
  service: ServiceConfig,
  apply: (state: ServiceState, attempt: number) => ServiceState | Promise<ServiceState>,
): Promise<ServiceState> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const state = await store.state(service.name);
    const next = await apply(state, attempt);
    if (next === state) return state;
    const stored = await store.put(service.name, state, next);
    if (stored) return stored;
    await sleep(PAUSE_MS * (attempt + random()));
  }
  throw problem(
    'TRY_AGAIN',
    `Others keep changing ${titleOf(service)} just now. Send the same operation again: it runs once.`,
  );
}
