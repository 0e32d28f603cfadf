import { targetName } from '../../../config/names.ts';
import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import { allDone } from '../model/all-done.ts';
import { isOrphaned, withKeptTargets } from '../model/known-environment.ts';
import { isRepairPaused, type ServiceState, stateOf } from '../model/service-state.ts';
import { type Counts, total } from '../notify/metrics.ts';
import type { Notify } from '../notify/sns.ts';
import { isPending } from '../operate/drive.ts';
import { observe } from '../proof/observe.ts';
import { type VerifyDependencies, verify } from '../proof/verify.ts';
import { newestStamp } from '../waf/direct-write.ts';
import { type Inspection, inspect } from '../waf/inspect.ts';
import { adopt } from './adopt.ts';
import { alert } from './alert.ts';
import { conditionsOf } from './conditions.ts';
import { expireTesters } from './expire-testers.ts';
import { keepInMind } from './keep-in-mind.ts';
import { noteReadability, unreadIn } from './readability.ts';
import { repair } from './repair.ts';
import type { Pace } from './rotation.ts';

/** Long enough for a whole run; a tick that began it late still ends in time. */
const PROBE_FOR_MS = 12_000;

export interface ServiceDependencies extends VerifyDependencies {
  readonly environment: string;
  readonly notify: Notify;
  readonly pace: Pace;
  /** What became of a pending service, once the tick has driven on what it could. */
  driven(service: string): Promise<'tried' | 'left' | 'by another'>;
}

/** What one tick did with one service. */
export interface Outcome {
  readonly did:
    | 'nothing'
    | 'left'
    | 'converged'
    | 'proved'
    | 'adopted'
    | 'repaired'
    | 'unrepaired'
    | 'contested'
    | 'unread'
    | 'bypassed';
  readonly said?: string;
  readonly counts: Counts;
}

interface Step extends Omit<Outcome, 'counts'> {
  readonly state: ServiceState;
}

/** Acts first; then alerts people of what it came to. */
export async function reconcileService(
  deps: ServiceDependencies,
  inConfig: ServiceConfig,
  before: ServiceState,
  isInTurn: boolean,
): Promise<Outcome> {
  const service = withKeptTargets(inConfig, before);
  const { state: after, ...outcome } = await act(deps, service, before, isInTurn);
  const state = await keepInMind(deps, service, after);
  const isLost = isOrphaned(deps.config, service.name);
  const conditions = conditionsOf(service, state, { environment: deps.environment, now: deps.now(), isLost });
  await alert(deps, service, state, conditions);
  const counts = total([
    ...conditions.map(({ metric }) => ({ [metric]: 1 })),
    { Drift: outcome.did === 'repaired' ? 1 : 0, ClosedServices: state.mode === 'normal' ? 0 : 1 },
  ]);
  return { ...outcome, counts };
}

async function act(
  deps: ServiceDependencies,
  service: ServiceConfig,
  before: ServiceState,
  isInTurn: boolean,
): Promise<Step> {
  if (isPending(before)) {
    const driven = await deps.driven(service.name);
    const state = await deps.store.state(service.name);
    if (driven !== 'tried') return { did: driven === 'left' ? 'left' : 'nothing', state };
    if (!isPending(state)) return { did: 'converged', state };
  }
  const isInspected = isInTurn || isPending(before);
  const state = isInspected ? await stateInTurn(deps, service, before) : before;
  if (!state) return { did: 'left', state: before };
  const inspections = isInspected
    ? await allDone(service.targets.map((target) => inspect(deps, service, target, state)))
    : [];
  const stamp = newestStamp(inspections.flatMap((one) => one.stamp ?? []));
  if (stamp) return { did: 'adopted', said: stamp.actor, state: await adopt(deps, service, stamp) };
  // What was there before the first operation is nobody's drift.
  if (!state.operation) return { did: 'nothing', state };
  if (stateOf(state) === 'pending') return inspectPending(deps, service, state, inspections);

  const said = unreadIn(inspections);
  const expired = isInspected ? await expireTesters(deps, service, state) : state;
  const noted = await noteReadability(deps, service, expired, inspections);
  const repaired = await repairUnlessPaused(deps, service, noted, inspections);
  if (repaired.did) return { did: repaired.did, said, state: repaired.state };
  if (state.proof.state === 'proving') {
    const proven = await verify(deps, service, { forMs: PROBE_FOR_MS });
    const told = [proven.proof.state, ...(said ? [`not read: ${said}`] : [])].join('; ');
    return { did: 'proved', said: told, state: proven };
  }
  const did = said ? 'unread' : 'nothing';
  if (state.mode === 'normal' || !isInTurn) return { did, said, state: repaired.state };
  // Whatever was read, or could not be: what visitors meet is another question.
  const observed = await observe(deps, service, repaired.state);
  const isBypassed = observed.drift.some((drift) => drift.state === 'bypassed');
  return { did: isBypassed ? 'bypassed' : did, said, state: observed };
}

/** What an engineer does by hand is left alone; what visitors meet is looked at all the same. */
const repairUnlessPaused: typeof repair = async (deps, service, state, inspections) =>
  isRepairPaused(state, deps.now()) ? { state } : repair(deps, service, state, inspections);

/** Targets that have taken it already are looked after as ever, however long another one is out of reach. */
async function inspectPending(
  deps: ServiceDependencies,
  service: ServiceConfig,
  before: ServiceState,
  inspections: readonly Inspection[],
): Promise<Step> {
  const isTaken = (target: TargetConfig) =>
    before.targets.some((one) => one.target === targetName(target) && one.state === 'accepted');
  const taken = inspections.filter(({ target }) => isTaken(target));
  const noted = await noteReadability(deps, service, before, inspections);
  const { state, did = 'converged' } = await repairUnlessPaused(deps, service, noted, taken);
  return { did, said: unreadIn(inspections), state };
}

/** Waits for the turn to inspect. What was known before the wait may be old by then. @returns undefined if it does not come. */
async function stateInTurn(
  { pace, store }: ServiceDependencies,
  { name, targets }: ServiceConfig,
  before: ServiceState,
): Promise<ServiceState | undefined> {
  const turns = await Promise.all(targets.map(({ region }) => pace(region, readsOf(before))));
  return turns.every((isTurn) => isTurn) ? store.state(name) : undefined;
}

/** How often an inspection calls one Get action for one target: who is let in stands in two sets. */
export const readsOf = ({ mode }: ServiceState): number => (mode === 'maintenance-allowlist' ? 2 : 1);
