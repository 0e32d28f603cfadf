import type { AuditEntry } from '../../../contract/audit.ts';
import { MOVES } from '../../../contract/modes.ts';

/** What the tab Audit says of an entry. */

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

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
  unreadable: 'Firewall not readable',
  armed: 'Armed',
  moved: 'Moved',
  disarmed: 'Disarmed',
  'not-run': 'Not run',
  hand: 'Done by hand',
  rehearsal: 'Rehearsed',
  'not-admitted': 'Not let in',
  'repair-paused': 'Repairs paused',
};

export const whatWords = ({ kind, action }: AuditEntry): string =>
  kind === 'operation' && action ? MOVES[action].title : KINDS[kind];

export function outcomeWords({ state, changed, unchecked }: AuditEntry): string {
  if (state === undefined) return '';
  if (state === 'accepted' && unchecked) return 'Accepted';
  return `${OUTCOMES[state]}${changed === false && state === 'verified' ? ' (so already)' : ''}`;
}

export const detailsOf = ({ message, reason }: AuditEntry): string =>
  reason ? `${message} Reason: ${reason}` : message;

/** @param ms - At least 0. */
export function spell(ms: number): string {
  const seconds = Math.round(ms / SECOND_MS);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(ms / MINUTE_MS);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const lateness = (ms: number): string =>
  Math.abs(ms) < MINUTE_MS ? 'on time' : `${spell(Math.abs(ms))} ${ms < 0 ? 'early' : 'late'}`;
