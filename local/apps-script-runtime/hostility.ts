/** What the real platform may do to a script at any time; each is a chance from 0 to 1. */
export interface Hostility {
  readonly doubleEvent?: number;
  readonly dropEvent?: number;
  readonly blankUser?: number;
  readonly noValue?: number;
  readonly evictCache?: number;
  /** Events come this many milliseconds late at most; so they may overtake each other. */
  readonly lateMs?: number;
  /** 0 to 1; give a seeded one to repeat a run. */
  readonly random?: () => number;
}

export const HOSTILE: Hostility = { doubleEvent: 0.3, noValue: 0.5, evictCache: 0.3, lateMs: 400 };

export const happens = ({ random = Math.random }: Hostility, chance = 0): boolean => chance > 0 && random() < chance;
