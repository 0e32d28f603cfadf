import type { EnvironmentConfig, ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import { targetName } from '../../../config/schema.ts';
import type { TargetState } from '../../../contract/operation.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Log } from '../notify/log.ts';
import type { Store } from '../store/store.ts';
import { type Difference, readDifference, type SetChange } from './difference.ts';
import { unadopted } from './direct-write.ts';
import { RuleGroupError } from './errors.ts';
import type { Place } from './place.ts';
import type { RuleGroupStore } from './rule-groups.ts';
import type { Pages } from './rules/pages.ts';

export interface ConvergeDependencies {
  readonly config: EnvironmentConfig;
  readonly pages: Pages;
  readonly store: Store;
  readonly ruleGroups: RuleGroupStore;
  readonly log: Log;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** 0 to 1; for jitter. */
  random(): number;
}

/** Where one target stands, and at which revision. */
export interface Converged extends TargetState {
  readonly revision: number;
  readonly wrote: boolean;
}

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2_000;

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
  const done = await retrying(deps, deadline, () => attemptOnce(deps, service, target));
  return done instanceof RuleGroupError ? pendingResult(deps, service, target, done) : done;
}

/** @returns The error if it does not pass, or not before the deadline. */
export async function retrying<T>(
  { now, sleep, random }: Pick<ConvergeDependencies, 'now' | 'sleep' | 'random'>,
  deadline: number,
  attemptOnce: () => Promise<T>,
): Promise<T | RuleGroupError> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await attemptOnce();
    } catch (error) {
      if (!(error instanceof RuleGroupError)) throw error;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + random());
      if (!error.retryable || now() + pause > deadline) return error;
      await sleep(pause);
    }
  }
}

async function pendingResult(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  error: RuleGroupError,
): Promise<Converged> {
  const { revision } = await deps.store.state(service.name);
  const at = new Date(deps.now()).toISOString();
  const { code, message } = error;
  deps.log('warn', 'not taken', { service: service.name, target: targetName(target), code, said: message });
  return { target: targetName(target), state: 'pending' as const, at, code: error.code, revision, wrote: false };
}

async function attemptOnce(
  deps: ConvergeDependencies,
  service: ServiceConfig,
  target: TargetConfig,
): Promise<Converged> {
  const difference = await readDifference(deps, service, target);
  const { place, group, state, isGroupRight } = difference;
  if (unadopted(group.value.Description, state)) throw RuleGroupError.writtenDirectly(place);
  await apply(deps, difference);
  const at = new Date(deps.now()).toISOString();
  return { target: targetName(target), state: 'accepted', at, revision: state.revision, wrote: !isGroupRight };
}

/** Sets first, rules last: nobody is let in by a set that is still being filled, or left in one that is not used. */
async function apply(
  deps: ConvergeDependencies,
  { place, group, content, state, isGroupRight, toFill, toEmpty }: Difference,
): Promise<void> {
  for (const change of toFill) await writeSet(deps, place, state, change);
  if (!isGroupRight) await deps.ruleGroups.write(place, group, content);
  for (const change of toEmpty) await writeSet(deps, place, state, change);
}

/** The desired state is read once more, after the lock token was taken: an older allowlist is never the last one written. */
async function writeSet(
  { ruleGroups, store }: ConvergeDependencies,
  place: Place,
  { revision }: ServiceState,
  { version, set, addresses }: SetChange,
): Promise<void> {
  if ((await store.state(place.service)).revision !== revision) throw RuleGroupError.movedOn(place);
  await ruleGroups.writeSet(place, version, set, addresses);
}
