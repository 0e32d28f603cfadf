import * as z from 'zod/mini';
import type { Caller } from './caller.ts';
import { ipSetArns } from './check-rules.ts';
import { capacityOfWebAcl, checkDefaultAction, checkWebAclRules, sortedOut } from './check-web-acl.ts';
import { associated, invalidParameter, limitExceeded, notSupported, REASONS, unavailable } from './errors.ts';
import type { Item, Place } from './items.ts';
import { labelPrefix } from './labels.ts';
import { LIMITS } from './limits.ts';
import { itemName, listRequest, lockedItem, pageOf, placeOf, summaryOf } from './named.ts';
import { type Handlers, operation } from './operation.ts';
import type { Stores } from './rule-groups.ts';
import * as schema from './schema.ts';

const content = {
  DefaultAction: schema.defaultAction,
  Description: z.optional(schema.description),
  Rules: z.optional(schema.webAclRules),
  VisibilityConfig: schema.visibilityConfig,
  CustomResponseBodies: z.optional(schema.customResponseBodies),
};

const createRequest = z.strictObject({ Name: schema.name, Scope: schema.scope, ...content });
const updateRequest = z.strictObject({ ...lockedItem, ...content });
const associateRequest = z.strictObject({ WebACLArn: schema.arn, ResourceArn: schema.arn });
const resourceRequest = z.strictObject({ ResourceArn: schema.arn });
const resourcesRequest = z.strictObject({
  WebACLArn: schema.arn,
  ResourceType: z.optional(z.enum(['APPLICATION_LOAD_BALANCER'])),
});

/** The fields that WAF keeps, by its own names. */
export interface WebAcl extends Omit<z.output<typeof createRequest>, 'Name' | 'Scope'> {
  readonly Capacity: number;
  /** On the local clock. */
  readonly createdAt: number;
}

/** Does it refer to this rule group or IP set? */
export function refersTo({ Rules = [] }: WebAcl, arn: string): boolean {
  const { own, groupArns } = sortedOut(Rules);
  return groupArns.includes(arn) || ipSetArns(own).has(arn);
}

/** For how long what is new cannot be used yet; how long that is in WAF is not published. */
export interface Settling {
  now(): number;
  readonly settlesAfterMs: number;
}

const describe = ({ name, id, arn, place, value: { createdAt: _at, ...value } }: Item<WebAcl>) => ({
  ...value,
  Name: name,
  Id: id,
  ARN: arn,
  Rules: value.Rules ?? [],
  ManagedByFirewallManager: false,
  LabelNamespace: labelPrefix(place.account, 'webacl', name),
});

/**
 * Web ACLs, and which load balancers they are associated with. Whether there is such a load balancer nobody can tell here.
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
 */
export const webAclOperations = (
  { ruleGroups, ipSets, webAcls }: Stores,
  { now, settlesAfterMs }: Settling,
): Handlers => {
  /** Web ACL by resource. An association replaces the one before. */
  const associations = new Map<string, string>();
  const resourcesOf = (webAcl: string) => [...associations].flatMap(([one, of]) => (of === webAcl ? [one] : []));
  const regional = (caller: Caller): Place => placeOf('REGIONAL', caller);

  function checked(place: Place, value: Omit<WebAcl, 'Capacity' | 'createdAt'>): number {
    const { DefaultAction, Rules = [], CustomResponseBodies = {} } = value;
    checkDefaultAction(DefaultAction);
    checkWebAclRules(Rules, CustomResponseBodies);
    for (const arn of ipSetArns(sortedOut(Rules).own)) ipSets.find(place, { arn });
    return capacityOfWebAcl(Rules, (arn) => ruleGroups.find(place, { arn }).value.Capacity);
  }

  return {
    CreateWebACL: operation(createRequest, ({ Name, Scope, ...value }, caller) => {
      const place = placeOf(Scope, caller);
      const Capacity = checked(place, value);
      return { Summary: summaryOf(webAcls.create(place, Name, { ...value, Capacity, createdAt: now() })) };
    }),

    GetWebACL: operation(z.strictObject(itemName), ({ Name, Scope, Id }, caller) => {
      const item = webAcls.find(placeOf(Scope, caller), { name: Name, id: Id });
      return { WebACL: describe(item), LockToken: item.lockToken };
    }),

    ListWebACLs: operation(listRequest, (asked, caller) => {
      const { summaries, NextMarker } = pageOf(webAcls, asked, caller);
      return { WebACLs: summaries, NextMarker };
    }),

    /** Replaces every mutable field: what is left out is gone. */
    UpdateWebACL: operation(updateRequest, ({ Name, Scope, Id, LockToken, ...value }, caller) => {
      const place = placeOf(Scope, caller);
      const Capacity = checked(place, value);
      const item = webAcls.unlock(place, { name: Name, id: Id }, LockToken);
      const { createdAt } = item.value;
      return { NextLockToken: webAcls.replace(item, { ...value, Capacity, createdAt }).lockToken };
    }),

    DeleteWebACL: operation(z.strictObject(lockedItem), ({ Name, Scope, Id, LockToken }, caller) => {
      const item = webAcls.unlock(placeOf(Scope, caller), { name: Name, id: Id }, LockToken);
      if (resourcesOf(item.arn).length > 0) throw associated(Name);
      webAcls.remove(item);
      return {};
    }),

    AssociateWebACL: operation(associateRequest, ({ WebACLArn, ResourceArn }, caller) => {
      checkLoadBalancer(ResourceArn, caller);
      const { arn, name, value } = webAcls.find(regional(caller), { arn: WebACLArn });
      if (now() - value.createdAt < settlesAfterMs) throw unavailable(name);
      if (resourcesOf(arn).filter((one) => one !== ResourceArn).length >= LIMITS.loadBalancersPerWebAcl) {
        throw limitExceeded(`${LIMITS.loadBalancersPerWebAcl} load balancers of a web ACL`);
      }
      associations.set(ResourceArn, arn);
      return {};
    }),

    DisassociateWebACL: operation(resourceRequest, ({ ResourceArn }, caller) => {
      checkLoadBalancer(ResourceArn, caller);
      associations.delete(ResourceArn);
      return {};
    }),

    GetWebACLForResource: operation(resourceRequest, ({ ResourceArn }, caller) => {
      checkLoadBalancer(ResourceArn, caller);
      const arn = associations.get(ResourceArn);
      return arn === undefined ? {} : { WebACL: describe(webAcls.find(regional(caller), { arn })) };
    }),

    ListResourcesForWebACL: operation(resourcesRequest, ({ WebACLArn }, caller) => ({
      ResourceArns: resourcesOf(webAcls.find(regional(caller), { arn: WebACLArn }).arn),
    })),
  };
};

const ARN = /^arn:aws:([a-z0-9-]+):([a-z0-9-]*):(\d*):(.+)$/;
const ALSO_REAL = new Set(['apigateway', 'appsync', 'cognito-idp', 'apprunner', 'ec2', 'amplify']);

/** @throws WafError - CloudFront distributions name their web ACL themselves: here they are no resource. */
function checkLoadBalancer(arn: string, { account, region }: Caller): void {
  const [, service = '', where, owner, resource = ''] = ARN.exec(arn) ?? [];
  if (ALSO_REAL.has(service)) throw notSupported(`A resource of ${service}`);
  const isOurs = service === 'elasticloadbalancing' && where === region && owner === account;
  if (!isOurs || !resource.startsWith('loadbalancer/app/')) throw invalidParameter('RESOURCE_ARN', arn, REASONS.arn);
}
