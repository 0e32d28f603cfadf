/**
 * What Drawbridge relies on from Cognito's token endpoint. Runs against the local one, or against the real one:
 * CONFORMANCE_TOKEN_URL, CONFORMANCE_CLIENT_ID, CONFORMANCE_CLIENT_SECRET; the client may ask for both scopes.
 */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { createClock } from '../../local/clock.ts';
import { type Cognito, startCognito } from '../../local/cognito/start.ts';

const SCOPES = ['drawbridge/operate', 'drawbridge/read'];
const { CONFORMANCE_TOKEN_URL, CONFORMANCE_CLIENT_ID, CONFORMANCE_CLIENT_SECRET } = process.env;
const clientId = CONFORMANCE_CLIENT_ID ?? 'local-client';
const secret = CONFORMANCE_CLIENT_SECRET ?? 'local-secret';

let local: Cognito | undefined;
let tokenUrl = CONFORMANCE_TOKEN_URL ?? '';

beforeAll(async () => {
  if (CONFORMANCE_TOKEN_URL) return;
  const pool = { userPoolId: 'eu-west-1_Production1', clientId, clientSecrets: [secret], scopes: SCOPES };
  local = await startCognito({ clock: createClock(), pools: { production: pool } });
  tokenUrl = local.tokenUrl('production');
});
afterAll(() => local?.close());

const basic = (id: string, password: string) => `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`;

interface Asked {
  readonly authorization?: string | null;
  readonly contentType?: string;
  readonly method?: string;
}

function ask(form: Record<string, string>, asked: Asked = {}): Promise<Response> {
  const { authorization = basic(clientId, secret), method = 'POST' } = asked;
  const contentType = asked.contentType ?? 'application/x-www-form-urlencoded';
  const headers = { 'content-type': contentType, ...(authorization === null ? {} : { authorization }) };
  const body = method === 'POST' ? new URLSearchParams(form).toString() : undefined;
  return fetch(tokenUrl, { method, headers, body, signal: AbortSignal.timeout(10_000) });
}

const wish = (scope?: string) => ({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });

interface TokenBody {
  readonly access_token: string;
  readonly [name: string]: unknown;
}

async function tokenFor(scope?: string): Promise<string> {
  const answer = await ask(wish(scope));
  expect(answer.status).toBe(200);
  return ((await answer.json()) as TokenBody).access_token;
}

it('gives a bearer token for an hour, that nobody may store', async () => {
  const answer = await ask(wish('drawbridge/operate'));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.headers.get('cache-control')).toContain('no-store');
  expect(await answer.json()).toEqual({ access_token: expect.any(String), expires_in: 3600, token_type: 'Bearer' });
});

it('signs it with a published key, and says exactly what Cognito says of a machine', async () => {
  const token = await tokenFor('drawbridge/operate');
  const { iss = '' } = decodeJwt(token);
  const jwksUri = local?.jwksUri('production') ?? `${iss}/.well-known/jwks.json`;
  const { payload, protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(jwksUri)));
  expect(protectedHeader).toEqual({ kid: expect.any(String), alg: 'RS256' });
  expect(payload).toEqual({
    sub: clientId,
    token_use: 'access',
    scope: 'drawbridge/operate',
    auth_time: payload.iat,
    iss: expect.stringMatching(/^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com\/[a-z0-9-]+_\w+$/),
    exp: (payload.iat ?? 0) + 3600,
    iat: expect.any(Number),
    version: 2,
    jti: expect.any(String),
    client_id: clientId,
  });
});

it('gives all scopes of the client when none is asked for', async () => {
  expect(
    String(decodeJwt(await tokenFor()).scope)
      .split(' ')
      .sort(),
  ).toEqual(SCOPES);
});

it('gives only the scopes that were asked for', async () => {
  expect(decodeJwt(await tokenFor('drawbridge/read')).scope).toBe('drawbridge/read');
});

it('gives every token an id of its own', async () => {
  expect(decodeJwt(await tokenFor()).jti).not.toBe(decodeJwt(await tokenFor()).jti);
});

it('takes the credentials from the form, too', async () => {
  const form = { ...wish(), client_id: clientId, client_secret: secret };
  expect((await ask(form, { authorization: null })).status).toBe(200);
});

it.each<[string, string, Record<string, string>, Asked]>([
  ['a wrong secret', 'invalid_client', wish(), { authorization: basic(clientId, 'guessed') }],
  ['an unknown client', 'invalid_client', wish(), { authorization: basic('nobody', secret) }],
  ['an empty secret', 'invalid_client', wish(), { authorization: basic(clientId, '') }],
  ['no credentials', 'invalid_client', wish(), { authorization: null }],
  ['credentials that are no base64', 'invalid_client', wish(), { authorization: 'Basic ***' }],
  ['a scope that nobody defined', 'invalid_scope', wish('drawbridge/everything'), {}],
  ['one bad scope among good ones', 'invalid_scope', wish('drawbridge/read drawbridge/everything'), {}],
  ['no grant type', 'invalid_request', {}, {}],
  ['an unknown grant type', 'unsupported_grant_type', { grant_type: 'password' }, {}],
  ['a grant of another kind of client', 'unauthorized_client', { grant_type: 'refresh_token', refresh_token: 'x' }, {}],
  ['a body that is no form', 'invalid_request', wish(), { contentType: 'application/json' }],
])('refuses %s: 400 %s', async (_, error, form, asked) => {
  const answer = await ask(form, asked);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error });
});

it('gives tokens only to a POST', async () => {
  expect((await ask({}, { method: 'GET' })).status).toBe(405);
});

it('survives a form that is far too long', async () => {
  const answer = await ask({ ...wish(), padding: 'x'.repeat(1_000_000) });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
});
