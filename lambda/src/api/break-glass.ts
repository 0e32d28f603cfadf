import { problem } from '../../../contract/problem.ts';
import { BREAK_GLASS_ROUTES, type BreakGlassRouteKey } from '../../../contract/routes.ts';
import type { HttpEvent } from './http.ts';

/** Break-glass: for the night on which the sheet, its script or the sign-in is down (DESIGN D11). */

export const isBreakGlass = (routeKey: string): routeKey is BreakGlassRouteKey =>
  BREAK_GLASS_ROUTES.some(({ method, path }) => `${method} ${path}` === routeKey);

/**
 * The person is whom API Gateway's IAM authorization found, and nobody else; that IAM lets them call the route is what
 * makes them an operator. What a body or a header says of it does not count.
 *
 * Whoever IAM lets invoke the function itself can write any event. So `lambda:InvokeFunction` on it opens every door, and
 * belongs to API Gateway alone.
 *
 * @throws ProblemError UNAUTHENTICATED - The event did not come through IAM authorization.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */
export function callerOf({ requestContext }: HttpEvent): string {
  const person = requestContext?.authorizer?.iam?.userArn;
  if (person) return person;
  throw problem('UNAUTHENTICATED', 'IAM does not say who calls. Sign the request with AWS credentials (SigV4).');
}
