import { WafError } from './errors.ts';

/** Calls per second of each operation, for an account in a region. */
export interface Quotas {
  readonly writesPerSecond: number;
  readonly readsPerSecond: number;
}

/**
 * Deleting and CheckCapacity have no quota of their own in the list: held to those of writes and of reads.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
 */
export const REAL_QUOTAS: Quotas = { writesPerSecond: 1, readsPerSecond: 5 };

export interface Call {
  readonly operation: string;
  readonly account: string;
  readonly region: string;
}

/** Token buckets of one second's calls. @returns A check that throws ThrottlingException. */
export function createThrottle(quotas: Quotas, now: () => number): (call: Call) => void {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return ({ operation, account, region }) => {
    const rate = /^(Create|Put|Update|Delete)/.test(operation) ? quotas.writesPerSecond : quotas.readsPerSecond;
    const key = `${account}/${region}/${operation}`;
    const at = now();
    const last = buckets.get(key) ?? { tokens: rate, at };
    const tokens = Math.min(rate, last.tokens + ((at - last.at) / 1_000) * rate);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    if (tokens < 1) throw new WafError('ThrottlingException', 'Rate exceeded');
  };
}
