import type { Listening } from '../../local/http-server.ts';
import { startPage } from '../../local/page/server.ts';
import { sheetHost } from '../../local/sheet-host.ts';
import { rowsOf, stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { DIST, go, siteUrl, startTestStack, type } from '../stack.ts';

/** What people do to a sheet, through the built Code.js, on a platform that keeps no promise. */

const MOST_TRIES = 450;

let stack: Stack;
let page: Listening;
beforeAll(async () => {
  stack = await startTestStack();
  page = await startPage({ host: sheetHost(stack), assets: new URL('local/page/', DIST) });
});
afterAll(async () => {
  await page?.close();
  await stack?.close();
});

const rundown = () => rowsOf(stack, 'Rundown');
const rowOf = (step: string) => rundown().find(({ value }) => value('Step') === step);
const post = (path: string, body: unknown) =>
  fetch(`${page.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES && !isSo(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  if (!isSo())
    throw new Error(
      `it never came to this: ${what}\n${JSON.stringify(rundown().map(({ value }) => [value('Step'), value('Status'), value('Result')]))}`,
    );
}
const stepColumn = () =>
  (stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues('Rundown')[0] ?? []).indexOf('Step') + 1;
const status = (step: string) => rowOf(step)?.value('Status');
const result = (step: string) => rowOf(step)?.value('Result') ?? '';

it('an edit over HTTP goes Running, then Done by itself, and exit opens again', async () => {
  const edit = (step: string) => ({
    sheet: 'Rundown',
    range: rowOf(step)?.cell('Status'),
    values: [['Go']],
    user: 'release.manager@example.com',
  });
  expect(await (await post('/api/edits', edit('2'))).json()).toMatchObject({ applied: true });
  await until('Running', () => status('2') === 'Running');
  await until('Done', () => status('2') === 'Done');
  const { values } = (await (await fetch(`${page.url}/api/sheets/Rundown`)).json()) as { values: string[][] };
  expect(values[2]?.[values[0]?.indexOf('Status') ?? -1]).toBe('Done');
  await post('/api/edits', edit('8'));
  await until('open again', () => status('8') === 'Done');
});

it('a sort, an inserted and a deleted row while the request is out do not put the result into another row', async () => {
  const started = go(stack, 'payments', 'Enter maintenance');
  await until('Running', () => stepOf(stack, 'payments', 'Enter maintenance').value('Status') === 'Running');
  stack.runtime.insertRows(stack.releaseSheet, 'Rundown', 2);
  stack.runtime.sort(stack.releaseSheet, 'Rundown', stepColumn(), false);
  await started;
  await until('Done', () => status('9') === 'Done');
  expect(
    rundown()
      .filter(({ value }) => value('Status') === 'Done')
      .map(({ value }) => value('Step'))
      .sort(),
  ).toEqual(['2', '8', '9']);
  stack.runtime.sort(stack.releaseSheet, 'Rundown', stepColumn());
});

it('two people at once on two services both get their result', async () => {
  const both = [
    go(stack, 'shop', 'Enter maintenance'),
    go(stack, 'payments', 'Exit maintenance', 'payments.lead@example.com'),
  ];
  await Promise.all(both);
  await until('both Done', () => stepOf(stack, 'shop', 'Enter maintenance').value('Status') === 'Done');
  expect(stepOf(stack, 'payments', 'Exit maintenance').value('By')).toBe('payments.lead@example.com');
  expect(stepOf(stack, 'shop', 'Enter maintenance').value('By')).toBe('release.manager@example.com');
});

it('several steps of one service pasted as Go at once run nothing, and say why', async () => {
  const first = stepOf(stack, 'shop', 'Disable allowlist');
  const last = stepOf(stack, 'shop', 'Exit maintenance');
  expect(last.number - first.number).toBe(1);
  const range = `${first.cell('Status')}:${last.cell('Status')}`;
  const before = [first.value('Status'), last.value('Status')];
  const { executions } = stack.runtime.edit({
    spreadsheetId: stack.releaseSheet,
    sheet: 'Rundown',
    range,
    values: [['Go'], ['Go']],
    user: 'release.manager@example.com',
  });
  await executions;
  const after = ['Disable allowlist', 'Exit maintenance'].map((action) => stepOf(stack, 'shop', action));
  expect(after.map((row) => row.value('Status'))).toEqual(before);
  for (const row of after) expect(row.value('Result')).toContain('one after the other');
});

it('Go by somebody whom nobody names, on a step without an action, and for an unknown service: each is answered in its row', async () => {
  await type(stack, rowOf('5')?.cell('Status') as string, 'Go', '');
  expect([status('5'), result('5')]).toEqual(['Planned', expect.stringMatching(/who set/)]);
  await type(stack, rowOf('3')?.cell('Status') as string, 'Go');
  expect([status('3'), result('3')]).toEqual(['Planned', expect.stringContaining('your own step')]);
  // Typed, the list would refuse it; pasted, it stands.
  await type(stack, rowOf('5')?.cell('Service') as string, 'shpo', undefined, 'pasted');
  await type(stack, rowOf('5')?.cell('Status') as string, 'Go');
  expect([status('5'), result('5')]).toEqual(['Failed', expect.stringMatching(/"shpo".*shop, payments/)]);
});

it.each(['GO ', ' go', 'Go.', '\u00a0ｇｏ!'])('%j in a Status is a Go, whatever the list lets in', async (spelt) => {
  const row = () => stepOf(stack, 'payments', 'Exit maintenance');
  const before = row().value('Status');
  await type(stack, row().cell('Result'), '');
  await type(stack, row().cell('Status'), spelt, 'intern@example.com', 'pasted');
  expect([row().value('Status'), row().value('Result')]).toEqual([
    expect.stringMatching(new RegExp(`^(Failed|${before})$`)),
    expect.stringContaining('intern@example.com is not an operator of Payments'),
  ]);
});

it('a renamed header runs nothing and says which one is missing', async () => {
  const header = rowsOf(stack, 'Rundown')[0]?.cell('Action').replace(/\d+/, '1') as string;
  const cell = rowOf('10')?.cell('Status') as string;
  await type(stack, header, 'What');
  await type(stack, cell, 'Go');
  expect(result('10')).toContain('"Action"');
  await type(stack, header, 'Action');
  await type(stack, cell, 'Planned');
});

it('a Go whose event was lost is not run, and a minute later says so', async () => {
  const row = stepOf(stack, 'payments', 'Enter maintenance');
  const sheet = stack.runtime.spreadsheets.get(stack.releaseSheet);
  const [column] = row.cell('Status').split(/\d/);
  sheet
    .tab('Rundown')
    .set({ row: row.number, column: (column as string).charCodeAt(0) - 64, rows: 1, columns: 1 }, [['Go']]);
  for (let minutes = 0; minutes < 4; minutes += 1) {
    stack.clock.moveTo(stack.clock.now() + 60_000);
    await stack.runtime.tick();
  }
  const after = stepOf(stack, 'payments', 'Enter maintenance');
  expect([after.value('Status'), after.value('Result')]).toEqual([
    'Done',
    expect.stringMatching(/did not report who set this/),
  ]);
  expect((await visit(siteUrl(stack, 'payments'), { as: 'public' })).status).toBe(200);
});

it('staging’s token opens nothing in production', async () => {
  const authorization = `Bearer ${await stack.token('staging')}`;
  const answer = await fetch(`${stack.gateway.apiUrl('production')}/services`, { headers: { authorization } });
  expect(answer.status).toBe(401);
});
