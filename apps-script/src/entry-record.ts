import type { OperationRequest } from '../../contract/operation.ts';

/**
 * What the outbox keeps of an operation from the moment a person was seen to set Go until its end is in the row:
 * whoever wakes up next can finish it from this alone.
 */
export interface OutboxEntry {
  readonly id: string;
  /** `claiming`: nothing was sent yet, only a person's authority is kept. `sent`: the request may have arrived. */
  readonly phase: 'claiming' | 'sent';
  readonly environment: string;
  readonly spreadsheetId: string;
  readonly step: string;
  readonly service: string;
  readonly action: string;
  readonly plannedStart: string;
  readonly requestedBy: string;
  /** The exact bytes: a resend is the same request. Blank if the entry was adopted from a row. */
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Only as long as this after the event may a Go still be claimed in its person's name. */
export const AUTHORITY_MS = 2 * 60_000;
/** The API takes no more characters for a step. */
const LONGEST_STEP = 64;

export interface NewEntry extends Omit<OutboxEntry, 'body' | 'phase'> {
  readonly request: Pick<OperationRequest, 'service' | 'action'>;
}

export function createEntry({ request, ...entry }: NewEntry): OutboxEntry {
  const { id, requestedBy, spreadsheetId, step, at } = entry;
  const body: OperationRequest = {
    operationId: id,
    service: request.service,
    action: request.action,
    requestedBy,
    requestedAt: new Date(at).toISOString(),
    source: { kind: 'sheet', spreadsheetId, step: step.slice(0, LONGEST_STEP) || '-' },
  };
  return { ...entry, phase: 'claiming', body: JSON.stringify(body) };
}
