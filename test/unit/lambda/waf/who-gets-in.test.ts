import { operate } from '../../../../lambda/src/operate/operate.ts';
import { siteWebAcl } from '../../../../local/site/web-acl.ts';
import { evaluate } from '../../../../local/waf/evaluate.ts';
import type { InspectedRequest } from '../../../../local/waf/match.ts';
import { createTestEnvironment, requestOf, type ServiceInput, type TestEnvironment } from '../../../builders.ts';

/** The very rules that an operation leaves in WAF, met by requests. */

const APP = 'https://app.example.com';
const PLACE = { account: 'production', region: 'eu-west-1', scope: 'REGIONAL' } as const;
const TESTER = '192.0.2.10';
const PUBLIC = '203.0.113.7';
const BEHIND_A_PROXY: ServiceInput['targets'][number] = {
  scope: 'REGIONAL',
  region: 'eu-west-1',
  clientAddress: { header: 'X-Forwarded-For', position: 'LAST' },
  verification: 'none',
};

let env: TestEnvironment;
afterEach(() => env?.close());
async function closed(service: Partial<ServiceInput> = {}, letTestersIn = true) {
  env = await createTestEnvironment({
    service: {
      apiPrefixes: ['/api/'],
      apiOrigins: [APP],
      exemptPaths: ['/health', { prefix: '/webhooks/' }],
      allowlist: ['192.0.2.0/28', '2001:db8:7e57::/48'],
      ...service,
    },
  });
  await operate(env.deps, requestOf());
  if (letTestersIn) await operate(env.deps, requestOf({ action: 'enable-allowlist' }));
}

function ask(path: string, { from = PUBLIC, method = 'GET', query = '', headers = {} }: Asking = {}) {
  const asked: InspectedRequest = { method, path, query, sourceIp: from, headers };
  const accounts = env.waf.calls().map(({ account }) => account);
  const group = env.waf.dataPlane.ruleGroup({ ...PLACE, account: accounts[0] ?? '' }, 'drawbridge-production_shop');
  const webAcl = siteWebAcl(accounts[0] ?? '', group ? [group] : []);
  return evaluate(webAcl, asked, { ruleGroup: () => group, ipSet: () => undefined });
}
type Asking = Partial<Pick<InspectedRequest, 'method' | 'query' | 'headers'>> & { from?: string };
const status = (...asked: Parameters<typeof ask>) => ask(...asked).response?.status ?? 'the site';

describe('while testers are let in', () => {
  it.each([
    ['a tester', TESTER, 'the site'],
    ['a tester over IPv6', '2001:db8:7e57::1', 'the site'],
    ['the public', PUBLIC, 503],
    ['the public over IPv6', '2001:db8::1', 503],
  ])('%s gets what is meant for them', async (_who, from, expected) => {
    await closed();
    expect(status('/', { from })).toBe(expected);
    expect(status('/api/cart', { from })).toBe(expected);
  });

  it('a tester still meets the site’s other rules', async () => {
    await closed();
    expect(status('/', { from: TESTER, query: 'q=%3Cscript' })).toBe(403);
  });

  it('behind a proxy, only the address that the proxy added counts', async () => {
    await closed({ targets: [BEHIND_A_PROXY] });
    const proxy = '198.51.100.1';
    const said = (...addresses: string[]) => ({ from: proxy, headers: { 'x-forwarded-for': addresses } });
    expect(status('/', said(`${PUBLIC}, ${TESTER}`))).toBe('the site');
    expect(status('/', said(`${TESTER}, ${PUBLIC}`))).toBe(503);
    expect(status('/', said('not an address'))).toBe(503);
    expect(status('/', { from: proxy })).toBe(503);
    expect(status('/', { from: TESTER })).toBe(503);
  });
});

describe('while everybody is shut out', () => {
  it('testers are', async () => {
    await closed({}, false);
    expect(status('/', { from: TESTER })).toBe(503);
  });

  it.each([
    ['/health', 'the site'],
    ['/health/', 503],
    ['/Health', 503],
    ['/healthy', 503],
    ['/webhooks/ping', 'the site'],
    ['/webhooks', 503],
    ['/webhooks/../admin', 503],
    ['/webhooks/%2e%2e/admin', 503],
    ['/webhooks/..%2fadmin', 503],
    ['/admin/../webhooks/ping', 503],
    ['//webhooks/ping', 503],
  ])('of what must stay open, and what only looks like it: %s', async (path, expected) => {
    await closed({}, false);
    expect(status(path)).toBe(expected);
  });

  it.each([
    ['/', {}, 'text/html'],
    ['/', { accept: ['text/html,application/xhtml+xml'] }, 'text/html'],
    ['/', { accept: ['Application/JSON, text/plain'] }, 'application/json'],
    ['/api/cart', {}, 'application/json'],
    ['/orders', { accept: ['application/vnd.shop.v2+json'] }, 'application/json'],
    ['/graphql', { accept: ['application/graphql-response+json, multipart/mixed'] }, 'application/json'],
    ['/graphql', { 'content-type': ['application/graphql'] }, 'application/json'],
    ['/orders', { 'content-type': ['Application/JSON; charset=utf-8'], accept: ['*/*'] }, 'application/json'],
    ['/shop.Cart/Get', { 'content-type': ['application/grpc-web-text+proto'] }, 'application/json'],
    ['/sign-in', { 'content-type': ['application/x-www-form-urlencoded'], accept: ['text/html'] }, 'text/html'],
  ])('%s with %j gets what it can read', async (path, headers, contentType) => {
    await closed({}, false);
    expect(ask(path, { headers }).response).toMatchObject({ status: 503, contentType });
  });

  it('gRPC-Web is told UNAVAILABLE in headers, which an app of a configured origin may read', async () => {
    await closed({}, false);
    const headers = { 'content-type': ['application/grpc-web+proto'], origin: [APP] };
    const { response } = ask('/shop.Cart/Get', { method: 'POST', headers });
    expect(response).toMatchObject({ status: 503, headers: { 'grpc-status': '14' } });
    expect(response?.headers['Access-Control-Expose-Headers']).toContain('grpc-status');
  });

  it('a preflight of a configured origin passes, and its app can read the answer', async () => {
    await closed({}, false);
    const asked = { headers: { origin: [APP] } };
    expect(ask('/api/cart', { ...asked, method: 'OPTIONS' }).response).toMatchObject({
      status: 204,
      body: '',
      headers: { 'Access-Control-Allow-Origin': APP },
    });
    expect(ask('/api/cart', asked).response?.headers['Access-Control-Allow-Origin']).toBe(APP);
  });

  it.each(['https://evil.example.com', 'https://app.example.com.evil.example.com'])(
    'a preflight of %s does not',
    async (origin) => {
      await closed({}, false);
      const { response } = ask('/api/cart', { method: 'OPTIONS', headers: { origin: [origin] } });
      expect(response?.status).toBe(503);
      expect(response?.headers).not.toHaveProperty('Access-Control-Allow-Origin');
    },
  );
});

it('nobody meets any of it once the service is open again', async () => {
  await closed();
  await operate(env.deps, requestOf({ action: 'exit' }));
  expect(ask('/')).toMatchObject({ action: 'allow', labels: [] });
});
