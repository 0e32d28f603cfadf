import { DeleteRuleGroupCommand, GetRuleGroupCommand, ListRuleGroupsCommand } from '@aws-sdk/client-wafv2';
import type { ServiceConfig, TargetConfig } from '../../../../config/schema.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import type { Observation } from '../../../../lambda/src/proof/evidence.ts';
import { withReadings } from '../../../../lambda/src/reconcile/readability.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { type RuleGroupCode, RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import type { Inspection } from '../../../../lambda/src/waf/inspect.ts';
import { createTestEnvironment, requestOf, type TestEnvironment } from '../../../builders.ts';

/** Not knowing is never treated as well. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const closed: Observation = { kind: 'answered', status: 503, maintenanceMode: 'r1' };
const open: Observation = { kind: 'answered', status: 200 };

let env: TestEnvironment;
let logged: unknown[];
beforeEach(async () => {
  env = await createTestEnvironment({ service: { targets: [regional()] } });
  logged = [];
});
afterEach(() => env.close());

function regional(verification: TargetConfig['verification'] = { urls: ['https://shop.example.com/'] }) {
  return { scope: 'REGIONAL' as const, region: 'eu-west-1', verification };
}

/** WAF answers so to reads of the group, from now on. */
const answering = (code: RuleGroupCode, retryable: boolean) => ({
  ...env.deps,
  ruleGroups: {
    ...env.ruleGroups,
    read: () => Promise.reject(new RuleGroupError(code, retryable, `drawbridge-shop: ${code}`)),
  },
});
const DENIED = ['FIREWALL_FORBIDDEN', false] as const;
const THROTTLED = ['FIREWALL_BUSY', true] as const;
const BROKEN = ['FIREWALL_UNREACHABLE', true] as const;

async function tick(deps = env.deps) {
  env.clock.now += 60_000;
  const [done] = await reconcile(deps);
  logged.push(done);
  return done;
}
async function closedAndProven() {
  await operate(env.deps, requestOf());
  env.sees = () => closed;
  for (const _tick of [1, 2]) await tick();
  expect((await env.store.state('shop')).proof.state).toBe('verified');
  expect(logged).toContainEqual({ service: 'shop', did: 'proved', said: 'verified' });
}
const drift = async () => (await env.store.state('shop')).drift.map(({ state, code }) => [state, code]);
const subjects = () => env.notices.map(({ subject }) => subject.replace('[production] ', ''));
const lastCounts = () => env.counts.at(-1) ?? {};

const UNREADABLE = 'The firewall rules of Shop cannot be read: it may no longer be closed';
const GONE = 'The rule group of Shop is gone: nothing closes it, though it should be closed';
const BYPASSED = 'Shop is open to the public, though it should be closed';

it('three ticks in which a closed service is open and its group unreadable are logged, counted and told', async () => {
  await closedAndProven();
  env.sees = () => open;
  for (const _tick of [1, 2, 3]) await tick(answering(...DENIED));
  expect(logged.slice(-3)).toEqual([
    { service: 'shop', did: 'unread', said: 'REGIONAL/eu-west-1 FIREWALL_FORBIDDEN' },
    { service: 'shop', did: 'bypassed', said: 'REGIONAL/eu-west-1 FIREWALL_FORBIDDEN' },
    { service: 'shop', did: 'bypassed', said: 'REGIONAL/eu-west-1 FIREWALL_FORBIDDEN' },
  ]);
  expect(subjects()).toEqual([UNREADABLE, BYPASSED]);
  expect(env.counts.slice(-3).map(({ Unreadable, Bypassed }) => [Unreadable, Bypassed])).toEqual([
    [1, 0],
    [1, 1],
    [1, 1],
  ]);
  expect(env.notices.at(-1)?.message).toContain('are not known to be ours');
});

it.each([
  ['denied', DENIED, 1],
  ['throttled on and on', THROTTLED, 2],
  ['answered with errors', BROKEN, 2],
] as const)('is told of a group whose reads are %s, with the code', async (_what, [code, retryable], inTicks) => {
  await closedAndProven();
  const deps = answering(code, retryable);
  for (let ticks = 1; ticks < inTicks; ticks += 1) {
    expect(await tick(deps)).toMatchObject({ did: 'unread' });
    expect(subjects()).toEqual([]);
  }
  await tick(deps);
  expect(subjects()).toEqual([UNREADABLE]);
  expect(env.notices[0]?.message).toMatch(
    new RegExp(`^Nobody knows whether Shop is closed to everyone.*REGIONAL/eu-west-1 \\(${code}\\)`, 's'),
  );
  expect(env.notices[0]?.message).toMatch(/From outside (\d+) of \1 probes saw it so/);
  expect(await drift()).toEqual([['unreadable', code]]);
  expect(lastCounts()).toMatchObject({ Unreadable: 1, Gone: 0 });
  const entries = (await env.store.audit('shop', '', 20)).filter(({ kind }) => kind === 'unreadable');
  expect(entries).toMatchObject([
    {
      by: 'reconciler',
      message: expect.stringContaining(`cannot be read (${code})`),
      mode: 'maintenance',
      revision: 1,
    },
  ]);
});

it('a firewall that was busy for one tick calls nobody', async () => {
  await closedAndProven();
  await tick(answering(...THROTTLED));
  await tick();
  await tick(answering(...THROTTLED));
  await tick();
  expect(subjects()).toEqual([]);
  expect(await drift()).toEqual([]);
});

it('is over when it can be read again, and told anew when it begins anew', async () => {
  await closedAndProven();
  await tick(answering(...DENIED));
  await tick();
  expect(await drift()).toEqual([]);
  expect(lastCounts()).toMatchObject({ Unreadable: 0 });
  await tick(answering(...DENIED));
  expect(subjects()).toEqual([UNREADABLE, UNREADABLE]);
});

it('a group that somebody deleted is gone: told at once, and filled when it is there again', async () => {
  await closedAndProven();
  await deleteGroup();
  env.sees = () => open;
  await tick();
  expect(subjects()).toEqual([GONE]);
  expect(lastCounts()).toMatchObject({ Gone: 1, Unreadable: 0 });
  await tick();
  expect(subjects()).toEqual([GONE, BYPASSED]);
  await env.createRuleGroup('REGIONAL', 'eu-west-1');
  expect(await tick()).toMatchObject({ did: 'repaired' });
  expect((await env.ruleGroups.read(PLACE)).value.Rules?.length).toBeGreaterThan(0);
  env.sees = () => closed;
  await tick();
  expect(await drift()).toEqual([['repaired', undefined]]);
  expect(lastCounts()).toMatchObject({ Gone: 0, Bypassed: 0 });
});

it('a closing that meets no group is told at once as that', async () => {
  await deleteGroup();
  await operate(env.deps, requestOf());
  await tick();
  expect(subjects()).toEqual([GONE]);
});

it('is told where nobody probes, too: there it is all that is known', async () => {
  const [service] = env.deps.config.services;
  const services = [{ ...(service as ServiceConfig), targets: [{ ...service?.targets[0], verification: 'none' }] }];
  env = { ...env, deps: { ...env.deps, config: { ...env.deps.config, services: services as ServiceConfig[] } } };
  await operate(env.deps, requestOf());
  await tick();
  expect(subjects()).toEqual([]);
  await tick(answering(...DENIED));
  expect(subjects()).toEqual([UNREADABLE]);
  expect(env.notices[0]?.message).toContain('verification: none');
  await deleteGroup();
  await tick();
  expect(subjects()).toEqual([UNREADABLE, GONE]);
});

it('of an open service is told as what it is: it cannot be closed', async () => {
  env.sees = () => open;
  await operate(env.deps, requestOf({ action: 'exit' }));
  for (let minutes = 0; minutes < 12; minutes += 1) await tick();
  await deleteGroup();
  for (let minutes = 0; minutes < 11; minutes += 1) await tick();
  expect(subjects()).toEqual(['The rule group of Shop is gone: nothing closes it']);
  expect(env.notices[0]?.message).toMatch(/^Shop should be open to everyone\..*it cannot be closed/s);
});

it('what was repaired once is still known when it can be read again: nobody is fought for ever', async () => {
  await closedAndProven();
  await meddle();
  expect(await tick()).toMatchObject({ did: 'repaired' });
  await tick(answering(...DENIED));
  await meddle();
  expect(await tick()).toMatchObject({ did: 'contested' });
});

type Known = 'readable' | 'missed' | 'unreadable' | 'gone';
describe('row by row', () => {
  const target = regional() as TargetConfig;
  const name = 'REGIONAL/eu-west-1';
  const at = '2026-11-22T02:10:00.000Z';
  it.each<[Known, Inspection['found'], Known]>([
    ['readable', 'in-sync', 'readable'],
    ['readable', 'stale', 'readable'],
    ['readable', 'modified', 'readable'],
    ['readable', 'changing', 'readable'],
    ['readable', 'no-answer', 'missed'],
    ['readable', 'denied', 'unreadable'],
    ['readable', 'missing', 'gone'],
    ['missed', 'in-sync', 'readable'],
    ['missed', 'stale', 'readable'],
    ['missed', 'modified', 'readable'],
    ['missed', 'changing', 'readable'],
    ['missed', 'no-answer', 'unreadable'],
    ['missed', 'denied', 'unreadable'],
    ['missed', 'missing', 'gone'],
    ['unreadable', 'in-sync', 'readable'],
    ['unreadable', 'stale', 'readable'],
    ['unreadable', 'modified', 'readable'],
    ['unreadable', 'changing', 'readable'],
    ['unreadable', 'no-answer', 'unreadable'],
    ['unreadable', 'denied', 'unreadable'],
    ['unreadable', 'missing', 'gone'],
    ['gone', 'in-sync', 'readable'],
    ['gone', 'stale', 'readable'],
    ['gone', 'modified', 'readable'],
    ['gone', 'changing', 'readable'],
    ['gone', 'no-answer', 'gone'],
    ['gone', 'denied', 'gone'],
    ['gone', 'missing', 'gone'],
  ])('a target that is known as %s and found %s is %s', async (known, found, then) => {
    const state = await env.store.state('shop');
    const others = [{ target: name, state: 'repaired' as const, at, revision: 1 }];
    const before = {
      ...state,
      missed: known === 'missed' ? [name] : [],
      drift:
        known === 'unreadable' || known === 'gone'
          ? [...others, { target: name, state: known, at, revision: 1 }]
          : others,
    };
    const after = withReadings(before, [{ target, found }], at);
    expect(after.missed).toEqual(then === 'missed' ? [name] : []);
    const isDrift = then === 'unreadable' || then === 'gone';
    expect(after.drift.map(({ state: one }) => one)).toEqual(['repaired', ...(isDrift ? [then] : [])]);
  });

  it('what waits for its turn was not asked: nothing is known of it but what was', async () => {
    const state = { ...(await env.store.state('shop')), missed: [name] };
    const waits = { target, found: 'no-answer', code: 'WAITS_FOR_TURN' } as const;
    expect(withReadings(state, [waits], at)).toEqual(state);
  });
});

async function meddle() {
  const group = await env.ruleGroups.read(PLACE);
  const { VisibilityConfig } = group.value;
  await env.ruleGroups.write(PLACE, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
}

async function deleteGroup() {
  const client = env.otherClient('eu-west-1');
  const { RuleGroups = [] } = await client.send(new ListRuleGroupsCommand({ Scope: 'REGIONAL' }));
  const which = { Name: 'drawbridge-production_shop', Scope: 'REGIONAL' as const, Id: RuleGroups[0]?.Id };
  const { LockToken } = await client.send(new GetRuleGroupCommand(which));
  await client.send(new DeleteRuleGroupCommand({ ...which, LockToken }));
  client.destroy();
}
