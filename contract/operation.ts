import * as z from 'zod/mini';
import { allowlistEntries } from './allowlist.ts';
import { ACTIONS, type Action, MODES, type Mode } from './modes.ts';
import { isoInstant } from './time.ts';

/** The largest request body in bytes that is read at all. */
export const MAX_BODY_BYTES = 64 * 1024;

/** `requestedAt` may be this much before and after the server's clock, in milliseconds (DESIGN D4). */
export const OLDEST_REQUEST_MS = 5 * 60_000;
export const FUTURE_REQUEST_MS = 60_000;

export const text = (what: string, longest: number) =>
  z
    .string(`It must be text: ${what}.`)
    .check(
      z.minLength(1, `It must not be empty: ${what}.`),
      z.maxLength(longest, `It may have ${longest} characters at most.`),
    );

/** What an operation tells as its step that was picked in *Do now*, in the tab Services of a release sheet. */
export const DO_NOW_STEP = 'Services';

export const operationId = z
  .string('It must be text.')
  .check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{3,63}$/, 'It must be 4 to 64 letters, digits, - or _.'));

export const serviceName = z
  .string('It must be text.')
  .check(
    z.regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      'It must be a service name: up to 40 lower-case letters, digits and -, beginning with a letter.',
    ),
  );

const person = z
  .string('It must be text.')
  .check(
    z.maxLength(254, 'It may have 254 characters at most.'),
    z.regex(/^[^\s@]+@[^\s@]+$/, 'It must be the e-mail address of a person.'),
  );

/** Where an operation came from. Over the bearer-token route that is always a sheet. */
export const spreadsheetId = text('the id of the release sheet', 128);
export const LONGEST_STEP = 64;
export const step = text('the step of the rundown', LONGEST_STEP);
export const sheetSource = z.strictObject({ kind: z.literal('sheet'), spreadsheetId, step });

/** One operation of a step, in a person's name. */
export const operationRequest = z.strictObject({
  operationId,
  service: serviceName,
  action: z.enum(ACTIONS),
  requestedBy: person,
  requestedAt: isoInstant,
  source: sheetSource,
  plannedEnd: z.optional(isoInstant),
  /** Ranges as text, or `{ range, who?, until? }`. */
  allowlist: z.optional(allowlistEntries),
  reason: z.optional(text('why', 256)),
  dryRun: z.optional(z.boolean('It must be true or false.')),
  takeOver: z.optional(z.boolean('It must be true or false.')),
});

/** Which door it came through. Only a sheet has an id and steps. */
interface Elsewhere {
  readonly spreadsheetId?: undefined;
  readonly step?: undefined;
}
export type OperationSource =
  | z.output<typeof sheetSource>
  | ({ readonly kind: 'break-glass' } & Elsewhere)
  | ({ readonly kind: 'slack'; readonly channel: string } & Elsewhere)
  /** Through Amazon Q Developer: the channel is known, the person is not. */
  | ({ readonly kind: 'chat-channel'; readonly channel: string } & Elsewhere);

/** As operations and the audit tell it. */
export const toldSource = z.object({
  kind: z.string(),
  spreadsheetId: z.optional(z.string()),
  step: z.optional(z.string()),
  /** Of Slack, with its app or without. */
  channel: z.optional(z.string()),
});

/** One operation as `operate()` takes it from every caller. */
export type OperationRequest = Omit<z.output<typeof operationRequest>, 'source'> & { source: OperationSource };

/** *Refused* was never committed. The others were: WAF has not yet, has, or is proven to have taken them. */
export const OPERATION_STATES = ['refused', 'pending', 'accepted', 'verified', 'superseded'] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

export const targetState = z.object({
  /** `REGIONAL/eu-west-1` or `CLOUDFRONT/us-east-1`. */
  target: z.string(),
  state: z.enum(['pending', 'accepted']),
  at: z.optional(z.string()),
  /** Why it is still pending: a stable code such as RULE_GROUP_BUSY. */
  code: z.optional(z.string()),
});
export type TargetState = z.output<typeof targetState>;

export const proof = z.object({
  /** `none`: the config says in writing that nobody probes this service. */
  state: z.enum(['none', 'proving', 'verified']),
  /** Over all targets: of the unbroken run of agreement once it is under way, before that of the last call. */
  probes: z.number(),
  agree: z.number(),
  disagree: z.number(),
  /** Of those that disagree, the ones that got in. */
  open: z.number(),
  unknown: z.number(),
  /** How many must agree in a row. */
  needed: z.optional(z.number()),
  /** Probes that came as visitors do and were given a copy of before, though none got past the firewall. */
  cached: z.optional(z.number()),
  /** The region that the probes are sent from. */
  from: z.optional(z.string()),
  checkedAt: z.optional(z.string()),
  verifiedAt: z.optional(z.string()),
  /** With mode `normal`: the HTTP statuses that the site itself answered with. */
  siteStatuses: z.optional(z.array(z.number())),
});
export type Proof = z.output<typeof proof>;

/** `RULE_GROUP_MISSING` and the like, `TOO_MANY_WCU`, or `NO_ANSWER` of a page that is probed. */
export const rehearsalFault = z.object({ code: z.string(), target: z.string(), message: z.string() });
export type RehearsalFault = z.output<typeof rehearsalFault>;

export const operation = z.object({
  operationId: z.string(),
  service: z.string(),
  /** The service's name for people. */
  title: z.string(),
  action: z.enum(ACTIONS),
  mode: z.enum(MODES),
  state: z.enum(OPERATION_STATES),
  /** False if the service was already so and nothing had to be written. */
  changed: z.boolean(),
  revision: z.number(),
  requestedBy: z.string(),
  requestedAt: z.string(),
  committedAt: z.optional(z.string()),
  acceptedAt: z.optional(z.string()),
  verifiedAt: z.optional(z.string()),
  plannedEnd: z.optional(z.string()),
  reason: z.optional(z.string()),
  dryRun: z.optional(z.boolean()),
  /** What would go wrong after it was accepted here, each with its remedy; only of a dry run. */
  faults: z.optional(z.array(rehearsalFault)),
  source: toldSource,
  targets: z.array(targetState),
  proof,
  /** Who overtook it; only when `superseded`. */
  supersededBy: z.optional(z.object({ operationId: z.string(), step: z.optional(z.string()), by: z.string() })),
  /** Why it never began; only when `refused`. */
  problem: z.optional(z.object({ code: z.string(), message: z.string() })),
  /** When to ask again; only while it goes on. */
  again: z.optional(z.object({ afterMs: z.number() })),
  /** One paragraph for a person. */
  message: z.string(),
});
export type Operation = z.output<typeof operation>;

export const isFinal = (state: OperationState): boolean =>
  state === 'refused' || state === 'verified' || state === 'superseded';

/** What a route answers instead when it refuses, or when there is no such thing. */
export const problemBody = z.object({
  code: z.string(),
  message: z.string(),
  field: z.optional(z.string()),
  operationId: z.optional(z.string()),
});

export type { Action, Mode };
export { isoInstant };
