import { jest } from '@jest/globals';
import { rowsOf, type SheetRow, stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { go, siteUrl, startTestStack } from '../stack.ts';

/** The boards of a release sheet, through the built Code.js, on a platform that keeps no promise. */

const MANAGER = 'release.manager@example.com';

/** Up to twelve minutes pass in a test, each of them seconds on a machine that is busy. */
jest.setTimeout(180_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.close());

async function minute(): Promise<void> {
  stack.clock.moveTo(stack.clock.now() + 60_000);
  await Promise.allSettled([stack.reconcile(), stack.runtime.tick()]);
}

async function minutesUntil(what: string, isSo: () => boolean): Promise<void> {
  for (let minutes = 0; minutes < 12 && !isSo(); minutes += 1) await minute();
  if (!isSo()) throw new Error(`it never came to this: ${what}\n${JSON.stringify(told())}`);
}

const told = () =>
  ['Services', 'Allowlist', 'Audit'].map((tab) =>
    stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues(tab),
  );
const board = (service: string): SheetRow | undefined =>
  rowsOf(stack, 'Services').find(({ value }) => value('Service') === service);
const audit = () => rowsOf(stack, 'Audit').filter(({ value }) => value('Operation') !== '');

async function typeInto(sheet: string, range: string, values: unknown[][], user = MANAGER): Promise<void> {
  const { executions } = stack.runtime.edit({ spreadsheetId: stack.releaseSheet, sheet, range, values, user });
  await executions;
}
const siteStatus = async (service: string, as: 'public' | 'tester' = 'public') =>
  (await visit(siteUrl(stack, service), { as })).status;

it('shows every service within a tick, and a Go when it is done', async () => {
  await minutesUntil('a board', () => board('payments') !== undefined);
  expect(rowsOf(stack, 'Services').map(({ value }) => [value('Service'), value('Environment'), value('Mode')])).toEqual(
    expect.arrayContaining([
      ['shop', 'production', 'Open'],
      ['payments', 'production', 'Open'],
      ['shop-staging', 'staging', 'Open'],
    ]),
  );
  await go(stack, 'shop', 'Enter maintenance');
  await minutesUntil('shop is closed', () => board('shop')?.value('Mode') === 'Closed');
  expect(board('shop')?.value('Held by')).toBe(`Step 2 of this sheet (${MANAGER})`);
  expect(board('shop')?.value('What we know')).toMatch(
    /Proven from outside: \d+ of \d+ probes, sent from eu-west-1, agreed/,
  );
});

it('Do now asks twice in production, closes the service, and is empty when it is over', async () => {
  const cell = () => board('payments')?.cell('Do now') as string;
  await typeInto('Services', cell(), [['Enter maintenance']]);
  expect(board('payments')?.value('Do now')).toBe('');
  expect(board('payments')?.value('Result')).toContain('pick it again within a minute');
  expect(await siteStatus('payments')).toBe(200);
  await typeInto('Services', cell(), [['Enter maintenance']]);
  await minutesUntil('payments is closed', () => board('payments')?.value('Status') === 'Done');
  expect(await siteStatus('payments')).toBe(503);
  expect(board('payments')).toBeDefined();
  expect([board('payments')?.value('Do now'), board('payments')?.value('By')]).toEqual(['', MANAGER]);
  await minutesUntil('the board says so', () => board('payments')?.value('Mode') === 'Closed');
  expect(board('payments')?.value('Held by')).toBe(`Do now of this sheet (${MANAGER})`);
});

it('what somebody writes over the board is put right', async () => {
  await typeInto('Services', board('payments')?.cell('Mode') as string, [['Open']]);
  await minutesUntil('put right', () => board('payments')?.value('Mode') === 'Closed');
});

it('an address is checked within a minute, and lets its tester in when it was sent', async () => {
  const line = () => rowsOf(stack, 'Allowlist')[0] as SheetRow;
  await typeInto('Allowlist', 'A2', [['127.0.0.2/24']]);
  await minute();
  expect(line().value('Check')).toContain('Write 127.0.0.0/24 for the range, or 127.0.0.2/32 for the one address');
  await typeInto('Allowlist', 'A2', [['127.0.0.2']]);
  await minute();
  expect(line().value('Check')).toMatch(
    /^Ready \(127\.0\.0\.2\/32\): it is let in at the next Enable allowlist\. Note: .*\(loopback\)/,
  );
  await go(stack, 'shop', 'Enable allowlist');
  await minutesUntil('let in', () => line().value('Check').startsWith('production: Let in (127.0.0.2/32).'));
  expect(await siteStatus('shop', 'tester')).toBe(200);
  await typeInto('Allowlist', 'A3', [['192.0.2.77']]);
  await minute();
  const step = stepOf(stack, 'shop', 'Enable allowlist').value('Step');
  const said = `production: Not sent yet (192.0.2.77/32): set step ${step} to Go.`;
  expect(rowsOf(stack, 'Allowlist')[1]?.value('Check')).toContain(said);
});

it('tells the night in Audit, once each, and again after somebody wrote into it', async () => {
  await go(stack, 'shop', 'Exit maintenance');
  await minutesUntil('shop is open', () => board('shop')?.value('Mode') === 'Open');
  const wanted = [
    ['Enter maintenance', 'shop', '2', 'Done'],
    ['Enter maintenance', 'payments', 'Services', 'Done'],
    ['Enable allowlist', 'shop', '5', 'Done'],
    ['Exit maintenance', 'shop', '8', 'Done'],
  ];
  // What was asked about first is told too.
  const ran = () => audit().filter(({ value }) => value('What') !== 'Not run');
  const lines = () => ran().map(({ value }) => [value('What'), value('Service'), value('Step'), value('Outcome')]);
  await minutesUntil('four lines', () => lines().length >= wanted.length);
  expect(lines()).toEqual(wanted);
  await typeInto('Audit', 'B2', [['somebody.else@example.com']]);
  await minutesUntil('mended', () => audit()[0]?.value('Who') === MANAGER);
  expect(lines()).toEqual(wanted);
});
