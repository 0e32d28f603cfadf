import type { EnvironmentConfig, ServiceConfig, TargetConfig } from './schema.ts';

/** What things of the config are called. Apart from its schema, which no Lambda needs. */

/** `REGIONAL/eu-west-1`: the name of a target within its service. */
export const targetName = (target: Pick<TargetConfig, 'scope' | 'region'>): string =>
  `${target.scope}/${target.region}`;

/** A service's name for people. */
export const titleOf = (service: Pick<ServiceConfig, 'name' | 'title'>): string =>
  service.title ?? service.name.charAt(0).toUpperCase() + service.name.slice(1);

/** Of a service that is not in the config any more, its name. */
export function titleIn({ services }: Pick<EnvironmentConfig, 'services'>, name: string): string {
  const service = services.find((one) => one.name === name);
  return service ? titleOf(service) : name;
}
