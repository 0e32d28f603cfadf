import type { ServiceConfig } from '../../../../config/schema.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import type { Observation } from '../../../../lambda/src/proof/evidence.ts';
import { type Condition, conditionsOf } from '../../../../lambda/src/reconcile/conditions.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { createTestEnvironment, NOW, requestOf, type TestEnvironment } from '../../../builders.ts';

/** Whom nobody looks at must still be told: once when it begins, again while it lasts, never not at all. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const closed = (revision = 1): Observation => ({ kind: 'answered', status: 503, maintenanceMode: `r${revision}` });
const open: Observation = { kind: 'answered', status: 200 };

let env: TestEnvironment;
beforeEach(async () => {
  env = await createTestEnvironment();
});
afterEach(() => env.close());

const tick = async (deps = env.deps) => {
  env.clock.now += 60_000;
  return (await reconcile(deps))[0];
};
const ticks = async (count: number) => {
  for (let minute = 0; minute < count; minute += 1) await tick();
};
const subjects = () => env.notices.map(({ subject }) => subject.replace('[production] ', ''));
const told = () => env.notices.at(-1)?.message ?? '';
const lastCounts = () => env.counts.at(-1) ?? {};
async function meddle() {
  const group = await env.ruleGroups.read(PLACE);
  const { VisibilityConfig } = group.value;
  await env.ruleGroups.write(PLACE, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
}
const UNPROVEN = 'It is not proven that Shop is closed';
const REPAIRED = 'Somebody changed the firewall rules of Shop; they were put back';
const CONTESTED = 'Shop may no longer be closed: its firewall rules are contested';
const OVERDUE = 'Shop is closed past its planned end';

it('that a service is not proven is told after five minutes, with what the probes saw, and again after thirty', async () => {
  const request = requestOf();
  await operate(env.deps, request);
  env.sees = () => open;
  await ticks(4);
  expect(subjects()).toEqual([]);
  await ticks(1);
  expect(subjects()).toEqual([UNPROVEN]);
  expect(told()).toMatch(/^Shop is open to the public.*40 of 40 probes still got in/s);
  expect(told()).toContain(request.operationId);
  await ticks(20);
  expect(subjects()).toEqual([UNPROVEN]);
  expect(lastCounts()).toMatchObject({ Unproven: 1, ClosedServices: 1 });
  await ticks(10);
  expect(subjects()).toEqual([UNPROVEN, UNPROVEN]);
});

it('is told anew when it begins anew, and not of what is over', async () => {
  await operate(env.deps, requestOf());
  await ticks(6);
  env.sees = () => closed();
  await ticks(2);
  expect((await env.store.state('shop')).alerted).toEqual({});
  expect(lastCounts()).toMatchObject({ Unproven: 0 });
  await operate(env.deps, requestOf({ requestedAt: new Date(env.clock.now).toISOString() }));
  env.sees = () => open;
  await ticks(7);
  expect(subjects()).toEqual([UNPROVEN, UNPROVEN]);
});

it('a change that the firewall has not taken for five minutes is told as that, not as a probe that failed', async () => {
  const deps = {
    ...env.deps,
    ruleGroups: { ...env.ruleGroups, read: () => env.ruleGroups.read({ ...PLACE, service: 'nobody' }) },
  };
  await operate(deps, requestOf());
  for (let minute = 0; minute < 6; minute += 1) await tick(deps);
  expect(told()).toMatch(/the firewall of .* has not taken the change.*RULE_GROUP_MISSING/s);
});

it('nothing is called unproven where the config says that nobody looks', async () => {
  const [service] = env.deps.config.services;
  const targets = service?.targets.map((target) => ({ ...target, verification: 'none' as const })) ?? [];
  const config = { ...env.deps.config, services: [{ ...(service as ServiceConfig), targets }] };
  const deps = { ...env.deps, config };
  await operate(deps, requestOf());
  for (let minute = 0; minute < 8; minute += 1) await tick(deps);
  expect(subjects()).toEqual([]);
});

it('a repair is told once; when it is undone again, that it is contested, and again every half an hour', async () => {
  await operate(env.deps, requestOf());
  env.sees = () => closed();
  await ticks(2);
  await meddle();
  await ticks(3);
  expect(subjects()).toEqual([REPAIRED]);
  await meddle();
  await ticks(2);
  expect(subjects()).toEqual([REPAIRED, CONTESTED]);
  expect(told()).toMatch(/Nobody knows whether Shop is closed.*Drawbridge gave way.*CONTESTED/s);
  expect(lastCounts()).toMatchObject({ Contested: 1 });
  await ticks(30);
  expect(subjects()).toEqual([REPAIRED, CONTESTED, CONTESTED]);
});

it('overdue is told with who holds the service, and not before the end', async () => {
  await operate(env.deps, requestOf({ plannedEnd: new Date(NOW + 5 * 60_000).toISOString() }));
  env.sees = () => closed();
  await ticks(4);
  expect(subjects()).toEqual([]);
  await ticks(3);
  expect(subjects()).toEqual([OVERDUE]);
  expect(told()).toMatch(/^Shop is still closed.*02:05:00 UTC.*release.manager@example.com \(step 2\)/s);
  expect(lastCounts()).toMatchObject({ Overdue: 1 });
});

it('overdue claims nothing of a service that is in doubt', async () => {
  await operate(env.deps, requestOf({ plannedEnd: new Date(NOW + 5 * 60_000).toISOString() }));
  env.sees = () => open;
  await ticks(7);
  expect(subjects()).toContain('Shop was not opened at its planned end');
  expect(told()).not.toContain('is still closed');
  expect(told()).toMatch(/^Shop should still be closed to everyone\..*OVERDUE/s);
});

describe('is not lost', () => {
  beforeEach(async () => {
    await operate(env.deps, requestOf());
    env.sees = () => closed();
    await ticks(2);
    await meddle();
  });

  it('when SNS takes nothing: the tick says that it failed, and the next one tells', async () => {
    const notify = () => Promise.reject(new Error('SNS is out of reach'));
    expect(await tick({ ...env.deps, notify })).toMatchObject({ did: 'failed', said: 'SNS is out of reach' });
    await tick();
    expect(subjects()).toEqual([REPAIRED]);
  });

  it('when the tick dies before it could note that it has told: it is told twice', async () => {
    // The repair that is under way, and that it is done, are written; that it was told is not.
    env.table.meanwhile = (call, side) => {
      if (side !== 'before' || !call.startsWith('commit') || env.notices.length === 0) return;
      env.table.meanwhile = undefined;
      throw new Error('died');
    };
    expect(await tick()).toMatchObject({ did: 'failed', said: 'died' });
    await tick();
    await tick();
    expect(subjects()).toEqual([REPAIRED, REPAIRED]);
  });

  it('when a person decides before the tick after it', async () => {
    await tick({ ...env.deps, notify: () => Promise.reject(new Error('died')) });
    await operate(env.deps, requestOf({ requestedAt: new Date(env.clock.now).toISOString() }));
    await tick();
    expect(subjects()).toEqual([REPAIRED]);
    expect((await env.store.audit('shop', '', 10)).filter(({ kind }) => kind === 'repair')).toHaveLength(1);
  });
});

describe('a quiet minute', () => {
  it('costs one read for a service that is open and proven, one for lost ones, three for sheets, and nothing else', async () => {
    await operate(env.deps, requestOf({ action: 'exit' }));
    env.sees = () => open;
    await ticks(15);
    const from = env.table.calls.length;
    env.wafCalls();
    await ticks(10);
    const calls = env.table.calls.slice(from);
    const count = (what: string) => calls.filter((call) => call.startsWith(what)).length;
    // In one tick of ten it is the service's turn: its state is read anew, and its two targets.
    expect(env.wafCalls()).toEqual(['GetRuleGroup', 'GetRuleGroup']);
    expect(count('query CLOSED')).toBe(10);
    expect(count('query SERVICE#shop')).toBe(10 + 1 + 2);
    expect(count('query ')).toBe(10 * (1 + 3) + 10 + 1 + 2);
    expect(calls).toHaveLength(10 * (1 + 3) + 10 + 1 + 2);
    expect(env.notices).toEqual([]);
    expect(lastCounts()).toMatchObject({ ClosedServices: 0, Drift: 0 });
    // Of what a tick does besides, the log tells only what failed.
    env.clock.now += 60_000;
    expect(await reconcile(env.deps)).toEqual([{ service: 'shop', did: 'nothing' }]);
  });

  it('of a closed service writes what was seen, and nothing to the firewall', async () => {
    await operate(env.deps, requestOf());
    env.sees = () => closed();
    await ticks(3);
    const { version, observedVersion } = await env.store.state('shop');
    env.wafCalls();
    await ticks(1);
    expect(env.wafCalls()).toEqual(['GetRuleGroup', 'GetRuleGroup']);
    expect(await env.store.state('shop')).toMatchObject({ version, observedVersion: observedVersion + 1 });
  });
});

it('what is wrong is one condition each, however many targets there are', async () => {
  await operate(env.deps, requestOf());
  const state = await env.store.state('shop');
  const drift = ['REGIONAL/eu-west-1', 'CLOUDFRONT/us-east-1'].map((target) => ({
    target,
    state: 'bypassed' as const,
    at: new Date(NOW).toISOString(),
    revision: 1,
  }));
  const shop = env.deps.config.services[0] as ServiceConfig;
  const found: Condition[] = conditionsOf(shop, { ...state, drift }, { environment: 'production', now: env.clock.now });
  expect(found.map(({ metric }) => metric)).toEqual(['Bypassed']);
});
