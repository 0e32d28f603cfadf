import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { AuditEntry } from '../../contract/audit.ts';
import { columnLetters } from '../../local/apps-script-runtime/spreadsheet/a1.ts';
import { send } from '../../local/outside-network.ts';
import { rowsOf, type SheetRow } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { signed, startTestStack, type } from '../stack.ts';

/** One release night, minute by minute, through the built Code.js and the built Lambdas, on a hostile platform. */

/** A minute of the night takes half a second, and several on a machine that is busy. */
jest.setTimeout(300_000);

const MANAGER = 'release.manager@example.com';
const DUTY = 'duty.manager@example.com';
const LEAD = 'payments.lead@example.com';
const MINUTE_MS = 60_000;
/** Triggers come late: nobody needs to wait for them in real time. */
const LATEST_TICK_MS = 500;
/** Real time, for what has nothing left to wait for. */
const MOMENT_MS = 200;
/** Real time, from an edit to the word that its step runs. */
const LONGEST_START_MS = 20_000;

/** Step, planned start, task, owner, service, action. */
const STEPS = [
  ['1', '2026-11-22 01:55', 'Go / no-go call', 'Release manager', '', ''],
  ['2', '2026-11-22 02:00', 'Close the shop', 'Release manager', 'shop', 'Enter maintenance'],
  ['3', '2026-11-22 02:06', 'Deploy', 'Platform team', '', ''],
  ['4', '2026-11-22 02:08', 'Testers in', 'Release manager', 'shop', 'Enable allowlist'],
  ['5', '2026-11-22 02:10', 'Testers out for a redeploy', 'Release manager', 'shop', 'Disable allowlist'],
  ['6', '2026-11-22 02:12', 'Testers in again', 'Release manager', 'shop', 'Enable allowlist'],
  ['7', '2026-11-22 02:14', 'Close payments', 'Payments lead', 'payments', 'Enter maintenance'],
  ['8', '2026-11-22 02:18', 'Open the shop', 'Release manager', 'shop', 'Exit maintenance'],
  ['9', '2026-11-22 03:30', 'Open payments', 'Payments lead', 'payments', 'Exit maintenance'],
];

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack({
    startAt: Date.parse('2026-11-21T14:00:00Z'),
    // So long that somebody can come in between, before a step is proven.
    propagation: { minMs: 1_000, maxMs: 1_400 },
  });
}, 60_000);
afterAll(() => stack?.close());

const row = (step: string): SheetRow => {
  const found = rowsOf(stack, 'Rundown').find(({ value }) => value('Step') === step);
  if (!found) throw new Error(`there is no step ${step}`);
  return found;
};
const columnOf = (header: string): number =>
  (stack.runtime.spreadsheets.get(stack.releaseSheet).displayValues('Rundown')[0] ?? []).indexOf(header) + 1;
const said = (step: string) => [row(step).value('Status'), row(step).value('Result')];
const set = (step: string, header: string, value: string, user = MANAGER) =>
  type(stack, row(step).cell(header), value, user);
const go = (step: string, user = MANAGER) => set(step, 'Status', 'Go', user);

/** To that time of the night, minute by minute, as the time triggers see it. */
async function until(time: string): Promise<void> {
  const end = Date.parse(`2026-11-22T${time}:00Z`);
  while (stack.clock.now() < end) {
    const next = Math.min(end, Math.floor(stack.clock.now() / MINUTE_MS + 1) * MINUTE_MS);
    stack.clock.moveTo(next);
    await minute(next);
  }
}

/**
 * The script and the reconcilers work at their own pace. When they have come to their end, only a scheduler may still
 * wait within this minute, for a sheet that it has not heard from: its time comes.
 */
async function minute(from: number): Promise<void> {
  const scheduled = stack.runSchedule();
  const ticked = stack.runtime.tick();
  passTo(from + LATEST_TICK_MS);
  await Promise.all([stack.reconcile(), ticked]);
  if (!(await isOver(scheduled))) passTo(from + MINUTE_MS / 2);
  await scheduled;
}

const isOver = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([work.then(() => true), sleep(MOMENT_MS).then(() => false)]);

const passTo = (at: number): void => {
  if (stack.clock.now() < at) stack.clock.moveTo(at);
};

/** Until the step runs and its row says so. */
async function runs(step: string): Promise<void> {
  const until = performance.now() + LONGEST_START_MS;
  while (said(step)[0] !== 'Running') {
    if (performance.now() > until) throw new Error(`step ${step} does not run: ${said(step).join(', ')}`);
    await sleep(20);
  }
}

async function seen(service: string, from = '127.0.0.1') {
  const site = stack.sites.find((one) => one.service === service);
  const { status, headers } = await send({
    url: site?.url as string,
    method: 'GET',
    headers: { accept: 'text/html' },
    localAddress: from,
  });
  return { status, retryAfter: headers['retry-after'] };
}
const TESTER = '127.0.0.2';
const GUEST = '127.0.0.3';

it('is played to its end, and the audit of the morning after is complete and true', async () => {
  // The afternoon before: the steps are pasted, and the closing is armed for two o’clock.
  const width = STEPS[0]?.length ?? 0;
  const steps = STEPS.map((step) => [...step, 'Planned']);
  const blank = Array.from({ length: 1 }, () => Array.from({ length: width + 1 }, () => ''));
  const { executions } = stack.runtime.edit({
    spreadsheetId: stack.releaseSheet,
    sheet: 'Rundown',
    range: `B2:${columnLetters(width + 2)}${steps.length + 2}`,
    values: [...steps, ...blank],
    user: MANAGER,
  });
  await executions;
  await set('2', 'Status', 'Scheduled');
  expect(said('2')).toEqual([
    'Scheduled',
    expect.stringContaining(`Armed by ${MANAGER}: runs by itself at 2026-11-22 02:00 UTC`),
  ]);
  const armedAs = row('2').value('Operation');

  // It slips by four minutes; nothing happens at two.
  stack.clock.moveTo(Date.parse('2026-11-22T01:56:30Z'));
  await until('01:58');
  await set('2', 'Planned start', '2026-11-22 02:04', DUTY);
  expect(said('2')).toEqual([
    'Scheduled',
    expect.stringContaining(`Still armed: ${DUTY} moved it to 2026-11-22 02:04`),
  ]);
  await until('02:02');
  expect((await seen('shop')).status).toBe(200);
  await until('02:06');
  expect(said('2')).toEqual(['Done', expect.stringContaining('Shop is closed to everyone')]);
  expect(row('2').value('Started')).toMatch(/^2026-11-22 02:04:0\d/);
  expect(row('2').value('Operation')).toBe(armedAs);
  expect(row('2').value('By')).toBe(MANAGER);
  expect(await seen('shop')).toEqual({ status: 503, retryAfter: new Date('2026-11-22T02:18:00Z').toUTCString() });

  // The end moves, and the page says so.
  await set('8', 'Planned start', '2026-11-22 02:21', DUTY);
  await until('02:08');
  expect((await seen('shop')).retryAfter).toBe(new Date('2026-11-22T02:21:00Z').toUTCString());

  // Testers in, out for a redeploy, and in again with one more address.
  await go('4');
  expect(said('4')[0]).toBe('Done');
  expect([(await seen('shop')).status, (await seen('shop', TESTER)).status]).toEqual([503, 200]);
  await until('02:10');
  await go('5');
  expect(said('5')[0]).toBe('Done');
  expect((await seen('shop', TESTER)).status).toBe(503);
  const line = stack.runtime.edit({
    spreadsheetId: stack.releaseSheet,
    sheet: 'Allowlist',
    range: 'A2:B2',
    values: [[GUEST, 'the bank’s tester']],
    user: MANAGER,
  });
  await line.executions;
  await until('02:12');
  await go('6');
  expect(said('6')[0]).toBe('Done');
  expect([
    (await seen('shop')).status,
    (await seen('shop', TESTER)).status,
    (await seen('shop', GUEST)).status,
  ]).toEqual([503, 200, 200]);

  // A wrong row is set to Go: it asks, and nothing happens.
  await go('9', LEAD);
  expect(said('9')).toEqual([
    'Planned',
    expect.stringMatching(/Not run yet: .*step 7 of Payments|Not run yet: .*minutes/),
  ]);

  // Somebody sorts by task while the second service is being closed.
  await until('02:14');
  const closing = go('7', LEAD);
  await runs('7');
  stack.runtime.sort(stack.releaseSheet, 'Rundown', columnOf('Task'));
  await closing;
  await until('02:15');
  expect(said('7')).toEqual(['Done', expect.stringContaining('Payments is closed to everyone')]);
  expect((await seen('payments')).status).toBe(503);
  stack.runtime.sort(stack.releaseSheet, 'Rundown', columnOf('Planned start'));

  // The night is called off while testers are being put out: the site opens at once, at the first Go.
  await until('02:18');
  await go('5');
  expect(said('5')).toEqual(['Done', expect.stringContaining('would run a second time')]);
  const overtaken = go('5');
  await runs('5');
  await Promise.all([overtaken, go('8', DUTY)]);
  await until('02:20');
  expect(said('8')).toEqual(['Done', expect.stringContaining('Shop is open to everyone')]);
  expect(said('5')).toEqual(['Failed', expect.stringContaining('Superseded by step 8')]);
  expect((await seen('shop')).status).toBe(200);

  // Payments opens by the clock, and the night is over.
  await set('9', 'Planned start', '2026-11-22 02:24', LEAD);
  await set('9', 'Status', 'Scheduled', LEAD);
  await until('02:26');
  expect(said('9')).toEqual(['Done', expect.stringContaining('Payments is open to everyone')]);
  expect((await seen('payments')).status).toBe(200);

  // The morning after.
  const { entries } = (await (await signed(stack, '/audit?since=2026-11-21T14:00:00Z')).json()) as {
    entries: AuditEntry[];
  };
  const operations = entries.filter(({ kind }) => kind === 'operation');
  expect(operations.map(({ source, action, state, by }) => [source?.step, action, state, by])).toEqual([
    ['2', 'enter', 'verified', MANAGER],
    ['4', 'enable-allowlist', 'verified', MANAGER],
    ['5', 'disable-allowlist', 'verified', MANAGER],
    ['6', 'enable-allowlist', 'verified', MANAGER],
    ['7', 'enter', 'verified', LEAD],
    ['5', 'disable-allowlist', 'superseded', MANAGER],
    ['8', 'exit', 'verified', DUTY],
    ['9', 'exit', 'verified', LEAD],
  ]);
  expect(JSON.stringify(operations[3])).toContain('the bank’s tester');
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { value } of rowsOf(stack, 'Rundown')) if (value('Operation')) expect(ids).toContain(value('Operation'));
});
