import { WafFault } from './errors.ts';

/** Calls per second, account and region, shared by everybody. @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
export interface Quotas {
  /** Of each Create, Update and Delete operation. */
  readonly writesPerSecond: number;
  /** Of each Get and List operation. */
  readonly readsPerSecond: number;
}

export const REAL_QUOTAS: Quotas = { writesPerSecond: 1, readsPerSecond: 5 };

/** A bucket for every operation, account and region. */
export function createQuotas({ writesPerSecond, readsPerSecond }: Quotas, now: () => number) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  /** @throws WafFault ThrottlingException */
  return (operation: string, account: string, region: string): void => {
    const perSecond = /^(Get|List|Check)/.test(operation) ? readsPerSecond : writesPerSecond;
    const key = `${operation} ${account} ${region}`;
    const bucket = buckets.get(key) ?? { tokens: perSecond, at: now() };
    const tokens = Math.min(perSecond, bucket.tokens + ((now() - bucket.at) / 1_000) * perSecond);
    if (tokens < 1) {
      buckets.set(key, { tokens, at: now() });
      throw new WafFault('ThrottlingException', 'Rate exceeded');
    }
    buckets.set(key, { tokens: tokens - 1, at: now() });
  };
}
