import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { ServiceState } from '../model/service-state.ts';
import { change } from '../store/update-with-retry.ts';
import { type ConvergeDependencies, type Converged, convergeTarget } from '../waf/converge.ts';
import { recordCurrent } from './records.ts';

/** The caller waits about 20 s; what is still pending then is driven on by the reconciler. */
const CONVERGE_MS = 14_000;

/**
 * Brings targets of a service to its desired state, in parallel, and writes down how far that came.
 * @param targets - All of them if left out.
 * @returns The state as it is stored after they were tried.
 */
export async function drive(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  targets: readonly TargetConfig[] = service.targets,
): Promise<ServiceState> {
  const deadline = deps.now() + CONVERGE_MS;
  const results = await Promise.all(targets.map((target) => convergeTarget(deps, service, target, deadline)));
  const next = await change(deps, service, (state) => noted(state, results, new Date(deps.now()).toISOString()));
  await recordCurrent(deps, service, next);
  return next;
}

/** Only what was learned of this very revision counts. */
function noted(state: ServiceState, results: readonly Converged[], at: string): ServiceState {
  const targets = state.targets.map((known) => {
    const result = results.find(({ target, revision }) => target === known.target && revision === state.revision);
    if (!result || known.state === 'accepted') return known;
    const { revision: _revision, wrote: _wrote, ...told } = result;
    return told;
  });
  const isAccepted = targets.every((target) => target.state === 'accepted');
  const acceptedAt = state.operation?.acceptedAt ?? (isAccepted ? at : undefined);
  return { ...state, targets, operation: state.operation && { ...state.operation, acceptedAt } };
}
