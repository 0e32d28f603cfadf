import { type ServiceConfig, targetName } from '../../../config/schema.ts';
import { type ServiceState, stateOf } from '../model/service-state.ts';
import { updateWithRetry } from '../store/update-with-retry.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';
import { advanceProof, type Observation } from './evidence.ts';
import type { Probe } from './probe.ts';

export interface VerifyDependencies extends ConvergeDependencies {
  readonly probe: Probe;
}

/** Others take the last result while one execution is probing; if it dies, this much later somebody else may. */
const LEASE_MS = 10_000;
/** The probes of one run are sent over this long at most, so that a run ends within 8 s. */
const LONGEST_RUN_MS = 2_500;

/**
 * One run of probes for the current operation of a service, if it is accepted and not proven yet.
 * Verified is final: after that nothing is probed here any more.
 *
 * @param known - Its state as it was just stored or read. Who was faster since then is found out by taking the lease.
 */
export async function verify(
  deps: VerifyDependencies,
  service: ServiceConfig,
  known?: ServiceState,
): Promise<ServiceState> {
  const state = known ?? (await deps.store.state(service.name));
  if (!state.operation || stateOf(state) !== 'accepted' || state.proof.state === 'none') return state;
  if (state.proof.leaseUntil && Date.parse(state.proof.leaseUntil) > deps.now()) return state;
  const leaseUntil = new Date(deps.now() + LEASE_MS).toISOString();
  const leased = await deps.store.put(service.name, state, { ...state, proof: { ...state.proof, leaseUntil } });
  if (!leased) return deps.store.state(service.name);

  const startedAt = deps.now();
  const seen = (await runProbes(deps, service)).map((one) => one.seen);
  const proof = advanceProof(state.proof, seen, state, { startedAt, endedAt: deps.now() }, deps.config.proof);
  // Only while the lease is ours: who comes late must not unsay what was proven meanwhile, or of another operation.
  return updateWithRetry(deps, service, (now) => (now.proof.leaseUntil === leaseUntil ? { ...now, proof } : now));
}

export interface Probed {
  readonly target: string;
  readonly seen: Observation;
}

/** All probes of all probed targets, spread evenly over the run. */
export async function runProbes(
  { config, probe, sleep, random }: VerifyDependencies,
  service: ServiceConfig,
): Promise<Probed[]> {
  const { probes, spreadSeconds } = config.proof;
  const spread = Math.min(spreadSeconds * 1_000, LONGEST_RUN_MS);
  const pause = probes > 1 ? Math.ceil(spread / (probes - 1)) : 0;
  // Each run begins at another of the host's addresses, and every page is asked at one before the next.
  const firstAddress = Math.floor(random() * 256);
  const perTarget = service.targets.flatMap((target) => {
    if (target.verification === 'none') return [];
    const { urls } = target.verification;
    return Array.from({ length: probes }, async (_none, index): Promise<Probed> => {
      await sleep(index * pause);
      const url = urls[index % urls.length] as string;
      const seen = await probe(url, firstAddress + Math.floor(index / urls.length));
      return { target: targetName(target), seen };
    });
  });
  return Promise.all(perTarget);
}
