import { RELEASE_SHEET } from '../../release-sheet-template/template.ts';
import type { ApiClient } from './api-client.ts';
import { createApiClient } from './api-client.ts';
import { applyTabs, type BuildOptions } from './controller/build-sheet.ts';
import { type OpenSheet, openRundown, openTab, type TabSheet } from './sheet.ts';
import { signIn } from './sign-in.ts';
import { createStore, type Store } from './store.ts';

/** Everything outside that the loop needs; tests hand in their own. */
export interface Doors {
  readonly store: Store;
  readonly api: ApiClient;
  open: OpenSheet;
  /** @returns undefined if the spreadsheet has no such tab. */
  openTab(spreadsheetId: string, name: string): TabSheet | undefined;
  /** Makes the tabs and columns of a release sheet that are missing, and leaves what is there. */
  buildTabs(spreadsheetId: string, options: BuildOptions): void;
  /**
   * Runs `work` under the script lock, which is let go afterwards: what it wrote it must have flushed by then.
   * @returns undefined if the lock could not be had in time.
   */
  locked<T>(work: () => T): T | undefined;
  /** The account that the script runs as: never an operator, as an anonymous editor may appear as it. */
  controller(): string;
  now(): number;
  sleep(ms: number): void;
  newId(): string;
  /** `HH:mm:ss`, or as the pattern says. */
  formatTime(iso: string, timeZone: string, pattern?: string): string;
}

const LOCK_WAIT_MS = 10_000;
const ID_DIGITS = 12;

export function realDoors(): Doors {
  return {
    store: createStore(),
    api: createApiClient(signIn),
    open: openRundown,
    openTab,
    buildTabs: (spreadsheetId, options) => applyTabs(SpreadsheetApp.openById(spreadsheetId), RELEASE_SHEET, options),
    locked(work) {
      const lock = LockService.getScriptLock();
      if (!lock.tryLock(LOCK_WAIT_MS)) return undefined;
      try {
        return work();
      } finally {
        lock.releaseLock();
      }
    },
    controller: () => Session.getEffectiveUser().getEmail(),
    now: () => Date.now(),
    sleep: (ms) => Utilities.sleep(ms),
    newId: () => `op-${Utilities.getUuid().replace(/-/g, '').slice(0, ID_DIGITS)}`,
    formatTime: (iso, timeZone, pattern = 'HH:mm:ss') => Utilities.formatDate(new Date(iso), timeZone, pattern),
  };
}
