import { scriptsOwnSheet } from './scratch.ts';

/** How long each kind of service call takes on the real platform: what a Go costs is counted in them. */

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

const REPEATS = 5;
const KEY = 'selftest:timing';

/** In milliseconds, the median of some calls of each kind. */
export function callTimes(spreadsheet: Spreadsheet): Record<string, number> {
  const cell = () => scriptsOwnSheet(spreadsheet).getRange('E1');
  const properties = PropertiesService.getUserProperties();
  const cache = CacheService.getUserCache();
  const kinds: Record<string, () => unknown> = {
    open: () => SpreadsheetApp.openById(spreadsheet.getId()),
    readTab: () => scriptsOwnSheet(spreadsheet).getDataRange().getValues(),
    shownTab: () => scriptsOwnSheet(spreadsheet).getDataRange().getDisplayValues(),
    writeAndFlush() {
      cell().setValue(Date.now());
      SpreadsheetApp.flush();
    },
    readProperties: () => properties.getProperties(),
    writeProperty: () => properties.setProperty(KEY, 'x'),
    writeCache: () => cache.put(KEY, 'x', 60),
    readCache: () => cache.getAll([KEY]),
    lock() {
      const lock = LockService.getScriptLock();
      if (lock.tryLock(1_000)) lock.releaseLock();
    },
  };
  const times = Object.fromEntries(Object.entries(kinds).map(([kind, call]) => [kind, median(call)]));
  properties.deleteProperty(KEY);
  return times;
}

function median(call: () => unknown): number {
  const times = Array.from({ length: REPEATS }, () => {
    const before = Date.now();
    call();
    return Date.now() - before;
  });
  return times.sort((a, b) => a - b)[Math.floor(REPEATS / 2)] as number;
}
