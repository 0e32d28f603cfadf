/** What the real platform may do to a script at any time; a field without a unit is a chance from 0 to 1. */
export interface FaultInjection {
  readonly doubleEvent?: number;
  readonly dropEvent?: number;
  readonly blankUser?: number;
  readonly noValue?: number;
  readonly evictCache?: number;
  readonly doubleTick?: number;
  /** Events come this many milliseconds late at most; so they may overtake each other. */
  readonly lateMs?: number;
  readonly lateTickMs?: number;
  /** A service call fails with the platform's own error, and nothing was done. */
  readonly failCall?: number;
  /** Writes reach the sheet only at a flush or at the end of the execution; one that is cut loses them. */
  readonly lateWrites?: boolean;
  /** A flush writes, and what was read before is seen on. */
  readonly staleReads?: number;
  /** 0 to 1; give {@link seeded} to repeat a run. */
  readonly random?: () => number;
}

/** All that must not change what an edit comes to. */
export const PLATFORM_FAULTS: FaultInjection = {
  doubleEvent: 0.3,
  noValue: 0.5,
  evictCache: 0.3,
  doubleTick: 0.3,
  lateMs: 400,
  lateTickMs: 400,
  lateWrites: true,
};

export const happens = ({ random = Math.random }: FaultInjection, chance = 0): boolean =>
  chance > 0 && random() < chance;

/** Up to so many milliseconds. */
export const upTo = ({ random = Math.random }: FaultInjection, mostMs = 0): number =>
  mostMs > 0 ? mostMs * random() : 0;

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
