import type { Hop } from '../../../trace.ts';

/** An edit this long before the commit may have asked for it: the platform may be late. */
const LATE_MS = 15_000;
/** The script ends, and the page reads the row, right after the last hop. */
const AFTER_MS = 1_500;
/** What a row says when its operation has come to its end. */
const ENDS = new Set(['Planned', 'Scheduled', 'Done', 'Accepted', 'Unproven', 'Failed']);
/** Of an operation that nobody asked for in a sheet: parts that are not told which one they work for. */
const BESIDE = new Set(['waf', 'probe', 'sheet', 'apps-script', 'cognito', 'sns']);

const isEdit = ({ part, what }: Hop): boolean => part === 'sheet' && what.startsWith('edit');
const isAnswer = ({ part, what, said }: Hop): boolean =>
  part === 'sheet' && what.startsWith('write into') && ENDS.has(said.split(' · ')[0] ?? '');

/**
 * The hops of the operation that was last heard of. A sync names none, and each poll is a sync of its own: so everything
 * counts from the edit that led to the commit until the answer stands in the row.
 */
export function hopsOfLast(hops: readonly Hop[]): Hop[] {
  const last = hops.filter(({ operationId }) => operationId !== undefined).at(-1);
  if (!last) return [];
  const own = hops.filter(({ operationId }) => operationId === last.operationId);
  const first = Math.min(...own.map(({ at }) => at));
  const edit = hops.filter((hop) => isEdit(hop) && hop.at <= first && hop.at >= first - LATE_MS).at(-1);
  const from = edit?.at ?? first;
  const to = (edit ? answeredAt(hops, first) : Math.max(...own.map(({ at }) => at))) + AFTER_MS;
  const environments = new Set([undefined, ...own.map(({ environment }) => environment)]);
  const beside = hops.filter((hop) => {
    const { operationId, part, ok, at, environment } = hop;
    if (operationId !== undefined || at < from || at > to || !environments.has(environment)) return false;
    if (edit) return hop === edit || !isEdit(hop);
    return BESIDE.has(part) || (part === 'gateway' && !ok);
  });
  return [...own, ...beside].sort((a, b) => a.at - b.at);
}

const answeredAt = (hops: readonly Hop[], committedAt: number): number =>
  hops.find((hop) => isAnswer(hop) && hop.at >= committedAt)?.at ?? Number.POSITIVE_INFINITY;

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
