import { type Listening, listen } from '../../../../local/http-server.ts';
import { type CachingProxy, startCachingProxy } from '../../../../local/site/caching-proxy.ts';

const clock = { now: 0 };
let origin: Listening;
let proxy: CachingProxy;
let answers = 0;
let headers: Record<string, string> = {};
let status = 200;
beforeEach(async () => {
  [answers, headers, status, clock.now] = [0, {}, 200, 0];
  origin = await listen((_request, response) => {
    answers += 1;
    response.writeHead(status, headers);
    response.end(`answer ${answers}`);
  });
  proxy = await startCachingProxy({ origin: origin.url, keepsForMs: 1_000, now: () => clock.now });
});
afterEach(async () => {
  await proxy.close();
  await origin.close();
});

const get = async (path = '/', more: Record<string, string> = {}) =>
  (await fetch(`${proxy.url}${path}`, { headers: more })).text();

it('serves what it was given for as long as it keeps it, whatever became of the site', async () => {
  expect(await get()).toBe('answer 1');
  status = 503;
  expect(await get()).toBe('answer 1');
  clock.now = 1_001;
  expect(await get()).toBe('answer 2');
});

it('is passed by who asks for another URL, or says no-cache', async () => {
  expect(await get()).toBe('answer 1');
  expect(await get('/?other=1')).toBe('answer 2');
  expect(await get('/', { 'cache-control': 'no-cache' })).toBe('answer 3');
  expect(await get()).toBe('answer 1');
});

it('forgets what it kept when it is invalidated', async () => {
  expect(await get()).toBe('answer 1');
  proxy.invalidate();
  expect(await get()).toBe('answer 2');
});

it.each([
  ['an error', 503, {}],
  ['what says no-store', 200, { 'cache-control': 'no-store' }],
])('does not keep %s', async (_what, code, more) => {
  [status, headers] = [code, more];
  expect(await get()).toBe('answer 1');
  expect(await get()).toBe('answer 2');
});
