import type { ServicesResponse } from '../../contract/services.ts';
import type { Stack } from '../../local/stack.ts';
import { visit } from '../../local/visit.ts';
import { api, go, startTestStack } from '../stack.ts';

/** What the reconciler tells when nobody looks, through the built bundle and the SDK. */

const MINUTE_MS = 60_000;
const OPERATOR = 'release.manager@example.com';

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack({ faultInjection: {}, propagation: { minMs: 0, maxMs: 0 } });
});
afterAll(() => stack?.close());

const minute = async () => {
  stack.clock.moveTo(stack.clock.now() + MINUTE_MS);
  await stack.reconcile();
};
const iso = (minutes: number) => new Date(stack.clock.now() + minutes * MINUTE_MS).toISOString();
async function putSchedule(body: object) {
  const headers = {
    authorization: `Bearer ${await stack.token('production')}`,
    'content-type': 'application/json',
  };
  const whole = { spreadsheetId: 'sheet-of-the-test', steps: [], ends: [], ...body };
  const answer = await fetch(`${stack.gateway.url}/production/schedule`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(whole),
  });
  return { status: answer.status, body: await answer.json() };
}

it('a step that a sheet has armed and that never comes is missed: told once, counted each minute', async () => {
  const step = { operationId: 'op-never-sent', step: '4', service: 'shop', action: 'enter', plannedStart: iso(1) };
  const told = await putSchedule({ steps: [{ ...step, requestedBy: OPERATOR }] });
  expect(told).toMatchObject({ status: 200, body: { steps: 1, conflicts: [] } });
  for (let passed = 0; passed < 13; passed += 1) await minute();
  const missed = stack.notices.filter(({ message }) => message.includes('op-never-sent'));
  expect(missed).toMatchObject([
    { environment: 'production', subject: '[production] Missed: step 4, Enter maintenance, Shop' },
  ]);
  expect(stack.hops.some(({ part, ok }) => part === 'sns' && ok)).toBe(true);
  const lines = stack.deployments.production?.reconciler.logs().filter((line) => line.includes('"MissedStep":1')) ?? [];
  expect(lines.length).toBeGreaterThan(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ Environment: 'production', MissedStep: 1 });
  expect((await putSchedule({})).status).toBe(200);
});

it('the plan of the sheet that holds a service moves what the public is told, and nobody else’s does', async () => {
  await go(stack, 'shop', 'Enter maintenance');
  const site = stack.sites.find(({ service }) => service === 'shop')?.url as string;
  const plannedEnd = iso(200);
  const ends = [{ service: 'shop', plannedEnd }];
  expect((await putSchedule({ ends })).body).toMatchObject({ ends: [{ applied: false }] });
  expect((await putSchedule({ spreadsheetId: stack.releaseSheet, ends })).body).toMatchObject({
    ends: [{ applied: true }],
  });
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
