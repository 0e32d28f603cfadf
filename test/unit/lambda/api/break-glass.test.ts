import { problem } from '../../../../contract/problem.ts';
import { IAM_ROUTES, TOKEN_ROUTES } from '../../../../contract/routes.ts';
import type { ApiDependencies } from '../../../../lambda/src/api/dependencies.ts';
import { isCalledBy } from '../../../../lambda/src/api/iam-caller.ts';
import { answer } from '../../../../lambda/src/api/routes.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { createTestEnvironment, OPERATOR, requestOf, type TestEnvironment } from '../../../builders.ts';

/** Whom IAM lets in and the config names may act, and everything else of an operation applies to them. */

const ON_CALL = 'arn:aws:sts::111122223333:assumed-role/OnCall/alex';

let env: TestEnvironment;
let deps: ApiDependencies;
beforeEach(async () => {
  env = await createTestEnvironment();
  const checkToken = async (authorization: string | undefined) => {
    if (!authorization) throw problem('UNAUTHENTICATED', 'There is no access token.');
  };
  deps = { ...env.deps, environment: 'production', checkToken, log: () => undefined };
});
afterEach(() => env.close());

const IAM = { authorizer: { iam: { userArn: ON_CALL } } };
let ids = 0;
const bodyOf = (more: object = {}) => {
  ids += 1;
  const requestedAt = new Date(env.clock.now).toISOString();
  const body = { operationId: `op-break-${ids}`, service: 'shop', action: 'enter', requestedAt, reason: 'sheet down' };
  return { ...body, ...more };
};
async function call(routeKey: string, more: object = {}) {
  const { statusCode, body } = await answer(deps, { routeKey, requestContext: IAM, ...more });
  return { statusCode, body: JSON.parse(body) };
}
const post = (body: object, more: object = {}) =>
  call('POST /break-glass/operations', { body: JSON.stringify(body), ...more });

it('closes a service for a caller whom IAM knows and who is in no list of operators', async () => {
  const body = bodyOf();
  expect(await post(body)).toMatchObject({ statusCode: 202, body: { state: 'accepted', requestedBy: ON_CALL } });
  const told = await call('GET /break-glass/operations/{id}', { pathParameters: { id: body.operationId } });
  expect(told.body).toMatchObject({ operationId: body.operationId, source: { kind: 'break-glass' } });
  const { services } = (await call('GET /break-glass/services')).body;
  expect(services).toMatchObject([{ service: 'shop', mode: 'maintenance', by: ON_CALL }]);
});

it('writes person, reason and door into the audit', async () => {
  await post(bodyOf({ reason: 'the script has died' }));
  expect(await env.store.audit('shop', '', 10)).toMatchObject([
    { by: ON_CALL, reason: 'the script has died', source: { kind: 'break-glass' }, action: 'enter' },
  ]);
});

it('rehearses: answers 200 with what would happen, once and for all, and changes nothing', async () => {
  const { statusCode, body } = await post(bodyOf({ dryRun: true }));
  expect([statusCode, body.dryRun, body.message]).toEqual([200, true, expect.stringContaining('would close Shop')]);
  expect(body.again).toBeUndefined();
  expect((await env.store.state('shop')).version).toBe(0);
  expect(env.wafCalls().filter((call) => call.startsWith('Update'))).toEqual([]);
  expect(await env.store.audit('shop', '', 10)).toMatchObject([
    { kind: 'rehearsal', by: ON_CALL, reason: 'sheet down', source: { kind: 'break-glass' } },
  ]);
});

it.each([
  ['a dryRun that is neither true nor false', { dryRun: 'yes' }, 400, 'INVALID_FIELD', 'dryRun is "yes"'],
  ['a service that there is not', { dryRun: true, service: 'shp' }, 404, 'UNKNOWN_SERVICE', 'There are: shop'],
  ['an action that there is not', { dryRun: true, action: 'close' }, 400, 'INVALID_FIELD', 'action is "close"'],
])('rehearses nothing for %s, and says what is wrong', async (_what, more, statusCode, code, words) => {
  const told = await post(bodyOf(more));
  expect(told).toMatchObject({ statusCode, body: { code, message: expect.stringContaining(words) } });
});

it.each(IAM_ROUTES.map(({ method, path }) => `${method} ${path}`))(
  'refuses %s when IAM did not say who calls, whatever else the event says',
  async (routeKey) => {
    for (const requestContext of [undefined, {}, { authorizer: {} }, { authorizer: { iam: {} } }]) {
      const headers = { authorization: 'Bearer good' };
      const told = await call(routeKey, { requestContext, headers, body: JSON.stringify(bodyOf()) });
      const message = expect.stringContaining('Sign the request with AWS credentials');
      expect(told).toMatchObject({ statusCode: 401, body: { code: 'UNAUTHENTICATED', message } });
    }
    expect((await env.store.state('shop')).version).toBe(0);
  },
);

it.each(TOKEN_ROUTES.map(({ method, path }) => `${method} ${path}`))(
  'opens %s to nobody without a token, even if IAM knows the caller',
  async (routeKey) => {
    const told = await call(routeKey, { body: JSON.stringify(requestOf()), pathParameters: { id: 'op-0001' } });
    expect(told).toMatchObject({ statusCode: 401, body: { code: 'UNAUTHENTICATED' } });
  },
);

describe('somebody whom IAM lets in', () => {
  const calledBy = (userArn: string) => ({ requestContext: { authorizer: { iam: { userArn } } } });
  const routeKeys = IAM_ROUTES.map(({ method, path }) => `${method} ${path}`);

  it.each(routeKeys)(
    'and whom the config does not name gets nothing at %s, and reads where to name them',
    async (key) => {
      const told = await call(key, {
        ...calledBy('arn:aws:sts::111122223333:assumed-role/Administrator/sam'),
        body: JSON.stringify(bodyOf()),
      });
      expect(told).toMatchObject({ statusCode: 403, body: { code: 'FORBIDDEN' } });
      expect(told.body.message).toContain(
        'assumed-role/Administrator/sam is not named in environments.production.breakGlass.principals',
      );
      expect((await env.store.state('shop')).version).toBe(0);
    },
  );

  it('reads in words that the list is empty', async () => {
    deps = { ...deps, config: { ...deps.config, breakGlass: { principals: [] } } };
    const told = await call('GET /break-glass/services');
    expect(told).toMatchObject({ statusCode: 403, body: { message: expect.stringContaining('Nobody may break') } });
  });

  it.each([
    ['a session of a role', 'arn:aws:iam::111122223333:role/on-call', 'assumed-role/on-call/alex', true],
    [
      'a session of a role with a path, as of AWS SSO',
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_OnCall_0a1b',
      'assumed-role/AWSReservedSSO_OnCall_0a1b/alex@example.com',
      true,
    ],
    ['a role whose name only begins so', 'arn:aws:iam::111122223333:role/on-call', 'assumed-role/on-call2/alex', false],
    ['a session that is called like a role', 'arn:aws:iam::111122223333:role/on-call', 'assumed-role/x/on-call', false],
    ['a role of another account', 'arn:aws:iam::444455556666:role/on-call', 'assumed-role/on-call/alex', false],
  ])('is told apart: %s', (_what, principal, session, expected) => {
    expect(isCalledBy(principal, `arn:aws:sts::111122223333:${session}`)).toBe(expected);
  });

  it('is told apart: a user, exactly', () => {
    const user = 'arn:aws:iam::111122223333:user/on-call';
    expect([isCalledBy(user, user), isCalledBy(user, `${user}s`)]).toEqual([true, false]);
  });
});

it('does not let the body say who asks', async () => {
  const told = await post(bodyOf({ requestedBy: OPERATOR }));
  expect(told).toMatchObject({ statusCode: 400, body: { field: 'requestedBy' } });
});

it('does not take a service that a sheet holds, unless it says so; then the audit tells', async () => {
  await operate(env.deps, requestOf());
  env.clock.now += 10_000;
  const refused = await post(bodyOf({ action: 'exit' }));
  expect(refused).toMatchObject({ statusCode: 409, body: { code: 'HELD_BY_OTHER' } });
  expect(refused.body.message).toContain(`${OPERATOR} closed it with step 2`);
  expect(refused.body.message).toContain(`the break-glass command of ${ON_CALL}`);
  expect(await post(bodyOf({ action: 'exit', takeOver: true }))).toMatchObject({ body: { mode: 'normal' } });
  const audit = await env.store.audit('shop', '', 10);
  expect(audit.map(({ takeOver }) => takeOver)).toContain(true);
});

it('holds what it closed against the sheets, who read in words that it was the break-glass command', async () => {
  await post(bodyOf());
  env.clock.now += 10_000;
  const now = new Date(env.clock.now).toISOString();
  const refusal = operate(env.deps, requestOf({ action: 'exit', requestedAt: now }));
  await expect(refusal).rejects.toThrow(
    `Shop is held by the break-glass command: ${ON_CALL} closed it with the break-glass command. This is step 2 of`,
  );
});

it('tells a sheet that comes late whom it was overtaken by', async () => {
  const before = new Date(env.clock.now - 20_000).toISOString();
  await post(bodyOf({ action: 'enter' }));
  const late = operate(env.deps, requestOf({ requestedAt: before }));
  await expect(late).rejects.toThrow(`was set by ${ON_CALL} after this was asked (the break-glass command)`);
});

it('disarms every sheet with a reason, and answers what it came to', async () => {
  const logged: unknown[] = [];
  deps = { ...deps, log: (...entry) => void logged.push(entry) };
  const disarm = (body: object) => call('POST /break-glass/disarm', { body: JSON.stringify(body) });
  expect(await disarm({})).toMatchObject({ statusCode: 400, body: { field: 'reason' } });
  logged.length = 0;
  const told = { sheets: 0, steps: 0 };
  expect(await disarm({ reason: 'a secret leaked' })).toEqual({
    ...{ statusCode: 200, body: { environment: 'production', ...told } },
  });
  expect(logged).toEqual([['warn', 'disarmed', { ...told, reason: 'a secret leaked', requestedBy: ON_CALL }]]);
});

describe('a pause of repairs', () => {
  const pause = (more: object = {}) => {
    const body = { service: 'shop', forMinutes: 30, reason: 'a rule of ours is in the way', ...more };
    return call('POST /break-glass/pause-repair', { body: JSON.stringify(body) });
  };
  const status = async () => (await call('GET /break-glass/services')).body.services[0];

  it('is told with its end and by whom, and audited with its reason', async () => {
    const until = new Date(env.clock.now + 30 * 60_000).toISOString();
    expect(await pause()).toMatchObject({ statusCode: 200, body: { service: 'shop', until } });
    expect(await status()).toMatchObject({ repairPause: { until, by: ON_CALL } });
    expect(await env.store.audit('shop', '', 10)).toMatchObject([
      { kind: 'repair-paused', by: ON_CALL, reason: 'a rule of ours is in the way' },
    ]);
  });

  it('ends when it is told to, and with the next operation of anybody', async () => {
    await pause();
    await pause({ forMinutes: 0 });
    expect(await status()).not.toHaveProperty('repairPause');
    await pause();
    await post(bodyOf());
    expect(await status()).not.toHaveProperty('repairPause');
  });

  it.each([
    [{ service: 'shp' }, 404, 'There is no service "shp"'],
    [{ forMinutes: 241 }, 400, '240 at most'],
    [{ forMinutes: -1 }, 400, '0 at least'],
    [{ reason: '' }, 400, 'why'],
  ])('is refused for %j', async (more, statusCode, message) => {
    expect(await pause(more)).toMatchObject({ statusCode, body: { message: expect.stringContaining(message) } });
    expect(await env.store.audit('shop', '', 10)).toEqual([]);
  });
});
