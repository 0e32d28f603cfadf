import type { RuleGroup } from '@aws-sdk/client-wafv2';
import type { EnvironmentConfig, ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import { checkAllowlistEntry } from '../../../contract/allowlist.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Store } from '../store/store.ts';
import { rangesLetIn } from './allowed-ranges.ts';
import { marked } from './content-hash.ts';
import type { Place } from './place.ts';
import type { AddressVersion, RuleGroupStore, Snapshot } from './rule-groups.ts';
import type { Pages } from './rules/pages.ts';
import { type RuleGroupContent, renderRules } from './rules/rules.ts';

/** What one target has to be changed by, to be as desired; with the lock tokens that its writes need. */
export interface Difference {
  readonly place: Place;
  /** The desired state, read after the rule group's lock token. */
  readonly state: ServiceState;
  readonly group: Snapshot<RuleGroup>;
  readonly content: RuleGroupContent;
  readonly isGroupRight: boolean;
  /** Sets that the rules will refer to, and that say something else. */
  readonly toFill: readonly SetChange[];
  /** Sets that they will not refer to any more: nobody is left in those. */
  readonly toEmpty: readonly SetChange[];
}

export interface SetChange {
  readonly version: AddressVersion;
  readonly set: Snapshot<readonly string[]>;
  readonly addresses: readonly string[];
}

export interface DifferenceDependencies {
  readonly config: EnvironmentConfig;
  readonly pages: Pages;
  readonly store: Pick<Store, 'state'>;
  readonly ruleGroups: Pick<RuleGroupStore, 'read' | 'readSet'>;
  now(): number;
}

const VERSIONS = [4, 6] as const;

/** Reads a target and the desired state, and compares them. Writes nothing. */
export async function readDifference(
  deps: DifferenceDependencies,
  service: ServiceConfig,
  target: TargetConfig,
): Promise<Difference> {
  const { ruleGroups, store } = deps;
  const place: Place = { service: service.name, scope: target.scope, region: target.region };
  // The lock token first: whoever wants something newer and writes it after this read, makes ours too late.
  const group = await ruleGroups.read(place);
  const state = await store.state(service.name);
  const isAllowlist = state.mode === 'maintenance-allowlist';
  const ranges = isAllowlist ? rangesLetIn(service, state, deps.now()) : [];
  const sets: SetChange[] = [];
  // On the way out of the mode the rules go, and the sets stay as they are.
  for (const version of isAllowlist ? VERSIONS : []) {
    sets.push({ version, set: await ruleGroups.readSet(place, version), addresses: ofVersion(ranges, version) });
  }
  const used = sets.filter(({ addresses }) => addresses.length > 0);
  const content = desiredContent(
    deps,
    service,
    target,
    state,
    used.map(({ set }) => set.arn),
    ranges,
  );
  const isOther = ({ set, addresses }: SetChange) => !sameMembers(set.value, addresses);
  return {
    place,
    state,
    group,
    content,
    isGroupRight: isAlready(group.value, content, state),
    toFill: used.filter(isOther),
    toEmpty: sets.filter((one) => !used.includes(one)).filter(({ set }) => set.value.length > 0),
  };
}

export const isNothing = ({ isGroupRight, toFill, toEmpty }: Difference): boolean =>
  isGroupRight && toFill.length + toEmpty.length === 0;

/** The rules, and in their Description the mark of all that follows from the desired state, the sets too. */
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
  return marked(content, ranges);
}

const ofVersion = (ranges: readonly string[], version: AddressVersion): string[] =>
  ranges.filter((cidr) => cidr.includes(':') === (version === 6));

const sameMembers = (a: readonly string[], b: readonly string[]): boolean => {
  const members = new Set(a.map(canonical));
  return members.size === b.length && b.every((cidr) => members.has(canonical(cidr)));
};

/** WAF may write an IPv6 range out in full; and somebody else may have put in what we would not take. */
function canonical(cidr: string): string {
  const checked = checkAllowlistEntry(cidr);
  return checked.ok ? checked.cidr : cidr;
}

/** A group that Drawbridge never wrote to keeps the description that it was created with. */
function isAlready(actual: object, content: RuleGroupContent, state: ServiceState): boolean {
  const { Description, Rules, CustomResponseBodies = {} } = content;
  const there = actual as Partial<RuleGroupContent>;
  const same = includes(there.Rules ?? [], Rules) && includes(there.CustomResponseBodies ?? {}, CustomResponseBodies);
  return same && (state.revision === 0 || there.Description === Description);
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
