import { jest } from '@jest/globals';
import { rowsOf, type SheetRow } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { go, signed, siteUrl, startTestStack } from '../stack.ts';

/** The afternoon before the night: the whole rundown is rehearsed from the sheet, then the night runs as usual over it. */

jest.setTimeout(180_000);

const MANAGER = 'release.manager@example.com';

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.close());

const board = (service: string): SheetRow | undefined =>
  rowsOf(stack, 'Services').find(({ value }) => value('Service') === service);
const steps = () => rowsOf(stack, 'Rundown').filter(({ value }) => value('Action') !== '');
const told = () => Object.fromEntries(steps().map(({ value }) => [value('Step'), value('Result')]));
const publicSees = async (service: string) => (await visit(siteUrl(stack, service), { as: 'public' })).status;
const wafWrites = () => stack.waf.calls().filter(({ operation }) => /^(Update|Create|Delete)/.test(operation)).length;

async function minute(): Promise<void> {
  stack.clock.moveTo(stack.clock.now() + 60_000);
  await Promise.allSettled([stack.reconcile(), stack.runtime.tick()]);
}

async function doNow(service: string, title: string): Promise<void> {
  const range = board(service)?.cell('Do now') as string;
  const edit = { spreadsheetId: stack.releaseSheet, sheet: 'Services', range, values: [[title]], user: MANAGER };
  await stack.runtime.edit(edit).executions;
}

it('says in each row what would happen, and changes neither site, firewall nor Status', async () => {
  while (!board('shop')) await minute();
  const [writes, statuses] = [wafWrites(), steps().map(({ value }) => value('Status'))];
  await doNow('shop', 'Rehearse all steps');
  await minute();
  const said = told();
  expect(said).toMatchObject({
    2: expect.stringMatching(
      /^Rehearsed \d{4}-\d\d-\d\d \d\d:\d\d: Enter maintenance would close Shop to everyone \(\d targets?\): its rules fit \(\d+ of 250 WCU\), .* can be read, .* 200 now\. .*Nothing was changed\.$/,
    ),
    5: expect.stringContaining('Enable allowlist would let'),
    7: expect.stringContaining('Disable allowlist would close Shop'),
    8: expect.stringContaining('Exit maintenance would open Shop'),
    9: expect.stringContaining('Enter maintenance would close Payments'),
    10: expect.stringContaining('Exit maintenance would open Payments'),
  });
  expect(board('shop')?.value('Result')).toContain('6 steps of production');
  expect([board('shop')?.value('Do now'), board('shop')?.value('Status')]).toEqual(['', '']);
  expect(steps().map(({ value }) => value('Status'))).toEqual(statuses);
  await minute();
  expect(told()).toEqual(said);
  expect([await publicSees('shop'), await publicSees('payments'), wafWrites()]).toEqual([200, 200, writes]);
});

it('is audited once, as a rehearsal', async () => {
  const { entries } = (await (await signed(stack, '/audit')).json()) as { entries: object[] };
  const message = expect.stringContaining('6 steps of production');
  expect(entries).toMatchObject([{ kind: 'rehearsal', by: MANAGER, message }]);
});

it('gives way to the real night', async () => {
  const entered = await go(stack, 'shop', 'Enter maintenance');
  expect(entered.value('Status')).toBe('Done');
  expect(entered.value('Result')).toMatch(/^Shop is closed to everyone/);
  await minute();
  expect(Object.values(told()).filter((result) => result.startsWith('Rehearsed'))).toEqual([]);
  expect(await publicSees('shop')).toBe(503);
  expect((await go(stack, 'shop', 'Exit maintenance')).value('Status')).toBe('Done');
  expect(await publicSees('shop')).toBe(200);
});
