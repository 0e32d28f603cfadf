import { targetName } from './names.ts';
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
  ...sharersOf(config),
  ...quotasOf(config),
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

/** Two IP sets a service, of 100 that WAF grants in a region; later its rule groups, of 100 as well. */
const USUAL_SERVICES = 50;
const USUAL_GROUPS = 100;

/** At the default quotas the next deployment fails halfway. @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
function quotasOf({ environments }: Config): string[] {
  const counts = new Map<string, number>();
  for (const { account = 'the account', services } of Object.values(environments)) {
    for (const place of services.flatMap(({ targets }) =>
      targets.map((target) => `${targetName(target)} of ${account}`),
    )) {
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= USUAL_SERVICES)
    .map(([place, count]) => {
      const kind = place.startsWith('CLOUDFRONT') ? 'CloudFront' : 'regional';
      const groups =
        count >= USUAL_GROUPS ? `, and for ${count} of “Maximum rule groups per account in WAF for ${kind}”` : '';
      return (
        `${place}: ${count} services need ${count * 2} IP sets, and WAF grants 100 unless it is asked. Before the next ` +
        `deployment ask Service Quotas there for ${count * 2} of “Maximum IP sets per account in WAF for ${kind}”${groups}.`
      );
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
