import { WafError } from './errors.ts';

/**
 * Calls per second of each operation, for an account in a region. How WAF counts is not published: `bucket` lets a second's
 * calls come at once, `strict` wants each to come its share of a second after the one before.
 */
export interface Quotas {
  readonly writesPerSecond: number;
  readonly readsPerSecond: number;
  /** AssociateWebACL and DisassociateWebACL, each. */
  readonly associationsPerSecond: number;
  /** GetWebACLForResource and ListResourcesForWebACL, each. */
  readonly lookUpsPerSecond: number;
  readonly mode: 'strict' | 'bucket';
}

/**
 * Deleting and CheckCapacity have no quota of their own in the list: held to those of writes and of reads.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
 */
export const REAL_QUOTAS: Quotas = {
  writesPerSecond: 1,
  readsPerSecond: 5,
  associationsPerSecond: 0.5,
  lookUpsPerSecond: 1,
  mode: 'bucket',
};

function rateOf(operation: string, quotas: Quotas): number {
  if (/^(Create|Put|Update|Delete)/.test(operation)) return quotas.writesPerSecond;
  if (/^(Associate|Disassociate)/.test(operation)) return quotas.associationsPerSecond;
  if (/^(GetWebACLForResource|ListResourcesForWebACL)$/.test(operation)) return quotas.lookUpsPerSecond;
  return quotas.readsPerSecond;
}

export interface Call {
  readonly operation: string;
  readonly account: string;
  readonly region: string;
}

/** What is left of a second's calls. */
interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** A bucket for each account, region and operation; a strict one holds a single call. @returns A check that throws ThrottlingException. */
export function createThrottle(quotas: Quotas, now: () => number): (call: Call) => void {
  const buckets = new Map<string, Bucket>();
  return ({ operation, account, region }) => {
    const rate = rateOf(operation, quotas);
    const room = quotas.mode === 'strict' ? 1 : Math.max(1, rate);
    const key = `${account}/${region}/${operation}`;
    const at = now();
    const last = buckets.get(key) ?? { tokens: room, at };
    // In thousandths, or a call exactly on time would fall short of one by a rounding.
    const tokens = Math.min(room, Math.round((last.tokens + ((at - last.at) / 1_000) * rate) * 1_000) / 1_000);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    if (tokens < 1) throw new WafError('ThrottlingException', 'Rate exceeded');
  };
}
