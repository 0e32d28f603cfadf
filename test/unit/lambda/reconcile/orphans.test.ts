import type { ServiceConfig } from '../../../../config/schema.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { knowingOrphans } from '../../../../lambda/src/operate/orphans.ts';
import type { Observation } from '../../../../lambda/src/proof/evidence.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { createTestEnvironment, requestOf, type TestEnvironment } from '../../../builders.ts';

/** What the config has lost while it was closed is looked after like any other service, until it is open. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const CLOUDFRONT = { environment: 'production', service: 'shop', scope: 'CLOUDFRONT', region: 'us-east-1' } as const;
const closed: Observation = { kind: 'answered', status: 503, maintenanceMode: 'r1' };
const open: Observation = { kind: 'answered', status: 200 };

let env: TestEnvironment;
let deps: TestEnvironment['deps'];
beforeEach(async () => {
  env = await createTestEnvironment();
  await operate(env.deps, requestOf());
  env.sees = () => closed;
  for (const _tick of [1, 2]) await tick(env.deps);
  const shop = env.deps.config.services[0] as ServiceConfig;
  const payments = { ...shop, name: 'payments', title: 'Payments' };
  deps = { ...env.deps, config: { ...env.deps.config, services: [payments] } };
});
afterEach(() => env.close());

async function tick(by = deps) {
  env.clock.now += 60_000;
  const ticks = await reconcile(by);
  return ticks.find(({ service }) => service === 'shop')?.did;
}
const subjects = () => env.notices.map(({ subject }) => subject.replace('[production] ', ''));
const rules = async (place: typeof PLACE | typeof CLOUDFRONT = PLACE) =>
  ((await env.ruleGroups.read(place)).value.Rules ?? []).length;
const exit = async () =>
  operate(
    await knowingOrphans(deps),
    requestOf({ action: 'exit', requestedAt: new Date(env.clock.now).toISOString() }),
  );

const ORPHANED = 'Shop is closed, and no longer in the config';

it('is told once, and counted as long as it is so', async () => {
  for (let minutes = 0; minutes < 40; minutes += 1) await tick();
  expect(subjects()).toEqual([ORPHANED]);
  expect(env.notices[0]?.message).toMatch(/^Shop is closed, and stays so until.*held by .* \(step 2\)/s);
  expect(env.counts.slice(-40).every(({ Orphaned, ClosedServices }) => Orphaned === 1 && ClosedServices === 1)).toBe(
    true,
  );
});

it('is probed and repaired like any other', async () => {
  await tick();
  const group = await env.ruleGroups.read(PLACE);
  const { VisibilityConfig } = group.value;
  await env.ruleGroups.write(PLACE, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
  expect(await tick()).toBe('repaired');
  expect(await rules()).toBeGreaterThan(0);
  env.sees = () => open;
  await tick();
  expect(await tick()).toBe('bypassed');
});

it('is driven on and proven when it is opened, and forgotten after that', async () => {
  await tick();
  await exit();
  env.sees = () => open;
  for (const _tick of [1, 2, 3]) await tick();
  expect(await env.store.state('shop')).toMatchObject({ mode: 'normal', proof: { state: 'verified' } });
  expect((await env.store.state('shop')).kept).toBeUndefined();
  expect(await env.store.closedServices()).toEqual([]);
  expect(await tick()).toBeUndefined();
  expect(env.counts.at(-1)).toMatchObject({ Orphaned: 0 });
});

it('is forgotten a day after its rules are gone, though its site does not answer any more', async () => {
  await exit();
  env.sees = () => ({ kind: 'unknown', why: 'ENOTFOUND' });
  await tick();
  expect(await env.store.closedServices()).toEqual(['shop']);
  env.clock.now += 24 * 60 * 60_000;
  await tick();
  expect(await env.store.closedServices()).toEqual([]);
});

it('back in the config it is a service like any other', async () => {
  await tick();
  await tick(env.deps);
  expect(env.counts.at(-1)).toMatchObject({ Orphaned: 0, ClosedServices: 1 });
  await operate(env.deps, requestOf({ requestedAt: new Date(env.clock.now).toISOString() }));
});

it('is remembered as the config last had it, not as it was when it was closed', async () => {
  const shop = env.deps.config.services[0] as ServiceConfig;
  const newer = { ...shop, exemptPaths: ['/health'] };
  await tick({ ...env.deps, config: { ...env.deps.config, services: [newer] } });
  expect((await env.store.state('shop')).kept?.exemptPaths).toEqual(['/health']);
});

it('a target that the config has lost is watched, and opened within a minute of the others', async () => {
  const shop = env.deps.config.services[0] as ServiceConfig;
  const less = { ...shop, targets: shop.targets.filter(({ scope }) => scope === 'REGIONAL') };
  const lessDeps = { ...env.deps, config: { ...env.deps.config, services: [less] } };
  const group = await env.ruleGroups.read(CLOUDFRONT);
  const { VisibilityConfig } = group.value;
  await env.ruleGroups.write(CLOUDFRONT, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
  expect(await tick(lessDeps)).toBe('repaired');
  expect(await rules(CLOUDFRONT)).toBeGreaterThan(0);
  const request = requestOf({ action: 'exit', requestedAt: new Date(env.clock.now).toISOString() });
  await operate(lessDeps, request);
  env.sees = () => open;
  await tick(lessDeps);
  expect([await rules(), await rules(CLOUDFRONT)]).toEqual([0, 0]);
});
