import type { AuditEntry } from '../../../contract/audit.ts';
import type { OperationRecord } from '../model/operation-record.ts';
import { auditOf } from '../words/operation-report.ts';
import { servicePk } from './keys.ts';
import type { Table, Write } from './table.ts';

/** The audit: each thing that happened, never changed; it stands under its service, under its release sheet, and by time. */
export interface Audit {
  /** Newest first, down to `since` (ISO), `most` of them. */
  audit(service: string, since: string, most: number): Promise<AuditEntry[]>;
  /** Of all services: the newest `most` since then, oldest first. `found` is more than `most` if there are older ones. */
  auditOfAll(since: string, most: number): Promise<NewestEntries>;
  /** Writes down what nothing else was written with. */
  addAudit(entry: AuditEntry): Promise<void>;
  /** Of one release sheet, oldest first. */
  auditOfSheet(spreadsheetId: string): Promise<AuditEntry[]>;
}

export interface NewestEntries {
  readonly entries: readonly AuditEntry[];
  readonly found: number;
}

/** Refusals of services that do not exist are audited under a name that no service can have. */
export const UNKNOWN_SERVICE = '(unknown)';
const AUDIT_PREFIX = 'AUDIT#';
/** An index of our own: it is written in the same transaction, so that what is read by it is all that there is. */
const BY_TIME = 'AUDIT-BY-TIME';
/** A key has an end, and what somebody typed for a service may have none. */
const MOST_OF_NAME = 64;

const BY_TIME_LABEL = 'audit by time';
export const isByTime = ({ label }: Write): boolean => label === BY_TIME_LABEL;

/** What is stored of an entry; how its operation ended is looked up in the evidence. */
export interface StoredEntry extends AuditEntry {
  readonly evidence?: number;
  /** The service's name for people. */
  readonly title?: string;
}

const sheetPk = (spreadsheetId: string): string => `SHEET-AUDIT#${spreadsheetId}`;

/** In the order of time; the same thing written twice is one item. */
const sortKey = ({ at, operationId, kind }: AuditEntry): string => `${AUDIT_PREFIX}${at}#${operationId}#${kind}`;

export function auditWrites(entry: StoredEntry): Write[] {
  const sk = sortKey(entry);
  const sheet = entry.source?.spreadsheetId;
  const of = (pk: string, label: string): Write => ({ put: { pk, sk, ...entry }, label });
  return [
    of(servicePk(entry.service), 'audit'),
    { put: { pk: BY_TIME, sk: `${sk}#${entry.service.slice(0, MOST_OF_NAME)}`, ...entry }, label: BY_TIME_LABEL },
    ...(sheet === undefined ? [] : [of(sheetPk(sheet), 'audit of the sheet')]),
  ];
}

/** @param operations - As they stand, by id. */
export function createAudit(
  table: Table,
  operations: (ids: readonly string[]) => Promise<(OperationRecord | undefined)[]>,
): Audit {
  /** With how each operation has ended by now. */
  async function completed(entries: readonly StoredEntry[]): Promise<AuditEntry[]> {
    const committed = entries.filter(({ kind, evidence = 0 }) => kind === 'operation' && evidence > 0);
    const found = await operations(committed.map(({ operationId }) => operationId));
    const byId = new Map(found.flatMap((record) => (record ? [[record.operationId, record] as const] : [])));
    return entries.map(({ evidence: _evidence, title, ...entry }) => {
      const record = entry.kind === 'operation' ? byId.get(entry.operationId) : undefined;
      return record ? auditOf(record, title ?? entry.service, entry.at) : entry;
    });
  }

  async function stored(pk: string, since: string, most: number): Promise<StoredEntry[]> {
    const options = { prefix: AUDIT_PREFIX, from: since, newestFirst: true, most };
    return (await table.query<StoredEntry>(pk, options)).map(withoutSortKey);
  }

  return {
    audit: async (service, since, most) => completed(await stored(servicePk(service), since, most)),

    async auditOfAll(since, most) {
      const found = (await stored(BY_TIME, since, most + 1)).sort(oldestFirst);
      return { entries: await completed(found.slice(-most)), found: found.length };
    },

    async addAudit(entry) {
      await table.commit(auditWrites(entry));
    },

    async auditOfSheet(spreadsheetId) {
      const items = await table.query<StoredEntry>(sheetPk(spreadsheetId), { prefix: AUDIT_PREFIX });
      return completed(items.map(withoutSortKey));
    },
  };
}

const withoutSortKey = ({ sk: _sk, ...entry }: StoredEntry & { readonly sk: string }): StoredEntry => entry;

const oldestFirst = (a: AuditEntry, b: AuditEntry): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : a.revision - b.revision;
