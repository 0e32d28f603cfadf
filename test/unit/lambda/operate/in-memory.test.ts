import { ProblemError } from '../../../../contract/problem.ts';
import { advanceOperation } from '../../../../lambda/src/operate/advance-operation.ts';
import { commitOperation } from '../../../../lambda/src/operate/commit-operation.ts';
import { convergeService } from '../../../../lambda/src/operate/converge-service.ts';
import { driveAll, driveAsked, driveOn, isDriveEvent } from '../../../../lambda/src/operate/drive.ts';
import { pauseRepair } from '../../../../lambda/src/operate/pause-repair.ts';
import { serviceStatuses } from '../../../../lambda/src/operate/service-status.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { requestOf } from '../../../builders.ts';
import { createWorld, MANAGER, type World } from '../rundown/terminal.ts';

/** Operations over a table and rule groups in memory: what is committed, driven, paused and told. */

let world: World;
let deps: World['deps'] & { readonly invokeDriver: (event: { drive: number }) => Promise<void> };
let invoked: number[];
/** Services whose rule groups were read, in that order. */
let read: string[];
let logged: string[];
/** By service, why WAF does not take it. */
let refuses: Map<string, RuleGroupError | Error>;

beforeEach(() => {
  world = createWorld();
  invoked = [];
  read = [];
  logged = [];
  refuses = new Map();
  const { ruleGroups } = world;
  deps = {
    ...world.deps,
    log: (_level, what) => void logged.push(what),
    invokeDriver: async ({ drive }) => void invoked.push(drive),
    ruleGroups: {
      ...ruleGroups,
      read: async (place, until) => {
        read.push(place.service);
        const error = refuses.get(place.service);
        if (error) throw error;
        return ruleGroups.read(place, until);
      },
    },
  };
});

const iso = (ms: number) => new Date(ms).toISOString();
const request = (more: Parameters<typeof requestOf>[0] = {}) =>
  requestOf({ requestedAt: iso(world.clock.now), requestedBy: MANAGER, ...more });
const commit = (more: Parameters<typeof requestOf>[0] = {}) => commitOperation(deps, request(more));
const service = (name: string) => {
  const found = deps.config.services.find((one) => one.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};
const until = (ms = 60_000) => world.clock.now + ms;
const stateOf = (name = 'shop') => deps.store.state(name);
const busy = (name: string) => RuleGroupError.waitsForTurn({ region: 'eu-west-1', service: name });
const missing = (name: string) =>
  RuleGroupError.missing({ environment: 'production', service: name, scope: 'REGIONAL', region: 'eu-west-1' }, 'it');

describe('a service is converged', () => {
  it('and says when all of its targets had taken it, once', async () => {
    await commit();
    const acceptedAt = iso(world.clock.now);
    expect(await convergeService(deps, service('shop'))).toMatchObject({
      acceptedAt,
      targets: [{ state: 'accepted' }],
    });
    world.clock.now += 5_000;
    expect(await convergeService(deps, service('shop'))).toMatchObject({ acceptedAt });
  });

  it('not at all where nothing is pending and only that was asked for', async () => {
    await commit();
    const { targets } = await convergeService(deps, service('shop'), { onlyPending: true });
    expect(targets).toMatchObject([{ state: 'accepted' }]);
    refuses.set('shop', missing('shop'));
    expect((await convergeService(deps, service('shop'), { onlyPending: true })).targets).toEqual(targets);
    // What WAF took is not unsaid by a later look.
    expect((await convergeService(deps, service('shop'))).targets).toEqual(targets);
  });

  it('and stays pending with why, for as long as it was to be tried', async () => {
    await commit();
    refuses.set('shop', busy('shop'));
    const from = world.clock.now;
    const state = await convergeService(deps, service('shop'), { convergeMs: 3_000 });
    expect(state).toMatchObject({ targets: [{ state: 'pending', code: 'WAITS_FOR_TURN' }] });
    expect(state.acceptedAt).toBeUndefined();
    expect(state.targets).toHaveLength(1);
    expect(world.clock.now - from).toBeGreaterThan(1_500);
    expect(world.clock.now - from).toBeLessThanOrEqual(3_000);
    await convergeService(deps, service('shop'));
    expect(world.clock.now - from).toBeLessThanOrEqual(17_000);
  });
});

describe('what was asked for is driven', () => {
  const asked = (...names: string[]) => names.map((name) => ({ service: service(name), onlyPending: true }));

  it('at once, and nothing is left for anybody', async () => {
    await commit();
    await driveAsked(deps, asked('shop'), until());
    expect(await stateOf()).toMatchObject({ targets: [{ state: 'accepted' }] });
    expect(invoked).toEqual([]);
    await driveAsked(deps, [], until());
    expect(await deps.store.takeDriverLease(world.clock.now, 1)).toBeUndefined();
    expect(await deps.store.takeDriverLease(world.clock.now + 1_050, 1)).toBeDefined();
  });

  it('on by another invocation, where something is left', async () => {
    await commit();
    refuses.set('shop', busy('shop'));
    await driveAsked(deps, asked('shop'), until(1_000));
    expect(invoked).toEqual([0]);
  });

  it('also beside another driver where it is for few, and left to that one where it is for many', async () => {
    await deps.store.takeDriverLease(world.clock.now, 100_000);
    await commit();
    const from = world.clock.now;
    await driveAsked(deps, asked('shop'), until());
    expect(await stateOf()).toMatchObject({ targets: [{ state: 'accepted' }] });
    expect(world.clock.now - from).toBeGreaterThanOrEqual(1_250);
    expect(world.clock.now - from).toBeLessThanOrEqual(1_500);
    await commit({ action: 'exit' });
    await driveAsked(deps, asked('shop', 'shop', 'shop', 'shop'), until(2_000));
    expect(await stateOf()).toMatchObject({ targets: [{ state: 'pending' }] });
    expect(invoked).toEqual([0]);
  });

  it('and a fault of ours is told, though it is driven on', async () => {
    await commit();
    refuses.set('shop', new TypeError('a fault of ours'));
    await expect(driveAsked(deps, asked('shop'), until())).rejects.toThrow('a fault of ours');
    expect(invoked).toEqual([0]);
  });
});

describe('all that is pending is driven', () => {
  it('each once, who asked last first, by one execution', async () => {
    await commit({ requestedAt: iso(world.clock.now - 2_000) });
    await commit({ service: 'payments' });
    expect(await driveAll(deps, { until: until() })).toEqual({ isOurs: true, left: [] });
    for (const name of ['shop', 'payments'])
      expect(await stateOf(name)).toMatchObject({ targets: [{ state: 'accepted' }] });
    // The next one does not know when the last call left.
    expect(await driveAll(deps, { until: until() })).toEqual({ isOurs: false, left: [] });
    world.clock.now += 1_050;
    expect(await driveAll(deps, { until: until() })).toEqual({ isOurs: true, left: [] });
    // Nothing was called: nobody needs to wait.
    expect(await driveAll(deps, { until: until() })).toEqual({ isOurs: true, left: [] });
  });

  it('in the order of who asked last, and of one moment in that of the commits', async () => {
    const at = (ms: number) => ({ requestedAt: iso(world.clock.now + ms) });
    const order = async (first: object, second: object) => {
      await commit({ service: 'payments', ...first });
      world.clock.now += 10;
      await commit({ service: 'shop', ...second });
      read = [];
      await driveAll(deps, { until: until() });
      world.clock.now += 10_000;
      return read;
    };
    expect(await order(at(0), at(5))).toEqual(['shop', 'payments']);
    const moment = at(0);
    expect(await order({ ...moment, action: 'exit' }, { ...moment, action: 'exit' })).toEqual(['payments', 'shop']);
    expect(await order(at(-100), at(-200))).toEqual(['payments', 'shop']);
  });

  it('not at all in less time than a turn, a read and a write take', async () => {
    await commit();
    expect(await driveAll(deps, { until: until(1_499) })).toEqual({ isOurs: true, left: ['shop'] });
    expect(await driveAll(deps, { until: until(1_500) })).toEqual({ isOurs: true, left: [] });
  });

  it('and what waits for its turn is left; what trying again cannot help is not', async () => {
    await commit();
    await commit({ service: 'payments' });
    refuses.set('shop', busy('shop'));
    refuses.set('payments', missing('payments'));
    const from = world.clock.now;
    expect(await driveAll(deps, { until: until(100_000) })).toEqual({ isOurs: true, left: ['shop'] });
    // Others must not wait long for one that is contended for.
    expect(world.clock.now - from).toBeLessThanOrEqual(8_000);
  });

  it('and a fault of ours does not keep the others', async () => {
    await commit();
    await commit({ service: 'payments' });
    refuses.set('shop', new TypeError('a fault of ours'));
    await driveAll(deps, { until: until() });
    expect(await stateOf('payments')).toMatchObject({ targets: [{ state: 'accepted' }] });
    expect(logged).toContain('not converged');
  });

  it('on and on, but not for ever', async () => {
    await commit();
    refuses.set('shop', busy('shop'));
    await driveOn(deps, { drive: 3 }, until(2_000));
    world.clock.now += 10_000;
    await driveOn(deps, { drive: 20 }, until(2_000));
    expect(invoked).toEqual([4]);
    world.clock.now += 10_000;
    refuses.clear();
    expect(await driveOn(deps, { drive: 3 }, until())).toEqual({ isOurs: true, left: [] });
    expect(invoked).toEqual([4]);
  });

  it('by whoever can be invoked: where nobody can, that is logged', async () => {
    await commit();
    refuses.set('shop', busy('shop'));
    const failing = { ...deps, invokeDriver: () => Promise.reject(new Error('no permission')) };
    await driveOn(failing, { drive: 0 }, until(2_000));
    expect(logged).toContain('driver not invoked');
  });

  it('when an event says so', () => {
    expect([{ drive: 0 }, { drive: '0' }, { other: 0 }].map(isDriveEvent)).toEqual([true, false, false]);
  });
});

describe('an operation is advanced by whoever asks how far it is', () => {
  it('until it is proven', async () => {
    const { operationId } = await commit();
    expect(await advanceOperation(deps, operationId)).toMatchObject({ state: 'verified', title: 'Shop' });
    expect(await advanceOperation(deps, operationId)).toMatchObject({ state: 'verified' });
  });

  it('for three seconds, where WAF does not take it', async () => {
    const { operationId } = await commit();
    refuses.set('shop', busy('shop'));
    const from = world.clock.now;
    expect(await advanceOperation(deps, operationId)).toMatchObject({ state: 'pending' });
    expect(world.clock.now - from).toBeLessThanOrEqual(3_000);
  });

  it('if there is one', async () => {
    expect(await advanceOperation(deps, 'nobody knows it')).toBeUndefined();
    const { operationId } = await commit();
    const without = { ...deps, config: { ...deps.config, services: [] } };
    expect(await advanceOperation(without, operationId)).toMatchObject({ state: 'pending', service: 'shop' });
  });
});

describe('a commit', () => {
  it('is tried anew after each conflict, later each time, and eight times at most', async () => {
    let conflicts = 7;
    const from = world.clock.now;
    const put: typeof deps.store.put = async (...given) => {
      conflicts -= 1;
      return conflicts >= 0 ? undefined : deps.store.put(...given);
    };
    const contended = { ...deps, store: { ...deps.store, put } };
    expect(await commitOperation(contended, request())).toMatchObject({ state: 'pending' });
    expect(world.clock.now - from).toBe(60 * (0.5 + 1.5 + 2.5 + 3.5 + 4.5 + 5.5 + 6.5));
    conflicts = 8;
    await expect(commitOperation(contended, request({ action: 'exit' }))).rejects.toMatchObject({ code: 'TRY_AGAIN' });
  });

  it('of an unknown service is refused, with the field and the services that there are', async () => {
    const refused = await commit({ service: 'shpo' }).catch((error: ProblemError) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect((refused as ProblemError).problem).toMatchObject({ code: 'UNKNOWN_SERVICE', field: 'service' });
    expect((refused as ProblemError).message).toContain('payments');
  });
});

describe('repairs are paused', () => {
  const paused = (forMinutes: number) =>
    pauseRepair(deps, service('shop'), {
      forMinutes,
      reason: 'We look into it.',
      by: 'arn:aws:iam::111122223333:role/x',
    });

  it('until a time, by somebody, and audited with their reason', async () => {
    const ends = iso(world.clock.now + 30 * 60_000);
    expect(await paused(30)).toEqual({ until: ends, message: expect.stringContaining('Shop') });
    expect((await stateOf()).repairPause).toEqual({ until: ends, by: 'arn:aws:iam::111122223333:role/x' });
    expect(await deps.store.audit('shop', '', 10)).toEqual([
      expect.objectContaining({
        kind: 'repair-paused',
        reason: 'We look into it.',
        source: { kind: 'break-glass' },
        at: iso(world.clock.now),
        by: 'arn:aws:iam::111122223333:role/x',
      }),
    ]);
  });

  it('no longer, where they are to go on', async () => {
    const { message } = await paused(30);
    const after = await paused(0);
    expect(after).not.toHaveProperty('until');
    expect(after.message).not.toBe(message);
    expect((await stateOf()).repairPause).toBeUndefined();
  });
});

describe('the status of each service', () => {
  it('tells what is wanted, what was seen, and nothing of how it is worked on', async () => {
    const { operationId } = await commit();
    await advanceOperation(deps, operationId);
    const state = await stateOf();
    const seen = { at: iso(world.clock.now), agree: 5, disagree: 0, unknown: 0, open: [] };
    await deps.store.put('shop', state, { ...state, seen });
    const [shop, payments] = await serviceStatuses(deps);
    expect(shop).toMatchObject({
      service: 'shop',
      mode: 'maintenance',
      revision: 1,
      operationId,
      by: MANAGER,
      armed: 0,
    });
    expect(shop?.operators).toContain(MANAGER);
    expect(shop?.seen).toEqual({ at: seen.at, agree: 5, disagree: 0, unknown: 0 });
    for (const name of ['runs', 'leaseUntil']) expect(shop?.proof).not.toHaveProperty(name);
    for (const name of ['orphaned', 'repairPause']) expect(shop).not.toHaveProperty(name);
    expect(payments).toMatchObject({ mode: 'normal', revision: 0 });
    expect(payments?.seen).toBeUndefined();
  });

  it('says that one is not in the config any more, and that its repairs are paused', async () => {
    await pauseRepair(deps, service('shop'), { forMinutes: 5, reason: 'x', by: 'y' });
    const [shop] = await serviceStatuses({ ...deps, config: { ...deps.config, orphans: ['shop'] } });
    expect(shop).toMatchObject({ orphaned: true, repairPause: { by: 'y' } });
  });
});
