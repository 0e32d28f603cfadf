import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createNotify } from '../../../../lambda/src/notify/sns.ts';
import { createTable } from '../../../../lambda/src/store/table.ts';
import { createRuleGroupStore } from '../../../../lambda/src/waf/rule-groups.ts';

const TIME = { now: Date.now, sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };

/** Somebody who takes every call and answers none. */

let server: Server;
let calls = 0;
const before = { ...process.env };

beforeAll(async () => {
  server = createServer(() => {
    calls += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
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

it.each([
  [
    'WAF',
    () =>
      createRuleGroupStore(TIME).read({
        environment: 'production',
        service: 'shop',
        scope: 'REGIONAL',
        region: 'eu-west-1',
      }),
    1,
  ],
  ['the table', () => createTable('drawbridge', { ...TIME, random: Math.random }).get({ pk: 'a', sk: 'b' }), 3],
  ['SNS', () => createNotify('arn:aws:sns:eu-west-1:111122223333:x')({ subject: 'x', message: 'x' }), 2],
])(
  'a call to %s that hangs is cut off, within the time that an answer may take',
  async (_name, call, attempts) => {
    calls = 0;
    const startedAt = Date.now();
    await expect(call()).rejects.toThrow(/time|FIREWALL_UNREACHABLE|TimeoutError/i);
    expect(calls).toBe(attempts);
    expect(Date.now() - startedAt).toBeLessThan(15_000);
  },
  20_000,
);
