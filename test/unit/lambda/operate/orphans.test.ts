import type { ServiceConfig } from '../../../../config/schema.ts';
import { answer } from '../../../../lambda/src/api/routes.ts';
import type { KnownEnvironment } from '../../../../lambda/src/model/known-environment.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { knowingOrphans } from '../../../../lambda/src/operate/orphans.ts';
import { createTestEnvironment, OPERATOR, requestOf, type TestEnvironment } from '../../../builders.ts';

/** A service that the config has lost while it was closed. */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const OWN_OPERATOR = 'shop.lead@example.com';
const ON_CALL = 'arn:aws:sts::111122223333:assumed-role/OnCall/ana';

let env: TestEnvironment;
let config: KnownEnvironment;
beforeEach(async () => {
  env = await createTestEnvironment({ service: { operators: [OWN_OPERATOR], title: 'Web shop' } });
  await operate(env.deps, requestOf());
  const shop = env.deps.config.services[0] as ServiceConfig;
  config = { ...env.deps.config, services: [{ ...shop, name: 'payments', title: 'Payments', operators: [] }] };
});
afterEach(() => env.close());

const without = () => knowingOrphans({ ...env.deps, config });
const rules = async (place = PLACE) => ((await env.ruleGroups.read(place)).value.Rules ?? []).length;
const ask = async (routeKey: string, body?: object) => {
  const deps = { ...env.deps, config, checkToken: async () => undefined };
  const requestContext = { authorizer: { iam: { userArn: ON_CALL } } };
  const answered = await answer(deps, { routeKey, body: body && JSON.stringify(body), requestContext } as never);
  return { status: answered.statusCode, body: JSON.parse(answered.body) };
};
function later(): string {
  env.clock.now += 60_000;
  return new Date(env.clock.now).toISOString();
}

it('is known as it was last set, and opened everywhere by whoever could then', async () => {
  const deps = await without();
  expect(deps.config.orphans).toEqual(['shop']);
  expect(await rules()).toBeGreaterThan(0);
  const request = requestOf({ action: 'exit', requestedBy: OWN_OPERATOR, requestedAt: later() });
  expect(await operate(deps, request)).toMatchObject({ state: 'accepted', title: 'Web shop', mode: 'normal' });
  expect([await rules(), await rules({ ...PLACE, scope: 'CLOUDFRONT', region: 'us-east-1' } as never)]).toEqual([0, 0]);
});

it('is opened by the environment’s operators, and by no stranger', async () => {
  const deps = await without();
  const stranger = requestOf({ action: 'exit', requestedBy: 'intern@example.com', requestedAt: later() });
  await expect(operate(deps, stranger)).rejects.toMatchObject({ problem: { code: 'NOT_OPERATOR' } });
  const request = requestOf({ action: 'exit', requestedBy: OPERATOR, requestedAt: later() });
  expect(await operate(deps, request)).toMatchObject({ mode: 'normal' });
});

it.each(['enter', 'enable-allowlist', 'disable-allowlist'] as const)(
  'is not set to anything else: %s is refused, and says what can be done',
  async (action) => {
    const request = requestOf({ action, requestedAt: later() });
    await expect(operate(await without(), request)).rejects.toMatchObject({
      problem: { code: 'ORPHANED', message: expect.stringContaining('Exit maintenance') },
    });
    expect((await env.store.state('shop')).mode).toBe('maintenance');
  },
);

it('is told with the services, and opened with break-glass', async () => {
  const { body } = await ask('GET /break-glass/services');
  expect(body.services).toMatchObject([
    { service: 'payments' },
    { service: 'shop', title: 'Web shop', orphaned: true, mode: 'maintenance', operators: [OPERATOR, OWN_OPERATOR] },
  ]);
  expect(body.services[0].orphaned).toBeUndefined();
  const asked = { operationId: 'op-bg-1', service: 'shop', action: 'exit', requestedAt: later(), reason: 'gone' };
  expect(await ask('POST /break-glass/operations', { ...asked, takeOver: true })).toMatchObject({
    status: 202,
    body: { state: 'accepted' },
  });
  expect(await rules()).toBe(0);
});

it('is no orphan while it is open, and an unknown service as ever', async () => {
  expect((await knowingOrphans(env.deps)).config).toBe(env.deps.config);
  const request = requestOf({ service: 'nobody', action: 'exit', requestedAt: later() });
  await expect(operate(await without(), request)).rejects.toMatchObject({ problem: { code: 'UNKNOWN_SERVICE' } });
});

it('a target that the config lost while the service was closed is opened with the others', async () => {
  const shop = env.deps.config.services[0] as ServiceConfig;
  const less = { ...shop, targets: shop.targets.filter(({ scope }) => scope === 'REGIONAL') };
  const deps = { ...env.deps, config: { ...env.deps.config, services: [less] } };
  await operate(deps, requestOf({ action: 'exit', requestedAt: later() }));
  const state = await env.store.state('shop');
  expect(state.targets).toMatchObject([
    { target: 'REGIONAL/eu-west-1', state: 'accepted' },
    { target: 'CLOUDFRONT/us-east-1', state: 'accepted' },
  ]);
});
