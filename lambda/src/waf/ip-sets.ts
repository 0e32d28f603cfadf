import type { ServiceConfig } from '../../../config/schema.ts';
import { canonicalAllowlist, checkAllowlistEntry, liveEntries, testerOf } from '../../../contract/allowlist.ts';
import { allDone } from '../model/all-done.ts';
import type { ServiceState } from '../model/service-state.ts';
import type { Place } from './place.ts';
import type { AddressVersion, RuleGroupStore, Snapshot } from './rule-groups.ts';

/** The ranges that are let in at this moment: the config's permanent ones, and those whose time has not ended. */
export const rangesLetIn = (
  { allowlist: permanent }: ServiceConfig,
  { allowlist }: Pick<ServiceState, 'allowlist'>,
  now: number,
): string[] => canonicalAllowlist([...permanent, ...liveEntries(allowlist, now).map((entry) => testerOf(entry).range)]);

/** An IP set as it was read, and what should be in it. */
export interface SetDifference {
  readonly version: AddressVersion;
  readonly set: Snapshot<readonly string[]>;
  readonly wanted: readonly string[];
  readonly isInSync: boolean;
}

const VERSIONS = [4, 6] as const;

/** Reads both sets of a place, and compares them. */
export const readSets = (
  ruleGroups: Pick<RuleGroupStore, 'readSet'>,
  place: Place,
  ranges: readonly string[],
  until?: number,
): Promise<SetDifference[]> =>
  allDone(
    VERSIONS.map(async (version) => {
      const set = await ruleGroups.readSet(place, version, until);
      const wanted = ranges.filter((cidr) => cidr.includes(':') === (version === 6));
      return { version, set, wanted, isInSync: holds(set, wanted) };
    }),
  );

/** Whether exactly these are let in by it. */
export const holds = ({ value }: SetDifference['set'], wanted: readonly string[]): boolean => hasMembers(value, wanted);

function hasMembers(actual: readonly string[], wanted: readonly string[]): boolean {
  const members = new Set(actual.map(canonical));
  return members.size === wanted.length && wanted.every((cidr) => members.has(canonical(cidr)));
}

/** WAF may write an IPv6 range out in full; and somebody else may have put in what we would not take. */
function canonical(cidr: string): string {
  const checked = checkAllowlistEntry(cidr);
  return checked.ok ? checked.cidr : cidr;
}
