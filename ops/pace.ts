/** WAF grants each account and region so many calls of a kind per second, to everybody in it together. */
export interface Pace {
  /** Waits for the turn of one more call of this kind. */
  turn(kind: string): Promise<void>;
}

export interface PaceOptions {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Once a second: 1 call; any other read: 5. A little less, as the account is not ours alone. */
const SLOW = new Set(['ListResourcesForWebACL', 'GetWebACLForResource']);
const SLOW_MS = 1_100;
const QUICK_MS = 250;

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
export function createPace({ now, sleep }: PaceOptions): Pace {
  const nextAt = new Map<string, number>();
  return {
    async turn(kind) {
      const at = Math.max(now(), nextAt.get(kind) ?? 0);
      const operation = kind.split(' ').at(-1) ?? '';
      nextAt.set(kind, at + (SLOW.has(operation) ? SLOW_MS : QUICK_MS));
      if (at > now()) await sleep(at - now());
    },
  };
}
