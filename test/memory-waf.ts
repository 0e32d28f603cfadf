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
import { ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
import { siteWebAcl } from '../local/site/web-acl.ts';
import { evaluate, type ResolvedRuleGroup } from '../local/waf/evaluate.ts';
import { createHistory, type History, type Propagation } from '../local/waf/history.ts';
import { type Range, readRange } from '../local/waf/ip-ranges.ts';
import type { CustomResponseBodies, Rule } from '../local/waf/schema.ts';

/** WAF in memory, at the SDK's own commands; and what visitors meet behind it, some time after each write. */
export interface MemoryWaf {
  /** @param call - Goes around each command that is sent. */
  client(call: <T>(operation: string, work: () => T) => Promise<T>): WAFV2Client;
  /** One request to a service's site. @param dice - 0 meets the newest rules that anybody meets, 1 the oldest. */
  visit(service: string, dice: number, from?: string): Visit;
  /** Somebody takes the rules out by hand. */
  empty(service: string): void;
  /** Somebody writes this by hand. */
  write(service: string, content: Partial<Group>): void;
  /** Somebody takes the last rule out, and leaves the rest as it was. */
  loosen(service: string): void;
  /** What was written, for another one that begins with it. */
  kept(): KeptWaf;
}

export interface Visit {
  readonly status: number;
  readonly maintenanceMode?: string | undefined;
}

export const PUBLIC = '203.0.113.7';
const ACCOUNT = '111122223333';
const ENVIRONMENT = 'production';

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
  readonly Id: string;
  readonly LockToken: string;
  readonly Addresses: string[];
}

export function createMemoryWaf(
  services: readonly string[],
  propagation: Propagation,
  clock: { readonly now: number },
  from?: KeptWaf,
): MemoryWaf {
  const keep = <T>(value: T): Kept<T> => {
    const seen = createHistory<T>(propagation);
    seen.change(0, value);
    return { token: 1, value, seen };
  };
  const empty: Group = { Description: '', Rules: [], CustomResponseBodies: {} };
  const names = services.map((service) => ruleGroupName({ environment: ENVIRONMENT, service }));
  const versions = names.flatMap((name) => [`${name}-ipv4`, `${name}-ipv6`]);
  const begin: KeptWaf = from ?? {
    groups: names.map((name) => [name, empty] as const),
    sets: versions.map((name) => [name, []] as const),
  };
  const groups = new Map(begin.groups.map(([name, group]) => [name, keep(group)]));
  const sets = new Map(begin.sets.map(([name, ranges]) => [name, keep(ranges)]));
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
  const list = (all: ReadonlyMap<string, unknown>) => [...all.keys()].map((Name) => ({ Name, Id: Name, ARN: Name }));

  function answer(command: Sent): unknown {
    const fields = command.input as Fields;
    const group = groups.get(fields.Id) as Kept<Group>;
    const set = sets.get(fields.Id) as Kept<readonly string[]>;
    switch (command.constructor) {
      case ListRuleGroupsCommand:
        return { RuleGroups: list(groups) };
      case ListIPSetsCommand:
        return { IPSets: list(sets) };
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

  /** By service and address. */
  const told = new Map<string, { met: readonly unknown[]; visit: Visit }>();

  const waf: MemoryWaf = {
    client: (call) =>
      ({
        send: (command: Sent) => call(command.constructor.name.replace(/Command$/, ''), () => answer(command)),
      }) as unknown as WAFV2Client,

    visit(service, dice, from = PUBLIC) {
      const name = ruleGroupName({ environment: ENVIRONMENT, service });
      const seen = groups.get(name)?.seen.seen(clock.now, dice) ?? empty;
      const addresses = [...sets].map(([arn, set]) => [arn, set.seen.seen(clock.now, dice)] as const);
      // Hundreds of visitors meet the same: what they are told is found once.
      const met = [seen, ...addresses.map(([, cidrs]) => cidrs)];
      const key = `${service} ${from}`;
      const last = told.get(key);
      if (last && met.every((one, at) => one === last.met[at])) return last.visit;
      const { Rules: rules, CustomResponseBodies = {} } = seen;
      const readOf = (arn: string) => (cidr: string) => readRange(cidr, arn.endsWith('ipv4') ? 'IPV4' : 'IPV6');
      const ipSets = new Map<string, Range[]>(addresses.map(([arn, cidrs = []]) => [arn, cidrs.map(readOf(arn))]));
      const group: ResolvedRuleGroup = {
        ...{ account: ACCOUNT, name, arn: name, rules, ipSets },
        customResponseBodies: CustomResponseBodies,
      };
      const request = { method: 'GET', path: '/', query: '', headers: {}, sourceIp: from };
      const resolve = { ruleGroup: () => group, ipSet: () => undefined };
      const { response } = evaluate(siteWebAcl(ACCOUNT, [group]), request, resolve);
      const visit = { status: response?.status ?? 200, maintenanceMode: response?.headers['x-maintenance-mode'] };
      told.set(key, { met, visit });
      return visit;
    },

    kept: () => ({ groups: valuesOf(groups), sets: valuesOf(sets) }),

    empty(service) {
      waf.write(service, { Description: 'by hand' });
    },

    write(service, content) {
      const group = groups.get(ruleGroupName({ environment: ENVIRONMENT, service })) as Kept<Group>;
      change(group, { ...empty, ...content });
    },

    loosen(service) {
      const group = groups.get(ruleGroupName({ environment: ENVIRONMENT, service })) as Kept<Group>;
      change(group, { ...group.value, Rules: group.value.Rules.slice(0, -1) });
    },
  };
  return waf;
}
