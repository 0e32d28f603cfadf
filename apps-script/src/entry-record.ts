import type { OperationRequest } from '../../contract/operation.ts';

/**
 * What the outbox keeps of an operation from the moment a person was seen to set Go until its end is in the row:
 * whoever wakes up next can finish it from this alone.
 */
export interface OutboxEntry {
  readonly id: string;
  readonly environment: string;
  readonly spreadsheetId: string;
  readonly step: string;
  readonly service: string;
  readonly action: string;
  readonly plannedStart: string;
  readonly requestedBy: string;
  /** The exact bytes: a resend is the same request. */
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Only as long as this after the event may a Go still be claimed in its person's name. */
export const AUTHORITY_MS = 2 * 60_000;

export interface NewEntry extends Omit<OutboxEntry, 'body' | 'id'> {
  readonly id: string;
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
    source: { kind: 'sheet', spreadsheetId, step: step || '-' },
  };
  return { ...entry, body: JSON.stringify(body) };
}
