import { type KnownEnvironment, withOrphans } from '../model/known-environment.ts';
import type { Store } from '../store/store.ts';

interface Knowing {
  readonly config: KnownEnvironment;
  readonly store: Pick<Store, 'closedServices' | 'states'>;
}

/**
 * What every entry begins with: a service that was closed when it was taken out of the config is known as it was last
 * set, or nobody could open it any more. One read where there is none.
 */
export async function knowingOrphans<D extends Knowing>(deps: D): Promise<D> {
  const { config, store } = deps;
  const names = new Set(config.services.map(({ name }) => name));
  const lost = (await store.closedServices()).filter((name) => !names.has(name));
  return lost.length === 0 ? deps : { ...deps, config: withOrphans(config, await store.states(lost)) };
}
