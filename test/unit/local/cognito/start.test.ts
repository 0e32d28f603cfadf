import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, generateKeyPair, jwtVerify } from 'jose';
import { createClock } from '../../../../local/clock.ts';
import { type Cognito, startCognito } from '../../../../local/cognito/start.ts';
import type { Hop } from '../../../../local/trace.ts';

const NOON = Date.UTC(2026, 10, 22, 12);
const scopes = ['drawbridge/operate', 'drawbridge/read'];
const clock = createClock(NOON);
const hops: Hop[] = [];
let cognito: Cognito;

beforeAll(async () => {
  cognito = await startCognito({
    clock,
    trace: (hop) => hops.push(hop),
    pools: {
      production: { userPoolId: 'eu-west-1_Production1', clientId: 'prod', clientSecrets: ['old', 'new'], scopes },
      staging: { userPoolId: 'eu-west-1_Staging1', clientId: 'stag', clientSecrets: ['s'], scopes },
    },
  });
});
afterAll(() => cognito.close());

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const ask = (environment: string, id: string, secret: string) =>
  fetch(cognito.tokenUrl(environment), {
    method: 'POST',
    headers: { authorization: basic(id, secret), 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
const keysOf = async (environment: string) => {
  const answer = await fetch(cognito.jwksUri(environment));
  return createLocalJWKSet((await answer.json()) as Parameters<typeof createLocalJWKSet>[0]);
};

it('lets both secrets in while one is being replaced', async () => {
  const statuses = [await ask('production', 'prod', 'old'), await ask('production', 'prod', 'new')].map(
    (a) => a.status,
  );
  expect(statuses).toEqual([200, 200]);
});

it('keeps environments apart: clients, issuers and keys', async () => {
  expect((await ask('production', 'stag', 's')).status).toBe(400);
  expect(cognito.issuer('production')).toBe('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Production1');
  const token = await cognito.sign('staging');
  const currentDate = new Date(clock.now());
  await expect(jwtVerify(token, await keysOf('production'), { currentDate })).rejects.toMatchObject({
    code: 'ERR_JWKS_NO_MATCHING_KEY',
  });
  const { payload } = await jwtVerify(token, await keysOf('staging'), { currentDate });
  expect(payload.iss).toBe(cognito.issuer('staging'));
});

it('stamps tokens with the local clock, also after it was moved', async () => {
  clock.moveTo(NOON + 7_200_000);
  const { access_token: token } = (await (await ask('production', 'prod', 'new')).json()) as { access_token: string };
  const { iat = 0, exp, auth_time } = decodeJwt(token);
  expect(iat * 1000).toBeGreaterThanOrEqual(NOON + 7_199_000);
  expect(iat * 1000).toBeLessThan(NOON + 7_260_000);
  expect([exp, auth_time]).toEqual([iat + 3600, iat]);
});

it('forges for tests: other claims, claims left out, another key', async () => {
  const { privateKey } = await generateKeyPair('RS256');
  const token = await cognito.sign(
    'production',
    { exp: 1, jti: undefined },
    { key: privateKey, header: { kid: 'other' } },
  );
  expect(decodeJwt(token)).toMatchObject({ exp: 1, client_id: 'prod' });
  expect(decodeJwt(token)).not.toHaveProperty('jti');
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', kid: 'other' });
  await expect(jwtVerify(token, await keysOf('production'))).rejects.toMatchObject({
    code: 'ERR_JWKS_NO_MATCHING_KEY',
  });
});

it.each([
  '/production/oauth2/authorize',
  '/production/oauth2/userInfo',
  '/production/login',
  '/elsewhere/oauth2/token',
])('refuses %s by name', async (path) => {
  const answer = await fetch(`${cognito.url}${path}`);
  expect([answer.status, await answer.json()]).toEqual([
    501,
    { error: 'not_supported', error_description: `GET ${path} is not supported by the local Cognito` },
  ]);
});

it('tells each token request as a hop, without secret or token', async () => {
  hops.length = 0;
  const { access_token: token } = (await (await ask('production', 'prod', 'new')).json()) as { access_token: string };
  await ask('production', 'prod', 'guessed');
  expect(hops).toMatchObject([
    { part: 'cognito', what: 'POST /oauth2/token', ok: true, environment: 'production' },
    { part: 'cognito', said: '400 invalid_client', ok: false, environment: 'production' },
  ]);
  expect(JSON.stringify(hops)).not.toContain(token);
  expect(JSON.stringify(hops)).not.toContain('guessed');
});
