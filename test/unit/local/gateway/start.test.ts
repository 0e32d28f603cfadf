import { createClock } from '../../../../local/clock.ts';
import { type Cognito, startCognito } from '../../../../local/cognito/start.ts';
import type { ApiEvent } from '../../../../local/gateway/event.ts';
import { type Gateway, startGateway } from '../../../../local/gateway/start.ts';
import type { Hop } from '../../../../local/trace.ts';

const clock = createClock(Date.UTC(2026, 10, 22, 2));
const hops: Hop[] = [];
const seen: ApiEvent[] = [];
let cognito: Cognito;
let gateway: Gateway;

const api = (environment: string) => ({
  issuer: cognito.issuer(environment),
  audience: [`${environment}-client`],
  jwksUri: cognito.jwksUri(environment),
  routes: [
    { method: 'POST', path: '/operations', authorization: 'JWT', scopes: ['drawbridge/operate'] },
    { method: 'POST', path: '/break-glass', authorization: 'AWS_IAM', scopes: [] },
  ] as const,
  async invoke(event: ApiEvent) {
    seen.push(event);
    return { statusCode: 202, body: environment };
  },
});

beforeAll(async () => {
  const pool = (environment: string) => ({
    userPoolId: `eu-west-1_${environment}1`,
    clientId: `${environment}-client`,
    clientSecrets: ['secret'],
    scopes: ['drawbridge/operate'],
  });
  cognito = await startCognito({ clock, pools: { production: pool('production'), staging: pool('staging') } });
  const apis = { production: api('production'), staging: api('staging') };
  gateway = await startGateway({ clock, trace: (hop) => hops.push(hop), apis });
});
afterAll(async () => {
  await gateway.close();
  await cognito.close();
});

async function post(environment: string, path: string, token?: string, body = '{}') {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(`${gateway.apiUrl(environment)}${path}`, { method: 'POST', headers, body });
  return [answer.status, await answer.text()];
}

it('has one API for each environment, and each takes only its own tokens', async () => {
  const token = await cognito.sign('staging');
  expect(await post('staging', '/operations', token)).toEqual([202, 'staging']);
  expect(await post('production', '/operations', token)).toEqual([401, '{"message":"Unauthorized"}']);
  expect(await post('elsewhere', '/operations', token)).toEqual([404, '{"message":"Not Found"}']);
});

it('lets nobody through a route with IAM authorization when no principal is named, not even with a token', async () => {
  const token = await cognito.sign('production');
  expect(await post('production', '/break-glass')).toEqual([403, '{"message":"Forbidden"}']);
  expect(await post('production', '/break-glass', token)).toEqual([403, '{"message":"Forbidden"}']);
});

it('stamps events with the local clock', async () => {
  seen.length = 0;
  await post('production', '/operations', await cognito.sign('production'));
  expect(seen[0]?.requestContext.time).toMatch(/^22\/Nov\/2026:02:0\d:\d\d \+0000$/);
  expect(new Date(seen[0]?.requestContext.timeEpoch ?? 0).toISOString()).toMatch(/^2026-11-22T02:0/);
});

it('tells each request as a hop of its operation, and keeps tokens out of it', async () => {
  hops.length = 0;
  const token = await cognito.sign('production');
  await post('production', '/operations', token, '{"operationId":"op-7f3a"}');
  await post('production', '/operations');
  const good = { part: 'gateway', ok: true, operationId: 'op-7f3a', environment: 'production' };
  const bad = { part: 'gateway', ok: false, environment: 'production' };
  expect(hops).toMatchObject([
    { ...good, what: 'token check', said: 'valid; needs drawbridge/operate' },
    { ...good, what: 'POST /operations', said: '202' },
    { ...bad, what: 'token check', said: '401: Bearer' },
    { ...bad, what: 'POST /operations', said: '401 Unauthorized' },
  ]);
  expect(JSON.stringify(hops)).not.toContain(token);
});
