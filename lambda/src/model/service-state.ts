import type { ServiceConfig } from '../../../config/schema.ts';
import type { AllowlistEntry } from '../../../contract/allowlist.ts';
import type { Mode } from '../../../contract/modes.ts';
import type { OperationRequest, OperationState } from '../../../contract/operation.ts';
import type { Proof, TargetState } from '../../../contract/operation-answer.ts';
import type { Drift, Holder, Seen } from '../../../contract/services.ts';

/** What `proof/required-run` counts. */
export interface ProbeRun {
  readonly agreed: number;
  readonly unanswered: number;
  readonly tries: number;
}

/** Proof with what is needed to carry on proving. */
export interface ProofState extends Proof {
  /** By target, the probes since the last one that disagreed. */
  readonly runs?: Readonly<Record<string, ProbeRun>>;
  /** Until then one execution is probing, and others take the last result. */
  readonly leaseUntil?: string;
}

export interface CurrentOperation {
  readonly request: OperationRequest;
  readonly fingerprint: string;
  readonly committedAt: string;
  /** False if the service was already so: then it shares the revision of the one that made it so. */
  readonly changed: boolean;
}

/** A service that was opened by a person: what was armed before is not run any more. */
export interface Exited {
  readonly at: string;
  readonly by: string;
  /** In words: `step 8`. */
  readonly where: string;
  readonly spreadsheetId?: string;
}

/** An engineer works on the rules by hand. */
export interface RepairPause {
  readonly until: string;
  readonly by: string;
}

export const isRepairPaused = ({ repairPause }: Pick<WantedState, 'repairPause'>, now: number): boolean =>
  repairPause !== undefined && Date.parse(repairPause.until) > now;

/** What is wanted of a service: the only commit point (docs/architecture.md). */
export interface WantedState {
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
  /** Which evidence the current operation refers to. 0 = none yet. */
  readonly evidence: number;
  readonly exited?: Exited;
  /** The time that the last adopted direct write was stamped with, by a clock that may be ahead of ours. */
  readonly adopted?: string;
  /** When that was, by ours. */
  readonly adoptedAt?: string;
  /** An engineer works on its rules by hand: until then the reconciler leaves them alone. */
  readonly repairPause?: RepairPause | undefined;
  /** The service as it was when it was last set, from its closing until it is open again: the config may lose it. */
  readonly kept?: ServiceConfig | undefined;
}

/** What became of a wanted state: apart, so that probing never fights an abort. Operations refer to it by its number. */
export interface Evidence {
  readonly evidenceVersion: number;
  /** When WAF had taken it everywhere. */
  readonly acceptedAt?: string;
  readonly targets: readonly TargetState[];
  readonly proof: ProofState;
}

/** How a closed service was last seen from outside. */
export interface SeenState extends Seen {
  /** Targets whose probes got in, and not yet twice in a row. */
  readonly open: readonly string[];
}

/** What was found of a service since the last decision of a person; the next one makes it void. */
export interface Findings {
  readonly drift: readonly Drift[];
  /** Targets that somebody changed and that are being put back; noted first, so that a repair is never silent. */
  readonly repairing?: readonly string[];
  /** Targets that could not be read the last time: once may pass. */
  readonly missed?: readonly string[];
  readonly seen?: SeenState;
}

/** What the reconciler found out besides. */
export interface Observed extends Findings {
  readonly observedVersion: number;
  /** By condition that lasts, when people were last alerted. */
  readonly alerted?: Readonly<Record<string, string>>;
}

export interface ServiceState extends WantedState, Evidence, Observed {}

export const NO_PROOF: ProofState = { state: 'proving', probes: 0, agree: 0, disagree: 0, open: 0, unknown: 0 };

export const NEVER_OPERATED: ServiceState = {
  version: 0,
  revision: 0,
  mode: 'normal',
  allowlist: [],
  evidence: 0,
  evidenceVersion: 0,
  targets: [],
  proof: NO_PROOF,
  observedVersion: 0,
  drift: [],
};

/** How far a wanted state has come. */
export function stateOf({ proof, targets }: Pick<Evidence, 'proof' | 'targets'>): OperationState {
  if (proof.state === 'verified') return 'verified';
  return targets.every(({ state }) => state === 'accepted') ? 'accepted' : 'pending';
}
