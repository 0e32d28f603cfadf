import { ipSetArns } from './check-rules.ts';
import type { ResolvedRuleGroup } from './evaluate.ts';
import { createHistory, type History, type Propagation } from './history.ts';
import type { IpSet } from './ip-sets.ts';
import type { Item, Place } from './items.ts';
import type { RuleGroup } from './rule-groups.ts';

/** What the data plane knows: the control plane's changes, some time later. */
export interface DataPlane {
  /** The rule group with its IP sets as this one request meets them; each call is another request. */
  ruleGroup(place: Place, name: string): ResolvedRuleGroup | undefined;
}

export interface DataPlaneOptions {
  readonly propagation: Propagation;
  now(): number;
  /** 0 to 1, without 1. */
  random(): number;
}

const keyOf = ({ account, region, scope }: Place, name: string): string => `${account}/${region}/${scope}/${name}`;

export function createDataPlane({ propagation, now, random }: DataPlaneOptions) {
  const groups = new Map<string, History<Item<RuleGroup>>>();
  const sets = new Map<string, History<IpSet>>();

  function change<T>(histories: Map<string, History<T>>, key: string, value: T | undefined): void {
    const history = histories.get(key) ?? createHistory<T>(propagation);
    histories.set(key, history);
    history.change(now(), value);
  }

  const dataPlane: DataPlane = {
    ruleGroup(place, name) {
      const group = groups.get(keyOf(place, name))?.seen(now(), random());
      if (!group) return undefined;
      const { Rules: rules = [], CustomResponseBodies: customResponseBodies = {} } = group.value;
      const ipSets = new Map(
        [...ipSetArns(rules)].map((arn) => [arn, sets.get(arn)?.seen(now(), random())?.ranges ?? []] as const),
      );
      return { account: place.account, name, arn: group.arn, rules, customResponseBodies, ipSets };
    },
  };
  return {
    dataPlane,
    ruleGroupChanged: (item: Item<RuleGroup>, value: RuleGroup | undefined) =>
      change(groups, keyOf(item.place, item.name), value && item),
    ipSetChanged: (item: Item<IpSet>, value: IpSet | undefined) => change(sets, item.arn, value),
  };
}
