import { RuleGroupError } from './errors.ts';

export interface BusyDependencies {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** 0 to 1; for jitter. */
  random(): number;
}

/** Each pause is twice as long as the one before. */
interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
}

const PAUSES: Pauses = { firstMs: 150, longestMs: 2_000 };

/**
 * Repeats what WAF did not take, from its first read on.
 * @param deadline - Milliseconds since the epoch after which it is given up.
 * @returns What it came to; or why WAF did not take it.
 */
export async function retryWhileBusy<T>(
  { now, sleep, random }: BusyDependencies,
  deadline: number,
  attemptOnce: () => Promise<T>,
  { firstMs, longestMs }: Pauses = PAUSES,
): Promise<T | RuleGroupError> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await attemptOnce();
    } catch (error) {
      if (!(error instanceof RuleGroupError)) throw error;
      const pause = Math.min(longestMs, firstMs * 2 ** attempt) * (0.5 + random());
      if (!error.retryable || now() + pause > deadline) return error;
      await sleep(pause);
    }
  }
}
