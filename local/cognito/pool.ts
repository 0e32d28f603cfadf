import { randomUUID } from 'node:crypto';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';

export interface PoolOptions {
  /** Such as `eu-west-1_Production1`: the region is the part before the underscore, as in Cognito. */
  readonly userPoolId: string;
  readonly clientId: string;
  /** Two may be live at once while one is being replaced. */
  readonly clientSecrets: readonly string[];
  /** The scopes that this client may ask for; without a wish it gets them all. */
  readonly scopes: readonly string[];
}

export interface SignOptions {
  /** Signs with this key instead of the pool's. */
  readonly key?: CryptoKey | Uint8Array;
  /** Laid over the pool's own header. */
  readonly header?: Partial<JWTHeaderParameters>;
}

/** One user pool with one machine client and one key pair. */
export interface Pool extends PoolOptions {
  readonly issuer: string;
  readonly jwks: { readonly keys: readonly JWK[] };
  /** A token with the claims of a client-credentials access token, those given laid over; `undefined` leaves one out. */
  sign(claims?: JWTPayload, options?: SignOptions): Promise<string>;
}

/** Seconds: what an app client has unless its settings say otherwise. */
export const TOKEN_LIFETIME_SECONDS = 3600;

/** @param now - The clock, in milliseconds since the epoch. */
export async function createPool(options: PoolOptions, now: () => number): Promise<Pool> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  const region = options.userPoolId.split('_')[0];
  const issuer = `https://cognito-idp.${region}.amazonaws.com/${options.userPoolId}`;
  const publicJwk = await exportJWK(publicKey);
  return {
    ...options,
    issuer,
    jwks: { keys: [{ alg: 'RS256', ...publicJwk, kid, use: 'sig' }] },
    sign(claims = {}, { key = privateKey, header = {} } = {}) {
      const usual = accessTokenClaims(options, issuer, Math.floor(now() / 1000));
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ kid, alg: 'RS256', ...header }).sign(key);
    },
  };
}

/**
 * The claims of Cognito's access token for client credentials: no `aud`, no user [1].
 * @see [1] https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
function accessTokenClaims({ clientId, scopes }: PoolOptions, issuer: string, iat: number): JWTPayload {
  return {
    sub: clientId,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: iat,
    iss: issuer,
    exp: iat + TOKEN_LIFETIME_SECONDS,
    iat,
    version: 2,
    jti: randomUUID(),
    client_id: clientId,
  };
}
