import * as z from 'zod/mini';
import { targetName } from '../config/names.ts';
import { type EnvironmentConfig, type ServiceConfig, serviceSchema } from '../config/schema.ts';
import { RuleGroupError } from '../lambda/src/waf/errors.ts';
import { placeOf } from '../lambda/src/waf/place.ts';
import { ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
import type { BreakGlassApi } from './break-glass-api.ts';
import { noSuchService } from './built-config.ts';
import { CommandError, UsageError } from './command.ts';
import type { DirectDependencies } from './direct-write.ts';

/** A service that was taken out of the config while it was closed: it can be opened, and nothing else. */

/** @throws CommandError - The API does not know it either, or does not answer. */
export async function lostService(
  api: Pick<BreakGlassApi, 'services'>,
  environment: EnvironmentConfig,
  name: string,
): Promise<Pick<ServiceConfig, 'name' | 'title'>> {
  const found = (await api.services()).find(({ service, orphaned }) => service === name && orphaned);
  if (!found) throw noSuchService(environment, name);
  return { name, title: found.title };
}

const PLACE = /^(REGIONAL|CLOUDFRONT)\/([a-z0-9-]+)$/;

/**
 * Without the API nobody remembers where it was: its rule group is looked for at each place that the config names, and at
 * those that the person names.
 * @throws CommandError - It is at none of them.
 */
export async function lostServiceInFirewall(
  { ruleGroups }: Pick<DirectDependencies, 'ruleGroups'>,
  environment: EnvironmentConfig,
  name: string,
  places: readonly string[] = [],
): Promise<ServiceConfig> {
  const all = new Set([...environment.services.flatMap(({ targets }) => targets.map(targetName)), ...places]);
  const { environment: itsName } = environment.services[0] as ServiceConfig;
  const service = { ...readService(name, [...all]), environment: itsName };
  const isThere = await Promise.all(
    service.targets.map(async (target) => {
      try {
        await ruleGroups.read(placeOf(service, target));
        return true;
      } catch (error) {
        // Whatever else is wrong there is told when it is written.
        return !(error instanceof RuleGroupError && error.code === 'RULE_GROUP_MISSING');
      }
    }),
  );
  const targets = service.targets.filter((_target, at) => isThere[at]);
  if (targets.length > 0) return { ...service, targets };
  throw new CommandError(
    `${noSuchService(environment, name).message} And there is no rule group ${ruleGroupName({ environment: itsName, service: name })} in ` +
      `${[...all].join(' or ')}. If it is elsewhere: --target REGIONAL/<region>.`,
  );
}

function readService(name: string, places: readonly string[]): Omit<ServiceConfig, 'environment'> {
  const targets = places.map((place) => {
    const [, scope, region] = PLACE.exec(place) ?? [];
    if (!scope)
      throw new UsageError(`--target is ${place}. It must be a scope and a region, such as REGIONAL/eu-west-1.`);
    return { scope, region, verification: 'none' };
  });
  const result = z.safeParse(serviceSchema, { name, targets });
  if (result.success) return result.data;
  throw new UsageError(`"${name}" cannot be the name of a service, or --target is no place of AWS.`);
}
