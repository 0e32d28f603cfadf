import * as z from 'zod/mini';
import { type OperationRequest, operationRequest, serviceName, text } from './operation.ts';

/**
 * `POST /break-glass/operations`: what the sheet sends, without whom and from where. The person is the caller that IAM
 * knows, and the reason is asked for: it is the only thing that tells an auditor why nobody used the sheet.
 */
export const breakGlassBody = z.required(z.omit(operationRequest, { requestedBy: true, source: true }), {
  reason: true,
});
export type BreakGlassBody = z.output<typeof breakGlassBody>;

/** `POST /break-glass/disarm`: no armed step of any release sheet runs any more. For a secret that leaked. */
export const disarmBody = z.strictObject({ reason: text('why', 256) });
export const disarmAnswer = z.object({ environment: z.string(), sheets: z.number(), steps: z.number() });
export type DisarmAnswer = z.output<typeof disarmAnswer>;

/** An engineer works on the firewall by hand for longer than this only by asking again. */
const LONGEST_PAUSE_MINUTES = 240;

/** `POST /break-glass/pause-repair`: for so long, what somebody changes in the rules of a service is left alone. 0 ends it. */
export const pauseBody = z.strictObject({
  service: serviceName,
  forMinutes: z
    .int('It must be a whole number of minutes.')
    .check(
      z.gte(0, 'It must be 0 at least, which ends the pause.'),
      z.lte(LONGEST_PAUSE_MINUTES, `It must be ${LONGEST_PAUSE_MINUTES} at most: ask again then.`),
    ),
  reason: text('why', 256),
});
export type PauseBody = z.output<typeof pauseBody>;
export const pauseAnswer = z.object({ service: z.string(), until: z.optional(z.string()), message: z.string() });
export type PauseAnswer = z.output<typeof pauseAnswer>;

/** @param person - The IAM identity that signed, such as the ARN of an assumed role's session. */
export const breakGlassRequest = (body: BreakGlassBody, person: string): OperationRequest => ({
  ...body,
  requestedBy: person,
  source: { kind: 'break-glass' },
});
