import { targetName, titleOf } from '../../../config/names.ts';
import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { Drift } from '../../../contract/services.ts';
import { allDone } from '../model/all-done.ts';
import { type Rules, type Transition, transition } from '../model/drift-table.ts';
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

/** Somebody else's rules, or ours: what was found of a target that was read. */
type Read = Extract<Inspection['found'], Rules['on']>;
interface ReadTarget {
  readonly target: TargetConfig;
  readonly found: Read;
}

const wasRead = (one: Inspection): one is Inspection & ReadTarget => READ.has(one.found);
const READ: ReadonlySet<string> = new Set<Read>(['in-sync', 'stale', 'modified']);

function knownOf({ drift, repairing = [] }: ServiceState, target: string): Rules['known'] {
  const states = drift.filter((one) => one.target === target).map(({ state }) => state);
  if (states.includes('contested')) return 'contested';
  if (states.includes('repaired')) return 'repaired';
  if (states.includes('unrepaired')) return 'unrepaired';
  return repairing.includes(target) ? 'repairing' : 'as written';
}

const transitionOf = (state: ServiceState, { target, found }: ReadTarget): Transition<Rules['known']> =>
  transition('rules', knownOf(state, targetName(target)), found);

const REPAIR_MS = 10_000;

/** Brings up to date what is ours; repairs what somebody changed, once; and gives way when it is changed again. */
export async function repair(
  deps: RepairDependencies,
  service: ServiceConfig,
  before: ServiceState,
  inspections: readonly Inspection[],
): Promise<{ readonly state: ServiceState; readonly did?: RuleDrift['state'] }> {
  const read = inspections.filter(wasRead);
  const state = await noteRepairs(deps, service, before, read);
  const found = await allDone(read.map((one) => repairTarget(deps, service, state, one)));
  const fresh = found.filter((drift) => drift !== undefined);
  if (fresh.length === 0) return { state };
  const waiting = fresh
    .filter((drift) => drift.state === 'repaired')
    .map((drift) => noticeOf(deps, service, state, drift));
  let isNoted = false;
  const next = await updateWithRetry(deps, service, (now) => {
    isNoted = now.revision === state.revision;
    if (!isNoted) return now;
    return {
      state: withDrift(now, fresh),
      writes: [...fresh.flatMap((drift) => auditWrites(entryOf(service, now, drift))), ...waiting.map(noticeWrite)],
    };
  });
  if (isNoted) await deliver(deps, waiting);
  return { state: next, did: WORST.find((known) => fresh.some((drift) => drift.state === known)) };
}

const WORST = ['contested', 'unrepaired', 'repaired'] as const;
const isOfRules = ({ state }: Pick<Drift, 'state'>): boolean => WORST.some((known) => known === state);

function withDrift(state: ServiceState, fresh: readonly RuleDrift[]): ServiceState {
  const isSettled = (target: string) => fresh.some((drift) => drift.target === target);
  const isRepaired = (target: string) => fresh.some((one) => one.target === target && one.state === 'repaired');
  const isOver = ({ target, state: known }: Drift): boolean => {
    if (known === 'bypassed') return isRepaired(target) && transition('outside', known, 'rules-repaired').to === 'shut';
    return isSettled(target) && isOfRules({ state: known });
  };
  // What was seen before the repair proves nothing of now; what was proven before it stays proven of its operation.
  const isOld = fresh.some((drift) => drift.state !== 'unrepaired');
  return {
    ...state,
    proof: isOld && state.proof.state === 'proving' ? NO_PROOF : state.proof,
    seen: isOld ? undefined : state.seen,
    repairing: state.repairing?.filter((target) => !isSettled(target)),
    drift: [...state.drift.filter((one) => !isOver(one)), ...fresh],
  };
}

/** The intent first, so that a crash cannot hide a repair. */
async function noteRepairs(
  deps: RepairDependencies,
  service: ServiceConfig,
  state: ServiceState,
  read: readonly ReadTarget[],
): Promise<ServiceState> {
  const targets = read
    .filter((one) => transitionOf(state, one).to === 'repairing')
    .map(({ target }) => targetName(target))
    .filter((name) => !state.repairing?.includes(name));
  if (targets.length === 0) return state;
  return updateWithRetry(deps, service, (now) =>
    now.revision === state.revision ? { ...now, repairing: [...(now.repairing ?? []), ...targets] } : now,
  );
}

type RuleDrift = Drift & { readonly state: (typeof WORST)[number] };

/** @returns What is known of the target now, if people are to be told. */
async function repairTarget(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  state: ServiceState,
  inspection: ReadTarget,
): Promise<RuleDrift | undefined> {
  const at = new Date(deps.now()).toISOString();
  const target = targetName(inspection.target);
  const found = transitionOf(state, inspection);
  if (found.does !== 'write') return driftOf(found, { target, at, revision: state.revision });
  const { state: taken, code } = await convergeTarget(deps, service, inspection.target, deps.now() + REPAIR_MS);
  const became = transition('rules', found.to, taken === 'accepted' ? 'written' : 'not-taken');
  return driftOf(became, { target, at, revision: state.revision, ...(code ? { code } : {}) });
}

function driftOf({ to, does }: Transition<Rules['known']>, facts: Omit<Drift, 'state'>): RuleDrift | undefined {
  const state = WORST.find((known) => known === to);
  return does === 'tell' && state ? { ...facts, state } : undefined;
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
  notice: {
    ...repairedNotice({ environment, title: titleOf(service), state, now: now() }, drift),
    service: service.name,
  },
});
