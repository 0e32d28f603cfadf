import type { ServiceConfig } from '../../../../config/schema.ts';
import { answer } from '../../../../lambda/src/api/routes.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import type { Observation } from '../../../../lambda/src/proof/evidence.ts';
import { verify } from '../../../../lambda/src/proof/verify.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { createTestEnvironment, requestOf, type TestEnvironment } from '../../../builders.ts';

/** What is seen of a closed service after it was proven. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const closed: Observation = { kind: 'answered', status: 503, maintenanceMode: 'r1' };
const open: Observation = { kind: 'answered', status: 200 };
const silent: Observation = { kind: 'unknown', why: 'ECONNRESET' };

let env: TestEnvironment;
let id: string;
beforeEach(async () => {
  env = await createTestEnvironment();
  const request = requestOf();
  id = request.operationId;
  await operate(env.deps, request);
  env.sees = () => closed;
  for (const _run of [1, 2]) {
    env.clock.now += 11_000;
    await verify(env.deps, env.deps.config.services[0] as ServiceConfig);
  }
});
afterEach(() => env.close());

const tick = async (sees: Observation) => {
  env.sees = () => sees;
  env.clock.now += 60_000;
  return (await reconcile(env.deps))[0]?.did;
};
const bypassed = async () => (await env.store.state('shop')).drift.filter(({ state }) => state === 'bypassed');
async function meddle() {
  const group = await env.ruleGroups.read(PLACE);
  const { VisibilityConfig } = group.value;
  await env.ruleGroups.write(PLACE, group, { Description: 'by hand', Rules: [], VisibilityConfig } as never);
}
const status = async () => {
  const deps = { ...env.deps, checkToken: async () => undefined, log: () => undefined };
  const { services } = JSON.parse((await answer(deps, { routeKey: 'GET /services' })).body);
  return services[0];
};

it('is told with the service, and does not unsay the operation’s proof', async () => {
  await tick(closed);
  expect((await status()).seen).toMatchObject({ agree: 30, disagree: 0, unknown: 0 });
  await tick(open);
  const { seen, proof } = await status();
  expect(seen).toEqual({ at: expect.any(String), agree: 0, disagree: 30, unknown: 0 });
  expect(Date.parse(seen.at)).toBeGreaterThan(Date.parse(proof.checkedAt));
  expect(proof).toMatchObject({ state: 'verified', agree: expect.any(Number) });
  expect(await env.store.operation(id)).toMatchObject({ state: 'verified' });
});

it('is no riddle on one tick; on two in a row the service is bypassed, until they agree again', async () => {
  expect(await tick(open)).toBe('nothing');
  expect(await bypassed()).toEqual([]);
  expect(await tick(open)).toBe('bypassed');
  expect((await bypassed()).map(({ target }) => target)).toEqual(['REGIONAL/eu-west-1', 'CLOUDFRONT/us-east-1']);
  expect(await tick(silent)).toBe('bypassed');
  expect(await tick(closed)).toBe('nothing');
  expect(await bypassed()).toEqual([]);
});

it.each([
  ['a good look lies between', closed],
  ['a look between them got no answer: unknown is neither', silent],
])('is not bypassed when %s', async (_what, between) => {
  for (const sees of [open, between, open]) await tick(sees);
  expect(await bypassed()).toEqual([]);
});

it('is not bypassed where the probes see an earlier revision: that is ours', async () => {
  for (const _tick of [1, 2]) await tick({ ...closed, maintenanceMode: 'r0' });
  expect(await bypassed()).toEqual([]);
  expect((await status()).seen).toMatchObject({ disagree: 30 });
});

it('is not bypassed while the rules are wrong: then they are put right first', async () => {
  await tick(open);
  await meddle();
  expect(await tick(open)).toBe('repaired');
  expect(await tick(open)).toBe('nothing');
  expect(await bypassed()).toEqual([]);
});

it('is bypassed while somebody else’s rules stand there, too: who gets in is in', async () => {
  await tick(closed);
  await meddle();
  expect(await tick(open)).toBe('repaired');
  await meddle();
  expect(await tick(open)).toBe('contested');
  expect(await tick(open)).toBe('nothing');
  expect(await tick(open)).toBe('bypassed');
  expect(env.notices.at(-1)?.message).toContain('are not known to be ours');
});

it('is over when the rules are repaired: what was seen before says nothing of now', async () => {
  for (const _tick of [1, 2]) await tick(open);
  expect(await bypassed()).not.toEqual([]);
  await meddle();
  expect(await tick(open)).toBe('repaired');
  expect((await bypassed()).map(({ target }) => target)).toEqual(['CLOUDFRONT/us-east-1']);
  expect(await tick(closed)).toBe('nothing');
  expect(await bypassed()).toEqual([]);
});

it('calls a person once when a service is bypassed, counts it each minute, and audits when it began', async () => {
  for (const _tick of [1, 2, 3]) await tick(open);
  expect(env.notices.map(({ subject }) => subject)).toEqual([
    '[production] Shop is open to the public, though it should be closed',
  ]);
  expect(env.counts.map(({ Bypassed, Drift }) => [Bypassed, Drift])).toEqual([
    [0, 0],
    [1, 0],
    [1, 0],
  ]);
  const entries = (await env.store.audit('shop', '', 10)).filter(({ kind }) => kind === 'bypass');
  expect(entries).toHaveLength(2);
});

it('names copies that a cache still serves, with their remedy, apart from a firewall that lets people in', async () => {
  for (const _tick of [1, 2]) {
    env.sees = (_url, way) => (way === 'as-visitor' ? open : closed);
    env.clock.now += 60_000;
    await reconcile(env.deps);
  }
  expect((await status()).seen).toMatchObject({ cached: 6, disagree: 6 });
  expect(env.notices.map(({ message }) => message).join()).toContain('invalidate the CDN’s cache');
  expect(env.notices.map(({ message }) => message).join()).not.toContain('taken out of a web ACL');
});

it('is forgotten when a person decides anew', async () => {
  for (const _tick of [1, 2]) await tick(open);
  await operate(env.deps, requestOf({ requestedAt: new Date(env.clock.now).toISOString() }));
  expect(await env.store.state('shop')).toMatchObject({ drift: [], proof: { state: 'proving' } });
  expect((await env.store.state('shop')).seen).toBeUndefined();
});

it('of an open service is nothing: nobody probes it once it is proven', async () => {
  await operate(env.deps, requestOf({ action: 'exit', requestedAt: new Date(env.clock.now).toISOString() }));
  for (const _tick of [1, 2]) await tick(open);
  expect(await env.store.state('shop')).toMatchObject({ mode: 'normal', proof: { state: 'verified' } });
  let probes = 0;
  env.sees = () => {
    probes += 1;
    return open;
  };
  await reconcile(env.deps);
  expect(probes).toBe(0);
});
