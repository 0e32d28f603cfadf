import type { RuleGroup } from '@aws-sdk/client-wafv2';
import type { EnvironmentConfig, ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Store } from '../store/store.ts';
import { withContentHash } from './content-hash.ts';
import { unadoptedStamp } from './direct-write.ts';
import { rangesLetIn, readSets, type SetDifference } from './ip-sets.ts';
import { type Place, placeOf } from './place.ts';
import type { RuleGroupStore, Snapshot } from './rule-groups.ts';

import type { Pages } from './rules/pages.ts';
import { type RuleGroupContent, renderRules } from './rules/rules.ts';

/** What one target has to be changed by, to be as desired; with the lock tokens that its writes need. */
export interface Difference {
  readonly place: Place;
  /** The desired state, read after the rule group's lock token. */
  readonly state: ServiceState;
  readonly group: Snapshot<RuleGroup>;
  readonly content: RuleGroupContent;
  readonly isGroupInSync: boolean;
  /** Sets that the rules will refer to, and that say something else. */
  readonly toFill: readonly SetDifference[];
  /** Sets that they will not refer to any more: nobody is left in those. */
  readonly toEmpty: readonly SetDifference[];
  /** A direct write that the desired state does not know yet: nothing of ours may be written over it. */
  readonly stamp?: DirectStamp | undefined;
}

export interface DifferenceDependencies {
  readonly config: Pick<EnvironmentConfig, 'retryAfterSeconds'>;
  readonly pages: Pages;
  readonly store: Pick<Store, 'state'>;
  readonly ruleGroups: Pick<RuleGroupStore, 'read' | 'readSet'>;
  now(): number;
}

/**
 * Reads a target and the desired state, and compares them. Writes nothing.
 * @param until - How long its reads may wait for their turn, in milliseconds since the epoch.
 * @throws RuleGroupError - The target could not be read.
 */
export async function readDifference(
  deps: DifferenceDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  until?: number,
): Promise<Difference> {
  const { ruleGroups, store } = deps;
  const place = placeOf(service, target);
  // The lock token first: a newer wish that is written after this read makes ours too late.
  const group = await ruleGroups.read(place, until);
  const state = await store.state(service.name);
  const stamp = unadoptedStamp(group.value.Description, state);
  const isAllowlist = state.mode === 'maintenance-allowlist';
  const ranges = isAllowlist ? rangesLetIn(service, state, deps.now()) : [];
  // On the way out of the mode the rules go, and the sets stay as they are.
  const sets = isAllowlist && !stamp ? await readSets(ruleGroups, place, ranges, until) : [];
  const used = sets.filter(({ wanted }) => wanted.length > 0);
  const unused = sets.filter(({ wanted }) => wanted.length === 0);
  const arns = used.map(({ set }) => set.arn);
  const content = desiredContent(deps, service, target, state, arns, ranges);
  return {
    place,
    state,
    group,
    content,
    isGroupInSync: isSame(group.value, content, state),
    toFill: used.filter(({ isInSync }) => !isInSync),
    toEmpty: unused.filter(({ isInSync }) => !isInSync),
    stamp,
  };
}

export const isInSync = ({ isGroupInSync, toFill, toEmpty }: Difference): boolean =>
  isGroupInSync && toFill.length + toEmpty.length === 0;

/** The rules, and in their Description the hash of all that follows from the desired state, the sets too. */
function desiredContent(
  { config, pages, now }: DifferenceDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  state: ServiceState,
  allowlistArns: readonly string[],
  ranges: readonly string[],
): RuleGroupContent {
  const { retryAfterSeconds } = config;
  const content = renderRules({ service, target, state, pages, retryAfterSeconds, allowlistArns, now: now() });
  return withContentHash(content, ranges);
}

/** A group that Drawbridge never wrote to keeps the description that it was created with. */
function isSame(actual: Partial<RuleGroupContent>, content: RuleGroupContent, { revision }: ServiceState): boolean {
  const { Description, Rules, CustomResponseBodies = {} } = content;
  const isSameContent =
    includes(actual.Rules ?? [], Rules) && includes(actual.CustomResponseBodies ?? {}, CustomResponseBodies);
  return isSameContent && (revision === 0 || actual.Description === Description);
}

/**
 * Everything wanted is there. WAF may answer with fields that nobody sent, save those that are undefined in writing;
 * lists must be just as long.
 */
function includes(actual: unknown, wanted: unknown): boolean {
  if (wanted instanceof Uint8Array) return actual instanceof Uint8Array && Buffer.compare(actual, wanted) === 0;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) && actual.length === wanted.length && wanted.every((one, at) => includes(actual[at], one))
    );
  }
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
  if (typeof actual !== 'object' || actual === null) return false;
  return Object.entries(wanted).every(([key, value]) => includes((actual as Record<string, unknown>)[key], value));
}
