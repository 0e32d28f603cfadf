import { jest } from '@jest/globals';
import type { ServicesResponse } from '../../contract/services.ts';
import { PROTOCOL } from '../../contract/sync.ts';
import { RELEASE_MANAGER } from '../../local/people.ts';
import { stepOf } from '../../local/sheet-rows.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { api, go, siteUrl, startTestStack, type } from '../stack.ts';

/** What people are called for when nobody looks, and what the public is told; through the built bundles and the SDK. */

const MINUTE_MS = 60_000;

/** Sixteen minutes pass in a test, each of them seconds on a machine that is busy. */
jest.setTimeout(180_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack({
    startAt: Date.parse('2026-11-22T02:00:00Z'),
    faultInjection: {},
    propagation: { minMs: 0, maxMs: 0 },
  });
});
afterAll(() => stack?.close());

/** No trigger of the script fires. A scheduler may wait for the second of a step: it comes when all else is done. */
const minute = async () => {
  const next = (Math.floor(stack.clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
  const scheduled = stack.runSchedule();
  await Promise.all([stack.reconcile(), stack.runSlack()]);
  stack.clock.moveTo(Math.max(next, stack.clock.now()));
  await scheduled;
};
const iso = (minutes: number) =>
  new Date(Math.floor(stack.clock.now() / MINUTE_MS + minutes) * MINUTE_MS).toISOString();
const inSheet = (time: string) => time.slice(0, 16).replace('T', ' ');
/** Somebody moves the step that opens the shop, in the rundown of another sheet. */
async function planElsewhere(plannedStart: string): Promise<number> {
  const own = { status: '', result: '', started: '', finished: '', by: '', operation: '' };
  const at = { text: inSheet(plannedStart), at: plannedStart };
  const step = { row: 2, step: '1', plannedStart: at, service: 'shop', action: 'Exit maintenance', ...own };
  const now = new Date(stack.clock.now()).toISOString();
  const answer = await fetch(`${stack.gateway.url}/production/rundowns/sheet-of-somebody-else-in-the-test/sync`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await stack.token('production')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      protocol: PROTOCOL,
      syncId: 'of-the-test',
      readAt: now,
      cause: 'edit',
      edit: { tab: 'rundown', by: RELEASE_MANAGER, rows: [2], coversStatus: false, coversPlan: true, seenAt: now },
      sheet: { name: 'Another release', timeZone: 'Etc/UTC', locale: 'en' },
      steps: [step],
    }),
  });
  return answer.status;
}
const exit = () => stepOf(stack, 'shop', 'Exit maintenance');

it('a step that a sheet has armed and that never comes is missed: told once, counted in the minute that finds it', async () => {
  const enter = () => stepOf(stack, 'payments', 'Enter maintenance');
  await type(stack, enter().cell('Planned start'), inSheet(iso(3)));
  await type(stack, enter().cell('Status'), 'Scheduled');
  const [step, id] = [enter().value('Step'), enter().value('Operation')];
  expect([enter().value('Status'), id]).toEqual(['Scheduled', expect.stringMatching(/^production-[0-9a-f]{8}$/)]);

  for (let passed = 0; passed < 16; passed += 1) await minute();
  const missed = stack.notices.filter(({ message }) => message.includes(id));
  expect(missed.filter(({ subject }) => subject?.includes('Missed'))).toMatchObject([
    { environment: 'production', subject: `[production] Missed: step ${step}, Enter maintenance, Payments` },
  ]);
  expect(stack.hops.some(({ part, ok }) => part === 'sns' && ok)).toBe(true);
  const lines = stack.deployments.production?.reconciler.logs().filter((line) => line.includes('"MissedStep":1')) ?? [];
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ Environment: 'production', MissedStep: 1 });

  // The script is back, and its row says so.
  await stack.runtime.tick();
  expect([enter().value('Status'), enter().value('Result')]).toEqual(['Failed', expect.stringContaining('too late')]);
});

it('the plan of the sheet that holds a service moves what the public is told, and nobody else’s does', async () => {
  const site = siteUrl(stack, 'shop');
  const retryAfter = async () => (await visit(site, { as: 'public' })).headers['retry-after'];
  await go(stack, 'shop', 'Enter maintenance');
  const before = await retryAfter();
  expect(await planElsewhere(iso(300))).toBe(200);
  expect(await retryAfter()).toBe(before);
  const plannedEnd = iso(200);
  await type(stack, exit().cell('Planned start'), inSheet(plannedEnd));
  const { headers } = await visit(site, { as: 'public' });
  expect(headers).toMatchObject({
    'retry-after': new Date(Date.parse(plannedEnd)).toUTCString(),
    'x-maintenance-mode': 'r1',
  });
  await minute();
  const { services } = (await (await api(stack, '/services')).json()) as ServicesResponse;
  expect(services.find(({ service }) => service === 'shop')).toMatchObject({
    plannedEnd,
    seen: { disagree: 0, unknown: 0 },
    drift: [],
  });
});
