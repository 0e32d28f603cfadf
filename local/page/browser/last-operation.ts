import type { Hop } from '../../trace.ts';

/**
 * The hops of the operation that was last heard of, oldest first. WAF is not told which operation calls it:
 * its hops are those of the same environment in the same seconds.
 */
export function hopsOfLast(hops: readonly Hop[]): Hop[] {
  const last = hops.filter(({ operationId }) => operationId !== undefined).at(-1);
  if (!last) return [];
  const own = hops.filter(({ operationId }) => operationId === last.operationId);
  const [from, to] = [Math.min(...own.map(({ at }) => at)), Math.max(...own.map(({ at }) => at))];
  const environments = new Set(own.map(({ environment }) => environment));
  const beside = hops.filter(
    ({ operationId, part, at, environment }) =>
      operationId === undefined && part === 'waf' && at >= from && at <= to && environments.has(environment),
  );
  return [...own, ...beside].sort((a, b) => a.at - b.at);
}

/** Calls to the table that follow each other, as one line: a person looks for what happened, not for each read. */
export function foldReads(hops: readonly Hop[]): Hop[] {
  const folded: Hop[] = [];
  let calls = 0;
  for (const hop of hops) {
    const previous = folded.at(-1);
    const joins = hop.part === 'dynamodb' && previous?.part === 'dynamodb' && hop.ok && previous.ok;
    calls = joins ? calls + 1 : 1;
    if (!joins) folded.push(hop);
    else {
      const tookMs = (previous.tookMs ?? 0) + (hop.tookMs ?? 0);
      folded[folded.length - 1] = { ...previous, what: `${calls} calls`, tookMs };
    }
  }
  return folded;
}
