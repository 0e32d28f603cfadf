import {
  GetIPSetCommand,
  GetRuleGroupCommand,
  ListIPSetsCommand,
  ListRuleGroupsCommand,
  UpdateIPSetCommand,
  UpdateRuleGroupCommand,
  WAFOptimisticLockException,
  type WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { targetName } from '../config/names.ts';
import type { Place } from '../lambda/src/waf/place.ts';
import { ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
import { siteWebAcl } from '../local/site/web-acl.ts';
import { evaluate, type ResolvedRuleGroup } from '../local/waf/evaluate.ts';
import { createHistory, type History, type Propagation } from '../local/waf/history.ts';
import { type Range, readRange } from '../local/waf/ip-ranges.ts';
import type { CustomResponseBodies, Rule } from '../local/waf/schema.ts';

/** WAF in memory, at the SDK's own commands; and what visitors meet behind it, some time after each write. */
export interface MemoryWaf {
  /** @param call - Goes around each command that is sent. */
  client(region: string, call: <T>(operation: string, work: () => T) => Promise<T>): WAFV2Client;
  /**
   * One request to a service's site, at one of its targets; the first one if none is named.
   * @param dice - 0 meets the newest rules that anybody meets, 1 the oldest.
   */
  visit(service: string, dice: number, from?: string, target?: string): Visit;
  /** Somebody takes the rules out by hand: of one target, or of all. */
  empty(service: string, target?: string): void;
  /** Somebody writes this by hand. */
  write(service: string, content: Partial<Group>, target?: string): void;
  /** Somebody takes the last rule out, and leaves the rest as it was. */
  loosen(service: string, target?: string): void;
  /** What was written, for another one that begins with it. */
  kept(): KeptWaf;
}

export interface Visit {
  readonly status: number;
  readonly maintenanceMode?: string | undefined;
}

/** Instead of dice: a visitor who meets what was written this moment. */
export const AS_WRITTEN = -1;
export const PUBLIC = '203.0.113.7';
const ACCOUNT = '111122223333';

interface Kept<T> {
  token: number;
  value: T;
  readonly seen: History<T>;
}
interface Group {
  readonly Description: string;
  readonly Rules: readonly Rule[];
  readonly CustomResponseBodies: CustomResponseBodies;
}
interface KeptWaf {
  readonly groups: readonly (readonly [string, Group])[];
  readonly sets: readonly (readonly [string, readonly string[]])[];
}
type Sent = { readonly constructor: { readonly name: string }; readonly input: unknown };
interface Fields {
  readonly Scope: Place['scope'];
  readonly Id: string;
  readonly LockToken: string;
  readonly Addresses: string[];
}

/** How fast each scope takes a change: CloudFront has far to go. */
export type PropagationOf = (scope: Place['scope']) => Propagation;

export function createMemoryWaf(
  places: readonly Place[],
  propagationOf: PropagationOf,
  clock: { readonly now: number },
  from?: KeptWaf,
): MemoryWaf {
  const keep = <T>(id: string, value: T): Kept<T> => {
    const seen = createHistory<T>(propagationOf(id.startsWith('CLOUDFRONT/') ? 'CLOUDFRONT' : 'REGIONAL'));
    seen.change(0, value);
    return { token: 1, value, seen };
  };
  const empty: Group = { Description: '', Rules: [], CustomResponseBodies: {} };
  const groupOf = (place: Place) => `${targetName(place)} ${ruleGroupName(place)}`;
  const setsOf = (place: Place) => ['ipv4', 'ipv6'].map((version) => `${groupOf(place)}-${version}`);
  const begin: KeptWaf = from ?? {
    groups: places.map((place) => [groupOf(place), empty] as const),
    sets: places.flatMap(setsOf).map((id) => [id, []] as const),
  };
  const groups = new Map(begin.groups.map(([id, group]) => [id, keep(id, group)]));
  const sets = new Map(begin.sets.map(([id, ranges]) => [id, keep(id, ranges)]));
  /** Of a service: all, or the one that is named. */
  const placesOf = (service: string, target?: string) =>
    places.filter((place) => place.service === service && (target === undefined || targetName(place) === target));
  const sites = new Map(
    places.map((place) => [`${place.service} ${targetName(place)}`, { name: groupOf(place), own: setsOf(place) }]),
  );
  function siteOf(service: string, target = placesOf(service).map(targetName)[0]) {
    const site = sites.get(`${service} ${target}`);
    if (!site) throw new Error(`${service} has no ${target}`);
    return site;
  }
  const change = <T>(kept: Kept<T>, value: T) => {
    kept.token += 1;
    kept.value = value;
    kept.seen.change(clock.now, value);
  };
  const update = <T>(kept: Kept<T>, { LockToken }: Fields, value: T) => {
    if (LockToken !== String(kept.token)) throw new WAFOptimisticLockException({ message: 'stale', $metadata: {} });
    change(kept, value);
    return { NextLockToken: String(kept.token) };
  };
  const valuesOf = <T>(all: ReadonlyMap<string, Kept<T>>) =>
    [...all].map(([name, { value }]) => [name, value] as const);
  const list = (all: ReadonlyMap<string, unknown>, place: string) =>
    [...all.keys()]
      .filter((id) => id.startsWith(`${place} `))
      .map((id) => ({ Name: id.slice(place.length + 1), Id: id, ARN: id }));

  function answer(region: string, command: Sent): unknown {
    const fields = command.input as Fields;
    const here = targetName({ scope: fields.Scope, region });
    const group = groups.get(fields.Id) as Kept<Group>;
    const set = sets.get(fields.Id) as Kept<readonly string[]>;
    switch (command.constructor) {
      case ListRuleGroupsCommand:
        return { RuleGroups: list(groups, here) };
      case ListIPSetsCommand:
        return { IPSets: list(sets, here) };
      case GetRuleGroupCommand:
        return { RuleGroup: group.value, LockToken: String(group.token) };
      case GetIPSetCommand:
        return { IPSet: { Addresses: set.value }, LockToken: String(set.token) };
      case UpdateRuleGroupCommand:
        return update(group, fields, command.input as Group);
      case UpdateIPSetCommand:
        return update(set, fields, [...fields.Addresses]);
      default:
        throw new Error(`WAF in memory knows no ${command.constructor.name}`);
    }
  }

  /** By place and address. */
  const told = new Map<string, { met: readonly unknown[]; visit: Visit }>();

  const waf: MemoryWaf = {
    client: (region, call) =>
      ({
        send: (command: Sent) => call(command.constructor.name.replace(/Command$/, ''), () => answer(region, command)),
      }) as unknown as WAFV2Client,

    visit(service, dice, from = PUBLIC, target) {
      const { name, own } = siteOf(service, target);
      const seen = groups.get(name)?.seen.seen(clock.now, dice) ?? empty;
      const addresses = own.map((arn) => [arn, sets.get(arn)?.seen.seen(clock.now, dice)] as const);
      // Hundreds of visitors meet the same: what they are told is found once.
      const met = [seen, ...addresses.map(([, cidrs]) => cidrs)];
      const key = `${name} ${from}`;
      const last = told.get(key);
      if (last && met.every((one, at) => one === last.met[at])) return last.visit;
      const { Rules: rules, CustomResponseBodies = {} } = seen;
      const readOf = (arn: string) => (cidr: string) => readRange(cidr, arn.endsWith('ipv4') ? 'IPV4' : 'IPV6');
      const ipSets = new Map<string, Range[]>(addresses.map(([arn, cidrs = []]) => [arn, cidrs.map(readOf(arn))]));
      const group: ResolvedRuleGroup = {
        ...{ account: ACCOUNT, name, arn: name, rules, ipSets },
        customResponseBodies: CustomResponseBodies,
      };
      const request = { method: 'GET', path: '/', query: '', headers: { 'x-forwarded-for': [from] }, sourceIp: from };
      const resolve = { ruleGroup: () => group, ipSet: () => undefined };
      const { response } = evaluate(siteWebAcl(ACCOUNT, [group]), request, resolve);
      const visit = { status: response?.status ?? 200, maintenanceMode: response?.headers['x-maintenance-mode'] };
      told.set(key, { met, visit });
      return visit;
    },

    kept: () => ({ groups: valuesOf(groups), sets: valuesOf(sets) }),

    empty(service, target) {
      waf.write(service, { Description: 'by hand' }, target);
    },

    write(service, content, target) {
      for (const place of placesOf(service, target)) {
        change(groups.get(groupOf(place)) as Kept<Group>, { ...empty, ...content });
      }
    },

    loosen(service, target) {
      for (const place of placesOf(service, target)) {
        const group = groups.get(groupOf(place)) as Kept<Group>;
        change(group, { ...group.value, Rules: group.value.Rules.slice(0, -1) });
      }
    },
  };
  return waf;
}
