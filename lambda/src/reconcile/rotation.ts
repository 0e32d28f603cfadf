import type { Clock } from '../model/ports.ts';

/** Picks the services that a tick inspects within WAF's quota, and paces it. */

/** Open services are inspected in one tick of so many. */
const OPEN_ROTATION = 10;
/**
 * So many reads in one tick and region, three a second, take 37 s of the minute. WAF takes five calls of one
 * Get action a second, account and region; two are left for requests and for people.
 *
 * With 500 services in one region, all open: 50 reads in a tick, 17 s. Each one that is closed is inspected every minute,
 * up to 60 beside those 50 open ones. Beyond that the open ones give way down to a tenth, and the closed take turns: with
 * all 500 closed, each comes every fifth minute.
 */
const MOST_READS = 110;
const LEAST_FOR_OPEN = 11;
const BETWEEN_READS_MS = 334;

/**
 * Waits until so many reads may begin in a region. What must be done at once (a repair, an adoption) does not wait.
 * @returns false at once if that is after the end of the tick.
 */
export type Pace = (region: string, reads: number) => Promise<boolean>;

/** @param until - When the tick must have begun its last read, in milliseconds since the epoch. */
export function createPace({ now, sleep }: Clock, until = Number.POSITIVE_INFINITY): Pace {
  const nextAt = new Map<string, number>();
  return async (region, reads) => {
    const at = Math.max(now(), nextAt.get(region) ?? 0);
    if (at > until) return false;
    nextAt.set(region, at + reads * BETWEEN_READS_MS);
    if (at > now()) await sleep(at - now());
    return true;
  };
}

export interface Candidate {
  readonly name: string;
  readonly isClosed: boolean;
  /** How often an inspection calls one Get action in one region. */
  readonly reads: number;
}

/** Pure. @param minute - Counts the ticks. @returns The names of those whose turn it is. */
export function servicesToRead(candidates: readonly Candidate[], minute: number): ReadonlySet<string> {
  const closed = candidates.filter(({ isClosed }) => isClosed);
  const open = candidates.filter(({ isClosed }, index) => !isClosed && (minute + index) % OPEN_ROTATION === 0);
  const forOpen = Math.min(readsOf(open), Math.max(MOST_READS - readsOf(closed), LEAST_FOR_OPEN));
  const chosen = [
    ...turn(open, forOpen, Math.floor(minute / OPEN_ROTATION)),
    ...turn(closed, MOST_READS - forOpen, minute),
  ];
  return new Set(chosen.map(({ name }) => name));
}

const readsOf = (candidates: readonly Candidate[]): number => candidates.reduce((sum, { reads }) => sum + reads, 0);

/** One page of as many as there is room for; the next page in the next round. */
function turn(all: readonly Candidate[], room: number, round: number): readonly Candidate[] {
  const pages: Candidate[][] = [];
  let left = 0;
  for (const one of all) {
    if (one.reads > left || pages.length === 0) {
      pages.push([]);
      left = room;
    }
    pages.at(-1)?.push(one);
    left -= one.reads;
  }
  return pages[round % pages.length] ?? [];
}
