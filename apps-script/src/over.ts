import type { OutboxEntry } from './entry-record.ts';
import { hasStatus, type Rundown } from './rundown.ts';
import type { SheetRecord } from './store.ts';

/** So long after its last step a release sheet is let go of: an account has room for eighteen. */
const OVER_AFTER_MS = 7 * 24 * 60 * 60_000;

/**
 * Whether the night of a sheet has long been over: nothing waits, and the last planned step lies a week back. What was
 * registered since has its night before it, whatever times it brought along. Pure.
 */
export function isOver(
  { rows }: Rundown,
  entries: readonly OutboxEntry[],
  { registeredAt }: Pick<SheetRecord, 'registeredAt'>,
  now: number,
): boolean {
  if (entries.length > 0 || rows.some((row) => hasStatus(row, 'Go', 'Scheduled', 'Running'))) return false;
  const times = rows.flatMap(({ plannedAt }) => (plannedAt === undefined ? [] : [plannedAt]));
  return times.length > 0 && Math.max(...times, registeredAt) < now - OVER_AFTER_MS;
}
