import { generateKeyPair } from 'jose';
import { createTokenCheck } from '../../../../lambda/src/api/access-token.ts';
import type { ApiDependencies } from '../../../../lambda/src/api/dependencies.ts';
import { answer } from '../../../../lambda/src/api/routes.ts';
import type { Log } from '../../../../lambda/src/notify/log.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { type Cognito, startCognito } from '../../../../local/cognito/start.ts';
import { createTestEnvironment, NOW, OPERATOR, requestOf, type TestEnvironment } from '../../../builders.ts';
import { dieOnceAt } from '../../../memory-table.ts';

/** The handler's own door: whoever gets past the gateway, or around it, meets it too. */

const POOL = {
  userPoolId: 'eu-west-1_Production',
  clientId: 'our-client',
  clientSecrets: ['secret'],
  scopes: ['drawbridge/operate', 'drawbridge/read'],
};
const BOTH = 'drawbridge/operate drawbridge/read';

let cognito: Cognito;
let env: TestEnvironment;
let deps: ApiDependencies;
let logged: string;
const log: Log = (...entry) => {
  logged += JSON.stringify(entry);
};
beforeAll(async () => {
  const clock = { now: Date.now } as never;
  const pools = { production: POOL, staging: { ...POOL, userPoolId: 'eu-west-1_Staging', clientId: 'staging-client' } };
  cognito = await startCognito({ clock, pools });
});
afterAll(() => cognito.close());
beforeEach(async () => {
  logged = '';
  env = await createTestEnvironment();
  const { userPoolId, clientId } = POOL;
  const checkToken = createTokenCheck({ userPoolId, clientId, jwksUri: cognito.jwksUri('production') }, log);
  deps = { ...env.deps, environment: 'production', checkToken, log };
});
afterEach(() => env.close());

const bearer = async (token: string | Promise<string>) => ({ authorization: `Bearer ${await token}` });
const good = () => bearer(cognito.sign('production', { scope: BOTH }));
async function call(routeKey: string, more: object = {}) {
  const { statusCode, body } = await answer(deps, { routeKey, headers: await good(), ...more });
  return { statusCode, body: JSON.parse(body) };
}
const ON_CALL = 'arn:aws:sts::111122223333:assumed-role/OnCall/alex';
const signed = (routeKey: string, more: object = {}) =>
  call(routeKey, { requestContext: { authorizer: { iam: { userArn: ON_CALL } } }, ...more });
const post = (body: unknown) =>
  signed('POST /break-glass/operations', { body: typeof body === 'string' ? body : JSON.stringify(body) });
/** What somebody who breaks the glass sends. */
const asked = (more: object = {}) => {
  const { requestedBy: _by, source: _source, ...body } = requestOf();
  return { ...body, reason: 'the sheet is down', ...more };
};

describe('a token', () => {
  const seconds = () => Math.floor(Date.now() / 1_000);
  const sign = (claims: object) => () => bearer(cognito.sign('production', { scope: BOTH, ...claims }));
  const [INVALID, UNSCOPED] = ['is not valid for this environment', 'lacks the scope drawbridge/operate'];
  it.each<[string, () => Promise<object>, number, message: string, why: string]>([
    ['is missing', async () => ({}), 401, 'There is no access token', ''],
    ['is no token', () => bearer('nonsense'), 401, INVALID, 'JwtParseError'],
    ['has expired', sign({ exp: seconds() - 10 }), 401, 'has expired', ''],
    ['comes from another issuer', sign({ iss: 'https://example.com' }), 401, INVALID, 'ParameterValidationError'],
    ['belongs to another client', sign({ client_id: 'other' }), 401, INVALID, 'CognitoJwtInvalidClientIdError'],
    ['is staging’s', () => bearer(cognito.sign('staging', { scope: BOTH })), 401, INVALID, 'ParameterValidationError'],
    ['is an id token', sign({ token_use: 'id' }), 401, INVALID, 'CognitoJwtInvalidTokenUseError'],
    ['may only read', sign({ scope: 'drawbridge/read' }), 403, UNSCOPED, ''],
    ['has no scope', sign({ scope: '' }), 403, UNSCOPED, ''],
  ])(
    'that %s opens nothing; what exactly is wrong is in the log alone',
    async (_what, headers, status, message, why) => {
      const { statusCode, body } = await answer(deps, {
        routeKey: 'POST /rundowns/{id}/sync',
        pathParameters: { id: 'sheet-1' },
        headers: (await headers()) as never,
        body: '{}',
      });
      expect(statusCode).toBe(status);
      expect(JSON.parse(body)).toMatchObject({
        code: status === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN',
        message: expect.stringContaining(message),
      });
      if (why) expect(logged).toContain(`["warn","token refused",{"why":"${why}"}]`);
      else expect(logged).not.toContain('token refused');
      expect(logged).not.toContain('Bearer');
    },
  );

  it('that says alg: none opens nothing', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      token_use: 'access',
      scope: BOTH,
      client_id: POOL.clientId,
      iss: cognito.issuer('production'),
      exp: seconds() + 600,
    };
    const headers = await bearer(`${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`);
    expect((await answer(deps, { routeKey: 'GET /services', headers })).statusCode).toBe(401);
  });

  it('signed with a key of one’s own opens nothing', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const headers = await bearer(cognito.sign('production', { scope: BOTH }, { key: privateKey }));
    expect((await answer(deps, { routeKey: 'GET /services', headers })).statusCode).toBe(401);
  });

  it('that cannot be checked as the keys are out of reach is nobody’s fault: try again', async () => {
    const { userPoolId, clientId } = POOL;
    const checkToken = createTokenCheck({ userPoolId, clientId, jwksUri: 'http://127.0.0.1:1/jwks.json' }, log);
    deps = { ...deps, checkToken };
    expect(await call('GET /services')).toMatchObject({ statusCode: 503, body: { code: 'TRY_AGAIN' } });
    expect(logged).toContain('["error","keys unavailable",{"why":"connect ECONNREFUSED 127.0.0.1:1"}]');
  });

  it('that cannot be checked as there are no keys where they should be is nobody’s fault either', async () => {
    const { userPoolId, clientId } = POOL;
    const jwksUri = `${cognito.jwksUri('production')}.old`;
    deps = { ...deps, checkToken: createTokenCheck({ userPoolId, clientId, jwksUri }, log) };
    expect(await call('GET /services')).toMatchObject({ statusCode: 503, body: { code: 'TRY_AGAIN' } });
    expect(logged).toContain('the key set answered 501');
  });

  it('that is good lets in', async () => {
    expect(await call('GET /services')).toMatchObject({
      statusCode: 200,
      body: { environment: 'production', services: [{ service: 'shop', mode: 'normal' }] },
    });
  });
});

describe('the script of a sheet', () => {
  const sheet = { pathParameters: { id: 'sheet-1' } };
  const sync = {
    ...{ protocol: 1, syncId: 'sync-1', cause: 'tick', steps: [], readAt: new Date(NOW).toISOString() },
    sheet: { name: 'Release 42', timeZone: 'Etc/UTC', locale: 'en_GB' },
  };

  it('syncs its own sheet, and reads the tables of that', async () => {
    const told = await call('POST /rundowns/{id}/sync', { ...sheet, body: JSON.stringify(sync) });
    expect(told).toMatchObject({ statusCode: 200, body: { environment: 'production', sequence: 1, rows: [] } });
    expect((await deps.rundowns.load('sheet-1')).sheet.name).toBe('Release 42');
    const tables = await call('GET /rundowns/{id}/tables', sheet);
    expect([tables.statusCode, tables.body.services.rows[0][0]]).toEqual([200, 'shop']);
  });

  it('is told which sheet is missing', async () => {
    for (const more of [{}, { pathParameters: {} }]) {
      const told = await call('POST /rundowns/{id}/sync', { ...more, body: JSON.stringify(sync) });
      expect(told).toMatchObject({ statusCode: 400, body: { field: 'id' } });
    }
  });

  it('learns the groups with what they are called and what is in them', async () => {
    const groups = [{ name: 'front', title: 'Front', services: ['shop'] }];
    deps = { ...deps, config: { ...deps.config, groups, production: true } };
    expect((await call('GET /services')).body).toMatchObject({
      production: true,
      groups: [{ group: 'front', title: 'Front', services: ['shop'] }],
    });
  });
});

describe('a body', () => {
  it.each([
    ['is no JSON', '{', 400, 'MALFORMED_JSON', 'Send one JSON object'],
    ['is too large', JSON.stringify({ reason: 'x'.repeat(70_000) }), 413, 'TOO_LARGE', '65536'],
    ['has an unknown field', asked({ force: true }), 400, 'INVALID_FIELD', 'force'],
    ['names no known action', asked({ action: 'toggle' }), 400, 'INVALID_FIELD', 'disable-allowlist'],
    [
      'has an allowlist of everybody',
      asked({ action: 'enable-allowlist', allowlist: ['0.0.0.0/0'] }),
      400,
      'INVALID_FIELD',
      'allowlist[0]',
    ],
  ])('that %s is refused with the remedy, and changes nothing', async (_what, body, status, code, remedy) => {
    const told = await post(body);
    expect(told).toMatchObject({ statusCode: status, body: { code } });
    expect(JSON.stringify(told.body)).toContain(remedy);
    expect((await env.store.state('shop')).version).toBe(0);
  });

  it('of a sync may be larger than others, and has its own limit', async () => {
    const sync = (bytes: number) =>
      call('POST /rundowns/{id}/sync', { pathParameters: { id: 'sheet-1' }, body: JSON.stringify('x'.repeat(bytes)) });
    expect((await sync(70_000)).body.code).not.toBe('TOO_LARGE');
    const told = await sync(1024 * 1024);
    expect(told).toMatchObject({ statusCode: 413, body: { code: 'TOO_LARGE' } });
    expect(told.body.message).toContain('1048576');
  });

  it('may come in base64', async () => {
    const body = Buffer.from(JSON.stringify(asked())).toString('base64');
    expect(await signed('POST /break-glass/operations', { body, isBase64Encoded: true })).toMatchObject({
      statusCode: 202,
    });
  });
});

describe('answers', () => {
  it('an operation as accepted, and by its id as it stands', async () => {
    const request = asked();
    expect(await post(request)).toMatchObject({ statusCode: 202, body: { state: 'accepted' } });
    const told = await signed('GET /break-glass/operations/{id}', { pathParameters: { id: request.operationId } });
    expect(told.body).toMatchObject({
      operationId: request.operationId,
      proof: { open: 40, probes: 40 },
      message: expect.stringContaining('40 of 40 probes still got in'),
    });
  });

  it('an id that it never saw with 404 and nothing run', async () => {
    const told = await signed('GET /break-glass/operations/{id}', { pathParameters: { id: 'op-unknown' } });
    expect(told).toMatchObject({
      statusCode: 404,
      body: {
        code: 'UNKNOWN_OPERATION',
        operationId: 'op-unknown',
        message: expect.stringContaining('nothing was run'),
      },
    });
  });

  it('an operation of a service that the config has lost as it stands: nobody drives it on', async () => {
    const request = asked({ action: 'exit' });
    env.sees = () => ({ kind: 'answered', status: 503, maintenanceMode: 'r0' });
    await post(request);
    const ask = () => signed('GET /break-glass/operations/{id}', { pathParameters: { id: request.operationId } });
    expect(await ask()).toMatchObject({ statusCode: 202 });
    deps = { ...deps, config: { ...deps.config, services: [] } };
    expect(await ask()).toMatchObject({ statusCode: 200, body: { state: 'accepted' } });
  });

  it('the audit since a time, oldest first, and says what a time is', async () => {
    await post(asked());
    await post(asked({ action: 'exit' }));
    const told = await signed('GET /audit');
    expect(told.body.entries.map(({ action }: { action: string }) => action)).toEqual(['enter', 'exit']);
    expect(told.body.isCut).toBe(false);
    expect(
      (await signed('GET /audit', { queryStringParameters: { since: '2027-01-01T00:00:00Z' } })).body.entries,
    ).toEqual([]);
    expect(await signed('GET /audit', { queryStringParameters: { since: 'yesterday' } })).toMatchObject({
      statusCode: 400,
      body: { field: 'since' },
    });
  });

  it('of an audit that Lambda could not answer as much as fits, the newest, and says that there is more', async () => {
    const entry = (n: number) => ({
      ...{ service: 'shop', revision: n, operationId: `op-${n}`, kind: 'operation' as const, by: OPERATOR },
      ...{ at: new Date(NOW + n * 1_000).toISOString(), message: 'x'.repeat(50_000) },
    });
    const entries = Array.from({ length: 150 }, (_none, n) => entry(n));
    deps = { ...deps, store: { ...deps.store, auditOfAll: async () => ({ entries, found: entries.length }) } };
    const { body } = await signed('GET /audit');
    expect(body.isCut).toBe(true);
    expect(body.entries.at(-1).operationId).toBe('op-149');
    // Each takes some 50,100 bytes, of 4,000,000.
    expect(body.entries).toHaveLength(79);
    expect(JSON.stringify(JSON.stringify(body)).length).toBeLessThan(6_000_000);
  });

  it('an operation whose execution died before its commit with 404 too: it ran nowhere', async () => {
    const request = requestOf();
    dieOnceAt(env.table, /^commit state/, 'before');
    await expect(operate(env.deps, request)).rejects.toThrow('died');
    const told = await signed('GET /break-glass/operations/{id}', { pathParameters: { id: request.operationId } });
    expect(told).toMatchObject({ statusCode: 404, body: { code: 'UNKNOWN_OPERATION' } });
  });

  it('an operation that was overtaken a moment ago as superseded, whoever died since', async () => {
    const [first, second] = [requestOf(), requestOf({ action: 'exit' })];
    for (const request of [first, second]) {
      dieOnceAt(env.table, /^commit state/, 'after');
      await expect(operate(env.deps, request)).rejects.toThrow('died');
    }
    const told = await signed('GET /break-glass/operations/{id}', { pathParameters: { id: first.operationId } });
    expect(told).toMatchObject({ statusCode: 200, body: { state: 'superseded' } });
  });

  it('who took a service over, in the audit', async () => {
    await operate(env.deps, requestOf());
    await post(asked({ action: 'exit', takeOver: true }));
    const { body } = await signed('GET /audit');
    expect(body.entries.map(({ takeOver }: { takeOver?: boolean }) => takeOver)).toEqual([undefined, true]);
  });

  it('an operation in the log: what, by whom, and what became of it; and a rehearsal as that', async () => {
    const request = asked();
    await post(request);
    const facts = {
      operationId: request.operationId,
      service: 'shop',
      action: 'enter',
      state: 'accepted',
      revision: 1,
    };
    const told = JSON.stringify(['info', 'operation', { ...facts, changed: true, requestedBy: ON_CALL }]);
    expect(logged).toContain(told);
    await post(asked({ dryRun: true }));
    expect(logged).toContain('["info","rehearsal",');
  });

  it('a refusal in the log, with its code, its person, and no token', async () => {
    await post(asked({ action: 'enable-allowlist' }));
    expect(logged).toContain('ILLEGAL_MOVE');
    expect(logged).toContain(ON_CALL);
    expect(logged).not.toContain('Bearer');
  });

  it('what it could not even read in the log too', async () => {
    await post(asked({ plannedEnd: 'soon' }));
    expect(logged).toContain('"field":"plannedEnd"');
    expect(logged).toContain('"route":"POST /break-glass/operations"');
  });

  it('what it did not foresee without a word of what it was', async () => {
    deps = { ...deps, store: { ...deps.store, states: () => Promise.reject(new Error('secret detail')) } };
    const told = await call('GET /services');
    expect(told).toMatchObject({ statusCode: 500, body: { code: 'INTERNAL' } });
    expect(JSON.stringify(told.body)).not.toContain('secret detail');
    expect(logged).toContain('["error","unexpected",{"name":"Error","message":"secret detail","stack":');
  });

  it('a route that is not there', async () => {
    expect(await call('POST /operations')).toMatchObject({ statusCode: 404, body: { code: 'UNKNOWN_ROUTE' } });
  });
});
