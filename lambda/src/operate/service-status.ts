import { titleOf } from '../../../config/names.ts';
import type { ServiceStatus } from '../../../contract/services.ts';
import { isOrphaned, type KnownEnvironment } from '../model/known-environment.ts';
import { operatorsOf } from '../model/operators.ts';
import { knownServices, membersOf } from '../model/service-names.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { RundownStore, WaitingSheet } from '../store/rundowns.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';

/** What is known of each service of the environment, in a few reads. */
export async function serviceStatuses(
  deps: Pick<ConvergeDependencies, 'config' | 'store'> & { readonly rundowns: Pick<RundownStore, 'waiting'> },
): Promise<ServiceStatus[]> {
  const { config, store, rundowns } = deps;
  const [states, waiting] = await Promise.all([
    store.states(config.services.map(({ name }) => name)),
    rundowns.waiting(),
  ]);
  return statusesOf(config, states, waiting);
}

/** Pure. @param waiting - Every sheet that waits. */
export function statusesOf(
  config: KnownEnvironment,
  states: ReadonlyMap<string, ServiceState>,
  waiting: readonly WaitingSheet[],
): ServiceStatus[] {
  const known = knownServices(config);
  const armed = waiting.flatMap((sheet) => sheet.armed.flatMap(({ service }) => membersOf(known, service)));
  return config.services.map((service): ServiceStatus => {
    const state = states.get(service.name) as ServiceState;
    const { runs: _runs, leaseUntil: _lease, ...proof } = state.proof;
    return {
      service: service.name,
      title: titleOf(service),
      mode: state.mode,
      revision: state.revision,
      since: state.since,
      by: state.by,
      holder: state.holder,
      plannedEnd: state.plannedEnd,
      operationId: state.operation?.request.operationId,
      proof,
      targets: [...state.targets],
      operators: operatorsOf(config, service),
      drift: [...state.drift],
      seen: seenOf(state),
      ...(state.repairPause ? { repairPause: state.repairPause } : {}),
      ...(isOrphaned(config, service.name) ? { orphaned: true } : {}),
      armed: armed.filter((name) => name === service.name).length,
    };
  });
}

function seenOf({ seen }: ServiceState): ServiceStatus['seen'] {
  if (!seen) return undefined;
  const { open: _open, ...told } = seen;
  return told;
}
