import { titleOf } from '../../../config/names.ts';
import type { EnvironmentConfig } from '../../../config/schema.ts';
import { plainText } from '../../../contract/status.ts';
import { operatorsOf } from './operators.ts';

/** What a row may name: the services of this environment and groups of them. Pure. */

export interface KnownService {
  readonly name: string;
  readonly title: string;
  /** In lower case. */
  readonly operators: readonly string[];
}

/** What a row's Service cell means. */
export interface Named {
  readonly name: string;
  readonly title: string;
  /** As cells are compared with it. */
  readonly plainTitle: string;
  /** One, unless it is a group. */
  readonly members: readonly KnownService[];
  readonly isGroup: boolean;
}

export type Known = readonly Named[];

export function knownServices(config: Pick<EnvironmentConfig, 'services' | 'groups' | 'operators'>): Known {
  const services = config.services.map((service): KnownService => {
    return { name: service.name, title: titleOf(service), operators: operatorsOf(config, service) };
  });
  return [
    ...services.map((service) => named(service.name, service.title, { members: [service], isGroup: false })),
    ...config.groups.map((group) => {
      const members = services.filter(({ name }) => group.services.includes(name));
      return named(group.name, titleOf(group), { members, isGroup: true });
    }),
  ];
}

const named = (name: string, title: string, rest: Pick<Named, 'members' | 'isGroup'>): Named => ({
  name,
  title,
  plainTitle: plainText(title),
  ...rest,
});

/** All that a Service cell could mean: by name, and by title only where no name fits. */
export function namedLike(known: Known, text: string): readonly Named[] {
  const wanted = plainText(text);
  const byName = known.filter(({ name }) => name === wanted);
  return byName.length > 0 ? byName : known.filter(({ plainTitle }) => plainTitle === wanted);
}

/** What could be meant in two ways is not meant in either. */
export function findNamed(known: Known, text: string): Named | undefined {
  const [found, ...others] = namedLike(known, text);
  return others.length === 0 ? found : undefined;
}

export const membersOf = (known: Known, text: string): string[] =>
  findNamed(known, text)?.members.map(({ name }) => name) ?? [];

/** Two cells that name the same service, or groups that have one in common. */
export function sharesService(known: Known, one: string, other: string): boolean {
  if (plainText(one) === plainText(other)) return true;
  const own = membersOf(known, one);
  return membersOf(known, other).some((name) => own.includes(name));
}

export const mayAct = ({ operators }: KnownService, person: string): boolean =>
  operators.includes(person.trim().toLowerCase());

export const namesOf = (known: Known): string[] => known.map(({ name }) => name);
