import { type ServiceState, stateOf } from '../../../../lambda/src/model/service-state.ts';
import { commitOperation } from '../../../../lambda/src/operate/commit-operation.ts';
import { convergeService } from '../../../../lambda/src/operate/converge-service.ts';
import { askOnce } from '../../../../lambda/src/proof/ask-once.ts';
import type { Observation } from '../../../../lambda/src/proof/evidence.ts';
import { observe } from '../../../../lambda/src/proof/observe.ts';
import { isLeftProving, verify } from '../../../../lambda/src/proof/verify.ts';
import { environmentOf, requestOf } from '../../../builders.ts';
import { createWorld, MANAGER, type World } from '../rundown/terminal.ts';

/** Who probes, when, and what of it is written down. */

let world: World;
let deps: World['deps'];
let asked: [string, number][];
/** What a page answers, if not what its rules say. */
let answers: (url: string) => Observation | undefined;
let meanwhile: (() => Promise<unknown>) | undefined;

const SHOP = 'REGIONAL/eu-west-1';
const iso = (ms: number) => new Date(ms).toISOString();
const open: Observation = { kind: 'answered', status: 200 };
const TARGETS = [
  { scope: 'REGIONAL', region: 'eu-west-1', verification: { urls: ['https://shop.example.com/'] } },
  { scope: 'REGIONAL', region: 'eu-west-2', verification: { urls: ['https://shop.example.com/two'] } },
] as const;
const withTargets = (...targets: readonly object[]) => ({
  ...deps,
  config: environmentOf({ targets: targets as never }),
});

beforeEach(() => {
  world = createWorld();
  asked = [];
  answers = () => undefined;
  meanwhile = undefined;
  deps = {
    ...world.deps,
    probe: async (url, nth, way) => {
      asked.push([url, nth]);
      await meanwhile?.();
      return answers(url) ?? world.deps.probe(url, nth, way);
    },
  };
});

const serviceOf = ({ config } = deps) => {
  const [service] = config.services;
  if (!service) throw new Error('there is no service');
  return service;
};
const close = async (given = deps) => {
  const requestedAt = iso(world.clock.now);
  await commitOperation(given, requestOf({ requestedAt, requestedBy: given.config.operators[0] ?? MANAGER }));
  return convergeService(given, serviceOf(given));
};
const stored = () => deps.store.state('shop');
const put = async (change: (state: ServiceState) => ServiceState) => {
  const state = await stored();
  return (await deps.store.put('shop', state, change(state))) as ServiceState;
};

describe('a proof is made', () => {
  it('once WAF has taken the change, and not before', async () => {
    expect(await verify(deps, serviceOf())).toMatchObject({ revision: 0 });
    await commitOperation(deps, requestOf({ requestedAt: iso(world.clock.now) }));
    await verify(deps, serviceOf());
    expect(asked).toEqual([]);
    await convergeService(deps, serviceOf());
    expect(await verify(deps, serviceOf())).toMatchObject({ proof: { state: 'verified' } });
    asked = [];
    await verify(deps, serviceOf());
    expect(asked).toEqual([]);
  });

  it('by one execution at a time, until its lease ends', async () => {
    await close();
    const leaseUntil = iso(world.clock.now + 1);
    const leased = await put((state) => ({ ...state, proof: { ...state.proof, leaseUntil } }));
    expect(isLeftProving(leased)).toBe(false);
    expect(await verify(deps, serviceOf())).toEqual(leased);
    expect(asked).toEqual([]);
    world.clock.now += 1;
    expect(await verify(deps, serviceOf())).toMatchObject({ proof: { state: 'verified' } });
  });

  it('for as long as was asked for, or two seconds where nothing agrees at all; then others may go on', async () => {
    await close();
    answers = () => open;
    const from = world.clock.now;
    const state = await verify(deps, serviceOf());
    expect(world.clock.now - from).toBe(2_000);
    expect(state.proof).toMatchObject({ state: 'proving', agree: 0 });
    expect(isLeftProving(state)).toBe(true);
    await verify(deps, serviceOf(), { forMs: 400 });
    expect(world.clock.now - from).toBe(2_400);
  });

  it('for four seconds where some agree, and eight more are its lease’s', async () => {
    await close();
    let nth = 0;
    answers = () => {
      nth += 1;
      return nth % 2 === 1 ? open : undefined;
    };
    const from = world.clock.now;
    meanwhile = async () => {
      meanwhile = undefined;
      expect((await stored()).proof.leaseUntil).toBe(iso(from + 12_000));
    };
    await verify(deps, serviceOf());
    expect(world.clock.now - from).toBe(4_000);
  });

  it('from any of the host’s addresses on, and is told with its last probe', async () => {
    await close();
    let last = 0;
    meanwhile = async () => {
      last = world.clock.now;
    };
    await verify({ ...deps, random: () => 0.999 }, serviceOf());
    expect(Math.min(...asked.map(([, nth]) => nth))).toBe(255);
    expect(world.clock.now).toBe(last);
  });

  it('at one target no faster because another is proven', async () => {
    const two = withTargets(...TARGETS);
    await close(two);
    const closed: Observation = { kind: 'answered', status: 503, maintenanceMode: 'r1' };
    const sent = new Map<string, number>();
    answers = (url) => {
      const round = `${url} at ${world.clock.now}`;
      sent.set(round, (sent.get(round) ?? 0) + 1);
      return url.endsWith('two') && sent.size < 10 ? open : closed;
    };
    for (const _call of [1, 2, 3]) await verify(two, serviceOf(two), { forMs: 10_000 });
    expect(await stored()).toMatchObject({ proof: { state: 'verified' } });
    expect(Math.max(...sent.values())).toBe(25);
  });

  it('is left where nobody is at it, and nothing is left where it is there or was not accepted', async () => {
    const accepted = await close();
    expect(isLeftProving(accepted)).toBe(true);
    expect(isLeftProving({ ...accepted, proof: { ...accepted.proof, state: 'verified' } })).toBe(false);
    expect(isLeftProving({ ...accepted, proof: { ...accepted.proof, state: 'none' } })).toBe(false);
    expect(isLeftProving({ ...accepted, targets: [{ target: SHOP, state: 'pending' }] })).toBe(false);
  });
});

describe('a closed service is observed', () => {
  it('fifteen times a target, three of them as visitors, from any of its host’s addresses on', async () => {
    await close();
    const state = await observe({ ...deps, random: () => 0.999 }, serviceOf(), await stored());
    expect(asked).toHaveLength(15);
    expect(Math.min(...asked.map(([, nth]) => nth))).toBe(255);
    expect(state.seen).toMatchObject({ agree: 15, disagree: 0, unknown: 0, open: [], at: iso(world.clock.now) });
  });

  it('and who got no answer is neither: told apart', async () => {
    const state = await close();
    let left = 3;
    answers = () => {
      left -= 1;
      return left >= 0 ? { kind: 'unknown', why: 'TIMEOUT' } : undefined;
    };
    const { seen } = await observe(deps, serviceOf(), state);
    expect(seen).toMatchObject({ agree: 12, disagree: 0, unknown: 3, open: [] });
  });

  it('and nothing is said of it where somebody decided meanwhile', async () => {
    const before = await close();
    world.clock.now += 1_000;
    meanwhile = async () => {
      meanwhile = undefined;
      const requestedAt = iso(world.clock.now);
      await commitOperation(deps, requestOf({ requestedAt }));
    };
    const after = await observe(deps, serviceOf(), before);
    expect(after.revision).toBe(before.revision);
    expect(after.seen).toBeUndefined();
  });

  it('and nothing is said of it where another page was put there meanwhile', async () => {
    const before = await close();
    meanwhile = async () => {
      meanwhile = undefined;
      await put((state) => ({ ...state, revision: 2 }));
    };
    expect((await observe(deps, serviceOf(), before)).seen).toBeUndefined();
  });

  it('target by target: one may let people in while the other does not', async () => {
    const two = withTargets(...TARGETS);
    const state = await close(two);
    expect(stateOf(state)).toBe('accepted');
    answers = (url) => (url.endsWith('two') ? open : { kind: 'answered', status: 503, maintenanceMode: 'r1' });
    const once = await observe(two, serviceOf(two), state);
    expect(once.seen).toMatchObject({ open: ['REGIONAL/eu-west-2'], disagree: 15 });
    expect(once.drift).toEqual([]);
    world.clock.now += 60_000;
    const twice = await observe(two, serviceOf(two), once);
    expect(twice.drift).toMatchObject([{ target: 'REGIONAL/eu-west-2', state: 'bypassed' }]);
    const [entry] = await deps.store.audit('shop', '', 1);
    expect(entry).toMatchObject({
      kind: 'bypass',
      by: 'reconciler',
      message: expect.stringContaining('REGIONAL/eu-west-2'),
    });
    expect(entry?.operationId).toMatch(/^bypassed-REGIONAL-eu-west-2-\d+$/);
  });

  it('target by target also when one is bypassed while the other is, and closed again before it', async () => {
    const two = withTargets(...TARGETS);
    await close(two);
    const at = iso(world.clock.now);
    let state = await put((now) => ({ ...now, drift: [{ target: SHOP, state: 'repaired', at, revision: 1 }] }));
    const look = async (...sees: Observation[]) => {
      answers = (url) => sees[url.endsWith('two') ? 1 : 0];
      world.clock.now += 60_000;
      state = await observe(two, serviceOf(two), state);
      return state.drift.flatMap((one) => (one.state === 'bypassed' ? [one.target] : []));
    };
    const closed: Observation = { kind: 'answered', status: 503, maintenanceMode: 'r1' };
    const TWO = 'REGIONAL/eu-west-2';
    expect(await look(closed, open)).toEqual([]);
    expect(await look(closed, open)).toEqual([TWO]);
    // That one is bypassed makes of the first probes that get in at the other no more than that.
    expect(await look(open, open)).toEqual([TWO]);
    expect(await look(open, open)).toEqual([TWO, SHOP]);
    expect(await look(open, closed)).toEqual([SHOP]);
    expect(state.drift).toContainEqual({ target: SHOP, state: 'repaired', at, revision: 1 });
    const entries = (await deps.store.audit('shop', '', 10)).filter(({ kind }) => kind === 'bypass');
    expect(entries).toHaveLength(2);
  });

  it('and is bypassed until every probe of it agrees: one without an answer may be the one that gets in', async () => {
    let state = await close();
    const look = async () => {
      world.clock.now += 60_000;
      state = await observe(deps, serviceOf(), state);
      return state.drift.map((one) => one.state);
    };
    answers = () => open;
    await look();
    expect(await look()).toEqual(['bypassed']);
    let nth = 0;
    answers = () => {
      nth += 1;
      return nth === 7 ? { kind: 'unknown', why: 'TIMEOUT' } : undefined;
    };
    expect(await look()).toEqual(['bypassed']);
    expect(await look()).toEqual([]);
  });

  it('not at all where the config says that nobody looks', async () => {
    const unlooked = withTargets({ ...TARGETS[0], verification: 'none' }, TARGETS[1]);
    const state = await close(unlooked);
    await observe(unlooked, serviceOf(unlooked), state);
    expect(new Set(asked.map(([url]) => url))).toEqual(new Set(['https://shop.example.com/two']));
    const blind = withTargets({ ...TARGETS[0], verification: 'none' });
    expect(await observe(blind, serviceOf(blind), state)).toBe(state);
    expect(await askOnce(blind.probe, serviceOf(blind))).toEqual([]);
  });
});

it('each page of each target that is probed is asked once, past the caches, to show whether there is somebody', async () => {
  const two = withTargets(
    { ...TARGETS[0], verification: { urls: ['https://shop.example.com/', 'https://shop.example.com/cart'] } },
    TARGETS[1],
  );
  const ways: string[] = [];
  const probe: typeof two.probe = async (url, nth, way) => {
    ways.push(`${way} ${nth}`);
    return url.endsWith('cart') ? open : { kind: 'unknown', why: 'ENOTFOUND' };
  };
  expect(await askOnce(probe, serviceOf(two))).toEqual([
    { target: SHOP, url: 'https://shop.example.com/', seen: { kind: 'unknown', why: 'ENOTFOUND' } },
    { target: SHOP, url: 'https://shop.example.com/cart', seen: open },
    { target: 'REGIONAL/eu-west-2', url: 'https://shop.example.com/two', seen: { kind: 'unknown', why: 'ENOTFOUND' } },
  ]);
  expect(ways).toEqual(Array(3).fill('past-caches 0'));
});
