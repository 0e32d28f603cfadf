import type { AuditEntry } from '../../../contract/audit.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { Operation, OperationState } from '../../../contract/operation.ts';
import type { OperationRecord, ServiceState } from '../model/service-state.ts';
import { describeOperation, type OperationFacts } from '../words/operation-words.ts';

/** How far the current operation of a service has come. */
export function currentState(state: ServiceState): OperationState {
  if (state.proof.state === 'verified') return 'verified';
  return state.targets.every((target) => target.state === 'accepted') ? 'accepted' : 'pending';
}

/** The record of the operation that a state item embeds. */
export function currentRecord(state: ServiceState, service: string): OperationRecord | undefined {
  const { operation } = state;
  if (!operation) return undefined;
  return {
    operationId: operation.request.operationId,
    service,
    fingerprint: operation.fingerprint,
    state: currentState(state),
    version: state.version,
    request: operation.request,
    revision: state.revision,
    changed: operation.changed,
    committedAt: operation.committedAt,
    acceptedAt: operation.acceptedAt,
    targets: state.targets,
    proof: state.proof,
  };
}

/** What the embedded operation comes to when `next` takes its place. */
export function overtakenRecord(state: ServiceState, service: string, next: ServiceState): OperationRecord | undefined {
  const record = currentRecord(state, service);
  if (!record) return undefined;
  // As new as the commit that overtakes it: what was known before must not be written over it.
  const version = state.version + 1;
  if (record.state === 'verified' || next.revision === state.revision) return { ...record, version };
  const by = next.operation?.request;
  const supersededBy = by && { operationId: by.operationId, step: by.source.step, by: by.requestedBy };
  return { ...record, version, state: 'superseded', supersededBy };
}

/**
 * A stored record as it stands now. Operations that found the service already so share a revision, so what is known of
 * the revision holds for each of them.
 */
export function asOfNow(stored: OperationRecord, state: ServiceState): OperationRecord {
  const embedded = currentRecord(state, stored.service);
  if (embedded?.operationId === stored.operationId) return embedded;
  // Overtaken a moment ago: what it came to may not be written under its own id yet.
  const isFresher = state.overtaken?.operationId === stored.operationId && stored.version < state.overtaken.version;
  const record = isFresher ? (state.overtaken as OperationRecord) : stored;
  if (record.state !== 'pending' && record.state !== 'accepted') return record;
  if (record.revision < state.revision) return { ...record, state: 'superseded' };
  return {
    ...record,
    state: currentState(state),
    targets: state.targets,
    proof: state.proof,
    acceptedAt: state.operation?.acceptedAt,
  };
}

const utc = (iso: string): string => (iso ? `${iso.slice(11, 19)} UTC` : 'just now');

/** A record as the API tells it. */
export function report(record: OperationRecord, title: string): Operation {
  const { request, proof, state } = record;
  const { firstAgreedAt: _first, leaseUntil: _lease, ...told } = proof;
  const facts: OperationFacts = {
    operationId: record.operationId,
    service: record.service,
    title,
    action: request.action,
    mode: MOVES[request.action].to,
    state: state === 'received' ? 'pending' : state,
    changed: record.changed,
    revision: record.revision,
    requestedBy: request.requestedBy,
    requestedAt: request.requestedAt,
    committedAt: record.committedAt,
    acceptedAt: record.acceptedAt,
    verifiedAt: proof.verifiedAt,
    plannedEnd: request.plannedEnd,
    reason: request.reason,
    dryRun: request.dryRun,
    source: request.source,
    targets: [...record.targets],
    proof: told,
    supersededBy: record.supersededBy,
    problem: record.problem && { code: record.problem.code, message: record.problem.message },
  };
  return { ...facts, message: describeOperation(facts, { formatTime: utc }) };
}

/** The one audit entry of an operation: its key never changes, so it is completed, never doubled. */
export function auditOf(record: OperationRecord, title: string, at: string): AuditEntry {
  const told = report(record, title);
  return {
    service: record.service,
    revision: record.revision,
    operationId: record.operationId,
    kind: 'operation',
    action: told.action,
    mode: told.mode,
    state: told.state,
    changed: told.changed,
    takeOver: record.request.takeOver,
    by: told.requestedBy,
    source: told.source,
    at: record.committedAt ?? at,
    acceptedAt: told.acceptedAt,
    verifiedAt: told.verifiedAt,
    allowlist: record.request.allowlist,
    reason: told.reason,
    problem: told.problem,
    message: told.message,
  };
}
