import type { RuleGroup } from '@aws-sdk/client-wafv2';
import type { Observation } from '../lambda/src/proof/evidence.ts';
import { RuleGroupError } from '../lambda/src/waf/errors.ts';
import type { Place } from '../lambda/src/waf/place.ts';
import type { AddressVersion, RuleGroupStore, Snapshot } from '../lambda/src/waf/rule-groups.ts';

/** Rule groups in memory, with lock tokens; and what a visitor would see of them. */
export interface MemoryRuleGroups extends RuleGroupStore {
  /** Answers as the service's site would, behind its rules. */
  visit(service: string): Observation;
}

export function createMemoryRuleGroups(): MemoryRuleGroups {
  const groups = new Map<string, { token: number; value: Partial<RuleGroup> }>();
  const sets = new Map<string, { token: number; value: readonly string[] }>();
  const keyOf = ({ service, scope, region }: Place) => `${service} ${scope}/${region}`;
  const groupOf = (place: Place) => {
    const known = groups.get(keyOf(place)) ?? { token: 1, value: { Description: '', Rules: [] } };
    groups.set(keyOf(place), known);
    return known;
  };
  const setOf = (place: Place, version: AddressVersion) => {
    const key = `${keyOf(place)} ${version}`;
    const known = sets.get(key) ?? { token: 1, value: [] };
    sets.set(key, known);
    return known;
  };
  const check = (place: Place, token: number, from: Snapshot<unknown>) => {
    if (String(token) !== from.lockToken) throw RuleGroupError.movedOn(place);
  };
  const snapshot = <T>(id: string, token: number, value: T): Snapshot<T> => ({
    id,
    arn: `arn:${id}`,
    lockToken: String(token),
    value,
  });

  return {
    async read(place) {
      const { token, value } = groupOf(place);
      return snapshot(keyOf(place), token, { ...value } as RuleGroup);
    },
    async write(place, from, content) {
      const group = groupOf(place);
      check(place, group.token, from);
      group.token += 1;
      group.value = { CustomResponseBodies: {}, ...content };
    },
    async readSet(place, version) {
      const { token, value } = setOf(place, version);
      return snapshot(`${keyOf(place)} ${version}`, token, value);
    },
    async writeSet(place, version, from, addresses) {
      const set = setOf(place, version);
      check(place, set.token, from);
      set.token += 1;
      set.value = [...addresses];
    },
    inTurn: (_place, _operation, _until, work) => work(),
    visit(service) {
      const own = [...groups].filter(([key]) => key.startsWith(`${service} `)).map(([, { value }]) => value);
      const headers = own.flatMap(({ Rules = [] }) =>
        Rules.flatMap(({ Action }) => Action?.Block?.CustomResponse?.ResponseHeaders ?? []),
      );
      const mode = headers.find(({ Name }) => Name === 'x-maintenance-mode')?.Value;
      return mode === undefined
        ? { kind: 'answered', status: 200 }
        : { kind: 'answered', status: 503, maintenanceMode: mode };
    },
  };
}
