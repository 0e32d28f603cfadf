import { type Pool, TOKEN_LIFETIME_SECONDS } from './pool.ts';

export interface TokenRequest {
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** The errors of the endpoint; all are answered with 400 and nothing but this code [1]. */
type TokenError =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope';

export type TokenAnswer =
  | { readonly ok: true; readonly access_token: string; readonly expires_in: number; readonly token_type: 'Bearer' }
  | { readonly ok: false; readonly error: TokenError };

/** Grants that Cognito has but that the client was not created for. */
const GRANTS_OF_OTHER_CLIENTS = ['authorization_code', 'refresh_token'];

const refused = (error: TokenError): TokenAnswer => ({ ok: false, error });

/**
 * `POST /oauth2/token` for a client that may use client credentials only.
 * @see [1] https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 */
export async function answerTokenRequest(pool: Pool, request: TokenRequest): Promise<TokenAnswer> {
  const type = request.contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return refused('invalid_request');
  const form = new URLSearchParams(request.body);
  const grant = form.get('grant_type');
  if (!grant) return refused('invalid_request');
  if (!mayEnter(pool, credentialsOf(request.authorization, form))) return refused('invalid_client');
  if (GRANTS_OF_OTHER_CLIENTS.includes(grant)) return refused('unauthorized_client');
  if (grant !== 'client_credentials') return refused('unsupported_grant_type');
  const wished = (form.get('scope') ?? '').split(' ').filter(Boolean);
  if (!wished.every((scope) => pool.scopes.includes(scope))) return refused('invalid_scope');
  const scopes = wished.length > 0 ? wished : pool.scopes;
  const token = await pool.sign({ scope: scopes.join(' ') });
  return { ok: true, access_token: token, expires_in: TOKEN_LIFETIME_SECONDS, token_type: 'Bearer' };
}

interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** From `Authorization: Basic` or from the form: Cognito takes both. */
function credentialsOf(authorization: string | undefined, form: URLSearchParams): Credentials {
  const basic = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (!basic) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  const [id = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { id, secret: rest.join(':') };
}

function mayEnter(pool: Pool, { id, secret }: Credentials): boolean {
  return id === pool.clientId && pool.clientSecrets.includes(secret);
}
