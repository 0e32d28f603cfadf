import type { OperationRequest } from '../../contract/operation.ts';

/**
 * What the outbox keeps of an operation from the moment a person was seen to arm it or to set Go until its end is in the
 * row: whoever wakes up next can finish it from this alone.
 */
export interface OutboxEntry {
  readonly id: string;
  /** What its row carries, where that is not the id: a row that names a group has one operation for each member. */
  readonly rowId?: string | undefined;
  /**
   * `armed`: waits for its planned start. `claiming`: nothing was sent yet, only a person's authority is kept.
   * `sent`: the request may have arrived.
   */
  readonly phase: 'armed' | 'claiming' | 'sent';
  readonly environment: string;
  readonly spreadsheetId: string;
  /** Where its row is, if that is not the rundown. */
  readonly tab?: typeof PICKS_TAB | undefined;
  readonly step: string;
  readonly service: string;
  readonly action: string;
  readonly plannedStart: string;
  readonly requestedBy: string;
  /** The exact bytes: a resend is the same request. Blank while armed, and if the entry was adopted from a row. */
  readonly body: string;
  /** Milliseconds since the epoch: when Go was seen; when it is due, while armed. */
  readonly at: number;
  /** Armed no more: its row is still to be told. */
  readonly disarmed?: Disarmed | undefined;
  /** How a member of a group ended, until the others have ended too. */
  readonly ended?: MemberEnd | undefined;
}

export interface Disarmed {
  readonly why: string;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The operation that opens the service, as long as it is not known whether it was let in: until then it only waits. */
  readonly exit?: string | undefined;
}

export interface MemberEnd {
  readonly status: string;
  readonly result: string;
  readonly finished?: number | undefined;
}

/** Rows outside the rundown that run operations: those of the board, by *Do now*. */
export const PICKS_TAB = 'Services';

export const rowIdOf = ({ id, rowId }: Pick<OutboxEntry, 'id' | 'rowId'>): string => rowId ?? id;

/** Only as long as this after the event may a Go still be claimed in its person's name. */
export const AUTHORITY_MS = 2 * 60_000;
/** Whether its row may be told: it is known that the exit was let in, or nobody is left to find out. */
export const isSure = ({ exit, at }: Disarmed, now: number): boolean => exit === undefined || now - at > AUTHORITY_MS;

/** The API takes no more characters for a step. */
const LONGEST_STEP = 64;

/** Somebody who is let in, as `POST /operations` takes it. */
export interface AllowlistEntry {
  readonly range: string;
  readonly who?: string;
  /** ISO 8601. */
  readonly until?: string;
}

type Asked = Pick<OperationRequest, 'service' | 'action' | 'plannedEnd' | 'takeOver'> & {
  readonly allowlist?: readonly AllowlistEntry[];
};

export interface NewEntry extends Omit<OutboxEntry, 'body' | 'phase' | 'disarmed' | 'ended'> {
  readonly request: Asked;
}

export function createEntry({ request, ...entry }: NewEntry): OutboxEntry {
  const { id, requestedBy, spreadsheetId, step, at } = entry;
  const body: Asked & Omit<OperationRequest, keyof Asked> = {
    operationId: id,
    ...request,
    requestedBy,
    requestedAt: new Date(at).toISOString(),
    source: { kind: 'sheet', spreadsheetId, step: step.slice(0, LONGEST_STEP) || '-' },
  };
  return { ...entry, phase: 'claiming', body: JSON.stringify(body) };
}
