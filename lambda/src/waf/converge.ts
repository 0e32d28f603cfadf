import type { EnvironmentConfig, ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import { targetName } from '../../../config/schema.ts';
import { checkAllowlistEntry } from '../../../contract/allowlist.ts';
import type { TargetState } from '../../../contract/operation.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Log } from '../notify/log.ts';
import type { Store } from '../store/store.ts';
import { rangesLetIn } from './allowed-ranges.ts';
import { marked } from './content-hash.ts';
import { unadopted } from './direct-write.ts';
import { RuleGroupError } from './errors.ts';
import type { Place } from './place.ts';
import type { AddressVersion, RuleGroupStore } from './rule-groups.ts';
import type { Pages } from './rules/pages.ts';
import { type RuleGroupContent, renderRules } from './rules/rules.ts';

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
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await attemptOnce(deps, service, target);
    } catch (error) {
      if (!(error instanceof RuleGroupError)) throw error;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + deps.random());
      if (!error.passing || deps.now() + pause > deadline) return left(deps, service, target, error);
      await deps.sleep(pause);
    }
  }
}

async function left(deps: ConvergeDependencies, service: ServiceConfig, target: TargetConfig, error: RuleGroupError) {
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
  const { ruleGroups, store } = deps;
  const place: Place = { service: service.name, scope: target.scope, region: target.region };
  // The lock token first: whoever wants something newer and writes it after this read, makes ours too late.
  const group = await ruleGroups.read(place);
  const state = await store.state(service.name);
  if (unadopted(group.value.Description, state)) throw RuleGroupError.writtenDirectly(place);
  const wanted = state.mode === 'maintenance-allowlist' ? rangesLetIn(service, state, deps.now()) : [];
  // Sets first, rules last: nobody is let in by a set that is still being filled. Nobody is left in a set that the rules
  // do not refer to any more. On the way out of the mode the rules go, and the sets stay as they are.
  const arns = await fillSets(deps, place, state, wanted);
  const content = desiredContent(deps, service, target, state, arns, wanted);
  const wrote = !isAlready(group.value, content, state);
  if (wrote) await ruleGroups.write(place, group, content);
  if (state.mode === 'maintenance-allowlist') await emptyOtherSets(deps, place, state, wanted);
  const at = new Date(deps.now()).toISOString();
  return { target: targetName(target), state: 'accepted', at, revision: state.revision, wrote };
}

/** The rules, and in their Description the mark of all that follows from the desired state, the sets too. */
function desiredContent(
  { config, pages, now }: Pick<ConvergeDependencies, 'config' | 'pages' | 'now'>,
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

const VERSIONS = [4, 6] as const;

/** Fills the sets that the desired state needs. @returns Their ARNs. */
async function fillSets(
  { ruleGroups, store }: ConvergeDependencies,
  place: Place,
  { revision }: ServiceState,
  wanted: readonly string[],
): Promise<string[]> {
  const arns: string[] = [];
  for (const version of VERSIONS) {
    const addresses = ofVersion(wanted, version);
    if (addresses.length === 0) continue;
    const set = await ruleGroups.readSet(place, version);
    // Read after the lock token was taken: an older allowlist can never be the last one written.
    if ((await store.state(place.service)).revision !== revision) throw RuleGroupError.movedOn(place);
    if (!sameMembers(set.value, addresses)) await ruleGroups.writeSet(place, version, set, addresses);
    arns.push(set.arn);
  }
  return arns;
}

async function emptyOtherSets(
  { ruleGroups, store }: ConvergeDependencies,
  place: Place,
  { revision }: ServiceState,
  wanted: readonly string[],
): Promise<void> {
  for (const version of VERSIONS) {
    if (ofVersion(wanted, version).length > 0) continue;
    const set = await ruleGroups.readSet(place, version);
    if (set.value.length === 0) continue;
    if ((await store.state(place.service)).revision !== revision) throw RuleGroupError.movedOn(place);
    await ruleGroups.writeSet(place, version, set, []);
  }
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
