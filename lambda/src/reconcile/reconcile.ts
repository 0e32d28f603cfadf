import { type ServiceConfig, type TargetConfig, targetName } from '../../../config/schema.ts';
import { type ServiceState, stateOf } from '../model/service-state.ts';
import { type Counts, total } from '../notify/metrics.ts';
import type { Notify } from '../notify/sns.ts';
import { convergeService } from '../operate/converge-service.ts';
import { observe } from '../proof/observe.ts';
import { type VerifyDependencies, verify } from '../proof/verify.ts';
import { settleEvents } from '../store/outbox.ts';
import type { RundownStore } from '../store/rundowns.ts';
import { newestStamp } from '../waf/direct-write.ts';
import { type Inspection, inspect } from '../waf/inspect.ts';
import { adopt } from './adopt.ts';
import { alert } from './alert.ts';
import { conditionsOf } from './conditions.ts';
import { expire } from './expire-testers.ts';
import { repair } from './repair.ts';
import { type Candidate, createPace, type Pace, servicesToRead } from './rotation.ts';
import { reportSilentSheets } from './silent-sheets.ts';

export interface ReconcileDependencies extends VerifyDependencies {
  readonly environment: string;
  readonly rundowns: RundownStore;
  readonly notify: Notify;
  /** Takes what a tick counted. */
  measure(counts: Counts): void;
}

/** What one tick found and did, for the log. */
export interface Tick {
  readonly service: string;
  readonly did: 'nothing' | 'drove' | 'proved' | 'adopted' | 'repaired' | 'contested' | 'bypassed' | 'failed';
  readonly said?: string;
}

const MINUTE_MS = 60_000;
/** The schedules, where a tick names what it did. No service can have this name. */
const SCHEDULES = '(schedules)';

/**
 * Once a minute: reads everything, and brings it to what is wanted. One service that fails does not keep the others waiting.
 *
 * On a quiet minute: two strongly consistent reads of the table for each service, three for all sheets, and no write. Those
 * whose turn it is ({@link servicesToRead}) are read in WAF too. What is seen of a closed service is written into its state.
 */
export async function reconcile(deps: ReconcileDependencies): Promise<Tick[]> {
  const { services } = deps.config;
  const pace = createPace(deps);
  const states = await Promise.all(services.map(({ name }) => deps.store.state(name).catch((error: Error) => error)));
  const turns = servicesToRead(
    services.flatMap((service, index) => {
      const state = states[index] as ServiceState | Error;
      return state instanceof Error ? [] : [candidateOf(service, state)];
    }),
    Math.floor(deps.now() / MINUTE_MS),
  );
  const done = await Promise.all([
    ...services.map((service, index) =>
      attempt(service.name, async () => {
        const state = states[index] as ServiceState | Error;
        if (state instanceof Error) throw state;
        return reconcileService({ ...deps, pace }, service, state, turns.has(service.name));
      }),
    ),
    attempt(SCHEDULES, async () => ({ did: 'nothing', counts: await reportSilentSheets(deps) })),
  ]);
  deps.measure(total(done.map(({ counts }) => counts)));
  return done.map(({ tick }) => tick).filter(({ service, did }) => service !== SCHEDULES || did === 'failed');
}

interface TickDependencies extends ReconcileDependencies {
  readonly pace: Pace;
}

function candidateOf({ name, targets }: ServiceConfig, state: ServiceState): Candidate {
  const inRegion = targets.map(({ region }) => targets.filter((other) => other.region === region).length);
  return { name, isClosed: state.mode !== 'normal', reads: readsOf(state) * Math.max(...inRegion) };
}

/** Who is let in stands in two sets. */
const readsOf = ({ mode }: ServiceState): number => (mode === 'maintenance-allowlist' ? 2 : 1);

interface Outcome extends Omit<Tick, 'service'> {
  readonly counts: Counts;
}

async function attempt(service: string, run: () => Promise<Outcome>): Promise<{ tick: Tick; counts: Counts }> {
  try {
    const { counts, ...tick } = await run();
    return { tick: { service, ...tick }, counts };
  } catch (error) {
    return { tick: { service, did: 'failed', said: (error as Error).message }, counts: {} };
  }
}

interface Step extends Omit<Tick, 'service'> {
  readonly state: ServiceState;
}

/** Acts first; what it comes to is told then, and what was left untold by a tick that died. */
async function reconcileService(
  deps: TickDependencies,
  service: ServiceConfig,
  before: ServiceState,
  isTurn: boolean,
): Promise<Outcome> {
  const { state: after, ...tick } = await act(deps, service, before, isTurn);
  const state = await settleEvents(deps, service, after, deps.notify);
  const conditions = conditionsOf(service, state, deps.environment, deps.now());
  await alert(deps, service, state, conditions);
  const counts = total([
    ...conditions.map(({ metric }) => ({ [metric]: 1 })),
    { Drift: tick.did === 'repaired' ? 1 : 0, ClosedServices: state.mode === 'normal' ? 0 : 1 },
  ]);
  return { ...tick, counts };
}

async function act(
  deps: TickDependencies,
  service: ServiceConfig,
  before: ServiceState,
  isTurn: boolean,
): Promise<Step> {
  const mustInspect = isTurn || (before.operation !== undefined && stateOf(before) === 'pending');
  const state = mustInspect ? await stateInTurn(deps, service, before) : before;
  const inspections = mustInspect
    ? await Promise.all(service.targets.map((target) => inspect(deps, service, target, state)))
    : [];
  const stamp = newestStamp(inspections.flatMap((one) => one.stamp ?? []));
  if (stamp) return { did: 'adopted', said: stamp.actor, state: await adopt(deps, service, stamp) };
  // What was there before the first operation is nobody's drift.
  if (!state.operation) return { did: 'nothing', state };
  if (stateOf(state) === 'pending') return drivePending(deps, service, state, inspections);

  const expired = inspections.length > 0 ? await expire(deps, service, state) : state;
  const repaired = await repair(deps, service, expired, inspections);
  if (repaired.did) return { did: repaired.did, state: repaired.state };
  if (state.proof.state === 'proving') {
    const proven = await verify(deps, service);
    return { did: 'proved', said: proven.proof.state, state: proven };
  }
  if (state.mode === 'normal' || !isTurn) return { did: 'nothing', state: repaired.state };
  const areRulesRight = inspections.every(({ found }) => found === 'in-sync');
  const seen = await observe(deps, service, repaired.state, areRulesRight);
  const isBypassed = seen.drift.some((drift) => drift.state === 'bypassed');
  return { did: isBypassed ? 'bypassed' : 'nothing', state: seen };
}

/** Targets that have taken it already are looked after as ever, however long another one is out of reach. */
async function drivePending(
  deps: TickDependencies,
  service: ServiceConfig,
  before: ServiceState,
  inspections: readonly Inspection[],
): Promise<Step> {
  const isPending = (target: TargetConfig) =>
    before.targets.some((one) => one.target === targetName(target) && one.state !== 'accepted');
  const driven = await convergeService(deps, service, { targets: service.targets.filter(isPending) });
  const { state, did = 'drove' } = await repair(
    deps,
    service,
    driven,
    inspections.filter(({ target }) => !isPending(target)),
  );
  return { did, state };
}

/** Waits for the turn to read it. What was known before the wait may be old by then. */
async function stateInTurn(
  { pace, store }: TickDependencies,
  { name, targets }: ServiceConfig,
  before: ServiceState,
): Promise<ServiceState> {
  await Promise.all(targets.map(({ region }) => pace(region, readsOf(before))));
  return store.state(name);
}
