import { ConfigError } from './config-error.ts';
import { targetName } from './names.ts';
import type { EnvironmentConfig, ServiceConfig, TargetConfig } from './schema.ts';
import { isDedicated, sharedWith, targetIn } from './web-acls.ts';

/** Which stack creates the rule group of which service, and how much one takes. */

type Place = Pick<TargetConfig, 'scope' | 'region'>;

export interface Switches {
  readonly place: Place;
  readonly stack: number;
  readonly services: readonly ServiceConfig[];
}

/** CloudFormation's quotas for one stack. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_RESOURCES = 500;
const MAX_OUTPUTS = 200;
/** A rule group, two IP sets, and what they wait for. */
const RESOURCES_OF_SWITCH = 4;

/** Each place in WAF that some service has a target in, by the number of the services' stack. */
export function switchesOf({ services }: Pick<EnvironmentConfig, 'services'>): Switches[] {
  const found = new Map<string, { place: Place; stack: number; services: ServiceConfig[] }>();
  for (const service of services) {
    for (const { scope, region } of service.targets) {
      const { stack } = service;
      const key = `${region} ${scope} ${stack}`;
      const switches = found.get(key) ?? { place: { scope, region }, stack, services: [] };
      found.set(key, switches);
      switches.services.push(service);
    }
  }
  return [...found.values()];
}

/** A stack that is too large is seen before CloudFormation refuses it, and a web ACL asks groups of its own stack. */
export function checkStacks(environment: string, settings: EnvironmentConfig): void {
  for (const { place, stack, services } of switchesOf(settings)) {
    const targets = services.map((service) => targetIn(service, place) as TargetConfig);
    const dedicated = targets.flatMap(({ attachment }) => (isDedicated(attachment) ? attachment.dedicated : []));
    const associations = dedicated.reduce((sum, { loadBalancerArns }) => sum + loadBalancerArns.length, 0);
    const resources = RESOURCES_OF_SWITCH * services.length + dedicated.length + associations;
    const outputs = services.length + dedicated.length;
    const where = `drawbridge.config.ts: stack ${stack} of ${environment} in ${targetName(place)}`;
    if (resources > MAX_RESOURCES || outputs > MAX_OUTPUTS) {
      const isResources = resources > MAX_RESOURCES;
      throw new ConfigError(
        `${where} has ${services.length} services: ${isResources ? `${resources} resources` : `${outputs} outputs`}, and ` +
          `CloudFormation takes ${isResources ? MAX_RESOURCES : MAX_OUTPUTS}. Give those that are not deployed yet stack: ${stack + 1}.`,
      );
    }
    for (const [at, { attachment }] of targets.entries()) {
      const owner = settings.services.find(({ name }) => name === sharedWith(attachment));
      if (owner === undefined || owner.stack === stack) continue;
      throw new ConfigError(
        `${where}: "${services[at]?.name}" shares the web ACL of "${owner.name}", which is in stack ${owner.stack}. ` +
          'Give both the same stack.',
      );
    }
  }
}
