import { CreateRuleGroupCommand, DeleteRuleGroupCommand, type WAFV2Client } from '@aws-sdk/client-wafv2';
import { createWafIds } from '../../../../lambda/src/store/waf-ids.ts';
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

it('keeps the pages of a list that was throttled, and finds six hundred groups', async () => {
  const sent: string[] = [];
  const store = createRuleGroupStore(env.deps, () => listing(600, sent, new Set([2, 3, 7])));
  const read = await Promise.all(
    [0, 599].map((index) => store.read(place(`service-${String(index).padStart(3, '0')}`))),
  );
  expect(read.map(({ id }) => id)).toEqual(['id-000', 'id-599']);
  expect(sent.filter((call) => call.startsWith('List'))).toEqual([
    ...['List', 'List 100', 'List 200 throttled', 'List 200 throttled', 'List 200', 'List 300', 'List 400'],
    ...['List 500 throttled', 'List 500'],
  ]);
});

it('carries a list on where it was given up', async () => {
  const sent: string[] = [];
  const isThrottled = new Set(Array.from({ length: 20 }, (_none, at) => at + 2));
  const store = createRuleGroupStore(env.deps, () => listing(600, sent, isThrottled));
  await expect(store.read(place('service-599'))).rejects.toMatchObject({ code: 'FIREWALL_BUSY', retryable: true });
  const until = sent.length;
  isThrottled.clear();
  expect(await store.read(place('service-599'))).toMatchObject({ id: 'id-599' });
  expect(sent.slice(until)[0]).toBe('List 200');
});

it('lists nothing after a cold start: the table remembers the ids', async () => {
  const ids = createWafIds(env.table);
  const fresh = () => createRuleGroupStore(env.deps, env.otherClient, { ids });
  await create('shop');
  await fresh().read(place('shop'));
  expect(lists()).toBe(1);
  expect((await fresh().read(place('shop'))).value.Name).toBe('drawbridge-production_shop');
  expect(lists()).toBe(0);
});

it('finds a group by its name when the remembered id is another one’s by now, and remembers the new one', async () => {
  const ids = createWafIds(env.table);
  const fresh = () => createRuleGroupStore(env.deps, env.otherClient, { ids });
  await create('shop');
  const { id: Id, lockToken: LockToken } = await fresh().read(place('shop'));
  const gone = { Name: 'drawbridge-production_shop', Scope: 'REGIONAL', Id, LockToken } as const;
  await env.otherClient('eu-west-1').send(new DeleteRuleGroupCommand(gone));
  await create('shop');
  env.wafCalls();
  const found = await fresh().read(place('shop'));
  expect(found.id).not.toBe(Id);
  expect(lists()).toBe(1);
  expect((await fresh().read(place('shop'))).id).toBe(found.id);
  expect(lists()).toBe(0);
});

it('lists when the table does not answer', async () => {
  await create('shop');
  env.table.meanwhile = () => {
    throw new Error('the table is out of reach');
  };
  const store = createRuleGroupStore(env.deps, env.otherClient, { ids: createWafIds(env.table) });
  expect((await store.read(place('shop'))).value.Name).toBe('drawbridge-production_shop');
});

describe('who says nothing else', () => {
  const answering = (throttled: boolean) => {
    const send = async () => {
      if (throttled) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return { LockToken: 'token', RuleGroup: {} };
    };
    const ids = { wafId: async () => ({ Id: '1', ARN: 'arn' }), rememberWafId: async () => undefined };
    return createRuleGroupStore(env.deps, () => ({ send }) as unknown as WAFV2Client, { ids, random: () => 0.5 });
  };
  const from = { id: '1', arn: 'arn', lockToken: 'token', value: {} as never };

  it('writes once a second, groups and sets each for themselves', async () => {
    const store = answering(false);
    const began = env.clock.now;
    const took = () => env.clock.now - began;
    const content = { Description: '', Rules: [] } as never;
    await store.write(place('shop'), from, content);
    await store.writeSet(place('shop'), 4, from, []);
    expect(took()).toBe(0);
    await store.write(place('shop'), from, content);
    expect(took()).toBe(1_050);
    await store.writeSet(place('shop'), 4, from, []);
    expect(took()).toBe(1_050);
    await store.writeSet(place('shop'), 6, from, []);
    expect(took()).toBe(2_100);
  });

  it('gives a read up that is throttled for ten seconds', async () => {
    const began = env.clock.now;
    await expect(answering(true).read(place('shop'))).rejects.toMatchObject({ code: 'FIREWALL_BUSY' });
    expect(env.clock.now - began).toBeGreaterThan(5_000);
    expect(env.clock.now - began).toBeLessThanOrEqual(10_000);
  });
});

/** WAF with so many groups, that throttles the calls of these numbers, from 0. */
function listing(groups: number, sent: string[], isThrottled: ReadonlySet<number>): WAFV2Client {
  const numberOf = (index: number) => String(index).padStart(3, '0');
  const send = async ({ input }: { input: { NextMarker?: string; Id?: string; Limit?: number } }) => {
    const { NextMarker, Id, Limit = 0 } = input;
    if (Id) return { RuleGroup: { Rules: [] }, LockToken: 'token' };
    const isRefused = isThrottled.has(sent.length);
    sent.push(`List ${NextMarker ?? ''}${isRefused ? ' throttled' : ''}`.trim());
    if (isRefused) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    const from = Number(NextMarker ?? 0);
    const RuleGroups = Array.from({ length: Math.min(Limit, groups - from) }, (_none, at) => {
      const number = numberOf(from + at);
      return { Name: `drawbridge-production_service-${number}`, Id: `id-${number}`, ARN: `arn:${number}` };
    });
    return { RuleGroups, ...(from + Limit < groups ? { NextMarker: String(from + Limit) } : {}) };
  };
  return { send } as unknown as WAFV2Client;
}
