import * as z from 'zod/mini';
import { type OperationRequest, operationRequest } from './operation.ts';

/**
 * `POST /break-glass/operations`: what the sheet sends, without whom and from where. The person is the caller that IAM
 * knows, and the reason is asked for: it is the only thing that tells an auditor why nobody used the sheet.
 */
export const breakGlassBody = z.required(z.omit(operationRequest, { requestedBy: true, source: true }), {
  reason: true,
});
export type BreakGlassBody = z.output<typeof breakGlassBody>;

/** @param person - The IAM identity that signed, such as the ARN of an assumed role's session. */
export const breakGlassRequest = (body: BreakGlassBody, person: string): OperationRequest => ({
  ...body,
  requestedBy: person,
  source: { kind: 'break-glass' },
});
