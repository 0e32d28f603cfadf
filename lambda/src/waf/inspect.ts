import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import type { ServiceState } from '../model/service-state.ts';
import { isEarlierOfOurs } from './content-hash.ts';
import { type Difference, type DifferenceDependencies, isInSync, readDifference } from './difference.ts';
import { isAdopted } from './direct-write.ts';
import { type RuleGroupCode, RuleGroupError } from './errors.ts';
import { type BusyDependencies, retryWhileBusy } from './retry-while-busy.ts';

/** What a target is, compared with what it should be. */
export interface Inspection {
  readonly target: TargetConfig;
  /**
   * `stale`: ours, of a moment ago (another page, an end that moved). `modified`: somebody else changed it. `changing`: it
   * was read while it is being set. The others could not be read: `no-answer` may pass, `denied` and `missing` (the
   * rule group or an IP set does not exist) do not.
   */
  readonly found: 'in-sync' | 'stale' | 'modified' | 'changing' | 'no-answer' | 'denied' | 'missing';
  /** Why it could not be read. */
  readonly code?: RuleGroupCode;
  /** A direct write that the desired state does not know yet. */
  readonly stamp?: DirectStamp;
}

const INSPECT_MS = 10_000;

/** Reads a target, and writes nothing. */
export async function inspect(
  deps: DifferenceDependencies & BusyDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  state: ServiceState,
): Promise<Inspection> {
  const deadline = deps.now() + INSPECT_MS;
  const difference = await retryWhileBusy(deps, deadline, () => readDifference(deps, service, target, deadline));
  if (difference instanceof RuleGroupError) return { target, ...unread(difference) };
  if (difference.stamp) return { target, found: 'changing', stamp: difference.stamp };
  return { target, found: difference.state.revision === state.revision ? findingOf(difference) : 'changing' };
}

function unread({ code, retryable }: RuleGroupError): Pick<Inspection, 'found' | 'code'> {
  if (code === 'RULE_GROUP_MISSING') return { found: 'missing', code };
  return { found: retryable ? 'no-answer' : 'denied', code };
}

function findingOf(difference: Difference): Inspection['found'] {
  const { group, content, isGroupInSync, state } = difference;
  if (isInSync(difference)) return 'in-sync';
  const there = group.value.Description ?? '';
  const isStale = !isGroupInSync && isEarlierOfOurs(there, content.Description);
  return isStale || isAdopted(there, state) ? 'stale' : 'modified';
}
