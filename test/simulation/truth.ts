import { MOVES } from '../../contract/modes.ts';
import type { EvidenceItem, OperationRecord } from '../../lambda/src/model/operation-record.ts';
import { agrees } from '../../lambda/src/proof/evidence.ts';
import { requiredRun, shareFor } from '../../lambda/src/proof/required-run.ts';
import type { Item } from '../../lambda/src/store/table.ts';

/** What must be so in the end, however something died on the way. Each function returns what is not so. */

/** A row as people read it. */
export interface Told {
  readonly step: string;
  readonly status: string;
  readonly result: string;
  readonly by: string;
  readonly operation: string;
}

type StoredOperation = Omit<OperationRecord, 'state'> & { readonly committedAt: string };

type Items = readonly Item[];

const under = (items: Items, prefix: string): Item[] => items.filter(({ pk }) => pk.startsWith(prefix));

/** What was committed, oldest first. */
export const committed = (items: Items): StoredOperation[] =>
  (under(items, 'OPERATION#') as unknown as StoredOperation[])
    .filter(({ problem }) => problem === undefined)
    .sort((a, b) => (a.committedAt < b.committedAt ? -1 : 1));

const evidenceOf = (items: Items, { service, evidence }: StoredOperation): EvidenceItem | undefined =>
  items.find(({ pk, sk }) => pk === `SERVICE#${service}` && sk === `PROOF#${String(evidence).padStart(8, '0')}`) as
    | EvidenceItem
    | undefined;

const isProven = (items: Items, operation: StoredOperation): boolean =>
  evidenceOf(items, operation)?.proof.state === 'verified';

/** The mode that was asked for last; undefined if nothing was. */
export const wantedMode = (items: Items, service: string) => {
  const last = committed(items).findLast((one) => one.service === service);
  return last && MOVES[last.request.action].to;
};

/** Each row says how its last run ended; and one that says nothing of a run has none. */
export function wrongRows(items: Items, rows: readonly Told[]): string[] {
  const all = committed(items);
  return rows.flatMap((row) => {
    const last = all.findLast(({ request }) => request.source.step === row.step);
    const isOf = (id: string) => id === row.operation || id.startsWith(`${row.operation}_`);
    const wrong = (why: string) => [`step ${row.step} says "${row.status}" (${row.result}): ${why}`];
    if (['Go', 'Running', 'Unproven'].includes(row.status)) return wrong('nothing is under way any more');
    if (/^(Sending|Starting)/.test(row.result)) return wrong('nothing is under way any more');
    if (!last) {
      if (row.status === 'Done') return wrong('nothing was run');
      return [];
    }
    const run = all.filter((one) => one.operationId.split('_')[0] === last.operationId.split('_')[0]);
    const status = run.every((one) => isProven(items, one)) ? 'Done' : 'Failed';
    if (row.status !== status) return wrong(`${last.operationId} came to ${status}`);
    if (!run.every(({ operationId }) => isOf(operationId)))
      return wrong(`it was ${last.operationId}, not ${row.operation}`);
    if (row.by !== last.request.requestedBy) return wrong(`it was by ${last.request.requestedBy}, not ${row.by}`);
    return [];
  });
}

const servicesOf = (run: unknown): string =>
  (run as { operations: { service: string }[] }).operations.map(({ service }) => service).join();

/** Only what was overtaken may be left unproven. */
export function leftOver(items: Items, now: number): string[] {
  const all = committed(items);
  const unproven = all.filter((one) => {
    const isLast = !all.some((other) => other.service === one.service && other.evidence > one.evidence);
    return isLast && !isProven(items, one);
  });
  const intents = under(items, 'RUNDOWN#').flatMap(({ intents = {} }) => Object.keys(intents as object));
  const running = under(items, 'RUNDOWN#').filter(({ run }) => run && !(run as { isOver: boolean }).isOver);
  const leases = under(items, 'SERVICE#').filter(({ proof }) => {
    const { leaseUntil } = (proof ?? {}) as { leaseUntil?: string };
    return leaseUntil !== undefined && Date.parse(leaseUntil) > now;
  });
  return [
    ...unproven.map(({ operationId }) => `${operationId} was never proven`),
    ...intents.map((id) => `${id} is still to be committed`),
    ...running.map(({ sk, run }) => `${sk} still runs: ${servicesOf(run)}`),
    ...leases.map(({ sk }) => `${sk} is still leased`),
    ...under(items, 'SLACK-RUNNING').map(({ sk }) => `${sk} still runs in Slack`),
    ...under(items, 'SLACK-NOTICES').map(({ sk }) => `the notice ${sk} was not told in Slack`),
    ...under(items, 'NOTICES').map(({ sk }) => `the notice ${sk} was not sent`),
    ...under(items, 'WAITING').flatMap(({ armed }) =>
      (armed as object[]).length === 0 ? ['a sheet still waits'] : [],
    ),
  ];
}

/** One entry of an operation in the audit of its service, one by time, and one in that of its sheet if it came from one. */
export function wrongAudit(items: Items): string[] {
  const operations = under(items, 'OPERATION#') as unknown as StoredOperation[];
  const entries = (prefix: string) =>
    under(items, prefix)
      .filter(({ sk, kind }) => sk.startsWith('AUDIT#') && kind === 'operation')
      .map(({ operationId, by }) => `${operationId} by ${by}`)
      .sort();
  const told = (some: readonly StoredOperation[]) =>
    some.map(({ operationId, request }) => `${operationId} by ${request.requestedBy}`).sort();
  const both = [
    ['SERVICE#', told(operations)],
    ['AUDIT-BY-TIME', told(operations)],
    ['SHEET-AUDIT#', told(operations.filter(({ request }) => request.source.kind === 'sheet'))],
  ] as const;
  return both.flatMap(([prefix, wanted]) => {
    const found = entries(prefix);
    return found.join() === wanted.join() ? [] : [`the audit of ${prefix} has ${found}; run was ${wanted}`];
  });
}

interface Probed {
  readonly service: string;
  readonly target: string;
  readonly at: number;
  readonly seen: Parameters<typeof agrees>[0];
}

/**
 * What is called verified was seen at each of its targets by as many probes as its claim asks for, since the last one that
 * saw otherwise.
 * @param targetsOf - Those of a service that are probed.
 */
export function unprovenClaims(
  items: Items,
  probed: readonly Probed[],
  targetsOf: (service: string) => readonly string[],
): string[] {
  const all = committed(items);
  return all.flatMap((operation) => {
    const { service, revision, operationId, request, evidence } = operation;
    // What found everything already so waits for the proof that was under way.
    const [first = operation] = all.filter((one) => one.service === service && one.evidence === evidence);
    const { committedAt } = first;
    const { verifiedAt } = evidenceOf(items, operation)?.proof ?? {};
    if (verifiedAt === undefined) return [];
    const wanted = { mode: MOVES[request.action].to, revision };
    const [from, to] = [Date.parse(committedAt), Date.parse(verifiedAt)];
    const own = probed.filter((one) => one.service === service && one.at >= from && one.at <= to);
    const disagreed = (one: Probed) => one.seen.kind !== 'unknown' && !agrees(one.seen, wanted);
    return targetsOf(service).flatMap((target) => {
      const seen = own.filter((one) => one.target === target);
      const agreed = seen.slice(seen.findLastIndex(disagreed) + 1).filter((one) => agrees(one.seen, wanted)).length;
      if (agreed >= requiredRun(shareFor(wanted.mode), 0)) return [];
      return [`${operationId} was called verified after ${agreed} probes of ${target} that agreed`];
    });
  });
}

/** Whoever set the cell asked for it. @param people - By step; several are divided by blanks. */
export function wrongPeople(items: Items, people: Readonly<Record<string, string>>): string[] {
  return committed(items).flatMap(({ operationId, request: { requestedBy, source } }) => {
    const wanted = people[source.step ?? ''];
    return wanted?.split(' ').includes(requestedBy)
      ? []
      : [`${operationId} is by ${requestedBy}; ${wanted ?? 'nobody'} set it`];
  });
}
