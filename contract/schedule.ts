import * as z from 'zod/mini';
import { ACTIONS } from './modes.ts';
import { operationId, spreadsheetId, step, text } from './operation.ts';
import { isoInstant } from './time.ts';

/**
 * `PUT /schedule`: what a release sheet has armed, whenever that changes and every five minutes while something is: so
 * that somebody notices when it does not happen. Empty lists take the sheet's schedule away.
 */

const MOST = 100;
const notTooMany = z.maxLength(MOST, `It may have ${MOST} entries at most.`);
/** Not checked as names: a service that is unknown is a conflict that is told, not a body that is not understood. */
const service = text('the name of the service', 40);

export const scheduledStep = z.strictObject({
  operationId,
  step,
  service,
  action: z.enum(ACTIONS),
  plannedStart: isoInstant,
  requestedBy: text('who armed it', 254),
});
export type ScheduledStep = z.output<typeof scheduledStep>;

/** When the sheet plans to open a service that it has closed. */
export const scheduledEnd = z.strictObject({ service, plannedEnd: isoInstant });
export type ScheduledEnd = z.output<typeof scheduledEnd>;

export const scheduleBody = z.strictObject({
  spreadsheetId,
  steps: z.array(scheduledStep).check(notTooMany),
  ends: z.array(scheduledEnd).check(notTooMany),
});
export type ScheduleBody = z.output<typeof scheduleBody>;

export const scheduleResponse = z.object({
  spreadsheetId: z.string(),
  /** How many are known now. */
  steps: z.number(),
  ends: z.array(
    z.object({
      service: z.string(),
      plannedEnd: z.string(),
      /** The public is told this end. */
      applied: z.boolean(),
      why: z.optional(z.string()),
    }),
  ),
  /** What would be refused, or meet somebody else's step, when it fires; one entry for each. */
  conflicts: z.array(z.object({ operationId: z.string(), message: z.string() })),
});
export type ScheduleResponse = z.output<typeof scheduleResponse>;
