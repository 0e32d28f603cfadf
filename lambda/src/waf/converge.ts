import { targetName } from '../../../config/names.ts';
import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { TargetState } from '../../../contract/operation-answer.ts';
import type { KnownEnvironment } from '../model/known-environment.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Log } from '../notify/log.ts';
import type { Store } from '../store/store.ts';
import { type Difference, type DifferenceDependencies, readDifference } from './difference.ts';
import { RuleGroupError } from './errors.ts';
import { holds, type SetDifference } from './ip-sets.ts';
import { placeOf } from './place.ts';
import { type BusyDependencies, retryWhileBusy } from './retry-while-busy.ts';
import type { RuleGroupStore } from './rule-groups.ts';

export interface ConvergeDependencies extends DifferenceDependencies, BusyDependencies {
  readonly config: KnownEnvironment;
  readonly store: Store;
  readonly ruleGroups: RuleGroupStore;
  readonly log: Log;
  now(): number;
}

/** Where one target stands, and of which state. */
export interface Converged extends TargetState {
  readonly of: ServiceState;
}

/**
 * Brings one target to the desired state, whatever that is by now: get (lock token), strongly consistent read of the
 * desired state, update to that, all within the turn to write. A conflict repeats all of it, so the last write is the
 * highest revision's.
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
  const done = await retryWhileBusy(deps, deadline, () => attemptOnce(deps, service, target, deadline));
  return done instanceof RuleGroupError ? pendingResult(deps, service, target, done) : done;
}

/** Sets first, rules last: nobody is let in by a set that is still being filled, or left in one that is not used. */
async function attemptOnce(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  deadline: number,
): Promise<Converged> {
  const write = (one: SetDifference, difference: Difference) => writeSet(deps, difference, one, deadline);
  let difference = await writeRules(deps, service, target, deadline);
  if (difference.toFill.length > 0) {
    for (const one of difference.toFill) await write(one, difference);
    difference = await writeRules(deps, service, target, deadline);
    if (difference.toFill.length > 0) throw RuleGroupError.movedOn(difference.place);
  }
  for (const one of difference.toEmpty) await write(one, difference);
  const at = new Date(deps.now()).toISOString();
  return { target: targetName(target), state: 'accepted', at, of: difference.state };
}

/** @returns What was different; while there are sets to fill, nothing is written. */
const writeRules = (
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  deadline: number,
): Promise<Difference> =>
  deps.ruleGroups.inTurn(placeOf(service, target), 'UpdateRuleGroup', deadline, async () => {
    const difference = await readUnstamped(deps, service, target, deadline);
    const { place, group, content, isGroupInSync, toFill } = difference;
    if (!isGroupInSync && toFill.length === 0) await deps.ruleGroups.write(place, group, content, deadline);
    return difference;
  });

/** @throws RuleGroupError WRITTEN_DIRECTLY - Nothing of ours may be written over what somebody wrote past the API. */
async function readUnstamped(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  deadline: number,
): Promise<Difference> {
  const difference = await readDifference(deps, service, target, deadline);
  if (difference.stamp) throw RuleGroupError.writtenDirectly(difference.place);
  return difference;
}

/** The desired state is read once more, after the lock token was taken: an older allowlist is never the last one written. */
const writeSet = (
  { ruleGroups, store }: ConvergeDependencies,
  { place, state: { revision } }: Difference,
  { version, wanted }: SetDifference,
  deadline: number,
): Promise<void> =>
  ruleGroups.inTurn(place, 'UpdateIPSet', deadline, async () => {
    const set = await ruleGroups.readSet(place, version, deadline);
    if ((await store.state(place.service)).revision !== revision) throw RuleGroupError.movedOn(place);
    if (!holds(set, wanted)) await ruleGroups.writeSet(place, version, set, wanted, deadline);
  });

async function pendingResult(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  { code, message }: RuleGroupError,
): Promise<Converged> {
  const of = await deps.store.state(service.name);
  const at = new Date(deps.now()).toISOString();
  deps.log('warn', 'not taken', { service: service.name, target: targetName(target), code, said: message });
  return { target: targetName(target), state: 'pending', at, code, of };
}
