import type { Counts } from '../notify/metrics.ts';
import type { Notify } from '../notify/sns.ts';
import type { WaitingNotice } from '../store/notices.ts';
import type { Store } from '../store/store.ts';

export interface DeliverDependencies {
  readonly store: Pick<Store, 'notices' | 'removeNotice'>;
  readonly notify: Notify;
}

/** Sent first and removed then: an execution that dies in between sends it again, and loses none. */
export async function deliver(
  { store, notify }: DeliverDependencies,
  waiting: readonly WaitingNotice[],
): Promise<void> {
  for (const { id, notice } of waiting) {
    await notify(notice);
    await store.removeNotice(id);
  }
}

/** What others committed to be told, and what an execution that died has left. */
export async function deliverWaiting(deps: DeliverDependencies): Promise<Counts> {
  const waiting = await deps.store.notices();
  await deliver(deps, waiting);
  return { MissedStep: waiting.filter(({ kind }) => kind === 'missed').length };
}
