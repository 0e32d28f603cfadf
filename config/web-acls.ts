import { ConfigError } from './config-error.ts';
import { commonHost } from './hosts.ts';
import { targetName } from './names.ts';
import type { Config, EnvironmentConfig, ServiceConfig, TargetConfig } from './schema.ts';

/** Which services one web ACL asks, and whether it can tell them apart. */

/** Of the web ACL's capacity, each rule group takes what it was created with, for ever. @see limits.html, web ACL capacity */
const MAX_GROUPS = 20;

/** A load balancer has one web ACL; several services can share that. */
export function checkLoadBalancers({ environments }: Config): void {
  const owners = new Map<string, { environment: string; service: string }>();
  for (const [environment, { account, services }] of Object.entries(environments)) {
    for (const { name, targets } of services) {
      for (const target of targets) {
        if (!isDedicated(target.attachment)) continue;
        const place = `drawbridge.config.ts: the dedicated web ACL of service "${name}" (${targetName(target)})`;
        const { loadBalancerArns } = target.attachment.dedicated;
        if (target.scope === 'CLOUDFRONT' && loadBalancerArns.length > 0) {
          throw new ConfigError(`${place} names load balancers. Leave them out: its distribution names the web ACL.`);
        }
        if (target.scope === 'REGIONAL' && loadBalancerArns.length === 0) {
          throw new ConfigError(`${place} protects nothing. Name its load balancers in loadBalancerArns.`);
        }
        for (const arn of loadBalancerArns) {
          if (arn.split(':')[3] !== target.region) {
            throw new ConfigError(`${place} names ${arn}, which is in another region. Give it a target of its own.`);
          }
          if (account !== undefined && arn.split(':')[4] !== account) {
            throw new ConfigError(
              `${place} names ${arn}, which is in another account than ${environment} (${account}). A web ACL protects only ` +
                'what is in its own: make an environment for that account, or correct the ARN.',
            );
          }
          const owner = owners.get(arn);
          if (owner) {
            throw new ConfigError(
              `${place} names ${arn}, and so does "${owner.service}". A load balancer has one web ACL, which can ask ` +
                `several rule groups. ${remedyOf(owner.service, owner.environment === environment)}`,
            );
          }
          owners.set(arn, { environment, service: name });
        }
      }
    }
  }
}

const remedyOf = (owner: string, isSameEnvironment: boolean): string =>
  isSameEnvironment
    ? `Leave it with "${owner}", write attachment: { sharedWith: "${owner}" } here, and give both their hosts.`
    : 'Set both to { existing: { webAcl } }, a web ACL of your own that asks both first, and give both their hosts.';

type Attachment = TargetConfig['attachment'];
type Dedicated = Extract<Attachment, { dedicated: unknown }>;

export const isDedicated = (attachment: Attachment): attachment is Dedicated =>
  typeof attachment === 'object' && 'dedicated' in attachment;

/** The service whose dedicated web ACL asks this one as well. */
export const sharedWith = (attachment: Attachment): string | undefined =>
  typeof attachment === 'object' && 'sharedWith' in attachment ? attachment.sharedWith : undefined;

/** What the web ACL is called that somebody else owns, where that is said. */
export const existingWebAcl = (attachment: Attachment): string | undefined =>
  typeof attachment === 'object' && 'existing' in attachment ? attachment.existing.webAcl : undefined;

/** @returns the service's target in the same place in WAF. */
export const targetIn = (
  { targets }: Pick<ServiceConfig, 'targets'>,
  place: Pick<TargetConfig, 'scope' | 'region'>,
): TargetConfig | undefined => targets.find((one) => targetName(one) === targetName(place));

/**
 * Equal for targets that one web ACL is known to ask. Undefined: an `existing` one without a name, that may be any.
 */
export function webAclKey(
  environment: string,
  service: string,
  { attachment, ...place }: TargetConfig,
): string | undefined {
  const named = existingWebAcl(attachment);
  if (named !== undefined) return `web ACL ${named} in ${targetName(place)}`;
  const owner = isDedicated(attachment) ? service : sharedWith(attachment);
  return owner === undefined ? undefined : `dedicated web ACL of "${owner}" of ${environment} in ${targetName(place)}`;
}

interface Member {
  readonly service: ServiceConfig;
  readonly target: TargetConfig;
}

export function checkSharing({ environments }: Config): void {
  const asked = new Map<string, Member[]>();
  const unnamed = new Map<string, Member[]>();
  for (const [environment, settings] of Object.entries(environments)) {
    for (const service of settings.services) {
      for (const target of service.targets) {
        checkOwner(settings, service, target);
        const key = webAclKey(environment, service.name, target);
        const where = `${settings.account ?? ''} ${key ?? targetName(target)}`;
        const members = key === undefined ? unnamed : asked;
        members.set(where, [...(members.get(where) ?? []), { service, target }]);
      }
    }
  }
  for (const members of asked.values()) checkMembers(members);
  for (const members of unnamed.values()) checkUnnamed(members);
}

function checkOwner({ services }: EnvironmentConfig, { name }: ServiceConfig, target: TargetConfig): void {
  const owner = sharedWith(target.attachment);
  if (owner === undefined) return;
  const found = services.find((one) => one.name === owner);
  const attachment = found && targetIn(found, target)?.attachment;
  if (owner !== name && attachment !== undefined && isDedicated(attachment)) return;
  const owners = services
    .filter((one) => one.name !== name)
    .filter(
      (one) => targetIn(one, target)?.attachment && isDedicated((targetIn(one, target) as TargetConfig).attachment),
    )
    .map((one) => one.name);
  throw new ConfigError(
    `drawbridge.config.ts: service "${name}" (${targetName(target)}) is attached to the web ACL of "${owner}", which has no ` +
      `dedicated one there. ${owners.length > 0 ? `There are: ${owners.join(', ')}.` : 'Give it one, or say who owns it: existing.'}`,
  );
}

function checkMembers(members: readonly Member[]): void {
  if (members.length < 2) return;
  const names = members.map(({ service }) => service.name);
  const place = `drawbridge.config.ts: one web ACL asks ${names.map((name) => `"${name}"`).join(' and ')}`;
  const all = members.find(({ service }) => service.hosts.length === 0);
  if (all) {
    throw new ConfigError(
      `${place}, and "${all.service.name}" has no hosts: closing it closes all of them. Name the hosts that are its own.`,
    );
  }
  if (members.length > MAX_GROUPS) {
    throw new ConfigError(
      `${place}: ${members.length} rule groups of 250 WCU, and a web ACL takes 5,000. Behind one there can be ${MAX_GROUPS} ` +
        'services: close some of them together, as one service with several hosts.',
    );
  }
  checkOverlap(members, place, 'Leave it with one of them.');
}

/** Each may have a web ACL of its own: one name in both says that it is the same site. */
function checkUnnamed(members: readonly Member[]): void {
  const place = `drawbridge.config.ts: existing web ACLs in ${members[0] ? targetName(members[0].target) : ''}`;
  checkOverlap(
    members,
    place,
    'Leave it with one of them, or say with { existing: { webAcl } } that each has a web ACL of its own.',
  );
}

function checkOverlap(members: readonly Member[], place: string, remedy: string): void {
  for (const [at, { service }] of members.entries()) {
    for (const { service: other } of members.slice(at + 1)) {
      const common = commonHost(service.hosts, other.hosts);
      if (common === undefined) continue;
      throw new ConfigError(
        `${place}: ${common} is among the hosts of "${service.name}" and of "${other.name}": closing one closes it in both. ${remedy}`,
      );
    }
  }
}
