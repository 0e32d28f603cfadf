import type { RuleGroup } from '@aws-sdk/client-wafv2';
import type { EnvironmentConfig, ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import type { DirectStamp } from '../../../contract/stamp.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Store } from '../store/store.ts';
import { withContentHash } from './content-hash.ts';
import { unadoptedStamp } from './direct-write.ts';
import { RuleGroupError } from './errors.ts';
import { type ComparedSet, compareSets, rangesLetIn } from './ip-sets.ts';
import { type Place, placeOf } from './place.ts';
import type { RuleGroupStore, Snapshot } from './rule-groups.ts';
import type { Pages } from './rules/pages.ts';
import { type RuleGroupContent, renderRules } from './rules/rules.ts';

export interface CompareDependencies {
  readonly config: Pick<EnvironmentConfig, 'retryAfterSeconds'>;
  readonly pages: Pages;
  readonly store: Pick<Store, 'state'>;
  readonly ruleGroups: RuleGroupStore;
  now(): number;
}

/** What one target holds beside what it should: all that a write needs. */
export interface Comparison {
  readonly place: Place;
  /** Of the wanted state. */
  readonly revision: number;
  readonly group: Snapshot<RuleGroup>;
  readonly content: RuleGroupContent;
  readonly isContentInSync: boolean;
  /** Only where somebody is let in: on the way out of the mode the rules go, and the sets stay as they are. */
  readonly sets: readonly ComparedSet[];
  /** A direct write that the desired state does not know yet: then nothing of ours may be written. */
  readonly stamp?: DirectStamp | undefined;
}

/**
 * Reads one target, and the desired state after it: whoever wants something newer and writes it after this read makes a
 * write with these lock tokens too late. Writes nothing.
 *
 * @throws RuleGroupError - It could not be read, or the desired state changed meanwhile.
 */
export async function compareTarget(
  deps: CompareDependencies,
  service: ServiceConfig,
  target: TargetConfig,
): Promise<Comparison> {
  const { ruleGroups, store } = deps;
  const place = placeOf(service, target);
  const group = await ruleGroups.read(place);
  const state = await store.state(service.name);
  const stamp = unadoptedStamp(group.value.Description, state);
  const ranges = state.mode === 'maintenance-allowlist' ? rangesLetIn(service, state, deps.now()) : [];
  const sets = state.mode === 'maintenance-allowlist' && !stamp ? await compareSets(ruleGroups, place, ranges) : [];
  if (sets.some(({ isInSync }) => !isInSync) && (await store.state(service.name)).revision !== state.revision) {
    throw RuleGroupError.movedOn(place);
  }
  const allowlistArns = sets.filter(({ wanted }) => wanted.length > 0).map(({ set }) => set.arn);
  const content = desiredContent(deps, service, target, state, allowlistArns, ranges);
  const isContentInSync = isSame(group.value, content, state);
  return { place, revision: state.revision, group, content, isContentInSync, sets, stamp };
}

/** The rules, and in their Description the hash of all that follows from the desired state, the sets too. */
function desiredContent(
  { config, pages, now }: CompareDependencies,
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
