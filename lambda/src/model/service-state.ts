import type { AllowlistEntry } from '../../../contract/allowlist.ts';
import type { AuditEntry } from '../../../contract/audit.ts';
import type { Mode } from '../../../contract/modes.ts';
import type { Operation, OperationRequest, Proof, TargetState } from '../../../contract/operation.ts';
import type { Problem } from '../../../contract/problem.ts';
import type { Drift, Holder, Seen } from '../../../contract/services.ts';
import type { Notice } from '../notify/sns.ts';

/** Proof with what is needed to carry on proving. */
export interface ProofState extends Proof {
  /** The first run of an unbroken run of agreement. */
  readonly firstAgreedAt?: string;
  /** Until then one execution is probing, and others take the last result. */
  readonly leaseUntil?: string;
}

export interface CurrentOperation {
  readonly request: OperationRequest;
  readonly fingerprint: string;
  readonly committedAt: string;
  /** False if the service was already so: then it shares the revision of the one that made it so. */
  readonly changed: boolean;
  readonly acceptedAt?: string;
  /** Ids of earlier, still unproven operations that wanted the same: what proves this one proves them. */
  readonly sharers?: readonly string[];
}

/** Something that happened, until it is written into the audit and told. */
export interface ServiceEvent {
  /** One of its kind: for the same id the newer one counts. */
  readonly id: string;
  readonly audit?: AuditEntry;
  readonly notice?: Notice;
}

/** The last look at a closed service from outside. */
export interface SeenState extends Seen {
  /** Targets whose probes got in. */
  readonly open: readonly string[];
}

/** The wanted state of one service: the only commit point (DESIGN D4). */
export interface ServiceState {
  /** Grows with every write of the item: the optimistic lock. 0 = never written. */
  readonly version: number;
  /** Grows when mode or parameters change; what `x-maintenance-mode` shows. */
  readonly revision: number;
  readonly mode: Mode;
  readonly plannedEnd?: string;
  /** Who is let in while the mode is `maintenance-allowlist`, besides the config's permanent ranges. */
  readonly allowlist: readonly AllowlistEntry[];
  readonly since?: string;
  readonly by?: string;
  readonly holder?: Holder;
  readonly operation?: CurrentOperation;
  /** What the operation before came to, until it is written under its own id. */
  readonly overtaken?: OperationRecord;
  /** Ids of operations that end as that one does. */
  readonly overtakenSharers?: readonly string[];
  readonly targets: readonly TargetState[];
  readonly proof: ProofState;
  readonly drift: readonly Drift[];
  /** Targets that somebody changed and that are being put back; noted first, so that a repair is never silent. */
  readonly repairing?: readonly string[];
  readonly seen?: SeenState;
  /** The time that the last adopted direct write was stamped with, by a clock that may be ahead of ours. */
  readonly adopted?: string;
  /** When that was, by ours. */
  readonly adoptedAt?: string;
  readonly events?: readonly ServiceEvent[];
  /** By condition that lasts, when people were last told of it. */
  readonly told?: Readonly<Record<string, string>>;
}

export const NO_PROOF: ProofState = { state: 'proving', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 };

export const NEVER_OPERATED: ServiceState = {
  version: 0,
  revision: 0,
  mode: 'normal',
  allowlist: [],
  targets: [],
  proof: NO_PROOF,
  drift: [],
};

/** What is kept of an operation under its own id. `received` claims nothing: it only reserves the id. */
export interface OperationRecord {
  readonly operationId: string;
  readonly service: string;
  readonly fingerprint: string;
  readonly state: Operation['state'] | 'received';
  /** Of the service's state item when this was written: a later record replaces an earlier one, never backwards. */
  readonly version: number;
  readonly request: OperationRequest;
  readonly revision: number;
  readonly changed: boolean;
  readonly committedAt?: string;
  readonly acceptedAt?: string;
  readonly targets: readonly TargetState[];
  readonly proof: ProofState;
  readonly supersededBy?: Operation['supersededBy'];
  readonly problem?: Problem;
}
