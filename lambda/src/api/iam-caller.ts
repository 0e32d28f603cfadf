import { problem } from '../../../contract/problem.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { HttpEvent } from './http.ts';

/**
 * Who signed the request: whom API Gateway's IAM authorization found, and nobody else. What a body or a header says of it
 * does not count. `execute-api:Invoke` alone is not enough, as every administrator of the account has it by a `*`: the
 * config must name the role or the user too.
 *
 * A principal that may invoke the function itself can write any event. So `lambda:InvokeFunction` on it opens every door, and
 * belongs to API Gateway alone.
 *
 * @throws ProblemError UNAUTHENTICATED - The event did not come through IAM authorization. FORBIDDEN - The config does
 *   not name the caller.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */
export function requireCaller({ config, environment }: ApiDependencies, { requestContext }: HttpEvent): string {
  const caller = requestContext?.authorizer?.iam?.userArn;
  if (!caller) {
    throw problem('UNAUTHENTICATED', 'IAM does not say who calls. Sign the request with AWS credentials (SigV4).');
  }
  const { principals } = config.breakGlass;
  if (principals.some((principal) => isCalledBy(principal, caller))) return caller;
  const place = `environments.${environment}.breakGlass.principals`;
  throw problem(
    'FORBIDDEN',
    principals.length === 0
      ? `Nobody may break the glass here: ${place} of drawbridge.config.ts names no role and no user.`
      : `${caller} is not named in ${place} of drawbridge.config.ts. Sign in with a role that is, or name this one and deploy.`,
  );
}

const ROLE = /^(arn:[\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;
const SESSION = /^(arn:[\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/;

/** A session of a role is known without the role's path; names of roles are unique within their account. */
export function isCalledBy(principal: string, caller: string): boolean {
  const role = ROLE.exec(principal);
  if (!role) return principal === caller;
  const session = SESSION.exec(caller);
  return session !== null && [1, 2, 3].every((part) => session[part] === role[part]);
}
