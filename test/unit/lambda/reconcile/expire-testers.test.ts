import { operate } from '../../../../lambda/src/operate/operate.ts';
import { expireTesters } from '../../../../lambda/src/reconcile/expire-testers.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import {
  createTestEnvironment,
  NOW,
  requestOf,
  type TestEnvironment,
  type TestEnvironmentOptions,
} from '../../../builders.ts';

/** Who is let in, as a person and until when. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const ANA = { range: '198.51.100.7/32', who: 'Ana', until: at(10) };
const BEN = { range: '198.51.100.8/32', who: 'Ben' };

let env: TestEnvironment;
afterEach(() => env?.close());
async function letIn(allowlist: Parameters<typeof requestOf>[0] & object, options?: TestEnvironmentOptions) {
  env = await createTestEnvironment(options);
  await operate(env.deps, requestOf());
  return operate(env.deps, requestOf({ action: 'enable-allowlist', ...allowlist }));
}
const set = async (version: 4 | 6 = 4) => (await env.ruleGroups.readSet(PLACE, version)).value;
const ruleNames = async () => ((await env.ruleGroups.read(PLACE)).value.Rules ?? []).map(({ Name }) => Name);
const audit = async (kind: string) => (await env.store.audit('shop', '', 100)).filter((entry) => entry.kind === kind);
const tick = async (minutes = 1) => {
  env.clock.now += minutes * 60_000;
  return (await reconcile(env.deps))[0]?.did;
};
const again = (allowlist: Parameters<typeof requestOf>[0] & object) =>
  operate(
    env.deps,
    requestOf({ action: 'enable-allowlist', requestedAt: new Date(env.clock.now).toISOString(), ...allowlist }),
  );

it('a tester with a name and an end is let in, and the audit tells who and until when', async () => {
  const { operationId } = await letIn({ allowlist: [ANA, '198.51.100.9/32'] });
  expect(await set()).toEqual(['192.0.2.0/28', ANA.range, '198.51.100.9/32']);
  expect((await audit('operation')).find((entry) => entry.operationId === operationId)?.allowlist).toEqual([
    ANA,
    '198.51.100.9/32',
  ]);
});

it('whose time has ended is let in no more within a tick, without a new revision and without a word of drift', async () => {
  await letIn({ allowlist: [ANA, BEN] });
  await tick(9);
  expect(await set()).toContain(ANA.range);
  await tick();
  expect(await set()).toEqual(['192.0.2.0/28', BEN.range]);
  const state = await env.store.state('shop');
  expect(state).toMatchObject({ revision: 2, allowlist: [BEN], drift: [] });
  expect(await audit('expiry')).toMatchObject([{ allowlist: [ANA], message: expect.stringContaining('Ana') }]);
  expect(await audit('repair')).toEqual([]);
  expect(env.notices.filter(({ subject }) => subject.includes('changed'))).toEqual([]);
});

it('an end is audited once, and a tick after it changes nothing more', async () => {
  await letIn({ allowlist: [ANA, BEN] });
  await tick(10);
  env.wafCalls();
  await tick();
  expect(env.wafCalls().filter((operation) => operation.startsWith('Update'))).toEqual([]);
  expect(await audit('expiry')).toHaveLength(1);
});

it.each([
  ['repaired', [BEN]],
  ['contested', [ANA, BEN]],
] as const)('an end is audited of rules that were %s, unless they are somebody else’s', async (known, left) => {
  await letIn({ allowlist: [ANA, BEN] });
  const state = await env.store.state('shop');
  const drift = [{ target: 'REGIONAL/eu-west-1', state: known, at: at(0), revision: 2 }];
  env.clock.now += 10 * 60_000;
  const [service] = env.deps.config.services;
  if (!service) throw new Error('no service');
  expect((await expireTesters(env.deps, service, { ...state, drift })).allowlist).toEqual(left);
});

it('when nobody is left, the rules stay closed and the sets are empty', async () => {
  await letIn({ allowlist: [ANA] }, { service: { allowlist: [] } });
  expect(await ruleNames()).toContain('allowlisted');
  await tick(10);
  expect(await ruleNames()).toEqual(['api-clients', 'api', 'everything-else']);
  expect(await set()).toEqual([]);
});

it('an end in the past is refused with its field, and lets nobody in', async () => {
  const ended = letIn({ allowlist: [{ ...ANA, until: at(0) }, BEN] });
  await expect(ended).rejects.toMatchObject({
    problem: { code: 'INVALID_FIELD', field: 'allowlist[0].until', message: expect.stringContaining(ANA.range) },
  });
  expect(await env.store.state('shop')).toMatchObject({ mode: 'maintenance', revision: 1 });
});

it('the same testers again are already so; another end, or one whose time has ended since, is compared as it is now', async () => {
  await letIn({ allowlist: [ANA, BEN] });
  expect(await again({ allowlist: [BEN, ANA] })).toMatchObject({ changed: false, revision: 2 });
  env.clock.now += 10 * 60_000;
  expect(await again({ allowlist: [BEN] })).toMatchObject({ changed: false, revision: 2 });
  const longer = { ...BEN, until: at(60) };
  expect(await again({ allowlist: [longer] })).toMatchObject({ changed: true, revision: 3 });
});

it('the permanent ranges of the config are let in whatever the operation says', async () => {
  await letIn({ allowlist: [{ range: '192.0.2.0/28', until: at(10) }] });
  await tick(10);
  expect(await set()).toEqual(['192.0.2.0/28']);
  expect(await ruleNames()).toContain('allowlisted');
});

it('a list of plain ranges is stored and fingerprinted as it always was', async () => {
  const { operationId } = await letIn({ allowlist: ['198.51.100.9/32'] });
  const stored = await env.store.operation(operationId);
  expect(stored?.fingerprint).toContain('"allowlist":["198.51.100.9/32"]');
  expect((await env.store.state('shop')).allowlist).toEqual(['198.51.100.9/32']);
});
