import * as z from 'zod/mini';
import { allowlistSchema } from '../contract/allowlist.ts';
import { serviceName } from '../contract/operation.ts';
import { CHAT_COMMANDS } from './chat-commands.ts';
import { sentencesSchema } from './sentences.ts';

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
    z.regex(/^[^?#]*$/, 'It must be a path alone: WAF compares it without the query. Leave out ? and what follows.'),
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

/**
 * What browsers ask leave for before they call an API of another origin: identity, the marks against forged requests,
 * repeated ones, traces, GraphQL and gRPC-Web.
 */
const USUAL_API_HEADERS = [
  ...['Authorization', 'Content-Type', 'Accept', 'X-Requested-With', 'X-CSRF-Token', 'X-XSRF-Token', 'Idempotency-Key'],
  ...[
    'traceparent',
    'tracestate',
    'baggage',
    'sentry-trace',
    'X-Request-ID',
    'X-Correlation-ID',
    'X-Amzn-Trace-Id',
    'b3',
  ],
  ...['Apollo-Require-Preflight', 'X-Grpc-Web', 'X-User-Agent', 'Grpc-Timeout'],
];
/** WAF's quota for the value of one header in an answer. */
const LONGEST_HEADER = 255;

const apiHeaders = z
  .array(
    z
      .string('It must be text.')
      .check(
        z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'It must be the name of a header, such as X-Tenant; * names none.'),
      ),
  )
  .check(
    z.refine(
      (names) => !names.includes('*'),
      'It must name each header: with credentials, browsers take * for a name.',
    ),
    z.refine(
      (names) => names.join(',').length <= LONGEST_HEADER,
      `Joined by commas it must be ${LONGEST_HEADER} characters at most: WAF sends no longer header. Name only those that the apps send.`,
    ),
  );

const webAclName = z.string().check(z.regex(/^[\w-]{1,128}$/, 'It must be the name of a web ACL.'));

/** WAF compares it in lower case. Without a port: every port is meant. */
const host = z
  .string('It must be text.')
  .check(
    z.regex(
      /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
      'It must be a host name in lower case, without a port: shop.example.com, or *.shop.example.com for all below it.',
    ),
    z.maxLength(100, 'It must be 100 characters at most.'),
  );

const loadBalancerArn = z
  .string('It must be text.')
  .check(
    z.regex(
      /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/[^/\s]+\/[0-9a-f]+$/,
      'It must be the ARN of an application load balancer: no other kind can have a web ACL.',
    ),
  );

/**
 * Who owns the web ACL that asks our rule group first. `existing`: you do; docs/examples/ shows the rule to add. Named, it
 * is known which services it asks. `dedicated`: a web ACL with nothing else in it, made here. Only for load balancers that
 * have none: associating replaces the one that they have. A CLOUDFRONT one is named by its distribution: the stack puts out
 * its ARN. `sharedWith`: the dedicated one of another service, in the same place.
 */
const attachment = z.union(
  [
    z.literal('existing'),
    z.strictObject({ existing: z.strictObject({ webAcl: webAclName }) }),
    z.strictObject({
      dedicated: z.strictObject({ loadBalancerArns: z._default(z.array(loadBalancerArn), []) }),
    }),
    z.strictObject({ sharedWith: serviceName }),
  ],
  'It must be existing, { existing: { webAcl } }, { sharedWith: service }, or { dedicated: { loadBalancerArns: [...] } } ' +
    'for load balancers without a web ACL.',
);

const target = z.strictObject({
  scope: z.enum(['REGIONAL', 'CLOUDFRONT']),
  region,
  clientAddress: z._default(clientAddress, 'source-ip'),
  attachment: z._default(attachment, 'existing'),
  verification,
});

/** The page must have room for both. */
const LONGEST_LINK = 100;
const pageLink = httpsUrl.check(
  z.regex(/^[\x21-\x7e]*$/, 'It must be as browsers send it: %C3%BC instead of ü.'),
  z.maxLength(LONGEST_LINK, `It must be ${LONGEST_LINK} characters at most: the whole page has 4,096 bytes.`),
);

const page = z.strictObject({
  /** Where readers may follow what happens: it must not be closed with the service. */
  statusUrl: z.optional(pageLink),
  /** An e-mail address, which the page shows, or the address of a page. */
  contact: z.optional(
    z.union(
      [z.string().check(z.regex(/^[\w.+-]+@[a-z0-9.-]+$/i), z.maxLength(LONGEST_LINK)), pageLink],
      `It must be an e-mail address, or a full https URL, of ${LONGEST_LINK} characters at most.`,
    ),
  ),
});

const prefix = path.check(z.minLength(2, 'It must be more than /: with that prefix every page would stay open.'));
const exemptPath = z.union([path, z.strictObject({ prefix })]);

const service = z.strictObject({
  name: serviceName,
  /** For people; the name with a capital if it is left out. */
  title: z.optional(z.string().check(z.minLength(1), z.maxLength(60))),
  targets: z.array(target).check(z.minLength(1, 'It must name at least one target.')),
  /** What the maintenance page links to. */
  page: z._default(page, {}),
  /** Visitors come through CloudFront: it needs a target of its own, or cached pages stay open. */
  cloudFront: z._default(z.boolean(), false),
  /**
   * The names by which clients ask for it, where other services stand behind the same web ACL: closing it closes nothing
   * else. Behind CloudFront also the one by which CloudFront asks the load balancer, unless it forwards the visitor's. Left
   * out: everything behind the web ACL is this service.
   */
  hosts: z._default(z.array(host), []),
  /** Paths under which clients expect JSON. */
  apiPrefixes: z._default(z.array(path), []),
  /** Browser apps that call the API from another origin. */
  apiOrigins: z._default(z.array(origin), []),
  /** The headers that those apps send: all of them, or the browser hides why the call failed. */
  apiHeaders: z._default(apiHeaders, USUAL_API_HEADERS),
  /** How Retry-After tells the planned end: most clients read both, some only seconds. */
  plannedEndAs: z._default(z.enum(['date', 'seconds']), 'date'),
  /**
   * Health checks and webhooks that must stay open: exact, or `{ prefix }`. Prefer exact ones: a site that decodes a path
   * twice, or reads `..;` or `..\\` as a step up, serves other pages below an open prefix.
   */
  exemptPaths: z._default(z.array(exemptPath), []),
  /** Always let in while the allowlist is on. */
  allowlist: z._default(allowlistSchema, []),
  /** Besides the environment's operators. */
  operators: z._default(z.array(email), []),
  /**
   * Which of the switch stacks of its place creates its rule group. CloudFormation takes so many resources in one: the build
   * says when the next is due. For a deployed service it can never be changed.
   */
  stack: z._default(z.int().check(z.gte(1), z.lte(99)), 1),
  /** Filled in, not written: whose service it is. */
  environment: z.optional(z.string()),
});

export const serviceSchema = service;

/** Services that one row of a rundown may name together: one operation for each member. */
const group = z.strictObject({
  name: serviceName,
  title: z.optional(z.string().check(z.minLength(1), z.maxLength(60))),
  services: z.array(serviceName).check(z.minLength(1, 'It must name at least one service.')),
});

const slackId = (letters: string, what: string, example: string) =>
  z
    .string('It must be text.')
    .check(z.regex(new RegExp(`^[${letters}][A-Z0-9]{2,30}$`), `It must be the id of ${what}, such as ${example}.`));

/** The Slack app of the environment, and where it may be asked (docs/slack.md). A person must be an operator besides. */
const slack = z.strictObject({
  appId: slackId('A', 'a Slack app', 'A0123456789'),
  workspaces: z.array(slackId('T', 'a workspace', 'T0123456789')).check(z.minLength(1, 'It must name a workspace.')),
  /** On Enterprise Grid: the organisation that the workspaces are in. */
  enterprise: z.optional(slackId('E', 'an Enterprise organisation', 'E0123456789')),
  /** Where people may ask, and read what happens: notices go to the first one. */
  channels: z.array(slackId('CG', 'a channel', 'C0123456789')).check(z.minLength(1, 'It must name a channel.')),
  /** Two apps in one workspace need two commands. */
  command: z._default(
    z
      .string('It must be text.')
      .check(z.regex(/^\/[a-z0-9_-]{1,31}$/, 'It must be a slash command in lower case, such as /drawbridge.')),
    '/drawbridge',
  ),
});

const DEFAULT_REMINDERS = { digestHours: 8, minutes: 60, byEmail: false };

/** What people are told of armed steps before they run: in the Slack channel, where there is one. */
const reminders = z.strictObject({
  /** How long before its first step a night is told as a whole; 0: never. */
  digestHours: z._default(
    z
      .int('It must be a whole number.')
      .check(z.gte(0), z.lte(24, 'It must be 24 at most: a night is told on its day.')),
    DEFAULT_REMINDERS.digestHours,
  ),
  /** How long before it runs a step is told once more; 0: never. */
  minutes: z._default(
    z.int('It must be a whole number.').check(z.gte(0), z.lte(720, 'It must be 720 at most: twelve hours.')),
    DEFAULT_REMINDERS.minutes,
  ),
  /** Those who get the alarms are told, too, of each step that closes something. */
  byEmail: z._default(z.boolean(), DEFAULT_REMINDERS.byEmail),
});

/**
 * A Slack channel that Amazon Q Developer in chat applications looks after (docs/slack.md), where no app may be installed.
 * Anyone who may write there may ask: no person is proven.
 */
const chat = z.strictObject({
  workspace: slackId('T', 'a workspace', 'T0123456789'),
  channel: slackId('CG', 'a channel', 'C0123456789'),
  /** Left out: all of them, but in production only status and enter. */
  allow: z.optional(
    z
      .array(
        z.enum(
          CHAT_COMMANDS,
          'It must be status, enter or exit: a channel may ask for nothing else, as nobody knows who asks.',
        ),
      )
      .check(z.minLength(1, 'It must name a command, such as status.')),
  ),
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
  /** A Go that is more minutes than this early or late is off plan; less where the steps of a rundown are closer together. */
  onPlanMinutes: z._default(z.int().check(z.gte(1), z.lte(120)), 10),
  operators: z.array(email).check(z.minLength(1, 'It must name at least one operator.')),
  /** How fast a service is probed from outside. How many probes must agree follows from docs/proof.md, and is no setting. */
  proof: z._default(proof, DEFAULT_PROOF),
  /** What clients are told when no planned end is known. */
  retryAfterSeconds: z._default(z.int().check(z.gte(1), z.lte(86_400)), 600),
  services: z.array(service).check(z.minLength(1, 'It must name at least one service.')),
  groups: z._default(z.array(group), []),
  /** Who is told when nobody looks: of drift, missed steps, a reconciler that stopped. */
  alarms: z._default(z.strictObject({ email: z._default(z.array(email), []) }), { email: [] }),
  /** Services of which anybody may ask whether they are open (`GET /public/status`). Empty: there is no such route. */
  publicStatus: z._default(z.array(serviceName), []),
  reminders: z._default(reminders, DEFAULT_REMINDERS),
  /** The second door. Left out: there is none. */
  slack: z.optional(slack),
  /** The AWS-native way to ask in a channel. Left out: there is none. */
  chat: z.optional(chat),
  /** Who may open and close services without the sheet, besides what IAM must allow. Left out: nobody. */
  breakGlass: z._default(z.strictObject({ principals: z._default(z.array(principal), []) }), { principals: [] }),
});

const written = z.strictObject({
  /** Owns the script and its triggers. Google may name it for somebody whom it does not know: it is never an operator. */
  controller: z.optional(email),
  /** Who may use the control spreadsheet: create, copy, register and retire release sheets. */
  admins: z._default(z.array(email), []),
  environments: z.record(z.string(), environment),
});

/** Wherever a service goes, its environment is known: WAF's names for it begin with that. */
const withEnvironments = ({ environments, ...rest }: z.output<typeof written>) => ({
  ...rest,
  environments: Object.fromEntries(
    Object.entries(environments).map(([name, { services, ...settings }]) => [
      name,
      { ...settings, services: services.map((one) => ({ ...one, environment: name })) },
    ]),
  ),
});

export const configSchema = z.pipe(written, z.transform(withEnvironments));

/** What `npm run build` makes of it and the pages, for the Lambdas and the commands: config.json. */
export const configFileSchema = z.object({
  config: configSchema,
  pages: z.object({ html: z.string(), json: z.string(), sentences: sentencesSchema }),
});

/** For guesses at what was meant. */
export const KNOWN_FIELDS = [written, environment, proof, service, target, page, group, reminders, slack, chat].flatMap(
  (schema) => Object.keys(schema._zod.def.shape),
);

export type ConfigInput = z.input<typeof configSchema>;
export type Config = z.output<typeof configSchema>;
export type EnvironmentConfig = Config['environments'][string];
export type SlackConfig = NonNullable<EnvironmentConfig['slack']>;
export type ChatConfig = NonNullable<EnvironmentConfig['chat']>;
export type ServiceConfig = EnvironmentConfig['services'][number];
export type TargetConfig = ServiceConfig['targets'][number];
