import { createHash } from 'node:crypto';
import { type Signable, type SignOptions, signedHeaders } from '../../../../lambda/src/invoke/sigv4.ts';
import { createClock } from '../../../../local/clock.ts';
import type { ApiEvent } from '../../../../local/gateway/event.ts';
import { type Gateway, startGateway } from '../../../../local/gateway/start.ts';
import type { Hop } from '../../../../local/trace.ts';

const NOW = Date.UTC(2026, 10, 22, 2);
const USER = { secretAccessKey: 'one-secret', accountId: '111122223333', userArn: 'arn:aws:iam::111122223333:user/a' };
const ROLE = { ...USER, secretAccessKey: 'two-secret', sessionToken: 'session', userId: 'AROA:b' };

let seen: ApiEvent[];
let hops: Hop[];
let gateway: Gateway;
let clock: ReturnType<typeof createClock>;
beforeAll(async () => {
  clock = createClock(NOW);
  const api = {
    issuer: 'https://example.com',
    audience: [],
    jwksUri: 'http://127.0.0.1:1/',
    principals: { USERKEY: { ...USER, userId: 'AIDA1' }, ROLEKEY: ROLE },
    routes: [
      { method: 'POST', path: '/break-glass/operations', authorization: 'AWS_IAM', scopes: [] },
      { method: 'GET', path: '/break-glass/operations/{id}', authorization: 'AWS_IAM', scopes: [] },
    ] as const,
    async invoke(event: ApiEvent) {
      seen.push(event);
      return { statusCode: 202, body: '{}' };
    },
  };
  gateway = await startGateway({ clock, trace: (hop) => hops.push(hop), apis: { production: api } });
});
beforeEach(() => {
  seen = [];
  hops = [];
});
afterAll(() => gateway.close());

const user = { accessKeyId: 'USERKEY', secretAccessKey: 'one-secret' };
const role = { accessKeyId: 'ROLEKEY', secretAccessKey: 'two-secret', sessionToken: 'session' };
const BODY = '{"operationId":"op-0001"}';

interface Given extends Partial<Omit<SignOptions, 'at'>> {
  readonly at?: number;
  readonly path?: string;
  readonly method?: string;
  readonly signs?: Record<string, string>;
  readonly host?: boolean;
}

/** A signed request; whatever a test says of it afterwards is not covered by the signature. */
async function signed({ at = clock.now(), path = '/break-glass/operations', method = 'POST', ...more }: Given = {}) {
  const url = new URL(gateway.apiUrl('production') + path);
  const { signs = {}, host = true, ...options } = more;
  const headers = { ...(host ? { host: url.host } : {}), 'content-type': 'application/json', ...signs };
  const request: Signable = { method, url, headers, body: method === 'GET' ? '' : BODY };
  const signing = { credentials: user, region: 'eu-west-1', service: 'execute-api', at: new Date(at), ...options };
  return { ...request, headers: await signedHeaders(request, signing) };
}

async function send({ method, url, headers, body }: Signable): Promise<[number, string]> {
  const answer = await fetch(url, { method, headers, ...(method === 'GET' ? {} : { body: String(body) }) });
  return [answer.status, await answer.text()];
}

const FORBIDDEN = [403, '{"message":"Forbidden"}'];

it('hands the caller to the function as IAM knows it, and names it in the trace', async () => {
  expect(await send(await signed())).toEqual([202, '{}']);
  expect(seen[0]?.requestContext.authorizer).toEqual({
    iam: {
      accessKey: 'USERKEY',
      accountId: '111122223333',
      callerId: 'AIDA1',
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: USER.userArn,
      userId: 'AIDA1',
    },
  });
  expect(hops[0]).toMatchObject({ what: 'signature check', said: `valid; ${USER.userArn}`, operationId: 'op-0001' });
  expect(JSON.stringify(hops)).not.toContain('secret');
});

it.each([
  ['a session of a role', '/break-glass/operations', 'POST', { credentials: role }],
  ['a path with a parameter', '/break-glass/operations/op-7f3a', 'GET', {}],
  ['a path with encoded signs', '/break-glass/operations/op%207f%2B3a', 'GET', {}],
  ['a query with two values and encoded signs', '/break-glass/operations/op-1?b=%2Fx+y&a=1&a=0', 'GET', {}],
  ['its hash', '/break-glass/operations', 'POST', { signs: { 'x-amz-content-sha256': hashOf(BODY) } }],
])('lets in what is signed with %s', async (_what, path, method, more) => {
  expect((await send(await signed({ path, method, ...more })))[0]).toBe(202);
});

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

const minutes = (count: number) => clock.now() + count * 60_000;
it.each<[string, () => Promise<Signable>]>([
  ['has another secret', () => signed({ credentials: { ...user, secretAccessKey: 'two-secret' } })],
  ['has an access key of nobody', () => signed({ credentials: { ...user, accessKeyId: 'constructor' } })],
  ['is for another region', () => signed({ region: 'us-east-1' })],
  ['is for another service', () => signed({ service: 'wafv2' })],
  ['is six minutes old', () => signed({ at: minutes(-6) })],
  ['is six minutes ahead', () => signed({ at: minutes(6) })],
  ['lacks the session token', async () => without(await signed({ credentials: role }), 'x-amz-security-token')],
  ['does not cover its host', () => signed({ host: false })],
  ['lacks its date', async () => without(await signed(), 'x-amz-date')],
  ['was made for another body', async () => ({ ...(await signed()), body: BODY.replace('0001', '0002') })],
  [
    'covers the hash of another body',
    async () => ({ ...(await signed({ signs: { 'x-amz-content-sha256': hashOf(BODY) } })), body: '{}' }),
  ],
  ['says that the body is not signed', () => signed({ signs: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })],
  [
    'was made for another path',
    async () => moved(await signed({ method: 'GET', path: '/break-glass/operations/op-1' })),
  ],
  ['is not there', async () => without(await signed(), 'authorization')],
])('a signature that %s opens nothing, and the caller hears no more than the real one tells', async (_what, make) => {
  expect(await send(await make())).toEqual(FORBIDDEN);
  expect(seen).toEqual([]);
});

const without = ({ headers, ...rest }: Signable, name: string): Signable => ({
  ...rest,
  headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
});
const moved = (request: Signable): Signable => ({ ...request, url: new URL(request.url.href.replace('op-1', 'op-2')) });
