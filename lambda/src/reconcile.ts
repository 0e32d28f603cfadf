import { type ServiceConfig, type TargetConfig, targetName, titleOf } from '../../contract/config.ts';
import type { Drift } from '../../contract/services.ts';
import { change } from './change.ts';
import { type ConvergeDependencies, convergeTarget } from './converge.ts';
import { currentState } from './current.ts';
import { drive } from './drive.ts';
import { recordCurrent } from './records.ts';
import type { RuleGroupStore } from './rule-group-store.ts';
import { NO_PROOF, type ServiceState } from './state.ts';
import { type VerifyDependencies, verify } from './verify.ts';

/** What one tick found and did, for the log. */
export interface Tick {
  readonly service: string;
  readonly did: 'nothing' | 'drove' | 'proved' | 'repaired' | 'contested' | 'failed';
  readonly said?: string;
}

/** Open services are read back in rotation: one tick in this many. */
const OPEN_ROTATION = 10;
const REPAIR_MS = 10_000;
const MINUTE_MS = 60_000;

/** One minute's look at every service (DESIGN D6, its core). One that fails does not keep the others waiting. */
export function reconcile(deps: VerifyDependencies): Promise<Tick[]> {
  return Promise.all(
    deps.config.services.map(async (service, index) => {
      try {
        return await reconcileService(deps, service, index);
      } catch (error) {
        return { service: service.name, did: 'failed' as const, said: (error as Error).message };
      }
    }),
  );
}

async function reconcileService(deps: VerifyDependencies, service: ServiceConfig, index: number): Promise<Tick> {
  const { name } = service;
  const state = await deps.store.state(name);
  if (!state.operation) return { service: name, did: 'nothing' };
  if (currentState(state) === 'pending') {
    await drive(deps, service);
    return { service: name, did: 'drove' };
  }
  const isTurn = state.mode !== 'normal' || (Math.floor(deps.now() / MINUTE_MS) + index) % OPEN_ROTATION === 0;
  const drifted = isTurn ? await mend(deps, service, state) : undefined;
  if (drifted) return { service: name, did: drifted };
  await finishRecord(deps, service, state);
  if (state.proof.state !== 'proving') return { service: name, did: 'nothing' };
  const proven = await verify(deps, service);
  return { service: name, did: 'proved', said: proven.proof.state };
}

/** An execution may have died between what it found out and its record. */
async function finishRecord(deps: VerifyDependencies, service: ServiceConfig, state: ServiceState): Promise<void> {
  const stored = await deps.store.operation(state.operation?.request.operationId ?? '');
  if (stored?.state !== currentState(state)) await recordCurrent(deps, service, state);
}

/** Reads every target back; repairs what somebody changed once, and gives way when it is changed again. */
async function mend(
  deps: VerifyDependencies,
  service: ServiceConfig,
  state: ServiceState,
): Promise<'repaired' | 'contested' | undefined> {
  const found = await Promise.all(service.targets.map((target) => lookForDrift(deps, service, target, state)));
  const fresh = found.filter((drift) => drift !== undefined);
  if (fresh.length === 0) return undefined;
  const next = await change(deps, service, (now) => {
    if (now.revision !== state.revision) return now;
    const others = now.drift.filter(({ target }) => !fresh.some((drift) => drift.target === target));
    // What was seen before the repair proves nothing of now; what was proven before it stays proven of its operation.
    const proof = now.proof.state === 'proving' ? NO_PROOF : now.proof;
    return { ...now, proof, drift: [...others, ...fresh] };
  });
  await Promise.all(fresh.map((drift) => auditDrift(deps, service, next, drift)));
  return fresh.some((drift) => drift.state === 'contested') ? 'contested' : 'repaired';
}

async function lookForDrift(
  deps: VerifyDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  state: ServiceState,
): Promise<Drift | undefined> {
  const { revision } = state;
  const known = state.drift.find((drift) => drift.target === targetName(target) && drift.revision === revision);
  if (known?.state === 'contested') return undefined;
  if ((await reading(deps, service, target, revision, deps.now() + REPAIR_MS)) !== 'differs') return undefined;
  const overdue = await overdueReading(deps, service, target, state);
  if (overdue === 'unknown') return undefined;
  if (overdue === 'same') {
    await convergeTarget(deps, service, target, deps.now() + REPAIR_MS);
    return undefined;
  }
  const at = new Date(deps.now()).toISOString();
  if (known) return { target: targetName(target), state: 'contested', at, revision };
  const repaired = await convergeTarget(deps, service, target, deps.now() + REPAIR_MS);
  return repaired.wrote ? { target: targetName(target), state: 'repaired', at, revision } : undefined;
}

/** What a target is, compared with what it should be. `unknown`: it could not be read; the next minute can. */
type Reading = 'same' | 'differs' | 'unknown';

/**
 * Compared with what was right until the planned end: after it, the page and Retry-After say that it is overdue. That is
 * our change, and nobody's drift.
 */
async function overdueReading(
  deps: VerifyDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  state: ServiceState,
): Promise<Reading> {
  const plannedEndMs = state.plannedEnd ? Date.parse(state.plannedEnd) : Number.POSITIVE_INFINITY;
  if (plannedEndMs > deps.now()) return 'differs';
  const before = plannedEndMs - 1;
  return reading({ ...deps, now: () => before }, service, target, state.revision, before);
}

/** Finds out without writing. @param deadline - In the milliseconds of `deps.now`; see {@link convergeTarget}. */
async function reading(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  revision: number,
  deadline: number,
): Promise<Reading> {
  let wouldWrite = false;
  const note = async () => {
    wouldWrite = true;
  };
  const ruleGroups: RuleGroupStore = { ...deps.ruleGroups, write: note, writeSet: note };
  const seen = await convergeTarget({ ...deps, ruleGroups }, service, target, deadline);
  if (seen.state !== 'accepted' || seen.revision !== revision) return 'unknown';
  return wouldWrite ? 'differs' : 'same';
}

async function auditDrift(
  deps: VerifyDependencies,
  service: ServiceConfig,
  state: ServiceState,
  drift: Drift,
): Promise<void> {
  const where = `${titleOf(service)}'s firewall rules in ${drift.target}`;
  const message =
    drift.state === 'repaired'
      ? `Somebody changed ${where}. They were put back to ${state.mode} (r${state.revision}).`
      : `Somebody changed ${where} again after they were put back. Drawbridge gives way: a person must decide.`;
  await deps.store.putAudit(
    {
      service: service.name,
      revision: state.revision,
      // One repair for each decision of a person, so one entry.
      operationId: `${drift.state}-${drift.target.replace('/', '-')}-${state.operation?.request.operationId}`,
      kind: 'repair',
      mode: state.mode,
      by: 'reconciler',
      at: drift.at,
      message,
    },
    state.version,
  );
}
