import type { ServiceStatus } from '../../../contract/services.ts';
import type { Table, TableCell } from '../../../contract/sync-answer.ts';
import { stepWords } from '../words/operation-words.ts';
import { knownOf, modeWord } from '../words/service-words.ts';

/** The tab Services: what is known of each service, in words. Pure. */

const SERVICES_HEADERS = [
  'Service',
  'Environment',
  'Mode',
  'Since',
  'Set by',
  'Held by',
  'What we know',
  'As of',
  'Good until',
];

export interface ServicesTableOptions {
  readonly environment: string;
  readonly spreadsheetId: string;
  readonly now: number;
  readonly goodUntil: string;
  /** Release sheets by their ids. */
  nameOf(spreadsheetId: string): string;
  formatTime(iso: string): string;
}

export const servicesTable = (statuses: readonly ServiceStatus[], options: ServicesTableOptions): Table => ({
  headers: SERVICES_HEADERS,
  key: 'Service',
  rows: statuses.map((status) => rowOf(status, options)),
});

function rowOf(status: ServiceStatus, options: ServicesTableOptions): TableCell[] {
  const { service, since, by, mode, plannedEnd, revision } = status;
  const { now, formatTime, environment, goodUntil } = options;
  const end = mode !== 'normal' && plannedEnd ? [endWords(plannedEnd, now, formatTime)] : [];
  return [
    service,
    environment,
    modeWord(status, now),
    since === undefined || revision === 0 ? '' : { at: new Date(since).toISOString() },
    by ?? '',
    mode === 'normal' ? '' : heldBy(status, options),
    [...knownOf(status, { now, formatTime }), ...end].join(' '),
    { at: new Date(now).toISOString() },
    { at: goodUntil },
  ];
}

const endWords = (plannedEnd: string, now: number, formatTime: (iso: string) => string): string =>
  Date.parse(plannedEnd) > now
    ? `Planned to open at ${formatTime(plannedEnd)}.`
    : `OVERDUE: it was planned to open at ${formatTime(plannedEnd)}.`;

function heldBy({ holder }: ServiceStatus, { spreadsheetId, nameOf }: ServicesTableOptions): string {
  if (!holder) return '';
  if (holder.spreadsheetId === undefined)
    return `${holder.by}, ${holder.kind === 'slack' ? 'from Slack' : 'not from a sheet'}`;
  const sheet = holder.spreadsheetId === spreadsheetId ? 'this sheet' : nameOf(holder.spreadsheetId);
  const where = holder.step === undefined ? sheet : `${stepWords(holder.step)} of ${sheet}`;
  return `${where[0]?.toUpperCase()}${where.slice(1)} (${holder.by})`;
}
