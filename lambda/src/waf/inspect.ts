import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import type { ServiceState } from '../model/service-state.ts';
import { isEarlierOfOurs } from './content-hash.ts';
import { type ConvergeDependencies, retrying } from './converge.ts';
import { isNothing, readDifference } from './difference.ts';
import { isAdopted, unadopted } from './direct-write.ts';
import { RuleGroupError } from './errors.ts';

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

/** Reads a target, and writes nothing. */
export async function inspect(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  state: ServiceState,
): Promise<Inspection> {
  const deadline = deps.now() + INSPECT_MS;
  const difference = await retrying(deps, deadline, () => readDifference(deps, service, target));
  if (difference instanceof RuleGroupError) return { target, found: 'unknown' };
  const { group, content, isGroupRight } = difference;
  const there = group.value.Description ?? '';
  const stamp = unadopted(there, state);
  if (stamp) return { target, found: 'unknown', stamp };
  if (difference.state.revision !== state.revision) return { target, found: 'unknown' };
  if (isNothing(difference)) return { target, found: 'in-sync' };
  const isOurs = (!isGroupRight && isEarlierOfOurs(there, content.Description)) || isAdopted(there, state);
  return { target, found: isOurs ? 'stale' : 'modified' };
}
