import { plainText } from '../contract/status.ts';
import { ConfigError } from './config-error.ts';
import { isExempt } from './lets-through.ts';
import { targetName, titleOf } from './names.ts';
import type { Config, EnvironmentConfig, ServiceConfig } from './schema.ts';
import { checkStacks } from './switch-stacks.ts';
import { checkLoadBalancers, checkSharing } from './web-acls.ts';

/** What holds between the fields of a config: each check names the place and the remedy. */

/** @throws ConfigError */
export function checkConsistency(config: Config): void {
  if (Object.keys(config.environments).length === 0) {
    throw new ConfigError(
      'drawbridge.config.ts: environments is empty. Name one, such as docs/examples/minimal.config.ts.',
    );
  }
  checkController(config);
  checkNames(config);
  for (const [name, environment] of Object.entries(config.environments)) {
    checkEnvironmentName(name);
    environment.services.forEach(checkTargets);
    environment.services.forEach(checkPageLinks);
    checkGroups(name, environment);
    checkPublicStatus(name, environment);
    checkReminders(name, environment);
    checkStacks(name, environment);
  }
  checkLoadBalancers(config);
  checkSharing(config);
  checkSlackCommands(config);
  checkChatChannels(config);
}

/** In one channel, what proves nobody would stand beside what proves the person, and everything would be told twice. */
function checkChatChannels({ environments }: Config): void {
  const apps = Object.entries(environments).flatMap(([name, { slack }]) =>
    (slack?.channels ?? []).map((channel) => ({ channel, place: `environments.${name}.slack` })),
  );
  for (const [name, { chat }] of Object.entries(environments)) {
    const app = apps.find(({ channel }) => channel === chat?.channel);
    if (!app) continue;
    throw new ConfigError(
      `drawbridge.config.ts: environments.${name}.chat has the channel ${app.channel}, and so has ${app.place}, whose app ` +
        'proves who asks. Leave chat out, or name another channel.',
    );
  }
}

/** Of two apps with one command in one workspace, Slack asks the one that was installed last. */
function checkSlackCommands({ environments }: Config): void {
  const owners = new Map<string, string>();
  for (const [name, { slack }] of Object.entries(environments)) {
    for (const workspace of slack?.workspaces ?? []) {
      const command = `${slack?.command} in ${workspace}`;
      const owner = owners.get(command);
      if (owner !== undefined) {
        throw new ConfigError(
          `drawbridge.config.ts: environments.${name}.slack has ${command}, and so has ${owner}. Slack would ask only one of ` +
            `them: give one another command, such as /drawbridge-${name}.`,
        );
      }
      owners.set(command, name);
    }
  }
}

/**
 * Google may name the owner of a trigger for an editor whom it does not know, so nothing that this account "did" may count.
 * And it names editors of the owner's own Workspace domain only, which an account of gmail.com does not have [1].
 * @see [1] https://developers.google.com/apps-script/guides/triggers/events
 */
function checkController({ controller, admins, environments }: Config): void {
  if (controller === undefined) return;
  const place = 'drawbridge.config.ts: controller';
  if (/@(gmail|googlemail)\.com$/i.test(controller)) {
    throw new ConfigError(
      `${place} is ${controller}. Google tells such an account nothing of who edits a sheet: nobody's Go would count. ` +
        'Name an account of the Workspace domain that the operators are in.',
    );
  }
  const lists = Object.entries(environments).flatMap(([name, { operators, services }]) => [
    { what: `environments.${name}.operators`, people: operators },
    ...services.map((service) => ({
      what: `environments.${name}, operators of service "${service.name}"`,
      people: service.operators,
    })),
  ]);
  const isController = (person: string) => person.toLowerCase() === controller.toLowerCase();
  const wrong = [{ what: 'admins', people: admins }, ...lists].find(({ people }) => people.some(isController));
  if (!wrong) return;
  throw new ConfigError(
    `${place} is ${controller}, and so is one of ${wrong.what}. Google may name the script's own account for somebody ` +
      'whom it does not know: take it off that list.',
  );
}

/** It becomes part of stack names, and of the sign-in domain, in which Cognito reserves some words. */
function checkEnvironmentName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,19}$/.test(name) && !/aws|amazon|cognito/.test(name)) return;
  throw new ConfigError(
    `drawbridge.config.ts: an environment is called "${name}". Rename it: at most 20 lower-case letters, digits and -, ` +
      'and without "aws", "amazon" and "cognito", which Cognito refuses in a sign-in domain.',
  );
}

/** A sheet knows all environments, and finds a service or a group by what stands in one cell: its name or its title. */
function checkNames({ environments }: Config): void {
  const owners = new Map<string, string>();
  for (const [environment, { services, groups }] of Object.entries(environments)) {
    const named = [
      ...services.map((one, index) => ({ ...one, place: `environments.${environment}.services[${index}]` })),
      ...groups.map((one, index) => ({ ...one, place: `environments.${environment}.groups[${index}]` })),
    ];
    for (const { name, place, ...rest } of named) {
      const title = titleOf({ name, ...rest });
      for (const word of new Set([name, plainText(title)])) {
        const owner = owners.get(word);
        if (owner !== undefined) {
          throw new ConfigError(
            `drawbridge.config.ts: ${place} is called "${word === name ? name : title}", and so is ${owner}. A sheet finds ` +
              `it by its name or its title alone: rename one, for example to "${name}-${environment}" or "${title} (${environment})".`,
          );
        }
        owners.set(word, place);
      }
    }
  }
}

function checkGroups(environment: string, { services, groups }: EnvironmentConfig): void {
  const known = services.map(({ name }) => name);
  for (const group of groups) {
    const place = `drawbridge.config.ts: group "${group.name}" of ${environment}`;
    const stranger = group.services.find((service) => !known.includes(service));
    if (stranger) {
      throw new ConfigError(`${place} names "${stranger}". There are: ${known.join(', ')}.`);
    }
    if (new Set(group.services).size < group.services.length) {
      throw new ConfigError(`${place} names a service twice. Leave one out.`);
    }
  }
}

/** A name that is misspelt would not be told, and nobody would know. */
function checkPublicStatus(environment: string, { services, publicStatus }: EnvironmentConfig): void {
  const known = services.map(({ name }) => name);
  const stranger = publicStatus.find((name) => !known.includes(name));
  if (stranger === undefined) return;
  throw new ConfigError(
    `drawbridge.config.ts: environments.${environment}.publicStatus names "${stranger}". There are: ${known.join(', ')}.`,
  );
}

function checkReminders(environment: string, { reminders, alarms }: EnvironmentConfig): void {
  if (!reminders.byEmail || alarms.email.length > 0) return;
  throw new ConfigError(
    `drawbridge.config.ts: environments.${environment}.reminders has byEmail, and alarms.email names nobody: name who is told.`,
  );
}

function checkTargets(service: ServiceConfig): void {
  const names = service.targets.map(targetName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice)
    throw new ConfigError(
      `drawbridge.config.ts: service "${service.name}" has the target ${twice} twice. Leave one out.`,
    );
  const misplaced = service.targets.find(({ scope, region }) => scope === 'CLOUDFRONT' && region !== 'us-east-1');
  if (misplaced) {
    throw new ConfigError(
      `drawbridge.config.ts: service "${service.name}" has a CLOUDFRONT target in ${misplaced.region}. ` +
        'WAF keeps CloudFront’s rules in us-east-1: set region to "us-east-1".',
    );
  }
  const mixed = names.length > 0 && service.apiOrigins.length > 0 && service.apiPrefixes.length === 0;
  if (mixed) {
    throw new ConfigError(
      `drawbridge.config.ts: service "${service.name}" has apiOrigins but no apiPrefixes. ` +
        'Preflight requests are answered on API paths only: name them.',
    );
  }
  checkCloudFront(service);
}

/** Anyone who follows such a link would get the maintenance page again. */
function checkPageLinks(service: ServiceConfig): void {
  const closed = new Set(
    service.targets.flatMap(({ verification }) =>
      verification === 'none' ? [] : verification.urls.map((url) => new URL(url).host),
    ),
  );
  for (const [field, link] of Object.entries(service.page)) {
    if (!link.startsWith('https:')) continue;
    const { host, pathname } = new URL(link);
    if (!closed.has(host) || isExempt(service, pathname)) continue;
    throw new ConfigError(
      `drawbridge.config.ts: service "${service.name}" has page.${field} ${link}, which is closed with it. ` +
        'Name a page of another site, or add its path to exemptPaths.',
    );
  }
}

function checkCloudFront({ name, cloudFront, targets }: ServiceConfig): void {
  if (!cloudFront) return;
  if (targets.every(({ scope }) => scope === 'REGIONAL')) {
    throw new ConfigError(
      `drawbridge.config.ts: service "${name}" is behind CloudFront and has no CLOUDFRONT target. Closing only its load ` +
        'balancer leaves every cached page open. Add a target with scope "CLOUDFRONT" and region "us-east-1".',
    );
  }
  const blind = targets.find(({ scope, clientAddress }) => scope === 'REGIONAL' && clientAddress === 'source-ip');
  if (blind) {
    throw new ConfigError(
      `drawbridge.config.ts: service "${name}" is behind CloudFront, and its target ${targetName(blind)} takes the ` +
        'client’s address from the connection. That is CloudFront’s: no tester would get in. Set its clientAddress to ' +
        '{ header: "X-Forwarded-For", position: "LAST" }.',
    );
  }
}
