import type { AuditEntry } from '../../../contract/audit.ts';
import type { Write } from './table.ts';

/** The audit: one item for each thing that happened, never changed; those of a release sheet stand under it too. */

/** Refusals of services that do not exist are audited under a name that no service can have. */
export const UNKNOWN_SERVICE = '(unknown)';
export const AUDIT_PREFIX = 'AUDIT#';

/** What is stored of an entry; how its operation ended is looked up in the evidence. */
export interface StoredEntry extends AuditEntry {
  readonly evidence?: number;
  /** The service's name for people. */
  readonly title?: string;
}

export const auditOfServiceKey = (service: string): string => `SERVICE#${service}`;
export const auditOfSheetKey = (spreadsheetId: string): string => `SHEET-AUDIT#${spreadsheetId}`;

/** In the order of time; the same thing written twice is one item. */
const sortKey = ({ at, operationId, kind }: AuditEntry): string => `${AUDIT_PREFIX}${at}#${operationId}#${kind}`;

export function auditWrites(entry: StoredEntry): Write[] {
  const sk = sortKey(entry);
  const sheet = entry.source?.spreadsheetId;
  const of = (pk: string, label: string): Write => ({ put: { pk, sk, ...entry }, label });
  return [
    of(auditOfServiceKey(entry.service), 'audit'),
    ...(sheet === undefined ? [] : [of(auditOfSheetKey(sheet), 'audit of the sheet')]),
  ];
}
