import * as z from 'zod/mini';
import { capacityOf } from './capacity.ts';
import { checkCapacity, checkRules, ipSetArns } from './check-rules.ts';
import { associated, limitExceeded } from './errors.ts';
import type { IpSet } from './ip-sets.ts';
import type { Item, Items } from './items.ts';
import { labelPrefix } from './labels.ts';
import { LIMITS } from './limits.ts';
import { itemName, listRequest, lockedItem, pageOf, placeOf, summaryOf } from './named.ts';
import { type Handlers, operation } from './operation.ts';
import * as schema from './schema.ts';
import { refersTo, type WebAcl } from './web-acls.ts';

const content = {
  Description: z.optional(schema.description),
  Rules: z.optional(schema.rules),
  VisibilityConfig: schema.visibilityConfig,
  CustomResponseBodies: z.optional(schema.customResponseBodies),
};

const createRequest = z.strictObject({
  Name: schema.name,
  Scope: schema.scope,
  Capacity: schema.capacity,
  ...content,
});
const updateRequest = z.strictObject({ ...lockedItem, ...content });
const getRequest = z.union([
  z.strictObject(itemName),
  z.strictObject({ ARN: schema.arn, Scope: z.optional(schema.scope), Name: z.optional(schema.name) }),
]);

/** The fields that WAF keeps, by its own names. Capacity never changes. */
export type RuleGroup = Omit<z.output<typeof createRequest>, 'Name' | 'Scope'>;

export interface Stores {
  readonly ruleGroups: Items<RuleGroup>;
  readonly ipSets: Items<IpSet>;
  readonly webAcls: Items<WebAcl>;
}

const describe = ({ name, id, arn, place, value }: Item<RuleGroup>) => ({
  ...value,
  Name: name,
  Id: id,
  ARN: arn,
  Rules: value.Rules ?? [],
  LabelNamespace: labelPrefix(place.account, 'rulegroup', name),
});

export const ruleGroupOperations = ({ ruleGroups, ipSets, webAcls }: Stores): Handlers => {
  function check(rules: schema.Rule[] = [], customResponseBodies: schema.CustomResponseBodies = {}): void {
    checkRules({ rules, customResponseBodies });
  }
  const checkReferences = (place: Item<unknown>['place'], rules: schema.Rule[] = []) => {
    for (const arn of ipSetArns(rules)) ipSets.find(place, { arn });
  };

  return {
    CreateRuleGroup: operation(createRequest, ({ Name, Scope, ...value }, caller) => {
      const place = placeOf(Scope, caller);
      if (value.Capacity > LIMITS.ruleGroupCapacity) {
        throw limitExceeded(`${LIMITS.ruleGroupCapacity} capacity units in a rule group`);
      }
      check(value.Rules, value.CustomResponseBodies);
      checkCapacity(value.Rules ?? [], value.Capacity);
      checkReferences(place, value.Rules);
      const item = ruleGroups.create(place, Name, value);
      return { Summary: summaryOf(item) };
    }),

    GetRuleGroup: operation(getRequest, (asked, caller) => {
      const reference = 'ARN' in asked ? { arn: asked.ARN } : { name: asked.Name, id: asked.Id };
      const scope = asked.Scope ?? ('ARN' in asked && asked.ARN.includes(':global/') ? 'CLOUDFRONT' : 'REGIONAL');
      const item = ruleGroups.find(placeOf(scope, caller), reference);
      return { RuleGroup: describe(item), LockToken: item.lockToken };
    }),

    ListRuleGroups: operation(listRequest, (asked, caller) => {
      const { summaries, NextMarker } = pageOf(ruleGroups, asked, caller);
      return { RuleGroups: summaries, NextMarker };
    }),

    /** Replaces every mutable field: what is left out is gone. */
    UpdateRuleGroup: operation(updateRequest, ({ Name, Scope, Id, LockToken, ...value }, caller) => {
      const place = placeOf(Scope, caller);
      check(value.Rules, value.CustomResponseBodies);
      const item = ruleGroups.unlock(place, { name: Name, id: Id }, LockToken);
      const { Capacity } = item.value;
      checkCapacity(value.Rules ?? [], Capacity);
      checkReferences(place, value.Rules);
      return { NextLockToken: ruleGroups.replace(item, { Capacity, ...value }).lockToken };
    }),

    DeleteRuleGroup: operation(z.strictObject(lockedItem), ({ Name, Scope, Id, LockToken }, caller) => {
      const place = placeOf(Scope, caller);
      const item = ruleGroups.unlock(place, { name: Name, id: Id }, LockToken);
      if (webAcls.all(place).some(({ value }) => refersTo(value, item.arn))) throw associated(Name);
      ruleGroups.remove(item);
      return {};
    }),

    CheckCapacity: operation(
      z.strictObject({ Scope: schema.scope, Rules: schema.rules }),
      ({ Scope, Rules }, caller) => {
        const place = placeOf(Scope, caller);
        check(Rules);
        checkReferences(place, Rules);
        return { Capacity: capacityOf(Rules) };
      },
    ),
  };
};
