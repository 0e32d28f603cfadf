import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { rowsOf, stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { go, signed, siteUrl, startTestStack } from '../stack.ts';

let stack: Stack;
let site: string;
beforeAll(async () => {
  stack = await startTestStack();
  site = siteUrl(stack, 'shop');
});
afterAll(() => stack?.close());

const json = { accept: 'application/json' };

async function auditItems(): Promise<{ sk: string; operationId: string }[]> {
  const credentials = { accessKeyId: 'production', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: stack.dynamodb.url, region: 'eu-west-1', credentials });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: 'drawbridge-production' }));
  client.destroy();
  const ofServices = Items.filter(({ pk, kind }) => pk?.S?.startsWith('SERVICE#') && kind?.S === 'operation');
  return ofServices
    .map(({ sk, operationId }) => ({ sk: sk?.S ?? '', operationId: operationId?.S ?? '' }))
    .filter(({ sk }) => sk.startsWith('AUDIT#'));
}

it('plays a release: one edit closes the site, later ones let testers in, out, and everybody in', async () => {
  expect((await visit(site, { as: 'public' })).status).toBe(200);

  const entered = await go(stack, 'shop', 'Enter maintenance');
  expect(entered.value('Status')).toBe('Done');
  expect(entered.value('By')).toBe('release.manager@example.com');
  const page = await visit(site, { as: 'public' });
  expect(page).toMatchObject({
    status: 503,
    headers: {
      'cache-control': 'no-store',
      'x-maintenance-mode': 'r1',
      'retry-after': expect.any(String),
      'content-type': expect.stringContaining('text/html'),
    },
  });
  const call = await visit(site, { as: 'public', path: '/api/cart', headers: json });
  expect(call.status).toBe(503);
  expect(JSON.parse(call.body)).toHaveProperty('code');
  expect((await visit(site, { as: 'tester' })).status).toBe(503);
  expect((await visit(site, { as: 'public', path: '/health' })).status).toBe(200);

  expect((await go(stack, 'shop', 'Enable allowlist')).value('Status')).toBe('Done');
  expect((await visit(site, { as: 'tester' })).status).toBe(200);
  expect((await visit(site, { as: 'public' })).status).toBe(503);
  const attack = await visit(site, { as: 'tester', path: '/?q=%3Cscript%3E' });
  expect(attack.status).toBe(403);

  expect((await go(stack, 'shop', 'Disable allowlist')).value('Status')).toBe('Done');
  expect((await visit(site, { as: 'tester' })).status).toBe(503);

  expect((await go(stack, 'shop', 'Exit maintenance')).value('Status')).toBe('Done');
  expect((await visit(site, { as: 'public' })).status).toBe(200);

  const ids = ['Enter maintenance', 'Enable allowlist', 'Disable allowlist', 'Exit maintenance'].map((action) =>
    stepOf(stack, 'shop', action).value('Operation'),
  );
  const audited = (await auditItems()).map(({ operationId }) => operationId);
  expect(audited.sort()).toEqual(ids.sort());
});

it('a person who is no operator changes nothing, and reads why', async () => {
  await go(stack, 'payments', 'Enter maintenance');
  await go(stack, 'payments', 'Exit maintenance');
  const row = await go(stack, 'payments', 'Enter maintenance', 'intern@example.com');
  // It was Done, and a refused Go changes nothing.
  expect(row.value('Status')).toBe('Done');
  expect(row.value('Result')).toContain('intern@example.com is not an operator');
  expect((await visit(siteUrl(stack, 'payments'), { as: 'public' })).status).toBe(200);
});

it('tells every operation once in the audit, refused ones too', async () => {
  const { entries } = (await (await signed(stack, '/audit?since=2020-01-01T00:00:00Z')).json()) as {
    entries: { operationId: string; state: string; by: string }[];
  };
  const ids = entries.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const refused = entries.filter(({ state }) => state === 'refused');
  expect(refused).toEqual([expect.objectContaining({ by: 'intern@example.com' })]);
  const inRows = rowsOf(stack, 'Rundown')
    .map(({ value }) => value('Operation'))
    .filter(Boolean);
  expect(ids).toEqual(expect.arrayContaining(inRows));
});
