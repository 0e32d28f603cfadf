import { titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import type { Drift } from '../../../contract/services.ts';
import { type Outside, transition } from '../model/drift-table.ts';
import type { SeenState, ServiceState } from '../model/service-state.ts';
import { auditWrites } from '../store/audit.ts';
import { updateWithRetry } from '../store/update-with-retry.ts';
import { DRIFT_MESSAGES } from '../words/audit-messages.ts';
import { agrees, cachedCopies, isOpen, type Observation, type Probed } from './evidence.ts';
import { ask, probedTargets, VISITOR_EVERY } from './probes.ts';
import type { VerifyDependencies } from './verify.ts';

/**
 * Observes a closed service from outside, after its operation was proven: a group that was taken out of a web ACL, or a
 * load balancer that was replaced, does not show in the rules. Visitors who get in are in, whatever the rules say. What is seen
 * changes nothing of what was proven.
 */
export async function observe(
  deps: VerifyDependencies,
  service: ServiceConfig,
  state: ServiceState,
): Promise<ServiceState> {
  const probed = await probeAll(deps, service);
  if (probed.length === 0) return state;
  const at = new Date(deps.now()).toISOString();
  return updateWithRetry(deps, service, (now) => {
    const isSame = now.operation?.committedAt === state.operation?.committedAt && now.revision === state.revision;
    if (!isSame) return now;
    const next = withObservation(now, probed, at);
    const began = next.drift.filter((drift) => !now.drift.includes(drift));
    return { state: next, writes: began.flatMap((drift) => auditWrites(bypassEntry(service, next, drift))) };
  });
}

/** Enough that some come as visitors do; a minute later it is done again. */
const PROBES = 3 * VISITOR_EVERY;

async function probeAll({ probe, random }: VerifyDependencies, service: ServiceConfig): Promise<Probed[]> {
  const address = Math.floor(random() * 256);
  const asked = probedTargets(service).map((target) => ask(probe, target, { first: 0, count: PROBES, address }));
  return (await Promise.all(asked)).flat();
}

/** Adds one observation to what is known. Pure. One may meet a change that is still spreading: two in a row do not. */
function withObservation(state: ServiceState, probed: readonly Probed[], at: string): ServiceState {
  const targets = [...new Set(probed.map(({ target }) => target))];
  const found = targets.map((target) => {
    const seen = probed.filter((one) => one.target === target).map((one) => one.seen);
    return { target, to: transition('outside', knownOf(state, target), findingOf(seen, state)).to };
  });
  const isKnown = (target: string) => state.drift.some((one) => one.target === target && one.state === 'bypassed');
  const isOver = (target: string) => found.some((one) => one.target === target && one.to !== 'bypassed');
  const began = found.filter(({ target, to }) => to === 'bypassed' && !isKnown(target));
  const open = found.filter(({ to }) => to === 'open once').map(({ target }) => target);
  const { revision } = state;
  const drift: Drift[] = [
    ...state.drift.filter((one) => one.state !== 'bypassed' || !isOver(one.target)),
    ...began.map(({ target }) => ({ target, state: 'bypassed' as const, at, revision })),
  ];
  const agree = probed.filter(({ seen }) => agrees(seen, state)).length;
  const unknown = probed.filter(({ seen }) => seen.kind === 'unknown').length;
  const cached = cachedCopies(probed, state);
  const counts = { agree, disagree: probed.length - agree - unknown, unknown, ...(cached ? { cached } : {}) };
  const seen: SeenState = { at, ...counts, open };
  return { ...state, seen, drift };
}

function knownOf({ drift, seen }: ServiceState, target: string): Outside['known'] {
  if (drift.some((one) => one.target === target && one.state === 'bypassed')) return 'bypassed';
  return seen?.open.includes(target) ? 'open once' : 'shut';
}

function findingOf(seen: readonly Observation[], state: ServiceState): Outside['on'] {
  if (seen.some(isOpen)) return 'got-in';
  return seen.every((one) => agrees(one, state)) ? 'agreed' : 'unclear';
}

const bypassEntry = (service: ServiceConfig, { mode, revision }: ServiceState, { target, at }: Drift) => ({
  service: service.name,
  revision,
  operationId: `bypassed-${target.replace('/', '-')}-${at.replace(/\D/g, '')}`,
  kind: 'bypass' as const,
  mode,
  by: 'reconciler',
  at,
  message: DRIFT_MESSAGES.bypassed({ title: titleOf(service), target, mode, revision }),
});
