import {
  CreateRuleGroupCommand,
  GetRuleGroupCommand,
  UpdateRuleGroupCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { defineConfig } from '../../../../config/define-config.ts';
import type { EnvironmentConfig } from '../../../../config/schema.ts';
import { commitOperation } from '../../../../lambda/src/operate/commit-operation.ts';
import {
  type DriveDependencies,
  type DriveEvent,
  driveAll,
  driveAsked,
  driveOn,
} from '../../../../lambda/src/operate/drive.ts';
import { type ReconcileDependencies, reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { createRundownStore } from '../../../../lambda/src/store/rundowns.ts';
import { createStore } from '../../../../lambda/src/store/store.ts';
import { createWafIds } from '../../../../lambda/src/store/waf-ids.ts';
import { createRuleGroupStore } from '../../../../lambda/src/waf/rule-groups.ts';
import { startWaf, type Waf } from '../../../../local/waf/start.ts';
import type { Quotas } from '../../../../local/waf/throttle.ts';
import { NOW, OPERATOR, PAGES, requestOf } from '../../../builders.ts';
import { createMemoryTable } from '../../../memory-table.ts';
import { createVirtualTime } from '../../../virtual-time.ts';

/**
 * Many services at once, over the local WAF with the published rates, both ways that it may count them. Time is virtual:
 * each call leaves at its exact moment, and a minute takes none.
 */

const CREDENTIALS = { accessKeyId: 'production', secretAccessKey: 'local' };
const REGION = 'eu-west-1';
const MODES: readonly Quotas['mode'][] = ['strict', 'bucket'];

const MOST_IN_A_STACK = 100;

const nameOf = (index: number) => `service-${String(index).padStart(3, '0')}`;

function configOf(count: number): EnvironmentConfig {
  const target = (name: string) => ({
    ...{ scope: 'REGIONAL' as const, region: REGION },
    verification: { urls: [`https://${name}.example.com/`] },
  });
  const services = Array.from({ length: count }, (_none, at) => ({
    ...{ name: nameOf(at), targets: [target(nameOf(at))] },
    stack: 1 + Math.floor(at / MOST_IN_A_STACK),
  }));
  const config = defineConfig({ environments: { production: { operators: [OPERATOR], services } } });
  return config.environments.production as EnvironmentConfig;
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** So many services, deployed; and as many instances of the Lambda as a test wants. */
async function createWorld(count: number, mode: Quotas['mode']) {
  const time = createVirtualTime(NOW);
  const waf: Waf = await startWaf({ clock: time, quotas: { mode }, propagation: { minMs: 0, maxMs: 0 }, most: 1_000 });
  const table = createMemoryTable();
  const config = configOf(count);
  const client = new WAFV2Client({ endpoint: waf.url, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  const send = client.send.bind(client) as (command: object) => Promise<never>;
  const counted = Object.assign(Object.create(client), {
    send: (command: object) => time.whileCalling(() => send(command)),
  }) as WAFV2Client;
  await time.run(async () => {
    for (const { name } of config.services) {
      const Name = `drawbridge-production_${name}`;
      const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: Name };
      await counted.send(new CreateRuleGroupCommand({ Name, Scope: 'REGIONAL', Capacity: 250, VisibilityConfig }));
      await time.sleep(1_000);
    }
  });
  const invoked: DriveEvent[] = [];
  const instance = (): ReconcileDependencies & DriveDependencies => ({
    ...{
      now: time.now,
      sleep: time.sleep,
      random: () => 0.5,
      environment: 'production',
      region: REGION,
      config,
      pages: PAGES,
    },
    store: createStore(table),
    rundowns: createRundownStore(table),
    ruleGroups: createRuleGroupStore(time, () => counted, { ids: createWafIds(table), random: () => 0.5 }),
    log: () => {},
    probe: async () => ({ kind: 'unknown', why: 'nobody looks here' }) as never,
    notify: async () => {},
    measure: () => {},
    invokeDriver: async (event: DriveEvent) => void invoked.push(event),
  });
  const firstCall = waf.calls().length;
  const calls = () => waf.calls().slice(firstCall);
  return {
    ...{ time, waf, config, client: counted, invoked, instance },
    calls,
    counted: (operation: string) => calls().filter((call) => call.operation === operation && !call.error).length,
    throttled: () => calls().filter(({ error }) => error === 'ThrottlingException').length,
    async states() {
      const states = await instance().store.states(config.services.map(({ name }) => name));
      return [...states.values()];
    },
    async commit(services = config.services) {
      for (const { name: service } of services) {
        await commitOperation(instance(), requestOf({ service, requestedAt: new Date(time.now()).toISOString() }));
      }
      return services.map((service) => ({ service, onlyPending: true }));
    },
    close: async () => {
      client.destroy();
      await waf.close();
    },
  };
}

let world: World;
afterEach(() => world?.close());

const takenAt = async () => (await world.states()).map(({ acceptedAt }) => Date.parse(acceptedAt ?? ''));
const fromNow = (ms: number) => world.time.now() + ms;

it.each(MODES)(
  'twenty services in one edit close one a second, without a throttled call of ours (%s)',
  async (mode) => {
    world = await createWorld(20, mode);
    await world.time.run(async () => {
      const startedAt = world.time.now();
      const asked = await world.commit();
      await driveAsked(world.instance(), asked, fromNow(3_000));
      // Each row can say how far it is.
      const codes = (await world.states()).map(({ targets: [target] }) => target?.code ?? target?.state);
      expect(codes.filter((code) => code === 'accepted')).toHaveLength(3);
      expect(codes.filter((code) => code === 'WAITS_FOR_TURN')).toHaveLength(17);
      expect(world.invoked).toEqual([{ drive: 0 }]);

      // Another instance, cold; and a sheet that asks each second how far it is, answered by others.
      const polls = Array.from({ length: 20 }, async (_none, at) => {
        await world.time.sleep(at * 1_000);
        await driveAll(world.instance(), { until: fromNow(3_000) });
      });
      await Promise.all([driveOn(world.instance(), { drive: 0 }, fromNow(23_000)), ...polls]);
      const times = (await takenAt()).map((at) => at - startedAt).sort((one, other) => one - other);
      expect(times).toHaveLength(20);
      expect(times.at(-1)).toBeLessThan(25_000);
      expect(times.at(10)).toBeLessThan(13_500);
    });
    expect({ throttled: world.throttled(), writes: world.counted('UpdateRuleGroup') }).toEqual({
      throttled: 0,
      writes: 20,
    });
    expect(world.counted('GetRuleGroup')).toBe(20);
    expect(world.counted('ListRuleGroups')).toBeLessThanOrEqual(2);
  },
);

it('whoever asks while many others are driven on does not wait for them', async () => {
  world = await createWorld(30, 'strict');
  const [last, ...first] = [...world.config.services].reverse();
  if (!last) throw new Error('there is no service');
  await world.time.run(async () => {
    await world.commit(first);
    const driving = driveOn(world.instance(), { drive: 0 }, fromNow(23_000));
    await world.time.sleep(5_000);
    const askedAt = world.time.now();
    await driveAsked(world.instance(), await world.commit([last]), fromNow(10_000));
    const { acceptedAt = '' } = await world.instance().store.state(last.name);
    expect(Date.parse(acceptedAt) - askedAt).toBeLessThan(7_000);
    await driving;
  });
});

it.each(MODES)(
  'a write that somebody else’s calls throttle is repeated alone: the group is read once (%s)',
  async (mode) => {
    world = await createWorld(1, mode);
    await world.time.run(async () => {
      const other = { Name: 'drawbridge-production_service-000', Scope: 'REGIONAL' as const };
      const asked = await world.commit();
      const lane = world.client.send(
        new UpdateRuleGroupCommand({ ...other, Id: NOBODY, LockToken: NOBODY, VisibilityConfig: SEEN }),
      );
      await expect(lane).rejects.toThrow();
      await driveAsked(world.instance(), asked, fromNow(14_000));
      expect((await world.states())[0]?.targets[0]?.state).toBe('accepted');
    });
    expect(world.throttled()).toBe(1);
    expect(world.counted('GetRuleGroup')).toBe(1);
  },
);
const NOBODY = '00000000-0000-4000-8000-000000000000';
const SEEN = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'x' };

it('a lock conflict reads everything anew, and waits for its turn again', async () => {
  world = await createWorld(1, 'strict');
  await world.time.run(async () => {
    const asked = await world.commit();
    const deps = world.instance();
    const { time } = world;
    const { write } = deps.ruleGroups;
    let isMeddled = false;
    const ruleGroups: typeof deps.ruleGroups = {
      ...deps.ruleGroups,
      async write(place, from, content, until) {
        if (!isMeddled) {
          isMeddled = true;
          // Somebody else, at the same rate.
          await time.sleep(1_000);
          const { LockToken } = await world.client.send(
            new GetRuleGroupCommand({ Name: 'drawbridge-production_service-000', Scope: 'REGIONAL', Id: from.id }),
          );
          await world.client.send(
            new UpdateRuleGroupCommand({
              Name: 'drawbridge-production_service-000',
              Scope: 'REGIONAL',
              Id: from.id,
              LockToken,
              VisibilityConfig: SEEN,
            }),
          );
        }
        return write(place, from, content, until);
      },
    };
    await driveAsked({ ...deps, ruleGroups }, asked, fromNow(14_000));
    expect((await world.states())[0]?.targets[0]?.state).toBe('accepted');
  });
  const refused = world.calls().flatMap(({ error }) => error ?? []);
  expect(refused).toContain('WAFOptimisticLockException');
});

it('a tick with a hundred and fifty pending keeps to the rates, ends in time and says what it left', async () => {
  world = await createWorld(150, 'strict');
  await world.time.run(async () => {
    await world.commit();
    const startedAt = world.time.now();
    const ticks = await reconcile(world.instance());
    expect(world.time.now() - startedAt).toBeLessThan(50_000);
    const by = (did: string) => ticks.filter((tick) => tick.did === did).length;
    expect(by('converged')).toBeGreaterThan(28);
    expect(by('left')).toBe(150 - by('converged'));
  });
  expect(world.throttled()).toBe(0);
  const reads = world
    .calls()
    .filter(({ operation }) => operation === 'GetRuleGroup')
    .map(({ at }) => at);
  for (const at of reads)
    expect(reads.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(5);
});

it('what one invocation has no time for is handed on, and not for ever', async () => {
  world = await createWorld(30, 'strict');
  await world.time.run(async () => {
    await world.commit();
    await driveOn(world.instance(), { drive: 3 }, fromNow(10_000));
    expect(world.invoked).toEqual([{ drive: 4 }]);
    await driveOn(world.instance(), { drive: 20 }, fromNow(5_000));
    expect(world.invoked).toHaveLength(1);
    await driveOn(world.instance(), { drive: 4 }, fromNow(30_000));
    expect(world.invoked).toHaveLength(1);
  });
  expect((await takenAt()).every((at) => at > 0)).toBe(true);
});

it('a driver that died keeps the others waiting for some seconds only', async () => {
  world = await createWorld(5, 'strict');
  await world.time.run(async () => {
    await world.commit();
    await world.instance().store.takeDriverLease(world.time.now(), 12_000);
    expect(await driveAll(world.instance(), { until: fromNow(3_000) })).toEqual({ isOurs: false, left: [] });
    await driveOn(world.instance(), { drive: 0 }, fromNow(23_000));
  });
  expect((await takenAt()).every((at) => at > 0)).toBe(true);
});

it('a table that does not tell how they stand neither leaves the turn to drive behind nor the service open', async () => {
  world = await createWorld(1, 'strict');
  await world.time.run(async () => {
    const asked = await world.commit();
    const instance = world.instance();
    let isFirst = true;
    const states: typeof instance.store.states = async (names) => {
      if (isFirst) {
        isFirst = false;
        throw new Error('the table');
      }
      return instance.store.states(names);
    };
    await driveAsked({ ...instance, store: { ...instance.store, states } }, asked, fromNow(3_000));
    expect(isFirst).toBe(false);
    await world.time.sleep(1_050);
    expect(await world.instance().store.takeDriverLease(world.time.now(), 12_000)).toBeDefined();
  });
  expect((await takenAt()).every((at) => at > 0)).toBe(true);
});
