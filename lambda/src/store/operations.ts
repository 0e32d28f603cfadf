import type { AuditEntry } from '../../../contract/audit.ts';
import {
  asItStands,
  type EvidenceItem,
  type OperationRecord,
  type StoredOperation,
} from '../model/operation-record.ts';
import { auditOf } from '../words/operation-report.ts';
import { auditWrites } from './audit.ts';
import { evidenceKey, operationKey, stepItemKey } from './keys.ts';
import type { Table, Write } from './table.ts';

export interface Operations {
  operation(operationId: string): Promise<OperationRecord | undefined>;
  operations(operationIds: readonly string[]): Promise<(OperationRecord | undefined)[]>;
  /** Stores a refusal with its audit, unless the id is known. @returns What is stored under the id now. */
  refuse(refusal: StoredOperation, audit: AuditEntry, more?: readonly Write[]): Promise<OperationRecord | undefined>;
  /** Whether a step of a rundown still asks for this operation. */
  isIntended(intent: IntentPlace, operationId: string): Promise<boolean>;
}

/** What an operation's commit writes besides the state: itself, unless its id is known, and its audit entry. */
export function operationWrites(record: OperationRecord, title: string): Write[] {
  const { state: _state, targets: _targets, proof: _proof, acceptedAt: _at, supersededBy: _by, ...stored } = record;
  const entry = { ...auditOf(record, title, record.committedAt ?? ''), evidence: record.evidence, title };
  return [operationWrite(stored), ...auditWrites(entry)];
}

const operationWrite = (operation: StoredOperation): Write => ({
  put: { ...operationKey(operation.operationId), ...operation },
  ifVersion: 'absent',
  label: 'operation',
});

/** Where a rundown's step asks for an operation: the step keeps the intent until that is committed. */
export interface IntentPlace {
  readonly spreadsheetId: string;
  readonly stepKey: string;
}

/** Struck out of its step with the commit: nobody starts it twice, and what was given up is not started late. */
export function intentWrites(operationId: string, intent: IntentPlace | undefined): Write[] {
  if (!intent) return [];
  const path = ['intents', operationId];
  const update = stepItemKey(intent.spreadsheetId, intent.stepKey);
  return [{ update, unset: [path], ifExists: [path], add: { version: 1 }, label: 'intent' }];
}

export function createOperations(table: Table): Operations {
  /** How operations stand now: their own evidence, and that of what came after. */
  async function resolved(stored: readonly StoredOperation[]): Promise<OperationRecord[]> {
    const keysOf = ({ service, evidence }: StoredOperation) =>
      evidence === 0 ? [] : [evidenceKey(service, evidence), evidenceKey(service, evidence + 1)];
    const keys = stored.flatMap(keysOf);
    const items = keys.length === 0 ? [] : await table.getAll<EvidenceItem>(keys);
    const byKey = new Map(keys.map(({ pk, sk }, at) => [`${pk} ${sk}`, items[at]]));
    return stored.map((one) => {
      const [own, next] = keysOf(one).map(({ pk, sk }) => byKey.get(`${pk} ${sk}`));
      return asItStands(one, own, next);
    });
  }

  async function operations(ids: readonly string[]): Promise<(OperationRecord | undefined)[]> {
    if (ids.length === 0) return [];
    const found = await table.getAll<StoredOperation>(ids.map(operationKey));
    const records = await resolved(found.filter((one) => one !== undefined));
    const byId = new Map(records.map((record) => [record.operationId, record]));
    return found.map((one) => one && byId.get(one.operationId));
  }

  return {
    operations,

    async operation(id) {
      return (await operations([id]))[0];
    },

    async refuse(refusal, audit, more = []) {
      const done = await table.commit([operationWrite(refusal), ...auditWrites(audit), ...more]);
      return done.ok ? asItStands(refusal) : (await operations([refusal.operationId]))[0];
    },

    async isIntended({ spreadsheetId, stepKey }, operationId) {
      const step = await table.get<{ intents?: Record<string, unknown> }>(stepItemKey(spreadsheetId, stepKey));
      return step?.intents?.[operationId] !== undefined;
    },
  };
}
