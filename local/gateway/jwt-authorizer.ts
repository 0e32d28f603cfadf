import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';

export interface JwtAuthorizerOptions {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly jwksUri: string;
}

export type JwtDecision =
  | { readonly ok: true; readonly jwt: { readonly claims: Record<string, string>; readonly scopes: string[] } }
  | { readonly ok: false; readonly status: 401 | 403; readonly challenge: string };

export type JwtAuthorizer = (authorization: string | undefined, scopes: readonly string[]) => Promise<JwtDecision>;

/** Symmetric algorithms and `none` are never accepted: the keys are public. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/**
 * The JWT authorizer of an HTTP API: signature, issuer, times, audience, scopes, in this order [1].
 * Times follow `now` (milliseconds) without any leeway.
 * @see [1] https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function createJwtAuthorizer(options: JwtAuthorizerOptions, now: () => number): JwtAuthorizer {
  const keys = createRemoteJWKSet(new URL(options.jwksUri));

  async function verified(token: string): Promise<JWTPayload> {
    if (!decodeProtectedHeader(token).kid) throw new InvalidTokenError('the token has no key id');
    const currentDate = new Date(now());
    const { issuer } = options;
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      algorithms: ALGORITHMS,
      currentDate,
      requiredClaims: ['exp'],
    });
    if (payload.iat !== undefined && payload.iat * 1000 > now()) {
      throw new InvalidTokenError('the token is used before it was issued');
    }
    if (!audienceFits(payload, options.audience)) {
      throw new InvalidTokenError('the token does not have a valid audience');
    }
    return payload;
  }

  return async (authorization, scopes) => {
    const token = authorization?.replace(/^Bearer\s+/i, '').trim();
    if (!token) return { ok: false, status: 401, challenge: 'Bearer' };
    try {
      const claims = await verified(token);
      const granted = typeof claims.scope === 'string' ? claims.scope.split(' ').filter(Boolean) : [];
      if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope))) {
        return { ok: false, status: 403, challenge: challenge(scopes, 'insufficient_scope', 'insufficient scope') };
      }
      return { ok: true, jwt: { claims: asStrings(claims), scopes: granted } };
    } catch (error) {
      return { ok: false, status: 401, challenge: challenge(scopes, 'invalid_token', why(error)) };
    }
  };
}

/** `client_id` counts only where there is no `aud` at all. */
function audienceFits({ aud, client_id }: JWTPayload, audience: readonly string[]): boolean {
  const given = aud === undefined ? [client_id] : [aud].flat();
  return given.some((one) => typeof one === 'string' && audience.includes(one));
}

function why(error: unknown): string {
  if (error instanceof InvalidTokenError) return error.message;
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token has an invalid ${error.claim} claim`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the token has an invalid signature';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the token has an invalid signing algorithm';
  if (error instanceof errors.JWKSNoMatchingKey) return 'the token has an unknown key id';
  if (isAboutKeys(error)) return 'the keys of the issuer cannot be read';
  return 'the token is malformed';
}

function isAboutKeys(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  return error instanceof TypeError && error.message === 'fetch failed';
}

const challenge = (scopes: readonly string[], error: string, description: string) =>
  `Bearer scope="${scopes.join(' ')}" error="${error}" error_description="${description}"`;

/** API Gateway hands every claim on as text, arrays as `[a b]`. */
function asStrings(claims: JWTPayload): Record<string, string> {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(text).join(' ')}]`;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)]));
}
