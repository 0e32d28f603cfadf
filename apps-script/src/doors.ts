import type { ApiClient } from './api-client.ts';
import { createApiClient } from './api-client.ts';
import { openRundown, type RundownSheet } from './sheet.ts';
import { signIn } from './sign-in.ts';
import { createStore, type Store } from './store.ts';

/** Everything outside that the loop needs; tests hand in their own. */
export interface Doors {
  readonly store: Store;
  readonly api: ApiClient;
  open(spreadsheetId: string): RundownSheet;
  /** Runs `work` under the script lock, which is let go afterwards. @returns undefined if it could not be had in time. */
  locked<T>(work: () => T): T | undefined;
  now(): number;
  sleep(ms: number): void;
  newId(): string;
  formatTime(iso: string, timeZone: string): string;
}

const LOCK_WAIT_MS = 20_000;
const ID_DIGITS = 12;

export function realDoors(): Doors {
  return {
    store: createStore(),
    api: createApiClient(signIn),
    open: openRundown,
    locked(work) {
      const lock = LockService.getScriptLock();
      if (!lock.tryLock(LOCK_WAIT_MS)) return undefined;
      try {
        return work();
      } finally {
        // What was written must be there before the next one reads.
        SpreadsheetApp.flush();
        lock.releaseLock();
      }
    },
    now: () => Date.now(),
    sleep: (ms) => Utilities.sleep(ms),
    newId: () => `op-${Utilities.getUuid().replace(/-/g, '').slice(0, ID_DIGITS)}`,
    formatTime: (iso, timeZone) => Utilities.formatDate(new Date(iso), timeZone, 'HH:mm:ss'),
  };
}
