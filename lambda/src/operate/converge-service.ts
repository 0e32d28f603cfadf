import { targetName } from '../../../config/names.ts';
import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import { allDone } from '../model/all-done.ts';
import { withKeptTargets } from '../model/known-environment.ts';
import type { ServiceState } from '../model/service-state.ts';
import { updateWithRetry } from '../store/update-with-retry.ts';
import { type ConvergeDependencies, type Converged, convergeTarget } from '../waf/converge.ts';

const CONVERGE_MS = 14_000;

export interface ConvergeOptions {
  /** How long WAF is tried. */
  readonly convergeMs?: number;
  /** Leaves out those that have taken it already. */
  readonly onlyPending?: boolean;
  /** The state as it was just read. */
  readonly known?: ServiceState | undefined;
}

/**
 * Brings targets of a service to its desired state, in parallel, and writes down how far that came.
 * @returns The state as it is stored after they were tried.
 */
export async function convergeService(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  { convergeMs = CONVERGE_MS, onlyPending = false, known }: ConvergeOptions = {},
): Promise<ServiceState> {
  const deadline = deps.now() + convergeMs;
  const before = onlyPending ? (known ?? (await deps.store.state(service.name))) : undefined;
  const isPending = (target: TargetConfig) =>
    before?.targets.some((known) => known.target === targetName(target) && known.state === 'pending');
  // Also of targets that the config lost while they were closed.
  const wanted = before ? withKeptTargets(service, before).targets.filter(isPending) : service.targets;
  if (before && wanted.length === 0) return before;
  const results = await allDone(wanted.map((target) => convergeTarget(deps, service, target, deadline)));
  const at = new Date(deps.now()).toISOString();
  return updateWithRetry(deps, service, (state) => withTargetResults(state, results, at), results.at(-1)?.of);
}

/** Only what was learned of this very revision counts. */
function withTargetResults(state: ServiceState, results: readonly Converged[], at: string): ServiceState {
  const targets = state.targets.map((known) => {
    const result = results.find(({ target, of }) => target === known.target && of.revision === state.revision);
    if (!result || known.state === 'accepted') return known;
    const { of: _of, ...told } = result;
    return told;
  });
  const isAccepted = targets.every((target) => target.state === 'accepted');
  const acceptedAt = state.acceptedAt ?? (isAccepted ? at : undefined);
  return { ...state, targets, acceptedAt };
}
