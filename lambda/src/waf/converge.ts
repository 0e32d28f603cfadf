import { type ServiceConfig, type TargetConfig, targetName } from '../../../config/schema.ts';
import type { TargetState } from '../../../contract/operation.ts';
import type { KnownEnvironment } from '../model/known-environment.ts';
import type { Log } from '../notify/log.ts';
import type { Store } from '../store/store.ts';
import { type Difference, type DifferenceDependencies, readDifference } from './difference.ts';
import { RuleGroupError } from './errors.ts';
import type { SetDifference } from './ip-sets.ts';
import { type BusyDependencies, retryWhileBusy } from './retry-while-busy.ts';
import type { RuleGroupStore } from './rule-groups.ts';

export interface ConvergeDependencies extends DifferenceDependencies, BusyDependencies {
  readonly config: KnownEnvironment;
  readonly store: Store;
  readonly ruleGroups: RuleGroupStore;
  readonly log: Log;
  now(): number;
}

/** Where one target stands, and at which revision. */
export interface Converged extends TargetState {
  readonly revision: number;
}

/**
 * Brings one target to the desired state, whatever that is by now: get (lock token), strongly consistent read of the
 * desired state, update to that. A conflict repeats all three, so the last write is the highest revision's.
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
  const done = await retryWhileBusy(deps, deadline, () => attemptOnce(deps, service, target));
  return done instanceof RuleGroupError ? pendingResult(deps, service, target, done) : done;
}

async function attemptOnce(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
): Promise<Converged> {
  const difference = await readDifference(deps, service, target);
  const { place, state, stamp } = difference;
  if (stamp) throw RuleGroupError.writtenDirectly(place);
  await apply(deps, difference);
  const at = new Date(deps.now()).toISOString();
  return { target: targetName(target), state: 'accepted', at, revision: state.revision };
}

/** Sets first, rules last: nobody is let in by a set that is still being filled, or left in one that is not used. */
async function apply(deps: ConvergeDependencies, difference: Difference): Promise<void> {
  const { place, group, content, isGroupInSync, toFill, toEmpty } = difference;
  for (const one of toFill) await writeSet(deps, difference, one);
  if (!isGroupInSync) await deps.ruleGroups.write(place, group, content);
  for (const one of toEmpty) await writeSet(deps, difference, one);
}

/** The desired state is read once more, after the lock token was taken: an older allowlist is never the last one written. */
async function writeSet(
  { ruleGroups, store }: ConvergeDependencies,
  { place, state: { revision } }: Difference,
  { version, set, wanted }: SetDifference,
): Promise<void> {
  if ((await store.state(place.service)).revision !== revision) throw RuleGroupError.movedOn(place);
  await ruleGroups.writeSet(place, version, set, wanted);
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
  return { target: targetName(target), state: 'pending', at, code, revision };
}
