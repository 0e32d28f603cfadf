import * as z from 'zod/mini';
import { allowlistSchema } from '../contract/allowlist.ts';
import { ACTIONS } from '../contract/modes.ts';
import { serviceName } from '../contract/operation.ts';
import { explain } from '../contract/parse.ts';

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
    z.maxLength(200, 'It must be 200 characters at most: WAF compares no more.'),
  );
/** WAF compares 200 bytes at most, as they were sent. */
const path = z
  .string('It must be text.')
  .check(
    z.regex(
      /^\/[\x21-\x7e]*$/,
      'It must be a path that begins with /, as browsers send it: without spaces, and %C3%BC instead of ü.',
    ),
    z.maxLength(200, 'It must be 200 characters at most: WAF compares no more.'),
  );
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

const region = z.string().check(z.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'It must be an AWS region, such as eu-west-1.'));

const loadBalancerArn = z
  .string('It must be text.')
  .check(
    z.regex(
      /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/[^/\s]+\/[0-9a-f]+$/,
      'It must be the ARN of an application load balancer: no other kind can have a web ACL.',
    ),
  );

/**
 * Who owns the web ACL that asks our rule group first. `existing`: you do; docs/examples/ shows the rule to add.
 * `dedicated`: a web ACL with nothing else in it, made here. Only for load balancers that have none: associating
 * replaces the one that they have. A CLOUDFRONT one is named by its distribution: the stack puts out its ARN.
 */
const attachment = z.union(
  [
    z.literal('existing'),
    z.strictObject({
      dedicated: z.strictObject({ loadBalancerArns: z._default(z.array(loadBalancerArn), []) }),
    }),
  ],
  'It must be existing, or { dedicated: { loadBalancerArns: [...] } } for load balancers without a web ACL.',
);

const target = z.strictObject({
  scope: z.enum(['REGIONAL', 'CLOUDFRONT']),
  region,
  clientAddress: z._default(clientAddress, 'source-ip'),
  attachment: z._default(attachment, 'existing'),
  verification,
});

const exemptPath = z.union([path, z.strictObject({ prefix: path })]);

const service = z.strictObject({
  name: serviceName,
  /** For people; the name with a capital if it is left out. */
  title: z.optional(z.string().check(z.minLength(1), z.maxLength(60))),
  targets: z.array(target).check(z.minLength(1, 'It must name at least one target.')),
  /** Visitors come through CloudFront: it needs a target of its own, or cached pages stay open. */
  cloudFront: z._default(z.boolean(), false),
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

/** Which actions a Slack channel may ask for, in writing: Slack proves the channel, not the person. No stack reads it yet. */
const slack = z.strictObject({
  workspaceId: z.string().check(z.regex(/^T[A-Z0-9]+$/, 'It must be a workspace id, such as T0123456789.')),
  channelId: z.string().check(z.regex(/^[CG][A-Z0-9]+$/, 'It must be a channel id, such as C0123456789.')),
  actions: z._default(z.array(z.enum(['status', ...ACTIONS])), ['status', 'enter']),
});

const environment = z.strictObject({
  /** The AWS account that it is deployed to; the caller's if it is left out. */
  account: z.optional(
    z
      .string('It must be the 12 digits of an AWS account, in quotes.')
      .check(z.regex(/^\d{12}$/, 'It must be the 12 digits of an AWS account, in quotes.')),
  ),
  /** Home of its API, table and Lambdas. The rule groups live where the targets are. */
  region: z._default(region, 'eu-west-1'),
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
  /** Who is told when nobody looks: of drift, missed steps, a reconciler that stands still. */
  alarms: z._default(z.strictObject({ email: z._default(z.array(email), []) }), { email: [] }),
  slack: z.optional(slack),
});

export const configSchema = z.strictObject({ environments: z.record(z.string(), environment) });

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

/** A place in a list is nothing that people know a service by. */
function named(input: ConfigInput, message: string): string {
  return message.replace(/environments\.([^.\s]+)\.services\[(\d+)\]/, (place, name: string, index: string) => {
    const service: { name?: unknown } | undefined = input.environments?.[name]?.services?.[Number(index)];
    return typeof service?.name === 'string' ? `${place} (service "${service.name}")` : place;
  });
}

/** "Leave it out" would be the wrong advice for what is only misspelt. */
function guessed(message: string): string {
  return message.replace(/The field (\S+) is not known\. Leave it out\./, (_whole, field: string) => {
    const typed = simple(field.replace(/^.*\./, ''));
    const meant = KNOWN_FIELDS.find((known) => simple(known) === typed || simple(known).startsWith(typed));
    const remedy = meant ? `Did you mean ${meant}?` : 'docs/examples/full.config.ts has all that there are.';
    return `The field ${field} is not known. ${remedy}`;
  });
}

const simple = (field: string): string => field.toLowerCase().replace(/e?s$/, '');
const KNOWN_FIELDS = [environment, service, target, group].flatMap((schema) => Object.keys(schema._zod.def.shape));

/**
 * Checks the config and fills in the defaults.
 * @throws ConfigError - Names the service, the field, and what would be right.
 */
export function defineConfig(input: ConfigInput): Config {
  const result = z.safeParse(configSchema, input);
  if (!result.success) {
    throw new ConfigError(`drawbridge.config.ts: ${named(input, guessed(explain(result.error, input).message))}`);
  }
  checkNames(result.data);
  for (const [name, environment] of Object.entries(result.data.environments)) {
    checkEnvironmentName(name);
    environment.services.forEach(checkTargets);
    checkGroups(name, environment);
  }
  checkLoadBalancers(Object.values(result.data.environments).flatMap(({ services }) => services));
  return result.data;
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
      for (const word of new Set([name, title.toLowerCase()])) {
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

/** A load balancer has one web ACL, so it can follow one service. */
function checkLoadBalancers(services: readonly ServiceConfig[]): void {
  const owners = new Map<string, string>();
  for (const { name, targets } of services) {
    for (const target of targets) {
      if (target.attachment === 'existing') continue;
      const place = `drawbridge.config.ts: the dedicated web ACL of service "${name}" (${targetName(target)})`;
      const { loadBalancerArns } = target.attachment.dedicated;
      if (target.scope === 'CLOUDFRONT' && loadBalancerArns.length > 0) {
        throw new ConfigError(`${place} names load balancers. Leave them out: its distribution names the web ACL.`);
      }
      if (target.scope === 'REGIONAL' && loadBalancerArns.length === 0) {
        throw new ConfigError(`${place} protects nothing. Name its load balancers in loadBalancerArns.`);
      }
      for (const arn of loadBalancerArns) {
        if (arn.split(':')[3] !== target.region) {
          throw new ConfigError(`${place} names ${arn}, which is in another region. Give it a target of its own.`);
        }
        const owner = owners.get(arn);
        if (owner) {
          throw new ConfigError(
            `${place} names ${arn}, and so does "${owner}". A load balancer has one web ACL: make one service of the ` +
              'two, or set both to "existing" and tell them apart in a web ACL of your own.',
          );
        }
        owners.set(arn, name);
      }
    }
  }
}
