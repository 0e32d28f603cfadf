import type { ServiceConfig } from '../../../../config/schema.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { pauseRepair } from '../../../../lambda/src/operate/pause-repair.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { createTestEnvironment, requestOf, type TestEnvironment } from '../../../builders.ts';

/** An engineer works on the rules of a closed service by hand. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const ON_CALL = 'arn:aws:sts::111122223333:assumed-role/OnCall/alex';

let env: TestEnvironment;
beforeEach(async () => {
  env = await createTestEnvironment();
  env.sees = () => ({ kind: 'answered', status: 503, maintenanceMode: 'r1' });
  await operate(env.deps, requestOf());
});
afterEach(() => env.close());

const minute = async () => {
  env.clock.now += 60_000;
  return (await reconcile(env.deps))[0];
};
const rules = async () => ((await env.ruleGroups.read(PLACE)).value.Rules ?? []).length;
const pause = (forMinutes: number) => {
  const service = env.deps.config.services[0] as ServiceConfig;
  return pauseRepair(env.deps, service, { forMinutes, reason: 'by hand', by: ON_CALL });
};
async function meddle() {
  const group = await env.ruleGroups.read(PLACE);
  const { VisibilityConfig } = group.value;
  await env.ruleGroups.write(PLACE, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
}

it('leaves what they change alone while repairs are paused, and puts it back when the pause is over', async () => {
  await pause(5);
  await meddle();
  expect((await minute())?.did).not.toBe('repaired');
  expect(await rules()).toBe(0);
  env.clock.now += 5 * 60_000;
  expect((await minute())?.did).toBe('repaired');
  expect(await rules()).toBeGreaterThan(0);
});

it('calls people all the same when visitors get in meanwhile', async () => {
  await minute();
  await pause(30);
  await meddle();
  env.sees = () => ({ kind: 'answered', status: 200 });
  await minute();
  await minute();
  expect(await rules()).toBe(0);
  expect(env.notices.map(({ subject }) => subject)).toContainEqual(expect.stringContaining('is open to the public'));
});

it('is over when it is told to be', async () => {
  await pause(30);
  await meddle();
  await minute();
  await pause(0);
  expect((await minute())?.did).toBe('repaired');
});
