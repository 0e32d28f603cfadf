import type { AuditEntry } from '../../../contract/audit.ts';
import {
  asItStands,
  type EvidenceItem,
  type Maker,
  type OperationRecord,
  type StoredOperation,
} from '../model/operation-record.ts';
import { NEVER_OPERATED, type Observed, type ServiceState, type WantedState } from '../model/service-state.ts';
import { stableJson } from '../model/stable-json.ts';
import { auditOf } from '../words/operation-report.ts';
import { AUDIT_PREFIX, auditOfServiceKey, auditOfSheetKey, auditWrites, type StoredEntry } from './audit.ts';
import { stepItemKey } from './keys.ts';
import type { Key, Table, Write } from './table.ts';

/** Services, their operations and the audit. */
export interface Store {
  state(service: string): Promise<ServiceState>;
  states(services: readonly string[]): Promise<ReadonlyMap<string, ServiceState>>;
  /**
   * Writes what differs, if nobody else has written that since; `more` in the same transaction.
   * @returns What is stored now, or undefined if a condition failed.
   */
  put(
    service: string,
    before: ServiceState,
    next: ServiceState,
    more?: readonly Write[],
  ): Promise<ServiceState | undefined>;
  operation(operationId: string): Promise<OperationRecord | undefined>;
  operations(operationIds: readonly string[]): Promise<(OperationRecord | undefined)[]>;
  /** Stores a refusal with its audit, unless the id is known. @returns What is stored under the id now. */
  refuse(refusal: StoredOperation, audit: AuditEntry, more?: readonly Write[]): Promise<OperationRecord | undefined>;
  /** Whether a step of a rundown still asks for this operation. */
  isIntended(spreadsheetId: string, stepKey: string, operationId: string): Promise<boolean>;
  putAudit(entry: AuditEntry): Promise<void>;
  /** Newest first, down to `since` (ISO), `most` of them. */
  audit(service: string, since: string, most: number): Promise<AuditEntry[]>;
  /** Of one release sheet, oldest first. */
  auditOfSheet(spreadsheetId: string): Promise<AuditEntry[]>;
}

const serviceKey = (service: string, sk: string): Key => ({ pk: auditOfServiceKey(service), sk });
const evidenceKey = (service: string, number: number): Key =>
  serviceKey(service, `PROOF#${String(number).padStart(EVIDENCE_DIGITS, '0')}`);
const operationKey = (id: string): Key => ({ pk: `OPERATION#${id}`, sk: 'OPERATION' });
const EVIDENCE_DIGITS = 8;
const STATE = 'STATE';
const SEEN = 'SEEN';

/** What an operation's commit writes besides the state. */
export const operationWrite = (operation: StoredOperation): Write => ({
  put: { ...operationKey(operation.operationId), ...operation },
  ifVersion: 'absent',
  label: 'operation',
});

type StoredEvidence = EvidenceItem & { readonly version: number };
type StoredObserved = Omit<Observed, 'observedVersion'> & { readonly version: number };

export function createStore(table: Table): Store {
  async function states(services: readonly string[]): Promise<Map<string, ServiceState>> {
    const names = [...new Set(services)];
    const found = await table.getAll<WantedState | StoredObserved>(
      names.flatMap((name) => [serviceKey(name, STATE), serviceKey(name, SEEN)]),
    );
    const wanted = names.map((_name, at) => found[2 * at] as WantedState | undefined);
    const observed = names.map((_name, at) => found[2 * at + 1] as StoredObserved | undefined);
    const asked = names.flatMap((name, at) => (wanted[at]?.evidence ? [evidenceKey(name, wanted[at].evidence)] : []));
    const evidence = asked.length === 0 ? [] : await table.getAll<StoredEvidence>(asked);
    return new Map(
      names.map((name, at) => {
        const own = wanted[at]?.evidence
          ? evidence[asked.findIndex(({ pk }) => pk === serviceKey(name, '').pk)]
          : undefined;
        return [name, compose(wanted[at], own, observed[at])];
      }),
    );
  }

  /** How operations stand now: their own evidence, and that of what came after. */
  async function resolved(stored: readonly StoredOperation[]): Promise<OperationRecord[]> {
    const keysOf = ({ service, evidence }: StoredOperation) =>
      evidence === 0 ? [] : [evidenceKey(service, evidence), evidenceKey(service, evidence + 1)];
    const keys = stored.flatMap(keysOf);
    const items = keys.length === 0 ? [] : await table.getAll<StoredEvidence>(keys);
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
    return found.map((one) => one && records.find(({ operationId }) => operationId === one.operationId));
  }

  /** With how each operation has ended by now. */
  async function told(entries: readonly StoredEntry[]): Promise<AuditEntry[]> {
    const asked = entries.filter(({ kind, evidence = 0 }) => kind === 'operation' && evidence > 0);
    const found = await operations(asked.map(({ operationId }) => operationId));
    const byId = new Map(found.flatMap((record) => (record ? [[record.operationId, record] as const] : [])));
    return entries.map(({ evidence: _evidence, title, ...entry }) => {
      const record = entry.kind === 'operation' ? byId.get(entry.operationId) : undefined;
      return record ? auditOf(record, title ?? entry.service, entry.at) : entry;
    });
  }

  return {
    async state(service) {
      return (await states([service])).get(service) ?? NEVER_OPERATED;
    },
    states,

    async put(service, before, next, more = []) {
      const { stored, writes } = changes(service, before, next);
      if (writes.length + more.length === 0) return before;
      const done = await table.commit([...writes, ...more]);
      return done.ok ? stored : undefined;
    },

    async operation(id) {
      return (await operations([id]))[0];
    },
    operations,

    async refuse(refusal, audit, more = []) {
      const done = await table.commit([operationWrite(refusal), ...auditWrites(audit), ...more]);
      return done.ok ? asItStands(refusal) : (await operations([refusal.operationId]))[0];
    },

    async isIntended(spreadsheetId, stepKey, operationId) {
      const step = await table.get<{ intents?: Record<string, unknown> }>(stepItemKey(spreadsheetId, stepKey));
      return step?.intents?.[operationId] !== undefined;
    },

    async putAudit(entry) {
      await table.commit(auditWrites(entry));
    },

    async audit(service, since, most) {
      const options = { prefix: AUDIT_PREFIX, from: since, newestFirst: true, most };
      const items = await table.query<StoredEntry>(auditOfServiceKey(service), options);
      return told(items.map(withoutSortKey));
    },

    async auditOfSheet(spreadsheetId) {
      const items = await table.query<StoredEntry>(auditOfSheetKey(spreadsheetId), { prefix: AUDIT_PREFIX });
      return told(items.map(withoutSortKey));
    },
  };
}

const withoutSortKey = ({ sk: _sk, ...entry }: StoredEntry & { readonly sk: string }): StoredEntry => entry;

function compose(
  wanted: WantedState | undefined,
  evidence: StoredEvidence | undefined,
  observed: StoredObserved | undefined,
): ServiceState {
  if (!wanted) {
    const { version = 0, ...seen } = observed ?? {};
    return { ...NEVER_OPERATED, ...seen, observedVersion: version };
  }
  const { version: evidenceVersion = 0, maker: _maker, ...known } = evidence ?? {};
  const { version: observedVersion = 0, ...seen } = observed ?? {};
  return {
    ...NEVER_OPERATED,
    ...wanted,
    ...known,
    evidenceVersion,
    ...seen,
    observedVersion,
  };
}

function partsOf(state: ServiceState) {
  const { targets, proof, acceptedAt, evidenceVersion: _one, ...withoutEvidence } = state;
  const { drift, repairing, seen, events, told, observedVersion: _other, ...wanted } = withoutEvidence;
  return { wanted, evidence: { targets, proof, acceptedAt }, observed: { drift, repairing, seen, events, told } };
}

/** Each part is written alone, on condition that nobody else has written that part. */
function changes(service: string, before: ServiceState, next: ServiceState) {
  const [old, fresh] = [partsOf(before), partsOf(next)];
  const writes: Write[] = [];
  let stored = next;
  const isOther = (one: object, other: object) => stableJson(one) !== stableJson(other);
  const ifVersion = (version: number) => (version === 0 ? 'absent' : version);
  const isNewEvidence = next.evidence !== before.evidence;
  // What was learned of a wanted state counts only while it is wanted.
  const isWanted = isOther(old.wanted, fresh.wanted);
  if (isWanted) {
    const version = before.version + 1;
    writes.push({
      put: { ...serviceKey(service, STATE), ...fresh.wanted, version },
      ifVersion: ifVersion(before.version),
      label: 'state',
    });
    stored = { ...stored, version };
  }
  if (isNewEvidence || isOther(old.evidence, fresh.evidence)) {
    const version = isNewEvidence ? 1 : before.evidenceVersion + 1;
    writes.push({
      put: { ...evidenceKey(service, next.evidence), ...fresh.evidence, maker: makerOf(next), version },
      ifVersion: isNewEvidence ? 'absent' : ifVersion(before.evidenceVersion),
      label: 'proof',
    });
    if (!isWanted && before.version > 0) {
      writes.push({ check: serviceKey(service, STATE), ifVersion: before.version, label: 'state' });
    }
    stored = { ...stored, evidenceVersion: version };
  }
  if (isOther(old.observed, fresh.observed)) {
    const version = before.observedVersion + 1;
    writes.push({
      put: { ...serviceKey(service, SEEN), ...fresh.observed, version },
      ifVersion: ifVersion(before.observedVersion),
      label: 'seen',
    });
    stored = { ...stored, observedVersion: version };
  }
  return { stored, writes };
}

function makerOf({ operation }: ServiceState): Maker {
  const { operationId = '', requestedBy = '', source } = operation?.request ?? {};
  return { operationId, by: requestedBy, ...(source?.step === undefined ? {} : { step: source.step }) };
}
