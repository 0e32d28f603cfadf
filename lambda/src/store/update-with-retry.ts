import { titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import { problem } from '../../../contract/problem.ts';
import type { ServiceState } from '../model/service-state.ts';
import { refusalMessages } from '../words/refusal-words.ts';
import type { Store } from './store.ts';
import type { Write } from './table.ts';

export interface RetryDependencies {
  readonly store: Pick<Store, 'state' | 'put'>;
  sleep(ms: number): Promise<void>;
  /** 0 to 1; for jitter. */
  random(): number;
}

/** A state, and what is written with it in the same transaction: its audit entry, what people are to be told. */
export interface Update {
  readonly state: ServiceState;
  readonly writes: readonly Write[];
}

const MOST_ATTEMPTS = 8;
const PAUSE_MS = 60;

/**
 * Changes a service's state on top of whatever others wrote meanwhile.
 *
 * @param apply - Called with the state as it is, again after each conflict. The same object means: leave it so.
 * @param known - The state as it was just read. Who was faster since then is found out by writing.
 * @throws ProblemError TRY_AGAIN - Others kept changing it. Nothing was written by this call.
 */
export async function updateWithRetry(
  { store, sleep, random }: RetryDependencies,
  service: ServiceConfig,
  apply: (state: ServiceState) => ServiceState | Update,
  known?: ServiceState,
): Promise<ServiceState> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const before = (attempt === 0 ? known : undefined) ?? (await store.state(service.name));
    const applied = apply(before);
    const { state, writes } = 'writes' in applied ? applied : { state: applied, writes: [] };
    if (state === before) return before;
    const stored = await store.put(service.name, before, state, writes);
    if (stored) return stored;
    await sleep(PAUSE_MS * (attempt + random()));
  }
  throw problem('TRY_AGAIN', refusalMessages.busy(titleOf(service)));
}
