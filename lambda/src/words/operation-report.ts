import type { AuditEntry } from '../../../contract/audit.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import type { OperationRecord } from '../model/operation-record.ts';
import { describeOperation, type OperationFacts } from './operation-words.ts';
import { secondUtc } from './times.ts';

/** A record as the API tells it. */
export function report(record: OperationRecord, title: string): Operation {
  const { request, proof, state } = record;
  const { runs: _runs, leaseUntil: _lease, ...told } = proof;
  const facts: OperationFacts = {
    operationId: record.operationId,
    service: record.service,
    title,
    action: request.action,
    mode: MOVES[request.action].to,
    state,
    changed: record.changed,
    revision: record.revision,
    requestedBy: request.requestedBy,
    requestedAt: request.requestedAt,
    committedAt: record.committedAt,
    acceptedAt: record.acceptedAt,
    verifiedAt: proof.verifiedAt,
    plannedEnd: request.plannedEnd,
    reason: request.reason,
    source: request.source,
    targets: [...record.targets],
    proof: told,
    supersededBy: record.supersededBy,
    problem: record.problem && { code: record.problem.code, message: record.problem.message },
  };
  const again = againAfter(record);
  return { ...facts, ...(again ? { again } : {}), message: describeOperation(facts, { formatTime: secondUtc }) };
}

/** Milliseconds. Between two parts of one proof: the answer itself takes the seconds that the probes take. */
const PROVING_MS = 250;
/** While WAF has not taken it, or while somebody else probes. */
const WAITING_MS = 2_000;

function againAfter({ state, proof }: OperationRecord): Operation['again'] {
  if (state === 'pending') return { afterMs: WAITING_MS };
  if (state !== 'accepted' || proof.state !== 'proving') return undefined;
  return { afterMs: proof.leaseUntil === undefined ? PROVING_MS : WAITING_MS };
}

/** The audit entry of an operation, as far as it has come. @param at - For a refusal: when that was. */
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
    ...(record.proof.state === 'none' ? { unchecked: true } : {}),
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
