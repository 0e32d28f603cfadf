import type { EvidenceItem, Maker } from '../model/operation-record.ts';
import { isSameJson } from '../model/same-json.ts';
import {
  type Findings,
  NEVER_OPERATED,
  type Observed,
  type ServiceState,
  type WantedState,
} from '../model/service-state.ts';
import { EVIDENCE_PREFIX, evidenceKey, servicePk } from './keys.ts';
import type { Key, Table, Write } from './table.ts';

/** What is wanted of a service, what became of it, what was seen of it: three items, so that none fights another. */
export interface ServiceStates {
  state(service: string): Promise<ServiceState>;
  states(services: readonly string[]): Promise<ReadonlyMap<string, ServiceState>>;
  /** Names of those that were closed and are not known to be open again, in the config or not. */
  closedServices(): Promise<string[]>;
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
}

type StoredEvidence = EvidenceItem & { readonly version: number };

/** Findings count only under the decision that they were made under: a person's next one begins afresh. */
interface StoredObserved extends Omit<Observed, 'observedVersion'> {
  readonly version: number;
  /** The id of the operation that was current. */
  readonly decision?: string;
}

const STATE = 'STATE';
/** The state, what was seen, its evidence, and one that may be newer. */
const MOST_BESIDE = 4;
/** So many are read apart, in one round; more of them in batches, in two. */
const FEW = 4;
const stateKey = (service: string): Key => ({ pk: servicePk(service), sk: STATE });
const seenKey = (service: string): Key => ({ pk: servicePk(service), sk: 'SEEN' });

/** Found without knowing its name: the config may have lost it. */
const CLOSED = 'CLOSED';
const closedKey = (service: string): Key => ({ pk: CLOSED, sk: service });

export function createServiceStates(table: Table): ServiceStates {
  /** What belongs to a state lies beside it, and the newest evidence last: one read. */
  async function state(service: string): Promise<ServiceState> {
    const range = { from: EVIDENCE_PREFIX, to: STATE, newestFirst: true, most: MOST_BESIDE };
    const items = await table.query<object>(servicePk(service), range);
    const beside = new Map(items.map(({ sk, ...item }) => [sk, item]));
    const wanted = beside.get(STATE) as WantedState | undefined;
    const key = wanted?.evidence ? evidenceKey(service, wanted.evidence) : undefined;
    // An operation that is committed while they are read puts newer ones before it.
    const evidence = key && (beside.get(key.sk) ?? (await table.get<StoredEvidence>(key)));
    return compose(
      wanted,
      evidence as StoredEvidence | undefined,
      beside.get(seenKey(service).sk) as StoredObserved | undefined,
    );
  }

  async function states(services: readonly string[]): Promise<Map<string, ServiceState>> {
    const names = [...new Set(services)];
    if (names.length <= FEW)
      return new Map(await Promise.all(names.map(async (name) => [name, await state(name)] as const)));
    const found = await table.getAll<WantedState | StoredObserved>(
      names.flatMap((name) => [stateKey(name), seenKey(name)]),
    );
    const parts = names.map((name, at) => ({
      name,
      wanted: found[2 * at] as WantedState | undefined,
      observed: found[2 * at + 1] as StoredObserved | undefined,
    }));
    const proven = parts.flatMap(({ name, wanted }) => (wanted?.evidence ? [{ name, number: wanted.evidence }] : []));
    const evidence =
      proven.length === 0
        ? []
        : await table.getAll<StoredEvidence>(proven.map(({ name, number }) => evidenceKey(name, number)));
    const evidenceOf = new Map(proven.map(({ name }, at) => [name, evidence[at]]));
    return new Map(parts.map(({ name, wanted, observed }) => [name, compose(wanted, evidenceOf.get(name), observed)]));
  }

  return {
    states,

    async closedServices() {
      return (await table.query(CLOSED)).map(({ sk }) => sk);
    },

    state,

    async put(service, before, next, more = []) {
      const { stored, writes } = changes(service, before, next);
      if (writes.length + more.length === 0) return before;
      const done = await table.commit([...writes, ...more, ...closedWrites(service, before, next)]);
      return done.ok ? stored : undefined;
    },
  };
}

/** With the state, whose condition guards it. */
function closedWrites(service: string, { kept: before }: WantedState, { kept: next }: WantedState): Write[] {
  if (next && !before) return [{ put: { ...closedKey(service) }, label: 'closed' }];
  return before && !next ? [{ remove: closedKey(service), label: 'closed' }] : [];
}

const NO_FINDINGS: Findings = { drift: [], repairing: undefined, missed: undefined, seen: undefined };

function compose(
  wanted: WantedState | undefined,
  evidence: StoredEvidence | undefined,
  observed: StoredObserved | undefined,
): ServiceState {
  const { version: evidenceVersion = 0, maker: _maker, ...known } = evidence ?? {};
  const { version: observedVersion = 0, decision, ...seen } = observed ?? {};
  const isOfNow = decision === wanted?.operation?.request.operationId;
  return {
    ...NEVER_OPERATED,
    ...wanted,
    ...known,
    evidenceVersion,
    ...seen,
    ...(isOfNow ? {} : NO_FINDINGS),
    observedVersion,
  };
}

function partsOf(state: ServiceState) {
  const { targets, proof, acceptedAt, evidenceVersion: _one, ...withoutEvidence } = state;
  const { drift, repairing, missed, seen, alerted, observedVersion: _other, ...wanted } = withoutEvidence;
  const decision = state.operation?.request.operationId;
  const observed = { drift, repairing, missed, seen, alerted, decision };
  return { wanted, evidence: { targets, proof, acceptedAt }, observed };
}

const differs = (one: object, other: object): boolean => !isSameJson(one, other);
const ifVersion = (version: number) => (version === 0 ? 'absent' : version);

/** Each part is written alone, on condition that nobody else has written that part. */
function changes(service: string, before: ServiceState, next: ServiceState) {
  const [old, fresh] = [partsOf(before), partsOf(next)];
  const writes: Write[] = [];
  let stored = next;
  const isNewWish = differs(old.wanted, fresh.wanted);
  if (isNewWish) {
    const version = before.version + 1;
    writes.push({
      put: { ...stateKey(service), ...fresh.wanted, version },
      ifVersion: ifVersion(before.version),
      label: 'state',
    });
    stored = { ...stored, version };
  }
  const isNewEvidence = next.evidence !== before.evidence;
  if (isNewEvidence || differs(old.evidence, fresh.evidence)) {
    const version = isNewEvidence ? 1 : before.evidenceVersion + 1;
    writes.push({
      put: { ...evidenceKey(service, next.evidence), ...fresh.evidence, maker: makerOf(next), version },
      ifVersion: isNewEvidence ? 'absent' : ifVersion(before.evidenceVersion),
      label: 'proof',
    });
    // What was learned of a wanted state counts only while it is wanted.
    if (!isNewWish && before.version > 0) {
      writes.push({ check: stateKey(service), ifVersion: before.version, label: 'state' });
    }
    stored = { ...stored, evidenceVersion: version };
  }
  // A new decision makes old findings void by itself: an operation need not wait for a probe run that is writing some.
  const isNewDecision = old.observed.decision !== fresh.observed.decision;
  const known = isNewDecision
    ? { ...NO_FINDINGS, alerted: before.alerted, decision: fresh.observed.decision }
    : old.observed;
  if (differs(known, fresh.observed)) {
    const version = before.observedVersion + 1;
    writes.push({
      put: { ...seenKey(service), ...fresh.observed, version },
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
