import { type ServiceConfig, targetName, titleOf } from '../../../config/schema.ts';
import type { Drift } from '../../../contract/services.ts';
import { NO_PROOF, type ServiceState } from '../model/service-state.ts';
import { auditWrites } from '../store/audit.ts';
import { noticeWrite, type WaitingNotice } from '../store/notices.ts';
import { updateWithRetry } from '../store/update-with-retry.ts';
import { type ConvergeDependencies, convergeTarget } from '../waf/converge.ts';
import type { Inspection } from '../waf/inspect.ts';
import { DRIFT_MESSAGES } from '../words/audit-messages.ts';
import { repairedNotice } from '../words/notice-words.ts';
import { type DeliverDependencies, deliver } from './deliver.ts';

export interface RepairDependencies extends ConvergeDependencies, DeliverDependencies {
  readonly store: ConvergeDependencies['store'] & DeliverDependencies['store'];
  readonly environment: string;
}

/** What is known of a target since a person last decided. */
type Known = 'as written' | 'repairing' | 'repaired' | 'contested';

interface Transition {
  /** Our rules are written again. */
  readonly isWritten: boolean;
  /** What is known of the target then; as before, if it is left out. */
  readonly becomes?: 'repaired' | 'contested';
}

const LEAVE: Transition = { isWritten: false };
const UPDATE: Transition = { isWritten: true };
const REPAIR: Transition = { isWritten: true, becomes: 'repaired' };
/** An execution put it back, and died before it could say so. */
const REPORT: Transition = { isWritten: false, becomes: 'repaired' };
const GIVE_WAY: Transition = { isWritten: false, becomes: 'contested' };

/** Repaired once; a second change has a reason that a person must hear (docs/architecture.md draws this table). */
const TRANSITIONS: Readonly<Record<Known, Readonly<Record<Inspection['found'], Transition>>>> = {
  'as written': { 'in-sync': LEAVE, stale: UPDATE, modified: REPAIR, unknown: LEAVE },
  repairing: { 'in-sync': REPORT, stale: REPAIR, modified: REPAIR, unknown: LEAVE },
  repaired: { 'in-sync': LEAVE, stale: UPDATE, modified: GIVE_WAY, unknown: LEAVE },
  contested: { 'in-sync': LEAVE, stale: LEAVE, modified: LEAVE, unknown: LEAVE },
};

function knownOf({ drift, repairing = [] }: ServiceState, target: string): Known {
  const states = drift.filter((one) => one.target === target).map(({ state }) => state);
  if (states.includes('contested')) return 'contested';
  if (states.includes('repaired')) return 'repaired';
  return repairing.includes(target) ? 'repairing' : 'as written';
}

const transitionOf = (state: ServiceState, { target, found }: Inspection): Transition =>
  TRANSITIONS[knownOf(state, targetName(target))][found];

const REPAIR_MS = 10_000;

/** Brings up to date what is ours; repairs what somebody changed, once; and gives way when it is changed again. */
export async function repair(
  deps: RepairDependencies,
  service: ServiceConfig,
  before: ServiceState,
  inspections: readonly Inspection[],
): Promise<{ readonly state: ServiceState; readonly did?: 'repaired' | 'contested' }> {
  const state = await noteRepairs(deps, service, before, inspections);
  const found = await Promise.all(inspections.map((one) => repairTarget(deps, service, state, one)));
  const fresh = found.filter((drift) => drift !== undefined);
  if (fresh.length === 0) return { state };
  const waiting = fresh
    .filter((drift) => drift.state === 'repaired')
    .map((drift) => noticeOf(deps, service, state, drift));
  const isSettled = (target: string) => fresh.some((drift) => drift.target === target);
  let isNoted = false;
  const next = await updateWithRetry(deps, service, (now) => {
    isNoted = now.revision === state.revision;
    if (!isNoted) return now;
    return {
      state: {
        ...now,
        // What was seen before the repair proves nothing of now; what was proven before it stays proven of its operation.
        proof: now.proof.state === 'proving' ? NO_PROOF : now.proof,
        repairing: now.repairing?.filter((target) => !isSettled(target)),
        seen: undefined,
        drift: [...now.drift.filter(({ target }) => !isSettled(target)), ...fresh],
      },
      writes: [...fresh.flatMap((drift) => auditWrites(entryOf(service, now, drift))), ...waiting.map(noticeWrite)],
    };
  });
  if (isNoted) await deliver(deps, waiting);
  return { state: next, did: fresh.some((drift) => drift.state === 'contested') ? 'contested' : 'repaired' };
}

/** The intent first, so that a crash cannot hide a repair. */
async function noteRepairs(
  deps: RepairDependencies,
  service: ServiceConfig,
  state: ServiceState,
  inspections: readonly Inspection[],
): Promise<ServiceState> {
  const targets = inspections
    .filter((one) => transitionOf(state, one) === REPAIR)
    .map(({ target }) => targetName(target))
    .filter((name) => !state.repairing?.includes(name));
  if (targets.length === 0) return state;
  return updateWithRetry(deps, service, (now) =>
    now.revision === state.revision ? { ...now, repairing: [...(now.repairing ?? []), ...targets] } : now,
  );
}

/** @returns What is known of the target now, if that is new. */
async function repairTarget(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  state: ServiceState,
  inspection: Inspection,
): Promise<Drift | undefined> {
  const { isWritten, becomes } = transitionOf(state, inspection);
  const at = new Date(deps.now()).toISOString();
  if (isWritten) {
    const result = await convergeTarget(deps, service, inspection.target, deps.now() + REPAIR_MS);
    if (result.state === 'pending') return undefined;
  }
  return becomes && { target: targetName(inspection.target), at, revision: state.revision, state: becomes };
}

/** One repair for each decision of a person, so one entry. */
const idOf = ({ operation }: ServiceState, { state, target }: Drift): string =>
  `${state}-${target.replace('/', '-')}-${operation?.request.operationId}`;

const entryOf = (service: ServiceConfig, state: ServiceState, drift: Drift) => ({
  service: service.name,
  revision: state.revision,
  operationId: idOf(state, drift),
  kind: 'repair' as const,
  mode: state.mode,
  by: 'reconciler',
  at: drift.at,
  message: DRIFT_MESSAGES[drift.state]({ ...drift, title: titleOf(service), mode: state.mode }),
});

/** What is contested lasts, and people are alerted as long as it does; a repair is told once. */
const noticeOf = (
  { environment, now }: RepairDependencies,
  service: ServiceConfig,
  state: ServiceState,
  drift: Drift,
): WaitingNotice => ({
  id: idOf(state, drift),
  kind: 'repaired',
  notice: repairedNotice({ environment, title: titleOf(service), state, now: now() }, drift),
});
