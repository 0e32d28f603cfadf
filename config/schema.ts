import * as z from 'zod/mini';
import { allowlistSchema } from '../contract/allowlist.ts';
import { ACTIONS } from '../contract/modes.ts';
import { serviceName } from '../contract/operation.ts';

/** The one file an SRE edits, as data. `defineConfig` checks it, and says what to fix. */

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

/** Without wildcards: each one is a decision. */
const principal = z
  .string('It must be text.')
  .check(
    z.regex(
      /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
      'It must be the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/on-call.',
    ),
  );

export const DEFAULT_PROOF = { probesPerSecond: 80 };

const proof = z.strictObject({
  /** At each target, while a change is being proven. */
  probesPerSecond: z._default(
    z
      .int('It must be a whole number.')
      .check(
        z.gte(5, 'It must be 5 at least: with fewer no change is proven before its row reads Unproven.'),
        z.lte(500, 'It must be 500 at most: a function can send no more.'),
      ),
    DEFAULT_PROOF.probesPerSecond,
  ),
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
  /** How fast a service is probed from outside. How many probes must agree follows from docs/proof.md, and is no setting. */
  proof: z._default(proof, DEFAULT_PROOF),
  /** What clients are told when no planned end is known. */
  retryAfterSeconds: z._default(z.int().check(z.gte(1), z.lte(86_400)), 600),
  services: z.array(service).check(z.minLength(1, 'It must name at least one service.')),
  groups: z._default(z.array(group), []),
  /** Who is told when nobody looks: of drift, missed steps, a reconciler that stands still. */
  alarms: z._default(z.strictObject({ email: z._default(z.array(email), []) }), { email: [] }),
  slack: z.optional(slack),
  /** Who may open and close services without the sheet, besides what IAM must allow. Left out: nobody. */
  breakGlass: z._default(z.strictObject({ principals: z._default(z.array(principal), []) }), { principals: [] }),
});

export const configSchema = z.strictObject({
  /** Owns the script and its triggers. Google may name it for somebody whom it does not know: it is never an operator. */
  controller: z.optional(email),
  /** Who may use the control spreadsheet: create, copy, register and retire release sheets. */
  admins: z._default(z.array(email), []),
  environments: z.record(z.string(), environment),
});

/** What `npm run build` makes of it and the pages, for the Lambdas and the commands: config.json. */
export const configFileSchema = z.object({
  config: configSchema,
  pages: z.object({ html: z.string(), json: z.string() }),
});

/** For guesses at what was meant. */
export const KNOWN_FIELDS = [configSchema, environment, proof, service, target, group].flatMap((schema) =>
  Object.keys(schema._zod.def.shape),
);

export type ConfigInput = z.input<typeof configSchema>;
export type Config = z.output<typeof configSchema>;
export type EnvironmentConfig = Config['environments'][string];
export type ServiceConfig = EnvironmentConfig['services'][number];
export type TargetConfig = ServiceConfig['targets'][number];

/** `REGIONAL/eu-west-1`: the name of a target within its service. */
export const targetName = (target: Pick<TargetConfig, 'scope' | 'region'>): string =>
  `${target.scope}/${target.region}`;

/** A service's name for people. */
export const titleOf = (service: Pick<ServiceConfig, 'name' | 'title'>): string =>
  service.title ?? service.name.charAt(0).toUpperCase() + service.name.slice(1);

/** Whether a path, without a query, stays open during maintenance. */
export const isExempt = ({ exemptPaths }: Pick<ServiceConfig, 'exemptPaths'>, asked: string): boolean =>
  exemptPaths.some((exempt) => (typeof exempt === 'string' ? exempt === asked : asked.startsWith(exempt.prefix)));
