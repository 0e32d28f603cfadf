import type { ServiceConfig } from '../../contract/config.ts';
import { currentState } from './current.ts';
import { change, type OperateDependencies, recordCurrent } from './operate.ts';
import type { Probe } from './probe.ts';
import { advanceProof, type Observation } from './proof.ts';
import type { ServiceState } from './state.ts';

export interface VerifyDependencies extends OperateDependencies {
  readonly probe: Probe;
}

/** Others take the last result while one execution is probing; if it dies, this much later somebody else may. */
const LEASE_MS = 9_000;
/** The probes of one run are sent over this long at most, so that a run ends within 8 s. */
const LONGEST_RUN_MS = 2_500;

/**
 * One run of probes for the current operation of a service, if it is accepted and not proven yet.
 * Verified is final: after that nothing is probed here any more.
 */
export async function verify(deps: VerifyDependencies, service: ServiceConfig): Promise<ServiceState> {
  const state = await deps.store.state(service.name);
  if (!state.operation || currentState(state) !== 'accepted' || state.proof.state === 'none') return state;
  if (state.proof.leaseUntil && Date.parse(state.proof.leaseUntil) > deps.now()) return state;
  const leaseUntil = new Date(deps.now() + LEASE_MS).toISOString();
  const leased = await deps.store.putState(service.name, { ...state, proof: { ...state.proof, leaseUntil } });
  if (!leased) return deps.store.state(service.name);

  const startedAt = deps.now();
  const seen = await runProbes(deps, service);
  const proof = advanceProof(state.proof, seen, state, { startedAt, endedAt: deps.now() }, deps.config.proof);
  const id = state.operation.request.operationId;
  const next = await change(deps, service, (now) =>
    now.revision === state.revision && now.operation?.request.operationId === id ? { ...now, proof } : now,
  );
  if (next.proof.state === 'verified') await recordCurrent(deps, service, next);
  return next;
}

/** All probes of all probed targets, spread evenly over the run. */
export async function runProbes(
  { config, probe, sleep }: VerifyDependencies,
  service: ServiceConfig,
): Promise<Observation[]> {
  const { probes, spreadSeconds } = config.proof;
  const spread = Math.min(spreadSeconds * 1_000, LONGEST_RUN_MS);
  const pause = probes > 1 ? Math.ceil(spread / (probes - 1)) : 0;
  const perTarget = service.targets.flatMap(({ verification }) =>
    verification === 'none'
      ? []
      : [
          Array.from({ length: probes }, async (_none, index) => {
            await sleep(index * pause);
            return probe(verification.urls[index % verification.urls.length] as string, index);
          }),
        ],
  );
  return Promise.all(perTarget.flat());
}
