import type { Config } from './schema.ts';

/** What is allowed and may not be meant: told at every build, one line each. */
export const notesOn = (config: Config): string[] => [
  ...Object.entries(config.environments)
    .filter(([, { breakGlass }]) => breakGlass.principals.length === 0)
    .map(
      ([name]) =>
        `${name}: nobody may break the glass: environments.${name}.breakGlass.principals names no role and no user.`,
    ),
  ...strangersOf(config),
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

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
