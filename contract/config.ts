import * as z from 'zod/mini';
import { allowlistSchema } from './allowlist.ts';
import { serviceName } from './operation.ts';
import { explain } from './parse.ts';

/** The one file an SRE edits, as data. `defineConfig` checks it and says what to mend. */

const httpsUrl = z
  .string('It must be text.')
  .check(
    z.regex(/^https:\/\/[a-z0-9.-]+(:\d+)?\/\S*$/, 'It must be a full https URL, such as https://shop.example.com/.'),
  );
const origin = z
  .string('It must be text.')
  .check(
    z.regex(/^https:\/\/[a-z0-9.-]+(:\d+)?$/, 'It must be an origin, such as https://app.example.com, without a path.'),
  );
const path = z.string('It must be text.').check(z.regex(/^\/\S*$/, 'It must be a path that begins with /.'));
const email = z.string('It must be text.').check(z.regex(/^[^\s@]+@[^\s@]+$/, 'It must be an e-mail address.'));

/**
 * Where WAF finds the client's address: the connection, or the LAST entry of a header that one trusted proxy appends to.
 * FIRST and ANY are no choice: anybody can send them.
 */
const clientAddress = z.union(
  [
    z.literal('source-ip'),
    z.strictObject({
      header: z.string().check(z.regex(/^[A-Za-z0-9-]{1,255}$/)),
      position: z.literal('LAST', 'It must be LAST: anybody can send the other positions.'),
    }),
  ],
  'It must be source-ip, or { header, position: LAST } behind one trusted proxy.',
);

const verification = z.union(
  [z.literal('none'), z.strictObject({ urls: z.array(httpsUrl).check(z.minLength(1)) })],
  'It must be { urls: [...] }, or "none" in writing: then nobody proves that the service is closed.',
);

const target = z.strictObject({
  scope: z.enum(['REGIONAL', 'CLOUDFRONT']),
  region: z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'It must be an AWS region, such as eu-west-1.')),
  clientAddress: z._default(clientAddress, 'source-ip'),
  verification,
});

const exemptPath = z.union([path, z.strictObject({ prefix: path })]);

const service = z.strictObject({
  name: serviceName,
  /** For people; the name with a capital if it is left out. */
  title: z.optional(z.string().check(z.minLength(1), z.maxLength(60))),
  targets: z.array(target).check(z.minLength(1, 'It must name at least one target.')),
  /** Paths under which clients expect JSON. */
  apiPrefixes: z._default(z.array(path), []),
  /** Browser apps that call the API from another origin. */
  apiOrigins: z._default(z.array(origin), []),
  /**
   * Health checks and webhooks that must stay open: exact, or `{ prefix }`. Prefer exact ones: a site that decodes a path
   * twice, or reads `..;` or `..\\` as a step up, serves other pages below an open prefix.
   */
  exemptPaths: z._default(z.array(exemptPath), []),
  /** Always let in while the allowlist is on. */
  allowlist: z._default(allowlistSchema, []),
  /** Besides the environment's operators. */
  operators: z._default(z.array(email), []),
});

/** Services that one row of a rundown may name together: one operation for each member. */
const group = z.strictObject({
  name: serviceName,
  title: z.optional(z.string().check(z.minLength(1), z.maxLength(60))),
  services: z.array(serviceName).check(z.minLength(1, 'It must name at least one service.')),
});

const environment = z.strictObject({
  /** Real users are behind it. Sheets will ask twice for steps that are off plan. */
  production: z._default(z.boolean(), false),
  operators: z.array(email).check(z.minLength(1, 'It must name at least one operator.')),
  proof: z._default(
    z.strictObject({
      /** Probes a run, for each target. */
      probes: z.int().check(z.gte(1), z.lte(20)),
      /** All probes must agree over at least this many seconds. */
      spreadSeconds: z.number().check(z.gte(0), z.lte(120)),
      /** Which region the probes are sent from, as the result tells it. */
      from: z.optional(z.string()),
    }),
    { probes: 5, spreadSeconds: 10 },
  ),
  /** What clients are told when no planned end is known. */
  retryAfterSeconds: z._default(z.int().check(z.gte(1), z.lte(86_400)), 600),
  services: z.array(service).check(z.minLength(1, 'It must name at least one service.')),
  groups: z._default(z.array(group), []),
});

export const configSchema = z.strictObject({
  environments: z.record(
    z.string().check(z.regex(/^[a-z][a-z0-9-]{0,19}$/, 'It must be lower-case letters, digits and -.')),
    environment,
  ),
});

export type ConfigInput = z.input<typeof configSchema>;
export type Config = z.output<typeof configSchema>;
export type EnvironmentConfig = Config['environments'][string];
export type ServiceConfig = EnvironmentConfig['services'][number];
export type TargetConfig = ServiceConfig['targets'][number];

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** `REGIONAL/eu-west-1`: the name of a target within its service. */
export const targetName = (target: Pick<TargetConfig, 'scope' | 'region'>): string =>
  `${target.scope}/${target.region}`;

/** A service's name for people. */
export const titleOf = (service: Pick<ServiceConfig, 'name' | 'title'>): string =>
  service.title ?? service.name.charAt(0).toUpperCase() + service.name.slice(1);

/**
 * Checks the config and fills in the defaults.
 * @throws ConfigError - Names the service, the field, and what would be right.
 */
export function defineConfig(input: ConfigInput): Config {
  const result = z.safeParse(configSchema, input);
  if (!result.success) throw new ConfigError(`drawbridge.config.ts: ${explain(result.error, input).message}`);
  checkNames(result.data);
  for (const [name, environment] of Object.entries(result.data.environments)) {
    environment.services.forEach(checkTargets);
    checkGroups(name, environment);
  }
  return result.data;
}

function checkNames(config: Config): void {
  const seen = new Map<string, string>();
  for (const [environment, { services }] of Object.entries(config.environments)) {
    services.forEach(({ name }, index) => {
      const place = `environments.${environment}.services[${index}]`;
      const first = seen.get(name);
      if (first) {
        throw new ConfigError(
          `drawbridge.config.ts: two services are called "${name}" (${first} and ${place}). ` +
            `A sheet finds a service by its name alone: rename one, for example to "${name}-${environment}".`,
        );
      }
      seen.set(name, place);
    });
  }
}

/** A row names a service or a group by one word: it must be clear which. */
function checkGroups(environment: string, { services, groups }: EnvironmentConfig): void {
  const known = services.map(({ name }) => name);
  const taken = new Set(known);
  for (const group of groups) {
    const place = `drawbridge.config.ts: group "${group.name}" of ${environment}`;
    if (taken.has(group.name)) throw new ConfigError(`${place} has a name that is taken already. Rename it.`);
    taken.add(group.name);
    const stranger = group.services.find((service) => !known.includes(service));
    if (stranger) {
      throw new ConfigError(`${place} names "${stranger}". There are: ${known.join(', ')}.`);
    }
    if (new Set(group.services).size < group.services.length) {
      throw new ConfigError(`${place} names a service twice. Leave one out.`);
    }
  }
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
}
