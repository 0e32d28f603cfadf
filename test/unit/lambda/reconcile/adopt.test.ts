import { formatDirectStamp } from '../../../../contract/stamp.ts';
import { convergeService } from '../../../../lambda/src/operate/converge-service.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import type { Observation } from '../../../../lambda/src/proof/evidence.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import type { Place } from '../../../../lambda/src/waf/place.ts';
import { directContent } from '../../../../ops/direct-write.ts';
import {
  createTestEnvironment,
  NOW,
  PAGES,
  requestOf,
  type TestEnvironment,
  type TestEnvironmentOptions,
} from '../../../builders.ts';
import { dieOnceAt } from '../../../memory-table.ts';
import { createWorld } from '../rundown/terminal.ts';

/** A write past the API, by on-call people whom nothing else lets act. */

const REGIONAL = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const CLOUDFRONT = { environment: 'production', service: 'shop', scope: 'CLOUDFRONT', region: 'us-east-1' } as const;
const ALEX = 'arn:aws:sts::111122223333:assumed-role/OnCall/alex';
const BO = 'arn:aws:sts::111122223333:assumed-role/OnCall/bo';
const open: Observation = { kind: 'answered', status: 200 };

let env: TestEnvironment;
const start = async (options?: TestEnvironmentOptions) => {
  env = await createTestEnvironment(options);
};
afterEach(() => env?.close());

async function writeDirectly(
  place: Place,
  action: 'enter' | 'exit',
  atMs = env.clock.now,
  actor = ALEX,
  plannedEnd?: string,
) {
  const [service] = env.deps.config.services;
  const target = service?.targets.find(({ scope }) => scope === place.scope);
  if (!service || !target) throw new Error('the test names no target');
  const wish = { service, action, pages: PAGES, retryAfterSeconds: 600, actor, at: atMs, plannedEnd };
  await env.ruleGroups.write(place, await env.ruleGroups.read(place), directContent(wish, target));
}
const tick = async (deps = env.deps) => {
  env.clock.now += 60_000;
  return (await reconcile(deps))[0]?.did;
};
const group = async (place: Place = REGIONAL) => (await env.ruleGroups.read(place)).value;
const state = () => env.store.state('shop');

it('becomes the desired state of every target, by whoever wrote it, with a new revision', async () => {
  await start();
  await operate(env.deps, requestOf());
  env.clock.now += 30_000;
  const writtenAt = new Date(env.clock.now).toISOString();
  await writeDirectly(REGIONAL, 'exit');
  expect(await tick()).toBe('adopted');
  expect(await state()).toMatchObject({
    mode: 'normal',
    revision: 2,
    by: ALEX,
    since: writtenAt,
    drift: [],
    operation: { request: { source: { kind: 'break-glass' }, requestedBy: ALEX } },
  });
  for (const place of [REGIONAL, CLOUDFRONT]) {
    expect((await group(place)).Description).toContain('r2 normal');
    expect((await group(place)).Rules ?? []).toEqual([]);
  }
});

it('keeps the planned end that it was given', async () => {
  await start();
  await operate(env.deps, requestOf());
  const { since } = await state();
  env.clock.now += 30_000;
  const plannedEnd = new Date(NOW + 7_200_000).toISOString();
  await writeDirectly(REGIONAL, 'enter', env.clock.now, ALEX, plannedEnd);
  expect(await tick()).toBe('adopted');
  // It was closed before.
  expect(await state()).toMatchObject({ mode: 'maintenance', plannedEnd, since });
  expect(JSON.stringify((await group(CLOUDFRONT)).Rules)).toContain(new Date(plannedEnd).toUTCString());
});

it('by a clock far ahead does not keep later ones from being adopted', async () => {
  await start();
  await operate(env.deps, requestOf());
  const nextYear = NOW + 365 * 24 * 3_600_000;
  await writeDirectly(REGIONAL, 'exit', nextYear);
  expect(await tick()).toBe('adopted');
  expect(await tick()).not.toBe('adopted');
  await operate(env.deps, requestOf({ requestedAt: new Date(env.clock.now).toISOString() }));
  env.clock.now += 30_000;
  await writeDirectly(CLOUDFRONT, 'exit', env.clock.now, BO);
  expect(await tick()).toBe('adopted');
  expect(await state()).toMatchObject({ mode: 'normal', by: BO, drift: [] });
});

it('is audited, told with who held the service, and proven like an operation', async () => {
  await start();
  const first = requestOf();
  await operate(env.deps, first);
  await writeDirectly(REGIONAL, 'exit', env.clock.now + 1_000);
  env.sees = () => open;
  for (const _tick of [1, 2, 3]) await tick();
  const operationId = (await state()).operation?.request.operationId ?? '';
  expect(await env.store.operation(operationId)).toMatchObject({ state: 'verified', revision: 2 });
  expect(await env.store.operation(first.operationId)).toMatchObject({
    state: 'superseded',
    supersededBy: { by: ALEX },
  });
  const [entry] = (await env.store.audit('shop', '', 10)).filter((one) => one.operationId === operationId);
  expect(entry).toMatchObject({ kind: 'operation', by: ALEX, source: { kind: 'break-glass' }, state: 'verified' });
  expect(env.notices).toHaveLength(1);
  expect(env.notices[0]?.message).toContain('release.manager@example.com (step 2)');
});

it('closes a service that was never operated before, and our own page takes the place of theirs', async () => {
  await start();
  await writeDirectly(CLOUDFRONT, 'enter');
  for (let minutes = 0; minutes < 10 && (await state()).revision === 0; minutes += 1) await tick();
  expect(await state()).toMatchObject({ mode: 'maintenance', revision: 1, holder: { by: ALEX } });
  expect((await group(REGIONAL)).Rules?.length).toBeGreaterThan(0);
  expect(JSON.stringify((await group(CLOUDFRONT)).Rules)).toContain('"r1"');
});

it('is not adopted when an operation came after it; that one was the newer decision', async () => {
  await start();
  await writeDirectly(REGIONAL, 'exit', NOW - 60_000);
  await operate(env.deps, requestOf());
  expect((await group()).Description).toContain('r1 maintenance');
  await tick();
  expect(await state()).toMatchObject({ mode: 'maintenance', revision: 1 });
});

it('counts by the newest stamp when the targets carry different ones', async () => {
  await start();
  await operate(env.deps, requestOf());
  env.clock.now += 30_000;
  await writeDirectly(REGIONAL, 'enter', env.clock.now + 2_000, ALEX);
  await writeDirectly(CLOUDFRONT, 'exit', env.clock.now + 3_000, BO);
  await tick();
  expect(await state()).toMatchObject({ mode: 'normal', revision: 2, operation: { request: { requestedBy: BO } } });
});

it('of the mode that it was in already gets a revision of its own: what is there is not of our making', async () => {
  await start();
  await operate(env.deps, requestOf());
  env.clock.now += 30_000;
  await writeDirectly(REGIONAL, 'enter');
  await tick();
  expect(await state()).toMatchObject({ mode: 'maintenance', revision: 2, holder: { step: '2' } });
});

it('that reaches a second target after it was adopted is nobody else’s change', async () => {
  await start();
  await operate(env.deps, requestOf());
  env.clock.now += 30_000;
  const at = env.clock.now;
  await writeDirectly(REGIONAL, 'enter', at);
  await tick();
  await writeDirectly(CLOUDFRONT, 'enter', at);
  await tick();
  expect(await state()).toMatchObject({ revision: 2, drift: [] });
  expect((await group(CLOUDFRONT)).Description).toContain('r2 maintenance');
});

it('is adopted once, even if the clock that stamped it is far ahead of ours, and a later operation counts', async () => {
  await start();
  await operate(env.deps, requestOf());
  await writeDirectly(REGIONAL, 'exit', env.clock.now + 3_600_000);
  const write = () => Promise.reject(new RuleGroupError('FIREWALL_FORBIDDEN', false, 'not now'));
  const deaf = { ...env.deps, ruleGroups: { ...env.ruleGroups, write } };
  expect(await tick(deaf)).toBe('adopted');
  expect(await tick(deaf)).toBe('converged');
  expect(await state()).toMatchObject({ mode: 'normal', revision: 2 });
  await operate(env.deps, requestOf({ requestedAt: new Date(env.clock.now).toISOString() }));
  expect((await group()).Description).toContain('r3 maintenance');
});

it('is not written over by what was still being driven on: neither by the reconciler nor by anybody else', async () => {
  await start();
  const busy = { ...env.ruleGroups, write: env.ruleGroups.write };
  const operation = await operate(
    {
      ...env.deps,
      ruleGroups: {
        ...busy,
        read: (place) => env.ruleGroups.read(place.scope === 'REGIONAL' ? place : { ...place, service: 'nobody' }),
      },
    },
    requestOf(),
  );
  expect(operation.state).toBe('pending');
  env.clock.now += 30_000;
  await writeDirectly(CLOUDFRONT, 'exit');
  const [shop] = env.deps.config.services;
  if (shop) await convergeService(env.deps, shop);
  expect((await group(CLOUDFRONT)).Description).toContain('drawbridge direct normal');
  expect((await state()).targets).toContainEqual(expect.objectContaining({ code: 'WRITTEN_DIRECTLY' }));
  expect(await tick()).toBe('adopted');
  expect(await state()).toMatchObject({ mode: 'normal', revision: 2 });
});

it('of an unknown form is nobody’s decision, and is repaired', async () => {
  await start();
  await operate(env.deps, requestOf());
  const there = await env.ruleGroups.read(REGIONAL);
  const Description = formatDirectStamp({ mode: 'normal', at: '2026-11-22T03:00:00Z', actor: ALEX }).replace(
    ' by ',
    ' ',
  );
  const { VisibilityConfig } = there.value;
  await env.ruleGroups.write(REGIONAL, there, { Description, Rules: [], VisibilityConfig } as never);
  expect(await tick()).toBe('repaired');
});

it.each(['before', 'after'] as const)('is brought to its end when the tick dies %s its commit', async (when) => {
  await start();
  await operate(env.deps, requestOf());
  env.clock.now += 30_000;
  await writeDirectly(REGIONAL, 'exit');
  dieOnceAt(env.table, /^commit state/, when);
  expect(await tick()).toBe('failed');
  await tick();
  const { operation } = await state();
  expect(operation?.request).toMatchObject({ requestedBy: ALEX });
  const ids = (await env.store.audit('shop', '', 10)).map(({ operationId }) => operationId);
  expect(ids).toContain(operation?.request.operationId);
  expect(env.notices.length).toBeGreaterThan(0);
});

it('of two services in the same millisecond, by one command, are two operations', async () => {
  const world = createWorld();
  const stampedAt = world.clock.now;
  for (const service of world.deps.config.services) {
    const [target] = service.targets;
    if (!target) throw new Error('the config names no target');
    const place = { environment: 'production', service: service.name, scope: target.scope, region: target.region };
    const wish = {
      service,
      action: 'enter' as const,
      pages: PAGES,
      retryAfterSeconds: 600,
      actor: ALEX,
      at: stampedAt,
    };
    await world.ruleGroups.write(place, await world.ruleGroups.read(place), directContent(wish, target));
  }
  // It may be a while until it is the turn of a service that is open.
  for (let minute = 0; minute < 10; minute += 1) await world.minute();
  const states = await Promise.all(['shop', 'payments'].map((name) => world.deps.store.state(name)));
  expect(states.map(({ mode, by }) => [mode, by])).toEqual([
    ['maintenance', ALEX],
    ['maintenance', ALEX],
  ]);
  expect(new Set(states.map(({ operation }) => operation?.request.operationId)).size).toBe(2);
});
