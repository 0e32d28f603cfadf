import { stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { breakGlassApi } from '../../ops/break-glass-api.ts';
import { siteUrl, startTestStack, type } from '../stack.ts';

/** What runs by the clock although no trigger of the script fires, and what stops it, through the built bundles. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const ENTER = 'Enter maintenance';
const EXIT = 'Exit maintenance';

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack({
    startAt: Date.parse('2026-11-22T02:00:10Z'),
    faultInjection: {},
    propagation: { minMs: 0, maxMs: 0 },
  });
});
afterAll(() => stack?.close());

const inSheet = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
const row = (action: string) => stepOf(stack, 'payments', action);
const publicSees = async () => (await visit(siteUrl(stack, 'payments'), { as: 'public' })).status;

/** For a full minute that is three ahead. @returns When that is. */
async function arm(action: string): Promise<number> {
  const at = Math.floor(stack.clock.now() / MINUTE_MS + 3) * MINUTE_MS;
  await type(stack, row(action).cell('Planned start'), inSheet(at));
  await type(stack, row(action).cell('Status'), 'Scheduled');
  if (row(action).value('Result').includes('again')) await type(stack, row(action).cell('Status'), 'Scheduled');
  expect([row(action).value('Status'), row(action).value('Result')]).toEqual([
    'Scheduled',
    expect.stringContaining('Armed by'),
  ]);
  return at;
}

const payments = async () => (await onCall().services()).find(({ service }) => service === 'payments');
const onCall = () => {
  const { url, region, credentials } = stack.breakGlass('production');
  const { now, sleep } = stack.clock;
  return breakGlassApi({ url, region, environment: 'production', credentials: async () => credentials, now, sleep });
};

it('an armed step runs although its script has stopped: the server waits for its rows, then fires it', async () => {
  const at = await arm(ENTER);
  // The last time that a trigger fires: too early for the script to wait for the step.
  stack.clock.moveTo(at - 65 * SECOND_MS);
  await stack.runtime.tick();

  stack.clock.moveTo(at - 30 * SECOND_MS);
  const firing = stack.runSchedule();
  const hasEnded = await Promise.race([firing.then(() => true), stack.clock.sleep(1_500).then(() => false)]);
  expect([hasEnded, await publicSees()]).toEqual([false, 200]);
  stack.clock.moveTo(at + 20 * SECOND_MS);
  await firing;
  expect(await publicSees()).toBe(503);
  const since = Date.parse((await payments())?.since ?? '');
  expect(since).toBeGreaterThanOrEqual(at + 20 * SECOND_MS);
  expect(since).toBeLessThan(at + 30 * SECOND_MS);
});

describe('what anybody may ask', () => {
  const ask = (environment = 'production') => fetch(`${stack.gateway.url}/${environment}/public/status`);

  it('is whether a listed service is closed and until when, without a token, where the config lists one', async () => {
    const answer = await ask();
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(await answer.json()).toEqual({
      services: [
        { service: 'shop', title: 'Shop', state: 'open' },
        { service: 'payments', title: 'Payments', state: 'closed-planned', plannedEnd: (await payments())?.plannedEnd },
      ],
    });
    expect((await ask('staging')).status).toBe(404);
  });

  it('keeps nobody else waiting, however often it is asked', async () => {
    const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await ask()).status));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(await payments()).toMatchObject({ mode: 'maintenance' });
  });
});

it('disarming everything by IAM stops what waits, and each row says who and why when its sheet is synced', async () => {
  const at = await arm(EXIT);
  expect((await payments())?.armed).toBe(1);
  expect(await onCall().disarm('the secret leaked')).toEqual({ environment: 'production', sheets: 1, steps: 1 });
  expect((await payments())?.armed).toBe(0);

  stack.clock.moveTo(at + MINUTE_MS);
  await stack.minute();
  expect(await publicSees()).toBe(503);
  await stack.runtime.tick();
  expect(row(EXIT).value('Status')).toBe('Planned');
  expect(row(EXIT).value('Result')).toContain(
    'user/on-call disarmed all steps of all release sheets (the secret leaked)',
  );
  expect(await onCall().disarm('once more')).toEqual({ environment: 'production', sheets: 0, steps: 0 });
});
