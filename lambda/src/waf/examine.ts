import { targetName } from '../../../config/names.ts';
import type { ServiceConfig, TargetConfig } from '../../../config/schema.ts';
import { allDone } from '../model/all-done.ts';
import { RuleGroupError } from './errors.ts';
import { placeOf } from './place.ts';
import { type BusyDependencies, retryWhileBusy } from './retry-while-busy.ts';
import type { AddressVersion, RuleGroupStore } from './rule-groups.ts';
import { RULE_GROUP_CAPACITY } from './rules/check-config.ts';

/** A target as a write would find it: its rule group and its IP sets, each read with the lock token that a write takes. */
export interface ExaminedTarget {
  readonly target: string;
  /** The WCU that its group has for ever. */
  readonly capacity: number;
  readonly setArns: Readonly<Partial<Record<AddressVersion, string>>>;
  /** As the group's Description tells it, and how many rules there are. */
  readonly description: string;
  readonly rules: number;
  /** Why it could not be read; then the others say nothing. */
  readonly error?: RuleGroupError;
}

export interface ExamineDependencies extends BusyDependencies {
  readonly ruleGroups: Pick<RuleGroupStore, 'read' | 'readSet'>;
}

/**
 * Reads what a write would read first, and writes nothing.
 * @param until - How long it is tried, in milliseconds since the epoch.
 */
export async function examineTarget(
  deps: ExamineDependencies,
  service: ServiceConfig,
  target: TargetConfig,
  { until, withSets }: { readonly until: number; readonly withSets: boolean },
): Promise<ExaminedTarget> {
  const place = placeOf(service, target);
  const found = await retryWhileBusy(deps, until, async () => {
    const { value, lockToken } = await deps.ruleGroups.read(place, until);
    const sets = withSets
      ? await allDone(([4, 6] as const).map((version) => deps.ruleGroups.readSet(place, version, until)))
      : [];
    if ([lockToken, ...sets.map((set) => set.lockToken)].some((token) => !token)) throw RuleGroupError.noToken(place);
    return { value, setArns: { 4: sets[0]?.arn, 6: sets[1]?.arn } };
  });
  const told = { target: targetName(target), capacity: RULE_GROUP_CAPACITY, setArns: {}, description: '', rules: 0 };
  if (found instanceof RuleGroupError) return { ...told, error: found };
  const { Capacity = RULE_GROUP_CAPACITY, Description = '', Rules = [] } = found.value;
  return { ...told, capacity: Capacity, setArns: found.setArns, description: Description, rules: Rules.length };
}
