import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import type { ServiceState } from '../model/service-state.ts';
import { type CompareDependencies, type Comparison, compareTarget } from './compare-target.ts';
import { isEarlierOfOurs } from './content-hash.ts';
import { isAdopted } from './direct-write.ts';
import { RuleGroupError } from './errors.ts';
import { type BusyDependencies, retryWhileBusy } from './retry-while-busy.ts';

/** What a target is, compared with what it should be. */
export interface Inspection {
  readonly target: TargetConfig;
  /**
   * `stale`: ours, of a moment ago (another page, an end that moved). `modified`: somebody else changed it. `unknown`: it
   * could not be read; the next minute can.
   */
  readonly found: 'in-sync' | 'stale' | 'modified' | 'unknown';
  /** A direct write that the desired state does not know yet. */
  readonly stamp?: DirectStamp;
}

const INSPECT_MS = 10_000;

/** Compares a target with the desired state, and writes nothing. */
export async function inspect(
  deps: CompareDependencies & BusyDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  state: ServiceState,
): Promise<Inspection> {
  const comparison = await retryWhileBusy(deps, deps.now() + INSPECT_MS, () => compareTarget(deps, service, target));
  if (comparison instanceof RuleGroupError) return { target, found: 'unknown' };
  const { stamp, revision } = comparison;
  if (stamp) return { target, found: 'unknown', stamp };
  return { target, found: revision === state.revision ? findingOf(comparison, state) : 'unknown' };
}

function findingOf({ group, content, isContentInSync, sets }: Comparison, state: ServiceState) {
  if (isContentInSync && sets.every(({ isInSync }) => isInSync)) return 'in-sync';
  const there = group.value.Description ?? '';
  const isStale = !isContentInSync && isEarlierOfOurs(there, content.Description);
  return isStale || isAdopted(there, state) ? 'stale' : 'modified';
}
