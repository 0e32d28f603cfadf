import * as z from 'zod/mini';
import { ACTIONS, MODES } from './modes.ts';
import { OPERATION_STATES } from './operation.ts';

/** What is answered of operations. Only clients read it: a function builds none of these schemas when it starts. */

/** As operations and the audit tell it. */
export const toldSource = z.object({
  kind: z.string(),
  spreadsheetId: z.optional(z.string()),
  step: z.optional(z.string()),
  /** Of Slack, with its app or without. */
  channel: z.optional(z.string()),
});

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

/** What a route answers instead when it refuses, or when there is no such thing. */
export const problemBody = z.object({
  code: z.string(),
  message: z.string(),
  field: z.optional(z.string()),
  operationId: z.optional(z.string()),
});
