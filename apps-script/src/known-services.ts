import type { Connection } from './connections.ts';

/** What a row may name: services and groups of them, as the connections know them. Pure. */

export interface KnownService {
  readonly name: string;
  readonly title: string;
  readonly environment: string;
  /** Real users are behind it: a step that is off plan asks for a second Go. */
  readonly isProduction: boolean;
  /** In lower case; empty if they are not known here. The API decides in any case. */
  readonly operators: readonly string[];
}

export interface KnownGroup {
  readonly name: string;
  readonly title: string;
  readonly members: readonly KnownService[];
}

/** What a row's Service cell means. */
export interface Named {
  readonly title: string;
  /** One, unless it is a group. */
  readonly members: readonly KnownService[];
  readonly isGroup: boolean;
}

export interface Known {
  readonly services: readonly KnownService[];
  readonly groups: readonly KnownGroup[];
}

export function knownOf(connections: readonly Connection[]): Known {
  const services = connections.flatMap(({ environment, isProduction, services }) =>
    services.map((service) => ({ ...service, environment, isProduction })),
  );
  const groups = connections.flatMap(({ environment, groups }) =>
    groups.map(({ name, title, services: names }) => ({
      name,
      title,
      members: services.filter((service) => service.environment === environment && names.includes(service.name)),
    })),
  );
  return { services, groups };
}

/** By exact name; a title only counts where no name does. What could be meant in two ways is not meant in any. */
export function findNamed(known: Known, text: string): Named | undefined {
  const [found, ...others] = namedLike(known, text);
  return others.length === 0 ? found : undefined;
}

/** All that a Service cell could mean. */
export function namedLike({ services, groups }: Known, text: string): Named[] {
  const wanted = text.trim().toLowerCase();
  const all = [
    ...services.map((service) => ({ ...service, members: [service], isGroup: false })),
    ...groups.map((group) => ({ ...group, isGroup: true })),
  ];
  const byName = all.filter(({ name }) => name === wanted);
  const found = byName.length > 0 ? byName : all.filter(({ title }) => title.toLowerCase() === wanted);
  return found.map(({ title, members, isGroup }) => ({ title, members, isGroup }));
}

/** Two cells that name the same service, or groups that have one in common. */
export function sharesService(known: Known, one: string, other: string): boolean {
  if (one.trim().toLowerCase() === other.trim().toLowerCase()) return true;
  const membersOf = (text: string) => findNamed(known, text)?.members.map(({ name }) => name) ?? [];
  const own = membersOf(one);
  return membersOf(other).some((name) => own.includes(name));
}

/** Whoever may not act at all is told so by the API, and the audit has it: here it only spares them questions. */
export const mayAct = ({ operators }: KnownService, user: string): boolean =>
  operators.length === 0 ? user !== '' : operators.includes(user.toLowerCase());

export const namesOf = ({ services, groups }: Known): string[] => [...services, ...groups].map(({ name }) => name);
