import { createHash } from 'node:crypto';
import { titleOf } from '../../../config/names.ts';
import type { EnvironmentConfig } from '../../../config/schema.ts';
import type { ServiceNames } from '../../../contract/sync-answer.ts';
import { stableJson } from '../model/stable-json.ts';

/** What rows may name here, for the script: it only routes rows by them. */

type Named = Pick<EnvironmentConfig, 'services' | 'groups'>;

const namesOf = ({ services, groups }: Named) => ({
  services: services.map((service) => ({ name: service.name, title: titleOf(service) })),
  groups: groups.map((group) => ({ name: group.name, title: titleOf(group), services: [...group.services] })),
});

export const nameHash = (config: Named): string =>
  createHash('sha256')
    .update(stableJson(namesOf(config)))
    .digest('hex')
    .slice(0, 12);

export const serviceNames = (config: Named): ServiceNames => ({ hash: nameHash(config), ...namesOf(config) });
