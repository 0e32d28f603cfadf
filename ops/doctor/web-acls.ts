import type { ResourceType, Rule, WebACL } from '@aws-sdk/client-wafv2';
import { commonHost } from '../../config/hosts.ts';
import type { ServiceConfig, TargetConfig } from '../../config/schema.ts';
import { existingWebAcl, isDedicated } from '../../config/web-acls.ts';
import { serviceOfGroup } from '../../lambda/src/waf/rules/rules.ts';
import type { WafPlace, WafReader } from '../waf-reader.ts';
import { broken, type Finding, ok, withPermission } from './finding.ts';

/** A web ACL as the doctor needs it. */
export type SeenWebAcl = Pick<WebACL, 'Name' | 'ARN' | 'Rules' | 'PreProcessFirewallManagerRuleGroups'>;

/** Every web ACL of a place; each costs one call. */
export async function readWebAcls(waf: Pick<WafReader, 'webAcls' | 'webAcl'>, place: WafPlace): Promise<SeenWebAcl[]> {
  const listed = await withPermission('wafv2:ListWebACLs', () => waf.webAcls(place));
  const all: SeenWebAcl[] = [];
  for (const one of listed) all.push(await withPermission('wafv2:GetWebACL', () => waf.webAcl(place, one)));
  return all;
}

/** Those that refer to the group, anywhere in their rules. */
export const referringTo = (acls: readonly SeenWebAcl[], groupArn: string): SeenWebAcl[] =>
  acls.filter((acl) => referenceIn(acl, groupArn) !== undefined);

const referenceIn = ({ Rules = [] }: SeenWebAcl, groupArn: string) =>
  Rules.find(({ Statement }) => Statement?.RuleGroupReferenceStatement?.ARN === groupArn);

/** Our group must be asked, before anything else, and its answer must count. */
export function judgeReference(acl: SeenWebAcl, groupArn: string): Finding[] {
  const rule = referenceIn(acl, groupArn);
  if (!rule) return [];
  const { Rules = [], PreProcessFirewallManagerRuleGroups: foreign = [], Name } = acl;
  const findings: Finding[] = [];
  // Another service's group answers for that service alone, and allows nothing.
  const earlier = Rules.filter((one) => (one.Priority ?? 0) < (rule.Priority ?? 0) && serviceIn(one) === undefined);
  if (earlier.length > 0) {
    const names = earlier.map((one) => one.Name).join(', ');
    findings.push(
      broken(
        `${Name} asks ${names} before ours: what they allow comes in during maintenance.`,
        `Give the rule ${rule.Name} the lowest priority number.`,
      ),
    );
  }
  if (foreign.length > 0) {
    findings.push(
      broken(
        `${Name} asks Firewall Manager’s first rule groups before ours: what they allow comes in during maintenance.`,
        'See with its administrator that none of them allows, or that ours is the first of theirs.',
      ),
    );
  }
  if (rule.OverrideAction?.Count) {
    findings.push(
      broken(
        `${Name} only counts what our group blocks: nobody is shut out.`,
        `Set the override of the rule ${rule.Name} to none.`,
      ),
    );
  }
  const excluded = rule.Statement?.RuleGroupReferenceStatement?.RuleActionOverrides ?? [];
  if (excluded.length > 0) {
    const names = excluded.map((one) => one.Name).join(', ');
    findings.push(broken(`${Name} overrides rules of our group (${names}).`, 'Take these overrides away.'));
  }
  return findings.length > 0 ? findings : [ok(`${Name} asks our group first, and its answer counts.`)];
}

/** What a REGIONAL web ACL can protect that people visit. Asked one after the other, until one has something. */
const TYPES: readonly ResourceType[] = [
  'APPLICATION_LOAD_BALANCER',
  'API_GATEWAY',
  'APPSYNC',
  'APP_RUNNER_SERVICE',
  'COGNITO_USER_POOL',
  'VERIFIED_ACCESS_INSTANCE',
];

/** Load balancers always come first and complete; of the others it is enough that there is one. */
export async function protectedBy(
  waf: Pick<WafReader, 'resources'>,
  place: WafPlace,
  acl: SeenWebAcl,
): Promise<string[]> {
  for (const type of TYPES) {
    const arns = await withPermission('wafv2:ListResourcesForWebACL', () => waf.resources(place, acl.ARN ?? '', type));
    if (arns.length > 0) return arns;
  }
  return [];
}

export const judgeAssociation = (acl: SeenWebAcl, resources: readonly string[]): Finding =>
  resources.length > 0
    ? ok(`${acl.Name} protects ${resources.length === 1 ? resources[0] : `${resources.length} resources`}.`)
    : broken(`${acl.Name} protects nothing.`, 'Associate it with what the service is reached through.');

/** Load balancers that should have this web ACL and have lost it: whatever reaches them comes in. */
export function judgeDedicated({ Name }: SeenWebAcl, resources: readonly string[], target: TargetConfig): Finding[] {
  if (!isDedicated(target.attachment)) return [];
  const lost = target.attachment.dedicated.loadBalancerArns.filter((arn) => !resources.includes(arn));
  return lost.map((arn) => broken(`${Name} does not protect ${arn}: it is never closed.`, 'Deploy the switch stack.'));
}

const serviceIn = ({ Statement }: Rule): string | undefined =>
  serviceOfGroup(Statement?.RuleGroupReferenceStatement?.ARN ?? '');

/**
 * Several of our groups in one web ACL: each must answer for its own hosts alone.
 *
 * @param known - Every service of the config, of other environments too.
 */
export function judgeSharing(acl: SeenWebAcl, service: ServiceConfig, known: readonly ServiceConfig[]): Finding[] {
  const asked = (acl.Rules ?? []).flatMap((rule) => serviceIn(rule) ?? []);
  const others = asked.filter((name) => name !== service.name);
  if (others.length === 0) return [];
  if (service.hosts.length === 0) {
    return [
      broken(
        `${acl.Name} asks the groups of ${others.join(' and ')} too, and ${service.name} has no hosts: closing it closes them.`,
        `Name the hosts of ${service.name} in the config, and deploy.`,
      ),
    ];
  }
  const common = others.flatMap((name) => {
    const host = commonHost(service.hosts, known.find((one) => one.name === name)?.hosts ?? []);
    return host === undefined ? [] : [{ name, host }];
  });
  if (common.length === 0) return [ok(`${acl.Name} asks ${others.join(' and ')} too, which have other hosts.`)];
  return common.map(({ name, host }) =>
    broken(
      `${acl.Name} asks ${name} too, and ${host} is a host of both: closing one closes it in both.`,
      'Leave it with one of them in the config, and deploy.',
    ),
  );
}

/** The config says which web ACL it is: another one that refers to the group may be a mistake. */
export function judgeName({ Name }: SeenWebAcl, { attachment }: TargetConfig): Finding[] {
  const expected = existingWebAcl(attachment);
  if (expected === undefined || expected === Name) return [];
  return [
    broken(
      `${Name} refers to the rule group, and the config names ${expected}.`,
      'Name it in the config, or take the rule away.',
    ),
  ];
}

/**
 * Associating replaces the web ACL that a load balancer has, with all its rules, and says nothing: so that is asked before.
 * @param own - What the dedicated one is called.
 */
export function judgeBeforeAssociation(loadBalancerArn: string, own: string, found: WebACL | undefined): Finding {
  if (!found) return ok(`${loadBalancerArn} has no web ACL: it gets ${own}.`);
  if (found.Name === own) return ok(`${loadBalancerArn} has ${own} already.`);
  const { Name, ManagedByFirewallManager } = found;
  const what = `${loadBalancerArn} has the web ACL ${Name}: deploying replaces it, and its rules protect nothing any more.`;
  return ManagedByFirewallManager
    ? broken(
        what,
        'Firewall Manager put it there, and would again: let its administrator add our rule group as the first.',
      )
    : broken(
        what,
        `Set attachment to { existing: { webAcl: '${Name}' } } and add our rule group to it as the first rule.`,
      );
}
