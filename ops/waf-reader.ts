import {
  CheckCapacityCommand,
  GetRuleGroupCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  ListIPSetsCommand,
  ListResourcesForWebACLCommand,
  ListRuleGroupsCommand,
  ListWebACLsCommand,
  type ResourceType,
  type Rule,
  type RuleGroup,
  type WAFV2Client,
  type WebACL,
} from '@aws-sdk/client-wafv2';
import { targetName } from '../config/names.ts';
import type { TargetConfig } from '../config/schema.ts';
import { createPace, type PaceOptions } from './pace.ts';

/** WAF as the commands look at it: they only read, at the pace that it grants. */

export type WafPlace = Pick<TargetConfig, 'scope' | 'region'>;

export interface Named {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
}

export interface WafReader {
  ruleGroups(place: WafPlace): Promise<Named[]>;
  ruleGroup(place: WafPlace, which: Named): Promise<RuleGroup>;
  ipSets(place: WafPlace): Promise<Named[]>;
  webAcls(place: WafPlace): Promise<Named[]>;
  webAcl(place: WafPlace, which: Named): Promise<WebACL>;
  /** The web ACL that a resource has; undefined if it has none. */
  webAclOf(place: WafPlace, resourceArn: string): Promise<WebACL | undefined>;
  /** Of a REGIONAL web ACL. */
  resources(place: WafPlace, webAclArn: string, type: ResourceType): Promise<string[]>;
  capacity(place: WafPlace, rules: readonly Rule[]): Promise<number>;
}

/** Services share places: what is read of a place is read once. */
export function oncePerPlace<T>(read: (place: WafPlace) => Promise<T>): (place: WafPlace) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (place) => {
    const reading = known.get(targetName(place)) ?? read(place);
    known.set(targetName(place), reading);
    return reading;
  };
}

export type ClientFor = (region: string) => Pick<WAFV2Client, 'send'>;

const PAGE = 100;

interface Listed {
  readonly Name?: string | undefined;
  readonly Id?: string | undefined;
  readonly ARN?: string | undefined;
}
type Page = { readonly items?: readonly Listed[] | undefined; readonly next?: string | undefined };

export function wafReader(clientFor: ClientFor, time: PaceOptions): WafReader {
  const pace = createPace(time);
  const clients = new Map<string, ReturnType<ClientFor>>();

  async function inTurn({ region }: WafPlace, operation: string) {
    await pace.turn(`${region} ${operation}`);
    const client = clients.get(region) ?? clientFor(region);
    clients.set(region, client);
    return client;
  }

  async function all(page: (marker?: string) => Promise<Page>): Promise<Named[]> {
    const found: Named[] = [];
    let marker: string | undefined;
    do {
      const { items = [], next } = await page(marker);
      found.push(...items.map(({ Name: name = '', Id: id = '', ARN: arn = '' }) => ({ name, id, arn })));
      // WAF may send a marker with its last page.
      marker = items.length > 0 ? next : undefined;
    } while (marker);
    return found;
  }

  return {
    ruleGroups: (place) =>
      all(async (NextMarker) => {
        const client = await inTurn(place, 'ListRuleGroups');
        const answer = await client.send(new ListRuleGroupsCommand({ Scope: place.scope, Limit: PAGE, NextMarker }));
        return { items: answer.RuleGroups, next: answer.NextMarker };
      }),
    async ruleGroup(place, { name, id }) {
      const client = await inTurn(place, 'GetRuleGroup');
      const { RuleGroup } = await client.send(new GetRuleGroupCommand({ Name: name, Id: id, Scope: place.scope }));
      return RuleGroup as RuleGroup;
    },
    ipSets: (place) =>
      all(async (NextMarker) => {
        const client = await inTurn(place, 'ListIPSets');
        const answer = await client.send(new ListIPSetsCommand({ Scope: place.scope, Limit: PAGE, NextMarker }));
        return { items: answer.IPSets, next: answer.NextMarker };
      }),
    webAcls: (place) =>
      all(async (NextMarker) => {
        const client = await inTurn(place, 'ListWebACLs');
        const answer = await client.send(new ListWebACLsCommand({ Scope: place.scope, Limit: PAGE, NextMarker }));
        return { items: answer.WebACLs, next: answer.NextMarker };
      }),
    async webAcl(place, { name, id }) {
      const client = await inTurn(place, 'GetWebACL');
      const { WebACL } = await client.send(new GetWebACLCommand({ Name: name, Id: id, Scope: place.scope }));
      return WebACL as WebACL;
    },
    async webAclOf(place, ResourceArn) {
      const client = await inTurn(place, 'GetWebACLForResource');
      return (await client.send(new GetWebACLForResourceCommand({ ResourceArn }))).WebACL;
    },
    async resources(place, WebACLArn, ResourceType) {
      const client = await inTurn(place, 'ListResourcesForWebACL');
      const { ResourceArns = [] } = await client.send(new ListResourcesForWebACLCommand({ WebACLArn, ResourceType }));
      return ResourceArns;
    },
    async capacity(place, rules) {
      const client = await inTurn(place, 'CheckCapacity');
      const { Capacity = 0 } = await client.send(new CheckCapacityCommand({ Scope: place.scope, Rules: [...rules] }));
      return Capacity;
    },
  };
}
