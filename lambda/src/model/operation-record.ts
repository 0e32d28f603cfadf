import type { OperationRequest } from '../../../contract/operation.ts';
import type { Operation, TargetState } from '../../../contract/operation-answer.ts';
import type { Problem } from '../../../contract/problem.ts';
import { type CurrentOperation, NO_PROOF, type ProofState, type ServiceState, stateOf } from './service-state.ts';

/** What is kept of an operation under its own id: written once, with its commit or its refusal. */
export interface StoredOperation {
  readonly operationId: string;
  readonly service: string;
  readonly fingerprint: string;
  readonly request: OperationRequest;
  readonly revision: number;
  readonly changed: boolean;
  readonly committedAt?: string;
  /** What it came to stands there. 0 for a refusal. */
  readonly evidence: number;
  readonly problem?: Problem;
}

/** An operation as it stands now. */
export interface OperationRecord extends StoredOperation {
  readonly state: Operation['state'];
  readonly acceptedAt?: string;
  readonly targets: readonly TargetState[];
  readonly proof: ProofState;
  readonly supersededBy?: Operation['supersededBy'];
}

/** Who made a wanted state; kept with its evidence, so that a superseded operation can say by whom. */
export interface Maker {
  readonly operationId: string;
  readonly step?: string;
  readonly by: string;
}

export interface EvidenceItem {
  readonly acceptedAt?: string;
  readonly targets: readonly TargetState[];
  readonly proof: ProofState;
  readonly maker: Maker;
}

/** @param own - The evidence that it refers to. @param next - The evidence of whatever took its place, if anything has. */
export function asItStands(stored: StoredOperation, own?: EvidenceItem, next?: EvidenceItem): OperationRecord {
  if (stored.problem) return { ...stored, state: 'refused', targets: [], proof: NO_PROOF };
  const { targets = [], proof = NO_PROOF, acceptedAt } = own ?? {};
  const state = stateOf({ targets, proof });
  const known = { ...stored, targets, proof, acceptedAt };
  if (state === 'verified' || !next) return { ...known, state };
  return { ...known, state: 'superseded', supersededBy: next.maker };
}

/** The operation that a service's state embeds. */
export function currentOperation(
  state: ServiceState,
  service: string,
): (OperationRecord & Pick<CurrentOperation, 'committedAt'>) | undefined {
  const { operation, revision, evidence, targets, proof, acceptedAt } = state;
  if (!operation) return undefined;
  const { request, fingerprint, changed, committedAt } = operation;
  const { operationId } = request;
  const stored = { operationId, service, fingerprint, request, revision, changed, committedAt, evidence };
  return { ...stored, state: stateOf(state), targets, proof, acceptedAt };
}
