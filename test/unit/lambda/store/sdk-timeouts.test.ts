import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNotify } from '../../../../lambda/src/notify/sns.ts';
import { createTable } from '../../../../lambda/src/store/table.ts';
import { createRuleGroupStore } from '../../../../lambda/src/waf/rule-groups.ts';

const TIME = { now: Date.now, sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };

/** Somebody who takes every call and answers none. */

let server: Server;
/** By the first part of the path. */
const calls: Record<string, number> = {};
const before = { ...process.env };

beforeAll(async () => {
  server = createServer(({ url = '' }) => {
    const [, to = ''] = url.split('/');
    calls[to] = (calls[to] ?? 0) + 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_WAFV2: `${url}/waf`,
    AWS_ENDPOINT_URL_DYNAMODB: `${url}/table`,
    AWS_ENDPOINT_URL_SNS: `${url}/sns`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
  });
});

afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  waf: () =>
    createRuleGroupStore(TIME).read({
      environment: 'production',
      service: 'shop',
      scope: 'REGIONAL',
      region: 'eu-west-1',
    }),
  table: () => createTable('drawbridge', { ...TIME, random: Math.random }).get({ pk: 'a', sk: 'b' }),
  sns: () => createNotify('arn:aws:sns:eu-west-1:111122223333:x')({ subject: 'x', message: 'x' }),
};

/** All at once: each takes its seconds. */
let ends: Readonly<Record<string, { readonly error: Error | undefined; readonly tookMs: number }>>;
beforeAll(async () => {
  const startedAt = Date.now();
  const all = Object.entries(CALLS).map(async ([to, call]) => {
    const error = await call().then(
      () => undefined,
      (caught: Error) => caught,
    );
    return [to, { error, tookMs: Date.now() - startedAt }] as const;
  });
  ends = Object.fromEntries(await Promise.all(all));
}, 20_000);

it.each([
  ['WAF', 'waf', 1],
  ['the table', 'table', 3],
  ['SNS', 'sns', 2],
])('a call to %s that hangs is cut off, within the time that an answer may take', (_name, to, attempts) => {
  expect(ends[to]?.error?.message).toMatch(/time|FIREWALL_UNREACHABLE|TimeoutError/i);
  expect(calls[to]).toBe(attempts);
  expect(ends[to]?.tookMs).toBeLessThan(15_000);
});
