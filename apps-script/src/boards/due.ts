import type { Memory, SheetRecord } from '../store.ts';
import { isNear } from '../upkeep.ts';

/** When the boards of a sheet are made up again. Pure. */

const MINUTE_MS = 60_000;
/** Between two looks: while something runs, in a sheet's own night, and at rest. */
export const OFTEN_MS = MINUTE_MS;
const NEAR_MS = 5 * MINUTE_MS;
export const SELDOM_MS = 60 * MINUTE_MS;
/** A board may be counted on for so much longer than it is meant to last: ticks come late. */
const SLACK_MS = 10 * MINUTE_MS;
const LONG_SLACK_MS = 30 * MINUTE_MS;
/** What runs for longer than this is looked at as seldom as everything else. */
const BUSY_MS = 10 * MINUTE_MS;

/** An operation of this sheet is on its way. */
export const isBusy = ({ entries }: Memory, id: string, now: number): boolean =>
  entries.some(({ spreadsheetId, phase, at }) => spreadsheetId === id && phase === 'sent' && now - at < BUSY_MS);

/** Those whose boards are to be made up now; known from memory alone. */
export function sheetsWithDueBoards(memory: Memory, now: number): string[] {
  const isDue = (sheet: SheetRecord): boolean => {
    const { id } = sheet;
    const record = memory.boards(id);
    if (!record) return false;
    const isNews = isBusy(memory, id, now) || memory.isBoardEdited(id) || memory.notes(id).length > 0;
    // Its night may have begun, or been moved to now, since it was last looked at.
    const isNewlyNear = isNear(sheet, now) && record.dueAt > now + NEAR_MS;
    return isNews || isNewlyNear || record.dueAt <= now;
  };
  const dueAt = (id: string) => memory.boards(id)?.dueAt ?? 0;
  const due = memory.sheets.filter(isDue).map(({ id }) => id);
  return due.sort((a, b) => dueAt(a) - dueAt(b));
}

/** Those that something which happened in one of them is news for: it, and the others whose night it is. */
export function sheetsConcerned({ sheets }: Memory, ids: readonly string[], now: number): string[] {
  const near = sheets.filter((sheet) => isNear(sheet, now)).map(({ id }) => id);
  return [...new Set([...ids, ...near])];
}

/** How long its boards may be counted on. */
export const goodFor = (sheet: SheetRecord, busy: boolean, at: number): number =>
  waitOf(sheet, busy, at) < SELDOM_MS ? NEAR_MS + SLACK_MS : SELDOM_MS + LONG_SLACK_MS;

/** Until the next look; its night may begin before an hour has passed. */
export function waitOf(sheet: SheetRecord, busy: boolean, at: number): number {
  if (busy) return OFTEN_MS;
  if (isNear(sheet, at)) return NEAR_MS;
  const toNight = sheet.watchFrom - at;
  return toNight > 0 ? Math.min(SELDOM_MS, Math.max(OFTEN_MS, toNight)) : SELDOM_MS;
}
