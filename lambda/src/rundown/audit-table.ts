import type { AuditEntry } from '../../../contract/audit.ts';
import type { Table, TableCell } from '../../../contract/sync-answer.ts';
import type { StepRecord } from '../model/rundown-record.ts';
import { detailsOf, lateness, outcomeWords, spell, whatWords } from '../words/audit-words.ts';
import { instantOf } from './plan/row.ts';

/** The tab Audit: one line for each thing that happened and has come to its end. Pure. */

const AUDIT_HEADERS = [
  'At',
  'Who',
  'What',
  'Service',
  'Step',
  'Outcome',
  'Took',
  'Planned',
  'Late by',
  'Details',
  'Operation',
];

/** Nothing more is expected of an operation that was not proven in a day. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;
/** A sheet with more lines is slow to open; the API has them all. */
const MOST_LINES = 500;
const SECOND_MS = 1_000;

/** Services that a sheet did something to, and when it first did. @param own - Its entries, oldest first. */
export function touchedBy(own: readonly AuditEntry[]): Map<string, string> {
  const touched = new Map<string, string>();
  for (const { service, at, state, kind } of own) {
    if (state !== 'refused' && kind !== 'rehearsal' && !touched.has(service)) touched.set(service, at);
  }
  return touched;
}

/**
 * Its own operations; and what happened to its services that no other sheet asked for, or that took them over.
 * @param ofServices - Since it first did something to them.
 */
export function entriesOf(
  spreadsheetId: string,
  own: readonly AuditEntry[],
  ofServices: readonly AuditEntry[],
): AuditEntry[] {
  const others = ofServices.filter(
    ({ source, takeOver }) =>
      source?.spreadsheetId === undefined || (source.spreadsheetId !== spreadsheetId && takeOver === true),
  );
  return [...own, ...others].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

export function auditTable(entries: readonly AuditEntry[], steps: readonly StepRecord[], now: number): Table {
  const ended = entries.filter((entry) => hasEnded(entry, now));
  return { headers: AUDIT_HEADERS, rows: ended.slice(-MOST_LINES).map((entry) => lineOf(entry, steps)) };
}

/** An operation is told once, when it has ended; or when a day has passed. */
const hasEnded = ({ kind, state, unchecked, at }: AuditEntry, now: number): boolean =>
  kind !== 'operation' ||
  (state !== 'pending' && (state !== 'accepted' || unchecked === true)) ||
  now - Date.parse(at) > LONGEST_WAIT_MS;

function lineOf(entry: AuditEntry, steps: readonly StepRecord[]): TableCell[] {
  const { operationId, service, by, source, at, verifiedAt, changed, plannedAt } = entry;
  const planned = plannedAt === undefined ? plannedOf(entry, steps) : Date.parse(plannedAt);
  const isLate = planned !== undefined && entry.kind === 'operation';
  return [
    toSecond(Date.parse(at)),
    by,
    whatWords(entry),
    service,
    source?.step ?? (source?.kind === 'sheet' ? '' : (source?.kind ?? '')),
    outcomeWords(entry),
    verifiedAt === undefined || changed === false ? '' : spell(Date.parse(verifiedAt) - Date.parse(at)),
    planned === undefined ? '' : toSecond(planned),
    isLate ? lateness(Date.parse(at) - planned) : '',
    detailsOf(entry),
    NO_OPERATION.includes(entry.kind) ? '' : operationId,
  ];
}

/** Nothing was run, under no id. */
const NO_OPERATION: readonly AuditEntry['kind'][] = ['not-run', 'hand', 'rehearsal'];

/** When its step was planned; of a step that is gone from the rundown nobody knows. */
function plannedOf({ operationId, source }: AuditEntry, steps: readonly StepRecord[]): number | undefined {
  if (source?.kind !== 'sheet') return undefined;
  const own = steps.find(({ run }) => run?.operations.some((one) => one.operationId === operationId));
  const step = own ?? steps.find(({ seen }) => seen.step !== '' && seen.step === source.step);
  return step && instantOf(step.seen.plannedStart);
}

/** A cell keeps no more of a time. */
const toSecond = (at: number): { at: string } => ({
  at: new Date(Math.floor(at / SECOND_MS) * SECOND_MS).toISOString(),
});
