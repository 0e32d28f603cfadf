import type { ServiceConfig } from '../../../config/schema.ts';
import { type ServiceState, stateOf } from '../model/service-state.ts';
import { updateWithRetry } from '../store/update-with-retry.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';
import { advanceProof, advanceRuns, agrees, isProven, type Probed, type Runs } from './evidence.ts';
import type { Probe } from './probe.ts';
import { ask, probedTargets, ROUND_MS, sizeOfRound } from './probes.ts';
import { NO_RUN } from './required-run.ts';

export interface VerifyDependencies extends ConvergeDependencies {
  readonly probe: Probe;
  /** Where this runs, and so where its probes come from. */
  readonly region: string;
}

/** Long enough to come far, short enough that somebody who waits sees how far. */
export const PROBE_FOR_MS = 4_000;
/** While nothing agrees at all there is nothing to count yet. */
const NOTHING_AGREES_MS = 2_000;
/** How much longer than the probes its lease lasts: if an execution dies, somebody else may go on then. */
const LEASE_SLACK_MS = 8_000;

export interface VerifyOptions {
  /** The state as it was just stored or read. Who was faster since then is found out by taking the lease. */
  readonly known?: ServiceState;
  readonly forMs?: number;
}

/**
 * Probes for the current operation of a service, if it is accepted and not proven yet, until it is proven or the time is
 * over: the run goes on with the next call. Verified is final: after that nothing is probed here any more.
 */
export async function verify(
  deps: VerifyDependencies,
  service: ServiceConfig,
  { known, forMs = PROBE_FOR_MS }: VerifyOptions = {},
): Promise<ServiceState> {
  const state = known ?? (await deps.store.state(service.name));
  if (!state.operation || stateOf(state) !== 'accepted' || state.proof.state === 'none') return state;
  if (state.proof.leaseUntil && Date.parse(state.proof.leaseUntil) > deps.now()) return state;
  const leaseUntil = new Date(deps.now() + forMs + LEASE_SLACK_MS).toISOString();
  const leased = await deps.store.put(service.name, state, { ...state, proof: { ...state.proof, leaseUntil } });
  if (!leased) return deps.store.state(service.name);

  const probed = await probeInRounds(deps, service, state, forMs);
  const targets = probedTargets(service).map(({ name }) => name);
  const proof = advanceProof(state.proof, { probed, targets, endedAt: deps.now(), from: deps.region }, state);
  // Only while the lease is ours: who comes late must not unsay what was proven meanwhile, or of another operation.
  return updateWithRetry(deps, service, (now) => (now.proof.leaseUntil === leaseUntil ? { ...now, proof } : now));
}

/** Whether nobody is probing now, though there is more to prove. */
export const isLeftProving = (state: ServiceState): boolean =>
  stateOf(state) === 'accepted' && state.proof.state === 'proving' && state.proof.leaseUntil === undefined;

/** Round after round at the targets that are not proven yet. */
async function probeInRounds(
  deps: Pick<VerifyDependencies, 'config' | 'probe' | 'now' | 'sleep' | 'random'>,
  service: ServiceConfig,
  state: ServiceState,
  forMs: number,
): Promise<Probed[]> {
  const startedAt = deps.now();
  // Each call begins at another of the host's addresses.
  const address = Math.floor(deps.random() * 256);
  const sent = new Map<string, number>();
  const probed: Probed[] = [];
  let runs: Runs = state.proof.runs ?? {};
  let untilMs = Math.min(NOTHING_AGREES_MS, forMs);
  for (;;) {
    const roundAt = deps.now();
    const left = probedTargets(service).filter(({ name }) => !isProven(runs[name], state));
    if (left.length === 0 || roundAt - startedAt >= untilMs) return probed;
    const answers = await Promise.all(
      left.map((target) => {
        const run = runs[target.name] ?? NO_RUN;
        const first = sent.get(target.name) ?? run.agreed;
        const count = sizeOfRound(run, deps.config.proof);
        sent.set(target.name, first + count);
        return ask(deps.probe, target, { first, count, address });
      }),
    );
    const round = answers.flat();
    probed.push(...round);
    runs = advanceRuns(runs, round, state);
    if (round.some(({ seen }) => agrees(seen, state))) untilMs = forMs;
    const isOver = left.every(({ name }) => isProven(runs[name], state));
    if (!isOver) await deps.sleep(Math.max(0, roundAt + ROUND_MS - deps.now()));
  }
}
