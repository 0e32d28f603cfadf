import { type EnvironmentConfig, type ServiceConfig, type TargetConfig, targetName } from '../../../config/schema.ts';
import type { TargetState } from '../../../contract/operation.ts';
import type { Log } from '../notify/log.ts';
import type { Store } from '../store/store.ts';
import { type CompareDependencies, type Comparison, compareTarget } from './compare-target.ts';
import { RuleGroupError } from './errors.ts';
import { type BusyDependencies, retryWhileBusy } from './retry-while-busy.ts';
import type { RuleGroupStore } from './rule-groups.ts';

export interface ConvergeDependencies extends CompareDependencies, BusyDependencies {
  readonly config: EnvironmentConfig;
  readonly store: Store;
  readonly log: Log;
  now(): number;
}

/** Where one target stands, and at which revision. */
export interface Converged extends TargetState {
  readonly revision: number;
  readonly wrote: boolean;
}

/**
 * Brings one target to the desired state, whatever that is by now: get (lock token), strongly consistent read of the
 * desired state, update to that. A conflict repeats all three (DESIGN D4), so the last write is the highest revision's.
 *
 * Safe to repeat: if it is already so, nothing is written.
 *
 * @param deadline - Milliseconds since the epoch after which a target that is still busy is left pending.
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateRuleGroup.html
 */
export async function convergeTarget(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  deadline: number,
): Promise<Converged> {
  const result = await retryWhileBusy(deps, deadline, async () => {
    const comparison = await compareTarget(deps, service, target);
    if (comparison.stamp) throw RuleGroupError.writtenDirectly(comparison.place);
    await write(deps.ruleGroups, comparison);
    return comparison;
  });
  if (result instanceof RuleGroupError) return pendingResult(deps, service, target, result);
  const at = new Date(deps.now()).toISOString();
  const { revision, isContentInSync } = result;
  return { target: targetName(target), state: 'accepted', at, revision, wrote: !isContentInSync };
}

/**
 * What differs: sets first, rules last, so that nobody is let in by a set that is still being filled; and only then the
 * sets that the rules do not refer to any more.
 */
async function write(
  ruleGroups: RuleGroupStore,
  { place, group, content, isContentInSync, sets }: Comparison,
): Promise<void> {
  const others = sets.filter(({ isInSync }) => !isInSync);
  for (const { version, set, wanted } of others.filter((one) => one.wanted.length > 0)) {
    await ruleGroups.writeSet(place, version, set, wanted);
  }
  if (!isContentInSync) await ruleGroups.write(place, group, content);
  for (const { version, set } of others.filter((one) => one.wanted.length === 0)) {
    await ruleGroups.writeSet(place, version, set, []);
  }
}

async function pendingResult(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  { code, message }: RuleGroupError,
): Promise<Converged> {
  const { revision } = await deps.store.state(service.name);
  const at = new Date(deps.now()).toISOString();
  deps.log('warn', 'not taken', { service: service.name, target: targetName(target), code, said: message });
  return { target: targetName(target), state: 'pending', at, code, revision, wrote: false };
}
