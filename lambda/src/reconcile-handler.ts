import { readSettings } from './environment.ts';
import { log } from './log.ts';
import { reconcile } from './reconcile.ts';
import { wire } from './wiring.ts';

const deps = wire(readSettings());

/** Lambda's entry every minute. Quiet while there is nothing to do. */
export async function handler(): Promise<void> {
  const ticks = await reconcile(deps);
  for (const tick of ticks.filter(({ did }) => did !== 'nothing')) {
    log(tick.did === 'failed' ? 'error' : 'info', 'reconciled', { ...tick });
  }
}
