import { type Config, targetName } from './schema.ts';

/** What is allowed and may not be meant: told at every build, one line each. */
export const notesOn = (config: Config): string[] => [
  ...Object.entries(config.environments)
    .filter(([, { breakGlass }]) => breakGlass.principals.length === 0)
    .map(
      ([name]) =>
        `${name}: nobody may break the glass: environments.${name}.breakGlass.principals names no role and no user.`,
    ),
  ...strangersOf(config),
  ...sharersOf(config),
];

/** Google names editors of the controller's own Workspace only. */
function strangersOf({ controller, environments }: Config): string[] {
  if (controller === undefined) {
    return ['controller is not named: npm run connect needs it, and so the release sheets do.'];
  }
  const domain = domainOf(controller);
  return Object.entries(environments).flatMap(([name, { operators, services }]) => {
    const people = new Set([...operators, ...services.flatMap((service) => service.operators)]);
    const strangers = [...people].filter((person) => domainOf(person) !== domain);
    if (strangers.length === 0) return [];
    return [
      `${name}: ${strangers.join(', ')}: not of ${domain}, as ${controller} is. Unless it is the same Google Workspace, ` +
        'Google does not say that they edited a sheet, and their Go does not count.',
    ];
  });
}

/** A service with hosts expects others behind its web ACL. Whose web ACL has no name may be one of those. */
const sharersOf = ({ environments }: Config): string[] =>
  Object.entries(environments).flatMap(([name, { services }]) =>
    services.flatMap((service) =>
      service.targets.flatMap((target) => {
        if (service.hosts.length > 0 || target.attachment !== 'existing') return [];
        const sharer = services.find(
          ({ hosts, targets }) =>
            hosts.length > 0 &&
            targets.some((one) => targetName(one) === targetName(target) && one.attachment === 'existing'),
        );
        if (!sharer) return [];
        return [
          `${name}: "${service.name}" (${targetName(target)}) has no hosts: if the web ACL of "${sharer.name}" asks it too, ` +
            'closing it closes both. Name its hosts, or say with { existing: { webAcl } } that they are two.',
        ];
      }),
    ),
  );

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
