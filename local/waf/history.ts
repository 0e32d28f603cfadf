/** How long a change is under way: nothing new before `minMs`, only new after `maxMs`. */
export interface Propagation {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * What WAF calls "a few seconds to a number of minutes", at its shorter end.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-working-with.html
 */
export const DEFAULT_PROPAGATION: Propagation = { minMs: 1_000, maxMs: 4_000 };

/** The share of requests, 0 to 1, that see a change of this age. */
function share(ageMs: number, { minMs, maxMs }: Propagation): number {
  if (ageMs >= maxMs) return 1;
  return ageMs < minMs ? 0 : (ageMs - minMs) / (maxMs - minMs);
}

/** The versions of one item, as far as requests can still meet them. */
export interface History<T> {
  /** @param at - Milliseconds since the epoch. */
  change(at: number, value: T | undefined): void;
  /** What one request sees. @param dice - 0 to 1, without 1: another request, another throw. */
  seen(at: number, dice: number): T | undefined;
}

export function createHistory<T>(propagation: Propagation): History<T> {
  let versions: { at: number; value: T | undefined }[] = [];
  return {
    change(at, value) {
      const settled = versions.findLastIndex((version) => share(at - version.at, propagation) === 1);
      versions = [...versions.slice(Math.max(settled, 0)), { at, value }];
    },
    seen(at, dice) {
      return versions.findLast((version) => share(at - version.at, propagation) > dice)?.value;
    },
  };
}
