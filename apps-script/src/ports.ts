import { accessTokens } from './api/access-token.ts';
import { type ApiClient, createApiClient } from './api/client.ts';
import { createMemory, type MemoryStore } from './memory.ts';
import { openSpreadsheet, type ReleaseSheet } from './sheet/spreadsheet.ts';

/** Everything outside that a sync needs; tests hand in their own. */
export interface Ports {
  readonly memory: MemoryStore;
  readonly api: ApiClient;
  /** Slow on the real platform: once for each sheet in an execution. @throws Error - It cannot be opened. */
  open(spreadsheetId: string): ReleaseSheet;
  /**
   * Runs `work` under the script lock, which is released afterwards: what it wrote it must have flushed by then.
   * @returns undefined if the lock could not be had in time.
   */
  locked<T>(work: () => T): T | undefined;
  /** The account that the script runs as: never an operator, as an anonymous editor may appear as it. */
  controller(): string;
  now(): number;
  sleep(ms: number): void;
  newSyncId(): string;
  /** As a clock of that zone shows it. */
  formatTime(at: Date, timeZone: string): string;
}

const LOCK_WAIT_MS = 10_000;

export function realPorts(): Ports {
  return {
    memory: createMemory(),
    api: createApiClient(accessTokens),
    open: openSpreadsheet,
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
    newSyncId: () => Utilities.getUuid(),
    formatTime: (at, timeZone) => Utilities.formatDate(at, timeZone, 'yyyy-MM-dd HH:mm:ss'),
  };
}
