import type { AuditEntry } from '../../../contract/audit.ts';
import { MOVES } from '../../../contract/modes.ts';
import { type CellValue, cellText, type Row } from '../rundown.ts';
import type { SheetNote } from './record.ts';
import { isDate } from './services-board.ts';

/** The tab Audit: one line for each thing that happened and has come to its end. Pure. */

export const AUDIT_HEADERS = {
  at: 'At',
  who: 'Who',
  what: 'What',
  service: 'Service',
  step: 'Step',
  outcome: 'Outcome',
  took: 'Took',
  planned: 'Planned',
  late: 'Late by',
  details: 'Details',
  operation: 'Operation',
} as const;
export type AuditColumn = keyof typeof AUDIT_HEADERS;
const COLUMNS = Object.keys(AUDIT_HEADERS) as AuditColumn[];
export type AuditLine = Readonly<Record<AuditColumn, CellValue>>;

/** Nothing more is expected of an operation that was not proven in a day. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Which sheet's audit, and what it has to do with. */
export interface Concern {
  readonly spreadsheetId: string;
  /** By service, when this sheet first did something to it. ISO 8601. */
  readonly touched: Readonly<Record<string, string>>;
}

/** Its own operations; and what happened to its services since then that no other sheet asked for, or that took them over. */
export function concerns({ service, source, at, takeOver }: AuditEntry, { spreadsheetId, touched }: Concern): boolean {
  if (source?.spreadsheetId === spreadsheetId) return true;
  const since = touched[service];
  if (since === undefined || at < since) return false;
  return source?.spreadsheetId === undefined || takeOver === true;
}

/** With what these entries add to it. */
export function touchedBy(
  entries: readonly AuditEntry[],
  spreadsheetId: string,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const touched = { ...before };
  for (const { source, service, at, state } of entries) {
    if (source?.spreadsheetId !== spreadsheetId || state === 'refused') continue;
    const known = touched[service];
    if (known === undefined || at < known) touched[service] = at;
  }
  return touched;
}

/** An operation is told once, when it has ended; or when a day has passed. */
export const hasEnded = ({ kind, state, at }: AuditEntry, now: number): boolean =>
  kind !== 'operation' || (state !== 'pending' && state !== 'accepted') || now - Date.parse(at) > LONGEST_WAIT_MS;

const OUTCOMES: Readonly<Record<NonNullable<AuditEntry['state']>, string>> = {
  verified: 'Done',
  refused: 'Refused',
  superseded: 'Superseded',
  accepted: 'Unproven',
  pending: 'Unproven',
};
const KINDS: Readonly<Record<AuditEntry['kind'], string>> = {
  operation: 'Operation',
  repair: 'Repair',
  replan: 'Planned end moved',
  expiry: 'Tester’s time ended',
  bypass: 'Visitors got past',
};

export function lineOf(entry: AuditEntry, rundown: readonly Row[]): AuditLine {
  const { operationId, service, action, by, source, at, verifiedAt, state, message, reason, changed } = entry;
  const planned = plannedOf(entry, rundown);
  const already = changed === false && state === 'verified' ? ' (so already)' : '';
  return {
    at: toSecond(Date.parse(at)),
    who: text(by),
    what: whatOf(entry.kind, action),
    service,
    step: text(source?.step ?? (source?.kind === 'sheet' ? '' : (source?.kind ?? ''))),
    outcome: state === undefined ? '' : `${OUTCOMES[state]}${already}`,
    took: verifiedAt === undefined || changed === false ? '' : spell(Date.parse(verifiedAt) - Date.parse(at)),
    planned: planned === undefined ? '' : toSecond(planned),
    late: planned === undefined ? '' : lateness(Date.parse(at) - planned),
    details: text(reason ? `${message} Reason: ${reason}` : message),
    operation: text(operationId),
  };
}

export function lineOfNote({ id, what, at, who, step, service, action, plannedAt, details }: SheetNote): AuditLine {
  return {
    at: toSecond(at),
    who: text(who),
    what,
    service: text(service),
    step: text(step),
    outcome: '',
    took: '',
    planned: plannedAt === undefined ? '' : toSecond(plannedAt),
    late: '',
    details: text(`${action}. ${details}`),
    operation: text(id),
  };
}

const whatOf = (kind: AuditEntry['kind'], action: AuditEntry['action']): string =>
  kind === 'operation' && action ? MOVES[action].title : KINDS[kind];

/** When its step was planned; of a step that is gone from the rundown nobody knows. */
function plannedOf({ operationId, source }: AuditEntry, rundown: readonly Row[]): number | undefined {
  if (source?.kind !== 'sheet') return undefined;
  const row = rundown.find(
    ({ operation }) => operation !== '' && (operation === operationId || operationId.startsWith(`${operation}_`)),
  );
  return (row ?? rundown.find(({ step }) => step !== '' && step === source.step))?.plannedAt;
}

/** A cell keeps no more of a time. */
const toSecond = (at: number): Date => new Date(Math.floor(at / SECOND_MS) * SECOND_MS);

/** What begins like a formula, a number or a date stays the text that it is. */
const text = (value: string): string => (/^[^A-Za-z]/.test(value) ? `'${value}` : value);

/** @param ms - At least 0. */
function spell(ms: number): string {
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(ms / MINUTE_MS);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function lateness(ms: number): string {
  const isEarly = ms < 0;
  return Math.abs(ms) < MINUTE_MS ? 'on time' : `${spell(Math.abs(ms))} ${isEarly ? 'early' : 'late'}`;
}

/**
 * What makes a line one of its kind. An operation has one line for each service, whatever it came to; an id is armed and
 * disarmed once, but it may be moved more than once.
 */
export function keyOf({ operation, service, what, at }: AuditLine): string {
  const parts = [plain(operation), plain(service), plain(what)];
  return (what === 'Moved' ? [...parts, plain(at)] : parts).join(' ');
}

/** As a cell tells it, whichever way it was written. */
function plain(value: unknown): string {
  if (isDate(value)) return new Date(Math.round(value.getTime() / SECOND_MS) * SECOND_MS).toISOString();
  return cellText(value).replace(/^'/, '');
}

export interface AuditTab {
  /** Zero-based; all are there. */
  readonly columns: Readonly<Record<AuditColumn, number>>;
  /** Those that say something. */
  readonly lines: readonly AuditLine[];
  /** The first row below everything that is written. */
  readonly next: number;
}

/** @returns undefined if a column is missing. */
export function readAudit(values: readonly (readonly unknown[])[]): AuditTab | undefined {
  const headers = (values[0] ?? []).map((header) => cellText(header).toLowerCase());
  const names = COLUMNS;
  const places = names.map((name) => [name, headers.indexOf(AUDIT_HEADERS[name].toLowerCase())] as const);
  if (places.some(([, place]) => place < 0)) return undefined;
  const columns = Object.fromEntries(places) as Record<AuditColumn, number>;
  const rows = values.slice(1).map((cells) => names.map((name) => cells[columns[name]]));
  const last = rows.map((cells) => cells.some((cell) => cellText(cell) !== '')).lastIndexOf(true);
  const filled = rows.filter((cells) => cells.some((cell) => cellText(cell) !== ''));
  const lines = filled.map(
    (cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])) as AuditLine,
  );
  return { columns, lines, next: last + 3 };
}

/** The same for the same lines in any order: sorting them changes nothing that they say. */
export const sumOf = (lines: readonly AuditLine[]): number =>
  lines.reduce((sum, line) => (sum + hash(COLUMNS.map((name) => plain(line[name])).join('\u0000'))) % 2 ** 32, 0);

/** FNV-1a. */
function hash(content: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < content.length; at += 1) {
    value = Math.imul(value ^ content.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}
