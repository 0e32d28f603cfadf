import * as z from 'zod/mini';
import { allowlistEntry } from './allowlist.ts';
import { ACTIONS, MODES } from './modes.ts';
import { OPERATION_STATES } from './operation.ts';
import { toldSource } from './operation-answer.ts';

/**
 * One thing that happened: an operation (refused ones too); a repair by the reconciler; a planned end that its release
 * sheet moved; testers whose time ended; probes that got in; rules that could not be read;
 * a step that was armed, moved or disarmed, a Go that was not run, a step that was done by hand; a rehearsal, which changed
 * nothing; somebody in Slack who was not let in; repairs that were paused.
 */
export const auditEntry = z.object({
  service: z.string(),
  revision: z.number(),
  operationId: z.string(),
  kind: z.enum([
    'operation',
    'repair',
    'replan',
    'expiry',
    'bypass',
    'unreadable',
    'armed',
    'moved',
    'disarmed',
    'not-run',
    'hand',
    'rehearsal',
    'not-admitted',
    'repair-paused',
  ]),
  action: z.optional(z.enum(ACTIONS)),
  mode: z.optional(z.enum(MODES)),
  state: z.optional(z.enum(OPERATION_STATES)),
  changed: z.optional(z.boolean()),
  /** The config says that nobody proves it: accepted is all that it comes to. */
  unchecked: z.optional(z.boolean()),
  /** It took the service over from the sheet that held it. */
  takeOver: z.optional(z.boolean()),
  by: z.string(),
  source: z.optional(toldSource),
  at: z.string(),
  /** When an armed step is to run. */
  plannedAt: z.optional(z.string()),
  /** The time of an armed step came and nobody ran it: people are called, by a notice. */
  isMissed: z.optional(z.boolean()),
  acceptedAt: z.optional(z.string()),
  verifiedAt: z.optional(z.string()),
  /** Who was let in, or, for an expiry, is no more. */
  allowlist: z.optional(z.array(allowlistEntry)),
  reason: z.optional(z.string()),
  problem: z.optional(z.object({ code: z.string(), message: z.string() })),
  message: z.string(),
});
export type AuditEntry = z.output<typeof auditEntry>;

/** What `GET /audit` answers: the newest entries, oldest first. */
export const auditAnswer = z.object({
  environment: z.string(),
  entries: z.array(auditEntry),
  /** There are older ones since then that did not fit. */
  isCut: z.boolean(),
});
export type AuditAnswer = z.output<typeof auditAnswer>;
