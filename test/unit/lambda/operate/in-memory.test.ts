import { ProblemError } from '../../../../contract/problem.ts';
import { advanceOperation } from '../../../../lambda/src/operate/advance-operation.ts';
import { commitOperation } from '../../../../lambda/src/operate/commit-operation.ts';
import { convergeService } from '../../../../lambda/src/operate/converge-service.ts';
import { driveAll, driveAsked, driveOn, isDriveEvent } from '../../../../lambda/src/operate/drive.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { knowingOrphans } from '../../../../lambda/src/operate/orphans.ts';
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
/** With what they were logged. */
let fields: (object | undefined)[];
/** By service, why WAF does not take it. */
let refuses: Map<string, RuleGroupError | Error>;

beforeEach(() => {
  world = createWorld();
  invoked = [];
  read = [];
  logged = [];
  fields = [];
  refuses = new Map();
  const { ruleGroups } = world;
  deps = {
    ...world.deps,
    log: (level, what, more) => {
      logged.push(what);
      fields.push({ level, ...more });
    },
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

describe('a service with two targets', () => {
  const EDGE = { scope: 'CLOUDFRONT', region: 'us-east-1', verification: 'none' } as const;
  const here = 'REGIONAL/eu-west-1';
  const edge = 'CLOUDFRONT/us-east-1';
  /** Those that were read, and those that WAF does not take. */
  let touched: string[];
  let closed: Set<string>;
  let both: typeof deps;
  beforeEach(async () => {
    touched = [];
    closed = new Set();
    const shop = { ...service('shop'), targets: [...service('shop').targets, EDGE] };
    both = {
      ...deps,
      config: { ...deps.config, services: [shop as typeof shop & ReturnType<typeof service>] },
      ruleGroups: {
        ...world.ruleGroups,
        read: async (place, until) => {
          touched.push(place.scope);
          if (closed.has(place.scope)) throw busy('shop');
          return world.ruleGroups.read(place, until);
        },
      },
    };
    await commitOperation(both, request());
  });
  const shopOf = ({ config: { services } }: typeof deps) => services[0] as ReturnType<typeof service>;
  const targets = async () => (await stateOf()).targets.map(({ target, state }) => [target, state]);

  it('is closed when both have taken it, and what has taken it is not tried again', async () => {
    closed.add('REGIONAL');
    const half = await convergeService(both, shopOf(both), { convergeMs: 1, onlyPending: true });
    expect(half.acceptedAt).toBeUndefined();
    expect(await targets()).toEqual([
      [here, 'pending'],
      [edge, 'accepted'],
    ]);
    expect(await driveAll(both, { until: until(2_000) })).toEqual({ isOurs: true, left: ['shop'] });
    closed.clear();
    touched = [];
    world.clock.now += 10_000;
    await driveAll(both, { until: until() });
    expect(touched).toEqual(['REGIONAL']);
    expect((await stateOf()).acceptedAt).toBeDefined();
    // Without saying so, all of it is looked at.
    await convergeService(both, shopOf(both));
    expect(touched.sort()).toEqual(['CLOUDFRONT', 'REGIONAL', 'REGIONAL']);
  });

  it('is converged at both, though the config has lost one of them since it was closed', async () => {
    await convergeService(both, service('shop'), { onlyPending: true });
    expect(await targets()).toEqual([
      [here, 'accepted'],
      [edge, 'accepted'],
    ]);
  });
});

describe('what WAF took of a wish', () => {
  it('does not count for a newer one', async () => {
    await commit();
    const meddling = {
      ...deps,
      ruleGroups: {
        ...deps.ruleGroups,
        write: async (...given: Parameters<typeof deps.ruleGroups.write>) => {
          await deps.ruleGroups.write(...given);
          await commit({ action: 'exit' });
        },
      },
    };
    expect(await convergeService(meddling, service('shop'))).toMatchObject({
      mode: 'normal',
      targets: [{ state: 'pending' }],
    });
  });

  it('is written down without reading the state again', async () => {
    await commit();
    const known = await stateOf();
    const from = world.table.calls.length;
    const accepted = await convergeService(deps, service('shop'), { onlyPending: true, known });
    const calls = () => world.table.calls.slice(from);
    // Once more after the lock token: that is the wish that is written.
    expect(calls()).toEqual(['query SERVICE#shop', 'commit proof, state']);
    await convergeService(deps, service('shop'), { onlyPending: true, known: accepted });
    expect(calls()).toHaveLength(2);
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

  it('by nobody, where nothing was asked for', async () => {
    await driveAsked(deps, [], until());
    expect(world.table.calls).toEqual([]);
  });

  it('in as few reads as that takes', async () => {
    await commit();
    const from = world.table.calls.length;
    await driveAsked(deps, asked('shop'), until());
    expect(world.table.calls.slice(from).sort()).toEqual([
      ...['commit driver lease', 'commit driver lease', 'commit proof, state'],
      ...['query SERVICE#shop', 'query SERVICE#shop'],
    ]);
  });

  it('as it stands after a wait for another driver, not as it stood before', async () => {
    await commit();
    await deps.store.takeDriverLease(world.clock.now, 1_000);
    const other = { ...deps, sleep: deps.sleep };
    let waits = 0;
    const sleep = async (ms: number) => {
      waits += 1;
      if (waits === 1) await convergeService(other, service('shop'), { onlyPending: true });
      await deps.sleep(ms);
    };
    read = [];
    await driveAsked({ ...deps, sleep }, asked('shop'), until());
    expect(read).toEqual(['shop']);
  });

  it('under a lease that is as long as it may take, and some seconds at least', async () => {
    const leaseOf = async (ms: number) => {
      world = createWorld();
      const ends: number[] = [];
      const from = world.clock.now;
      const reading: typeof world.ruleGroups.read = async (place, till) => {
        const lease = await world.table.get<{ until: string }>({ pk: 'DRIVER', sk: 'LEASE' });
        ends.push(Date.parse(lease?.until ?? '') - from);
        return world.ruleGroups.read(place, till);
      };
      const watched = { ...world.deps, ruleGroups: { ...world.ruleGroups, read: reading } };
      await commitOperation(watched, request());
      await driveAsked(watched, asked('shop'), from + ms);
      return ends;
    };
    expect(await leaseOf(20_000)).toEqual([22_000]);
    expect(await leaseOf(3_000)).toEqual([12_000]);
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
    const [shop] = asked('shop');
    if (!shop) throw new Error('there is no shop');
    await commit({ action: 'exit' });
    await driveAsked(deps, [shop, shop, shop], until(2_000));
    expect(await stateOf()).toMatchObject({ targets: [{ state: 'accepted' }] });
    await commit();
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
    expect(fields).toContainEqual({ level: 'error', service: 'shop', message: 'a fault of ours' });
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
    expect(fields).toContainEqual({ level: 'warn', message: 'no permission' });
    const { invokeDriver: _none, ...alone } = deps;
    logged = [];
    world.clock.now += 10_000;
    await driveOn(alone, { drive: 0 }, until(2_000));
    expect(logged).not.toContain('driver not invoked');
  });

  it('by one that waits for another, and asks it in reads that disturb nobody', async () => {
    await deps.store.takeDriverLease(world.clock.now, 100_000);
    const from = world.table.calls.length;
    expect(await driveAll(deps, { until: until(600), waits: true })).toEqual({ isOurs: false, left: [] });
    expect(world.table.calls.slice(from)).toEqual(['commit driver lease', 'get DRIVER LEASE', 'get DRIVER LEASE']);
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

  it('and named as its own service, whichever that is', async () => {
    const { operationId } = await commit({ service: 'payments' });
    expect(await advanceOperation(deps, operationId)).toMatchObject({ state: 'verified', title: 'Payments' });
    expect((await stateOf('payments')).proof.state).toBe('verified');
  });

  it('by probing alone, where WAF has taken it, and by nothing once it is proven', async () => {
    const { operationId } = await commit();
    await convergeService(deps, service('shop'));
    expect((await deps.store.operation(operationId))?.state).toBe('accepted');
    expect(await advanceOperation(deps, operationId)).toMatchObject({ state: 'verified' });
    expect(world.table.calls).not.toContain('commit driver lease');
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

describe('what a step of a sheet asks for', () => {
  const intent = { spreadsheetId: 'sheet-1', stepKey: '000001' };
  const asks = (operationId: string) =>
    world.table.commit([
      {
        put: { pk: 'RUNDOWN#sheet-1', sk: 'STEP#000001', version: 1, intents: { [operationId]: {} } },
        label: 'step',
      },
    ]);
  const problemOf = (running: Promise<unknown>) =>
    running.then(
      () => 'committed',
      (error: ProblemError) => error.problem,
    );
  const given = (more: Parameters<typeof requestOf>[0] = {}) => ({ ...request(more), intent });

  it('is committed while it asks for it, and struck out with that', async () => {
    const one = given();
    await asks(one.operationId);
    expect(await commitOperation(deps, one)).toMatchObject({ state: 'pending' });
    expect(await deps.store.isIntended(intent, one.operationId)).toBe(false);
    expect(await commitOperation(deps, one)).toMatchObject({ operationId: one.operationId });
  });

  it('is given up where it does not ask any more, whether it would be refused or not', async () => {
    for (const more of [{}, { requestedBy: 'intern@example.com' }]) {
      const one = given(more);
      const { operationId } = one;
      expect(await problemOf(commitOperation(deps, one))).toMatchObject({ code: 'STALE_REQUEST', operationId });
      expect(await deps.store.operation(operationId)).toBeUndefined();
    }
    expect((await stateOf()).revision).toBe(0);
  });

  it('is tried again where only the service was changed meanwhile, and answered where another has committed it', async () => {
    const one = given();
    await asks(one.operationId);
    let puts = 0;
    const put: typeof deps.store.put = async (...all) => {
      puts += 1;
      return puts === 1 ? undefined : deps.store.put(...all);
    };
    expect(await commitOperation({ ...deps, store: { ...deps.store, put } }, one)).toMatchObject({ state: 'pending' });
    const two = given({ action: 'exit' });
    await asks(two.operationId);
    const late: typeof deps.store.put = async () => {
      await commitOperation(deps, two);
      return undefined;
    };
    const told = await commitOperation({ ...deps, store: { ...deps.store, put: late } }, two);
    expect(told).toMatchObject({ operationId: two.operationId, state: 'pending' });
  });
});

it('a refusal is kept with the revision that it met, and changed nothing', async () => {
  await commit();
  const refused = request({ requestedBy: 'intern@example.com' });
  await expect(commitOperation(deps, refused)).rejects.toMatchObject({ code: 'NOT_OPERATOR' });
  expect(await deps.store.operation(refused.operationId)).toMatchObject({
    ...{ state: 'refused', revision: 1, changed: false },
    problem: { code: 'NOT_OPERATOR', operationId: refused.operationId },
  });
});

describe('an operation that comes again', () => {
  const unprobed = () => operate(deps, request());

  it('is answered as it stands, and driven no further where WAF has taken it', async () => {
    const one = request();
    await operate(deps, one);
    const from = world.table.calls.length;
    expect(await operate(deps, one)).toMatchObject({ state: 'accepted' });
    expect(world.table.calls.slice(from)).not.toContain('commit driver lease');
  });

  it('is answered though its service is not in the config any more', async () => {
    const { operationId } = await unprobed();
    const stored = await deps.store.operation(operationId);
    const without = { ...deps, config: { ...deps.config, services: [] } };
    if (!stored) throw new Error('it was not stored');
    expect(await operate(without, stored.request)).toMatchObject({ operationId, title: 'shop' });
  });
});

describe('a rehearsal', () => {
  it('is told as something that has not begun, and audited with its reason', async () => {
    const told = await operate(deps, request({ dryRun: true, reason: 'Before the night.' }));
    expect(told).toMatchObject({ dryRun: true, state: 'pending' });
    await operate(deps, request({ dryRun: true }));
    const [without, withReason] = await deps.store.audit('shop', '', 10);
    expect([without, withReason].filter((entry) => entry?.reason === 'Before the night.')).toHaveLength(1);
    expect([without, withReason].filter((entry) => entry && 'reason' in entry)).toHaveLength(1);
  });

  it('with the id of an operation is refused, and says which field it is', async () => {
    const { operationId } = await commit();
    await expect(operate(deps, request({ dryRun: true, operationId }))).rejects.toMatchObject({
      problem: { code: 'ID_REUSED', field: 'operationId', operationId },
    });
  });
});

describe('services that were closed', () => {
  it('and are in the config are nothing to look after, nor is one that was opened without being closed', async () => {
    await commit();
    await commit({ service: 'payments', action: 'exit' });
    expect(await deps.store.closedServices()).toEqual(['shop']);
    const from = world.table.calls.length;
    expect(await knowingOrphans(deps)).toBe(deps);
    expect(world.table.calls.slice(from)).toEqual(['query CLOSED']);
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

  it('tells where it stands at each target, and what somebody changed there', async () => {
    await commit();
    const state = await stateOf();
    const drift = [
      { target: 'REGIONAL/eu-west-1', state: 'contested', at: iso(world.clock.now), revision: 1 } as const,
    ];
    await deps.store.put('shop', state, { ...state, drift });
    const [shop] = await serviceStatuses(deps);
    expect(shop).toMatchObject({ targets: [{ target: 'REGIONAL/eu-west-1', state: 'pending' }], drift });
  });

  it('says that one is not in the config any more, and that its repairs are paused', async () => {
    await pauseRepair(deps, service('shop'), { forMinutes: 5, reason: 'x', by: 'y' });
    const [shop] = await serviceStatuses({ ...deps, config: { ...deps.config, orphans: ['shop'] } });
    expect(shop).toMatchObject({ orphaned: true, repairPause: { by: 'y' } });
  });
});
