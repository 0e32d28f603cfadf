import { type ServiceConfig, targetName, titleOf } from '../../../config/schema.ts';
import type { Drift } from '../../../contract/services.ts';
import { NO_PROOF, type ServiceEvent, type ServiceState } from '../model/service-state.ts';
import { withEvents } from '../store/outbox.ts';
import { updateWithRetry } from '../store/update-with-retry.ts';
import { type ConvergeDependencies, convergeTarget } from '../waf/converge.ts';
import type { Inspection } from '../waf/inspect.ts';
import { repairedNotice } from '../words/notice-words.ts';

export interface RepairDependencies extends ConvergeDependencies {
  readonly environment: string;
}

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
  const next = await updateWithRetry(deps, service, (now) => {
    if (now.revision !== state.revision) return now;
    const isOther = (target: string) => !fresh.some((drift) => drift.target === target);
    const others = now.drift.filter(({ target }) => isOther(target));
    const repairing = now.repairing?.filter(isOther);
    // What was seen before the repair proves nothing of now; what was proven before it stays proven of its operation.
    const proof = now.proof.state === 'proving' ? NO_PROOF : now.proof;
    const events = fresh.map((drift) => eventOf(deps, service, now, drift));
    return withEvents({ ...now, proof, repairing, seen: undefined, drift: [...others, ...fresh] }, events);
  });
  return { state: next, did: fresh.some((drift) => drift.state === 'contested') ? 'contested' : 'repaired' };
}

const isKnown = (drift: readonly Drift[], { target }: Inspection, state: Drift['state']): boolean =>
  drift.some((one) => one.target === targetName(target) && one.state === state);

/** Records the intent first, so that a crash cannot hide a repair. */
async function noteRepairs(
  deps: RepairDependencies,
  service: ServiceConfig,
  state: ServiceState,
  inspections: readonly Inspection[],
): Promise<ServiceState> {
  const known = state.repairing ?? [];
  const targets = inspections
    .filter((one) => one.found === 'modified' && !isKnown(state.drift, one, 'repaired'))
    .filter((one) => !isKnown(state.drift, one, 'contested'))
    .map(({ target }) => targetName(target))
    .filter((name) => !known.includes(name));
  if (targets.length === 0) return state;
  return updateWithRetry(deps, service, (now) =>
    now.revision === state.revision ? { ...now, repairing: [...(now.repairing ?? []), ...targets] } : now,
  );
}

async function repairTarget(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  { drift, repairing = [], revision }: ServiceState,
  one: Inspection,
): Promise<Drift | undefined> {
  const { target, found } = one;
  if (found === 'unknown' || isKnown(drift, one, 'contested')) return undefined;
  const at = new Date(deps.now()).toISOString();
  const told = { target: targetName(target), at, revision };
  if (found === 'modified' && isKnown(drift, one, 'repaired')) return { ...told, state: 'contested' };
  if (found !== 'in-sync') {
    const { state } = await convergeTarget(deps, service, target, deps.now() + REPAIR_MS);
    if (state === 'pending') return undefined;
  }
  return repairing.includes(told.target) ? { ...told, state: 'repaired' } : undefined;
}

function eventOf(
  { environment, now }: RepairDependencies,
  service: ServiceConfig,
  state: ServiceState,
  drift: Drift,
): ServiceEvent {
  const title = titleOf(service);
  const where = `${title}'s firewall rules in ${drift.target}`;
  const message =
    drift.state === 'repaired'
      ? `Somebody changed ${where}. They were put back to ${state.mode} (r${state.revision}).`
      : `Somebody changed ${where} again after they were put back. Drawbridge gives way: a person must decide.`;
  // One repair for each decision of a person, so one entry.
  const id = `${drift.state}-${drift.target.replace('/', '-')}-${state.operation?.request.operationId}`;
  const audit = {
    service: service.name,
    revision: state.revision,
    operationId: id,
    kind: 'repair' as const,
    mode: state.mode,
    by: 'reconciler',
    at: drift.at,
    message,
  };
  // What is contested lasts, and is told as long as it does.
  if (drift.state === 'contested') return { id, audit };
  return { id, audit, notice: repairedNotice({ environment, title, state, now: now() }, drift) };
}
