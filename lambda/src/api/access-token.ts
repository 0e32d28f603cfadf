import { type IncomingMessage, get as overHttp } from 'node:http';
import { get as overHttps } from 'node:https';
import { arrayBuffer } from 'node:stream/consumers';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import * as reasons from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { problem } from '../../../contract/problem.ts';
import type { Log } from '../notify/log.ts';

/** Whose tokens count. */
export interface SignInSettings {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly jwksUri: string;
}

/**
 * Checks a bearer token, again after the gateway: a call that reaches the function in another way is checked as well.
 * @throws ProblemError UNAUTHENTICATED - No token, or not one of ours. FORBIDDEN - Ours, without the scope.
 *   TRY_AGAIN - The keys to check it with cannot be had.
 */
export type TokenCheck = (authorization: string | undefined, scope: string) => Promise<void>;

const JWKS_TIMEOUT_MS = 3_000;

class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** The first use of the global `fetch` costs a tenth of a second of CPU; this costs next to nothing. */
async function fetchKeys(jwksUri: string): Promise<ArrayBuffer> {
  const get = jwksUri.startsWith('http:') ? overHttp : overHttps;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(jwksUri, { signal: AbortSignal.timeout(JWKS_TIMEOUT_MS) }, resolve).on('error', reject);
    });
    if (answer.statusCode !== 200) {
      answer.resume();
      throw new Error(`the key set answered ${answer.statusCode}`);
    }
    return await arrayBuffer(answer);
  } catch (cause) {
    throw new KeysUnavailableError((cause as Error).message, { cause });
  }
}

export function createTokenCheck({ userPoolId, clientId, jwksUri }: SignInSettings, log: Log): TokenCheck {
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, clientId, tokenUse: 'access' },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: () => fetchKeys(jwksUri) } }) },
  );
  return async (authorization, scope) => {
    const [, token] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
    if (!token) throw problem('UNAUTHENTICATED', 'There is no access token. Send it as Authorization: Bearer <token>.');
    const { scope: granted } = await verifier.verify(token).catch((error: unknown) => {
      throw refusal(error, log);
    });
    if (granted.split(' ').includes(scope)) return;
    throw problem('FORBIDDEN', `The token lacks the scope ${scope}. Ask for it at the token endpoint.`);
  };
}

function refusal(error: unknown, log: Log) {
  if (error instanceof reasons.JwtExpiredError) {
    return problem('UNAUTHENTICATED', 'The access token has expired. Take a new one and send the request again.');
  }
  if (error instanceof KeysUnavailableError) {
    log('error', 'keys unavailable', { why: error.message });
    return problem('TRY_AGAIN', 'Access tokens cannot be checked at the moment. Nothing was changed; send it again.');
  }
  // What exactly is wrong helps an attacker more than an operator: it is in the log, not in the answer.
  log('warn', 'token refused', { why: reasonOf(error) });
  return problem(
    'UNAUTHENTICATED',
    'The access token is not valid for this environment. Take one from its own token endpoint.',
  );
}

/** Its kind alone: a message may quote what was sent. Bundles shorten the names of classes, and not those of exports. */
function reasonOf(error: unknown): string {
  const [name] = Object.entries(reasons).find(([, kind]) => (error as Error).constructor === kind) ?? [];
  return name ?? 'unknown';
}
