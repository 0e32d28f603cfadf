/**
 * What Drawbridge relies on from an HTTP API with a JWT authorizer. Runs against the local gateway, with a real
 * function behind it, or against a deployed API whose routes are those below:
 * CONFORMANCE_API_URL, CONFORMANCE_TOKEN_URL, CONFORMANCE_CLIENT_ID, CONFORMANCE_CLIENT_SECRET, and, to try another
 * environment's token, CONFORMANCE_OTHER_TOKEN. What needs the pool's own keys, or a function that can be told how
 * to behave, is checked where both are ours: locally.
 */
import { randomUUID } from 'node:crypto';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { type Clock, createClock } from '../../local/clock.ts';
import { type Cognito, startCognito } from '../../local/cognito/start.ts';
import type { ApiEvent } from '../../local/gateway/event.ts';
import type { Route } from '../../local/gateway/routes.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../local/gateway/start.ts';
import { type LocalFunction, startFunction } from '../../local/lambda-runtime/start.ts';
import { type Bundles, makeBundles } from '../unit/local/lambda-runtime/bundles.ts';

const { CONFORMANCE_API_URL, CONFORMANCE_TOKEN_URL, CONFORMANCE_CLIENT_ID, CONFORMANCE_CLIENT_SECRET } = process.env;
const ROUTES: Route[] = [
  { method: 'POST', path: '/rundowns/{id}/sync', authorization: 'JWT', scopes: ['drawbridge/operate'] },
  {
    method: 'GET',
    path: '/rundowns/{id}/tables',
    authorization: 'JWT',
    scopes: ['drawbridge/operate', 'drawbridge/read'],
  },
];
const SYNC = { method: 'POST', path: '/rundowns/sheet-0/sync' };
const SCOPES = ['drawbridge/operate', 'drawbridge/read'];
const clientId = CONFORMANCE_CLIENT_ID ?? 'production-client';
const secret = CONFORMANCE_CLIENT_SECRET ?? 'production-secret';

/** Says what it got; or waits, fails or answers nonsense when it is told to. */
const ECHO = `
  export const handler = async (event) => {
    const told = event.headers['x-test'] ?? '';
    if (told.startsWith('sleep ')) await new Promise((resolve) => setTimeout(resolve, Number(told.slice(6))));
    if (told === 'throw') throw new Error('secret detail');
    if (told === 'exit') process.exit(1);
    if (told === 'plain') return { mode: 'normal' };
    return { statusCode: 207, headers: { 'content-type': 'application/json', 'x-echo': 'yes' }, body: JSON.stringify(event) };
  };`;

let clock: Clock;
let bundles: Bundles;
let cognito: Cognito;
let echo: LocalFunction;
let gateway: Gateway;
const gateways: Gateway[] = [];
let apiUrl = CONFORMANCE_API_URL ?? '';
let tokenUrl = CONFORMANCE_TOKEN_URL ?? '';

beforeAll(async () => {
  if (CONFORMANCE_API_URL) return;
  clock = createClock();
  bundles = await makeBundles();
  const pool = (name: string) => ({
    userPoolId: `eu-west-1_${name}1`,
    clientId: name === 'Production' ? clientId : 'staging-client',
    clientSecrets: [secret],
    scopes: SCOPES,
  });
  cognito = await startCognito({ clock, pools: { production: pool('Production'), staging: pool('Staging') } });
  echo = await startEcho();
  gateway = await startLocal();
  apiUrl = gateway.apiUrl('production');
  tokenUrl = cognito.tokenUrl('production');
});
afterAll(async () => {
  await Promise.all(gateways.map((one) => one.close()));
  await echo?.close();
  await cognito?.close();
  await bundles?.remove();
});

async function startEcho(concurrency = 10): Promise<LocalFunction> {
  const bundle = await bundles.handler(ECHO);
  const { workerFile } = bundles;
  return startFunction({ name: 'echo', bundle, environment: {}, clock, workerFile, hosts: {}, concurrency });
}

async function startLocal(
  more: Partial<GatewayOptions> = {},
  behind = echo,
  routes: readonly Route[] = ROUTES,
): Promise<Gateway> {
  const production = {
    issuer: cognito.issuer('production'),
    audience: [clientId],
    jwksUri: cognito.jwksUri('production'),
    routes,
    invoke: (event: ApiEvent) => behind.invoke(event),
  };
  const made = await startGateway({ clock, apis: { production }, ...more });
  gateways.push(made);
  return made;
}

const tokens = new Map<string, Promise<string>>();
/** A real token, fetched once for each set of scopes. */
function tokenFor(scope = SCOPES.join(' ')): Promise<string> {
  const known = tokens.get(scope) ?? fetchToken(scope);
  tokens.set(scope, known);
  return known;
}

async function fetchToken(scope: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope });
  const answer = await fetch(tokenUrl, { method: 'POST', headers: { authorization }, body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

interface Asked {
  readonly token?: string | undefined;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly at?: string;
}

interface Answered {
  readonly status: number;
  readonly message?: string;
  readonly challenge: string | null;
  readonly headers: Headers;
  readonly body: unknown;
}

async function ask({
  token,
  method = 'GET',
  path = '/rundowns/sheet-0/tables',
  headers,
  body,
  at,
}: Asked): Promise<Answered> {
  const answer = await fetch(`${at ?? apiUrl}${path}`, {
    method,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    body: body as RequestInit['body'],
    signal: AbortSignal.timeout(15_000),
  });
  const text = await answer.text();
  const said = text.startsWith('{') ? (JSON.parse(text) as { message?: string }) : {};
  const challenge = answer.headers.get('www-authenticate');
  return { status: answer.status, message: said.message, challenge, headers: answer.headers, body: said };
}

const UNAUTHORIZED = { status: 401, message: 'Unauthorized' };
const bearer = (description = '.*') =>
  expect.stringMatching(`^Bearer scope="[^"]*" error="invalid_token" error_description="${description}"`);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a caller', () => {
  it('without a token stays outside, and is told how to ask', async () => {
    expect(await ask({})).toMatchObject({ ...UNAUTHORIZED, challenge: 'Bearer' });
  });

  it.each([
    ['text', 'drawbridge'],
    ['three empty parts', '..'],
    ['a header that is no JSON', 'e30.e30.e30x'],
  ])('with %s for a token stays outside', async (_, token) => {
    expect(await ask({ token })).toMatchObject({ ...UNAUTHORIZED, challenge: bearer() });
  });

  it('with a token of this environment gets through to the function', async () => {
    expect([401, 403, 429, 503]).not.toContain((await ask({ token: await tokenFor() })).status);
  });

  it('may leave the word Bearer out', async () => {
    const { status } = await ask({ headers: { authorization: await tokenFor() } });
    expect([401, 403]).not.toContain(status);
  });

  it('who changed the claims of a good token stays outside', async () => {
    const [header, claims, signature] = (await tokenFor()).split('.');
    const changed = { ...decodeJwt(`${header}.${claims}.${signature}`), scope: 'drawbridge/everything' };
    const token = `${header}.${part(changed)}.${signature}`;
    expect(await ask({ token })).toMatchObject({ ...UNAUTHORIZED, challenge: bearer() });
  });

  it('who says alg: none stays outside', async () => {
    const good = await tokenFor();
    const header = part({ ...decodeProtectedHeader(good), alg: 'none' });
    for (const signature of ['', 'e30']) {
      const token = `${header}.${good.split('.')[1]}.${signature}`;
      expect(await ask({ token })).toMatchObject(UNAUTHORIZED);
    }
  });

  it('who signs with the public key as if it were a shared secret stays outside', async () => {
    const good = await tokenFor();
    const claims = decodeJwt(good);
    const header = decodeProtectedHeader(good);
    const jwksUri = CONFORMANCE_API_URL ? `${claims.iss}/.well-known/jwks.json` : cognito.jwksUri('production');
    const { keys } = (await (await fetch(jwksUri)).json()) as { keys: JWK[] };
    const publicKey = await importJWK(keys.find(({ kid }) => kid === header.kid) as JWK, 'RS256', {
      extractable: true,
    });
    const shared = Buffer.from(await exportSPKI(publicKey as Parameters<typeof exportSPKI>[0]));
    const token = await new SignJWT(claims).setProtectedHeader({ kid: header.kid, alg: 'HS256' }).sign(shared);
    expect(await ask({ token })).toMatchObject({ ...UNAUTHORIZED, challenge: bearer() });
  });

  it('who signs with a key of their own under a known key id stays outside', async () => {
    const good = await tokenFor();
    const { privateKey } = await generateKeyPair('RS256');
    const header = { kid: decodeProtectedHeader(good).kid, alg: 'RS256' };
    const token = await new SignJWT(decodeJwt(good)).setProtectedHeader(header).sign(privateKey);
    expect(await ask({ token })).toMatchObject({ ...UNAUTHORIZED, challenge: bearer() });
  });

  it('who may only read is forbidden to operate', async () => {
    const token = await tokenFor('drawbridge/read');
    const answer = await ask({ ...SYNC, token, body: '{}' });
    expect(answer).toMatchObject({ status: 403, message: 'Forbidden' });
    expect([401, 403]).not.toContain((await ask({ token })).status);
  });

  const other = process.env.CONFORMANCE_OTHER_TOKEN;
  if (other || !CONFORMANCE_API_URL) {
    it('with a token of another environment stays outside', async () => {
      const token = other ?? (await cognito.sign('staging'));
      expect(await ask({ token })).toMatchObject({ ...UNAUTHORIZED, challenge: bearer() });
    });
  }
});

describe('a request', () => {
  it.each([
    ['GET', '/nothing'],
    ['DELETE', '/rundowns/sheet-0/tables'],
    ['POST', '/rundowns/sheet-0/sync/'],
    ['OPTIONS', '/rundowns/sheet-0/sync'],
  ])('%s %s that no route matches is not found, with or without a token', async (method, path) => {
    const notFound = { status: 404, message: 'Not Found' };
    expect(await ask({ method, path })).toMatchObject(notFound);
    expect(await ask({ method, path, token: await tokenFor() })).toMatchObject(notFound);
  });

  it('over 10 MB is refused before any function sees it', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1, 0x61);
    const headers = { 'content-type': 'text/plain' };
    const answer = await ask({ ...SYNC, token: await tokenFor(), body, headers });
    expect(answer.status).toBe(413);
  });
});

if (!CONFORMANCE_API_URL) {
  describe('a token signed with the pool’s own key', () => {
    const seconds = (offset: number) => Math.floor(clock.now() / 1000) + offset;

    it.each<[string, () => JWTPayload, string]>([
      ['has expired', () => ({ exp: seconds(-1) }), 'the token has expired'],
      ['never expires', () => ({ exp: undefined }), '.*exp.*'],
      ['is not valid yet', () => ({ nbf: seconds(60) }), '.*nbf.*'],
      ['was issued tomorrow', () => ({ iat: seconds(86_400) }), '.*'],
      ['is of another issuer', () => ({ iss: cognito.issuer('staging') }), '.*iss.*'],
      ['is of another client', () => ({ client_id: 'somebody' }), 'the token does not have a valid audience'],
      ['has no client', () => ({ client_id: undefined }), 'the token does not have a valid audience'],
      [
        'is meant for others, whoever its client is',
        () => ({ aud: 'somebody' }),
        'the token does not have a valid audience',
      ],
    ])('is refused when it %s', async (_, claims, description) => {
      const token = await cognito.sign('production', claims());
      expect(await ask({ token })).toMatchObject({ ...UNAUTHORIZED, challenge: bearer(description) });
    });

    it('is taken when its audience fits, whoever its client is', async () => {
      const token = await cognito.sign('production', { aud: [clientId], client_id: 'somebody' });
      expect((await ask({ token })).status).toBe(207);
    });

    it('is refused without a key id, or with one that the pool does not have', async () => {
      for (const kid of [undefined, randomUUID()]) {
        const token = await cognito.sign('production', {}, { header: { kid } });
        expect(await ask({ token })).toMatchObject({ ...UNAUTHORIZED, challenge: bearer() });
      }
    });

    it('is forbidden without any scope that the route asks for', async () => {
      for (const scope of ['', 'openid', undefined]) {
        const token = await cognito.sign('production', { scope });
        expect(await ask({ token })).toMatchObject({
          status: 403,
          message: 'Forbidden',
          challenge: expect.stringContaining('error="insufficient_scope"'),
        });
      }
    });

    it('is refused as soon as the clock has passed its hour', async () => {
      const token = await cognito.sign('production');
      expect((await ask({ token })).status).toBe(207);
      clock.moveTo(clock.now() + 3_601_000);
      tokens.clear();
      expect(await ask({ token })).toMatchObject({ ...UNAUTHORIZED, challenge: bearer('the token has expired') });
    });
  });

  describe('the function', () => {
    it('gets the request in payload format 2.0', async () => {
      const { body, status, headers } = await ask({
        token: await tokenFor(),
        path: '/rundowns/sheet-7/tables?a=1&a=2&b=x%20y',
        headers: { 'X-Mixed-Case': 'kept', cookie: 'one=1; two=2', 'user-agent': 'conformance' },
      });
      expect([status, headers.get('x-echo')]).toEqual([207, 'yes']);
      expect(body).toEqual({
        version: '2.0',
        routeKey: 'GET /rundowns/{id}/tables',
        rawPath: '/rundowns/sheet-7/tables',
        rawQueryString: 'a=1&a=2&b=x%20y',
        cookies: ['one=1', 'two=2'],
        headers: expect.objectContaining({ 'x-mixed-case': 'kept', 'user-agent': 'conformance' }),
        queryStringParameters: { a: '1,2', b: 'x y' },
        pathParameters: { id: 'sheet-7' },
        requestContext: {
          accountId: expect.stringMatching(/^\d{12}$/),
          apiId: expect.any(String),
          authorizer: {
            jwt: {
              claims: expect.objectContaining({ client_id: clientId, token_use: 'access', version: '2' }),
              scopes: SCOPES,
            },
          },
          domainName: expect.stringMatching(/\.execute-api\.eu-west-1\.amazonaws\.com$/),
          domainPrefix: expect.any(String),
          http: {
            method: 'GET',
            path: '/rundowns/sheet-7/tables',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'conformance',
          },
          requestId: expect.any(String),
          routeKey: 'GET /rundowns/{id}/tables',
          stage: '$default',
          time: expect.stringMatching(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/),
          timeEpoch: expect.any(Number),
        },
        isBase64Encoded: false,
      });
      expect(body).not.toHaveProperty('headers.cookie');
      const { claims } = (body as ApiEvent).requestContext.authorizer?.jwt ?? { claims: {} };
      expect(Object.values(claims).every((value) => typeof value === 'string')).toBe(true);
    });

    it.each([
      ['application/json', '{"é":1}', { body: '{"é":1}', isBase64Encoded: false }],
      ['application/x-www-form-urlencoded', 'a=1', { body: 'YT0x', isBase64Encoded: true }],
    ])('gets a body of %s as API Gateway hands it on', async (type, body, expected) => {
      const headers = { 'content-type': type };
      const answer = await ask({ ...SYNC, token: await tokenFor(), body, headers });
      expect(answer.body).toMatchObject(expected);
    });

    it('may answer with a plain object', async () => {
      const answer = await ask({ token: await tokenFor(), headers: { 'x-test': 'plain' } });
      expect([answer.status, answer.body]).toEqual([200, { mode: 'normal' }]);
    });

    it.each(['throw', 'exit'])('that fails (%s) is a 500 that tells nothing', async (how) => {
      const answer = await ask({ token: await tokenFor(), headers: { 'x-test': how } });
      expect([answer.status, answer.body]).toEqual([500, { message: 'Internal Server Error' }]);
    });

    it('that takes too long is cut off with a 503', async () => {
      const hasty = await startLocal({ integrationTimeoutMs: 100 });
      const asked = { token: await tokenFor(), at: hasty.apiUrl('production') };
      const answer = await ask({ ...asked, headers: { 'x-test': 'sleep 2000' } });
      expect(answer).toMatchObject({ status: 503, message: 'Service Unavailable' });
    });

    it('that is busy in all its instances is a 503', async () => {
      const single = await startEcho(1);
      const at = (await startLocal({}, single)).apiUrl('production');
      const token = await tokenFor();
      const both = [
        ask({ token, at, headers: { 'x-test': 'sleep 500' } }),
        ask({ token, at, headers: { 'x-test': 'sleep 500' } }),
      ];
      const statuses = (await Promise.all(both)).map(({ status }) => status).sort();
      await single.close();
      expect(statuses).toEqual([207, 503]);
    });
  });

  it('callers that are too many are told so, until the clock has moved on', async () => {
    const slow = await startLocal({ throttle: { ratePerSecond: 0.001, burst: 2 } });
    const asked = { token: await tokenFor(), at: slow.apiUrl('production') };
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push(await ask(asked));
    expect(statuses.map(({ status }) => status)).toEqual([207, 207, 429]);
    expect(statuses[2]).toMatchObject({ message: 'Too Many Requests' });
    clock.moveTo(clock.now() + 1_000_000);
    expect((await ask({ ...asked, token: await cognito.sign('production') })).status).toBe(207);
  });

  it('callers of one route leave a route with a throttle of its own alone, and the other way round', async () => {
    const narrow = { ratePerSecond: 0.001, burst: 1 };
    const own = { method: 'GET', path: '/services', authorization: 'JWT', scopes: SCOPES, throttle: narrow } as const;
    const apart = await startLocal({ throttle: narrow }, echo, [...ROUTES, own]);
    const asked = { token: await tokenFor(), at: apart.apiUrl('production') };
    const statuses = [];
    for (const path of ['/rundowns/sheet-0/tables', '/rundowns/sheet-0/tables', '/services', '/services']) {
      statuses.push((await ask({ ...asked, path })).status);
    }
    expect(statuses).toEqual([207, 429, 207, 429]);
  });
}
