import * as z from 'zod/mini';
import { type OperationRequest, operationRequest, text } from './operation.ts';

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

/** @param person - The IAM identity that signed, such as the ARN of an assumed role's session. */
export const breakGlassRequest = (body: BreakGlassBody, person: string): OperationRequest => ({
  ...body,
  requestedBy: person,
  source: { kind: 'break-glass' },
});
