import type { Hop } from '../../trace.ts';

/** An edit this long before the request may have asked for it: the platform may be late. */
const LATE_MS = 15_000;
/** The answer is written into the row, and read by the page, right after the last hop. */
const AFTER_MS = 1_500;
/** Parts that are not told which operation they work for: theirs are the hops of the same seconds. A gateway knows it only of what it let in. */
const BESIDE = new Set(['waf', 'probe', 'sheet', 'apps-script', 'cognito', 'sns']);

/** The hops of the operation that was last heard of, from the edit that asked for it to the answer in its row. */
export function hopsOfLast(hops: readonly Hop[]): Hop[] {
  const last = hops.filter(({ operationId }) => operationId !== undefined).at(-1);
  if (!last) return [];
  const own = hops.filter(({ operationId }) => operationId === last.operationId);
  const [first, to] = [Math.min(...own.map(({ at }) => at)), Math.max(...own.map(({ at }) => at)) + AFTER_MS];
  const edits = hops.filter(({ part, what, at }) => part === 'sheet' && what.startsWith('edit') && at <= first);
  const from = Math.max(edits.at(-1)?.at ?? first, first - LATE_MS);
  const environments = new Set([undefined, ...own.map(({ environment }) => environment)]);
  const beside = hops.filter(
    ({ operationId, part, ok, at, environment }) =>
      operationId === undefined &&
      (BESIDE.has(part) || (part === 'gateway' && !ok)) &&
      at >= from &&
      at <= to &&
      environments.has(environment),
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
