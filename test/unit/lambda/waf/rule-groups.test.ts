import { CreateRuleGroupCommand } from '@aws-sdk/client-wafv2';
import { createRuleGroupStore } from '../../../../lambda/src/waf/rule-groups.ts';
import { createTestEnvironment, type TestEnvironment } from '../../../builders.ts';

let env: TestEnvironment;
beforeEach(async () => {
  env = await createTestEnvironment({ bare: true });
});
afterEach(() => env.close());

const place = (service: string) =>
  ({ environment: 'production', service, scope: 'REGIONAL', region: 'eu-west-1' }) as const;
async function create(service: string) {
  const Name = `drawbridge-production_${service}`;
  const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: Name };
  await env
    .otherClient('eu-west-1')
    .send(new CreateRuleGroupCommand({ Name, Scope: 'REGIONAL', Capacity: 250, VisibilityConfig }));
  env.clock.now += 1_000;
}
const lists = () => env.wafCalls().filter((operation) => operation === 'ListRuleGroups').length;

it('a tick that asks for many groups at once lists them once', async () => {
  const names = Array.from({ length: 30 }, (_none, index) => `service-${index}`);
  for (const name of names) await create(name);
  env.wafCalls();
  const read = await Promise.all(names.map((name) => env.ruleGroups.read(place(name))));
  expect(new Set(read.map(({ id }) => id)).size).toBe(30);
  expect(lists()).toBe(1);
});

it('a group that was not there when they were listed is found once it is', async () => {
  await create('shop');
  await env.ruleGroups.read(place('shop'));
  await expect(env.ruleGroups.read(place('late'))).rejects.toMatchObject({ code: 'RULE_GROUP_MISSING' });
  await create('late');
  expect((await env.ruleGroups.read(place('late'))).value.Name).toBe('drawbridge-production_late');
});

it('of many writes at once it does as many as a tick has room for, one a second, and leaves the others for the next', async () => {
  const names = Array.from({ length: 60 }, (_none, index) => `service-${index}`);
  for (const name of names) await create(name);
  const read = await Promise.all(names.map((name) => env.ruleGroups.read(place(name))));
  const waits: number[] = [];
  const standing = { now: () => env.clock.now, sleep: async (ms: number) => void waits.push(ms) };
  const store = createRuleGroupStore(standing, env.otherClient);
  const written = await Promise.allSettled(
    names.map((name, at) => {
      const group = read[at] as (typeof read)[number];
      return store.write(place(name), group, { ...group.value, Description: 'written' } as never);
    }),
  );
  const left = written.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(Math.max(...waits)).toBeLessThanOrEqual(25_000);
  expect(waits).toHaveLength(23);
  expect(left.map(({ code }) => code)).toEqual(Array.from({ length: 36 }, () => 'FIREWALL_BUSY'));
});
