import { operate } from '../../../../lambda/src/operate/operate.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { auditWrites } from '../../../../lambda/src/store/audit.ts';
import type { Place } from '../../../../lambda/src/waf/place.ts';
import { createRuleGroupStore } from '../../../../lambda/src/waf/rule-groups.ts';
import { createTestEnvironment, diesAt, requestOf, type TestEnvironment } from '../../../builders.ts';
import { dieOnceAt } from '../../../memory-table.ts';

/** The same request may come twice, at once, or after an execution that died in the middle (docs/architecture.md). */

let env: TestEnvironment;
beforeEach(async () => {
  env = await createTestEnvironment();
});
afterEach(() => env.close());

const audit = () => env.store.audit('shop', '', 100);
const run = (request: ReturnType<typeof requestOf>, store = env.store) => operate({ ...env.deps, store }, request);
const problemOf = (running: Promise<unknown>) =>
  running.then(
    () => undefined,
    (error) => error.problem,
  );

const COMMIT = /^commit state, proof, operation, audit/;

it.each([
  ['before', 'read of the operation', /^getAll OPERATION/],
  ['before', 'read of the state', /^query SERVICE#shop/],
  ['before', 'commit', COMMIT],
  ['after', 'commit', COMMIT],
  ['before', 'note of what WAF took', /^commit proof/],
  ['after', 'note of what WAF took', /^commit proof/],
] as const)(
  'an operation whose execution died %s its first %s is brought to its end by a resend, once',
  async (when, _what, call) => {
    const request = requestOf();
    dieOnceAt(env.table, call, when);
    await expect(run(request)).rejects.toThrow('died');
    expect(await run(request)).toMatchObject({ state: 'accepted', revision: 1 });
    expect(await audit()).toMatchObject([{ operationId: request.operationId, state: 'accepted' }]);
  },
);

it('a commit without a resend is brought to its end, and into the audit, by the reconciler', async () => {
  const request = requestOf();
  dieOnceAt(env.table, COMMIT, 'after');
  await expect(run(request)).rejects.toThrow('died');
  expect(await audit()).toMatchObject([{ operationId: request.operationId, state: 'pending' }]);
  await reconcile(env.deps);
  expect(await audit()).toMatchObject([{ operationId: request.operationId, state: 'accepted' }]);
});

it.each(['before', 'after'] as const)(
  'a refusal whose execution died %s its commit is stored with its audit by the resend, once',
  async (when) => {
    const request = requestOf({ requestedBy: 'intern@example.com' });
    dieOnceAt(env.table, /^commit operation, audit/, when);
    await expect(run(request)).rejects.toThrow('died');
    expect(await audit()).toHaveLength(when === 'before' ? 0 : 1);
    expect(await problemOf(run(request))).toMatchObject({ code: 'NOT_OPERATOR' });
    expect(await problemOf(run(request))).toMatchObject({ code: 'NOT_OPERATOR' });
    expect(await audit()).toMatchObject([{ operationId: request.operationId, state: 'refused' }]);
  },
);

it('a resend that arrives when another step has just overtaken the first is told so, and runs nothing', async () => {
  const first = requestOf();
  dieOnceAt(env.table, COMMIT, 'after');
  await expect(run(first)).rejects.toThrow('died');
  const second = requestOf({ action: 'exit' });
  dieOnceAt(env.table, COMMIT, 'after');
  await expect(run(second)).rejects.toThrow('died');
  expect(await run(first)).toMatchObject({ state: 'superseded', supersededBy: { operationId: second.operationId } });
  expect(await env.store.state('shop')).toMatchObject({ mode: 'normal', revision: 2 });
  await reconcile(env.deps);
  const states = new Map((await audit()).map(({ operationId, state }) => [operationId, state]));
  expect(Object.fromEntries(states)).toEqual({
    [first.operationId]: 'superseded',
    [second.operationId]: 'accepted',
  });
});

it('two copies beside each other run once, and both are told what it came to', async () => {
  const request = requestOf();
  const told = await Promise.all([run(request), run(request)]);
  for (const one of told) expect(one).toMatchObject({ operationId: request.operationId, state: 'accepted' });
  expect(await env.store.state('shop')).toMatchObject({ revision: 1 });
  expect(await audit()).toMatchObject([{ operationId: request.operationId, state: 'accepted' }]);
});

it('two copies that are refused beside each other are audited once', async () => {
  const request = requestOf({ requestedBy: 'intern@example.com' });
  const told = await Promise.all([problemOf(run(request)), problemOf(run(request))]);
  expect(told).toMatchObject([{ code: 'NOT_OPERATOR' }, { code: 'NOT_OPERATOR' }]);
  expect(await audit()).toHaveLength(1);
});

it('a copy that would be refused does not unsay what the other copy has committed meanwhile', async () => {
  const request = requestOf();
  await expect(run(request, diesAt(env.store, 'state'))).rejects.toThrow('died');
  // What this copy goes by was read when testers were in; by the time it refuses, the other copy has run.
  const stale = { ...(await env.store.state('shop')), mode: 'maintenance-allowlist' as const };
  let reads = 0;
  const late = {
    ...env.store,
    async state(service: string) {
      reads += 1;
      if (reads === 1) await run(request);
      return reads <= 2 ? stale : env.store.state(service);
    },
  };
  expect(await run(request, late)).toMatchObject({ operationId: request.operationId, state: 'accepted' });
  expect(await audit()).toMatchObject([{ operationId: request.operationId, state: 'accepted' }]);
});

it.each([
  ['before it has read anything', /^query SERVICE#shop/],
  ['after it has read everything', COMMIT],
] as const)('a copy that stood still %s, while the other was refused, runs nothing', async (_when, call) => {
  const theirs = requestOf({ source: { kind: 'sheet', spreadsheetId: 'sheet-2', step: '2' } });
  const isLate = call === COMMIT;
  if (!isLate) await operate(env.deps, theirs);
  const request = requestOf();
  const answers: unknown[] = [];
  env.table.meanwhile = async (what, side) => {
    if (side !== 'before' || !call.test(what)) return;
    env.table.meanwhile = undefined;
    // What it read was from before the other sheet held the service; or else it reads when that has let go of it.
    if (isLate) await operate(env.deps, theirs);
    answers.push(await problemOf(run(request)));
    if (!isLate) await operate(env.deps, { ...theirs, operationId: 'op-theirs-exit', action: 'exit' });
  };
  answers.push(await problemOf(run(request)));
  expect(answers).toMatchObject([{ code: 'HELD_BY_OTHER' }, { code: 'HELD_BY_OTHER' }]);
  const own = (await audit()).filter(({ operationId }) => operationId === request.operationId);
  expect(own.map(({ state }) => state)).toEqual(['refused']);
  expect(await env.store.state('shop')).toMatchObject({ mode: isLate ? 'maintenance' : 'normal' });
});

it('operations that found it already so end with the one that is overtaken, in the audit too', async () => {
  const [first, same] = [requestOf(), requestOf()];
  await operate(env.deps, first);
  await operate(env.deps, same);
  await operate(env.deps, requestOf({ action: 'exit' }));
  for (const { operationId } of [first, same]) {
    expect(await env.store.operation(operationId)).toMatchObject({
      state: 'superseded',
      supersededBy: { step: '2' },
    });
  }
  expect((await audit()).map(({ state }) => state).sort()).toEqual(['accepted', 'superseded', 'superseded']);
});

it('a tester whose address is added while another allowlist is being written is let in', async () => {
  await operate(env.deps, requestOf());
  let meddled = false;
  const another = { ...env.deps, ruleGroups: createRuleGroupStore(env.deps, env.otherClient) };
  const ruleGroups = {
    ...env.ruleGroups,
    async read(place: Place) {
      if (!meddled && place.region === 'eu-west-1') {
        meddled = true;
        await operate(another, requestOf({ action: 'enable-allowlist', allowlist: ['2001:db8::7/128'] }));
      }
      return env.ruleGroups.read(place);
    },
  };
  await operate({ ...env.deps, ruleGroups }, requestOf({ action: 'enable-allowlist' }));
  const { value } = await env.ruleGroups.read({
    environment: 'production',
    service: 'shop',
    scope: 'REGIONAL',
    region: 'eu-west-1',
  });
  expect(value.Description).toContain('r3 ');
  expect(JSON.stringify(value.Rules)).toContain('drawbridge-production_shop-ipv6');
});

it('the same planned end, written in another way, is already so', async () => {
  await operate(env.deps, requestOf({ plannedEnd: '2026-11-22T03:00:00Z' }));
  expect(await operate(env.deps, requestOf({ plannedEnd: '2026-11-22T03:00:00.000Z' }))).toMatchObject({
    changed: false,
    revision: 1,
  });
});

it('Enter again after somebody emptied the rules closes the site, though the mode is already so', async () => {
  await operate(env.deps, requestOf());
  const place: Place = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' };
  const group = await env.ruleGroups.read(place);
  const { VisibilityConfig } = group.value;
  await env.ruleGroups.write(place, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
  expect(await operate(env.deps, requestOf())).toMatchObject({ changed: false, state: 'accepted' });
  expect((await env.ruleGroups.read(place)).value.Rules?.length).toBeGreaterThan(0);
});

it('the audit since a time misses none of a hundred and more refusals of one revision', async () => {
  const { store } = env;
  const entry = (id: string, at: string) => ({
    service: 'shop',
    revision: 1,
    operationId: id,
    kind: 'operation' as const,
    by: 'intern@example.com',
    at,
    message: 'refused',
  });
  const many = Array.from({ length: 230 }, (_none, index) => `z-old-${String(index).padStart(4, '0')}`);
  const put = (id: string, at: string) => env.table.commit(auditWrites(entry(id, at)));
  await Promise.all(many.map((id) => put(id, '2026-11-22T01:00:00Z')));
  await put('a-new', '2026-11-22T02:00:00Z');
  expect((await store.audit('shop', '2026-11-22T01:30:00Z', 1_000)).map(({ operationId }) => operationId)).toEqual([
    'a-new',
  ]);
});
