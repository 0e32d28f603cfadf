import type { ServiceConfig } from '../../../../config/schema.ts';
import type { OperationRecord } from '../../../../lambda/src/model/operation-record.ts';
import { NO_PROOF, type ProofState } from '../../../../lambda/src/model/service-state.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { advanceProof, type Observation, type Probed, type Way } from '../../../../lambda/src/proof/evidence.ts';
import { questionAt } from '../../../../lambda/src/proof/probes.ts';
import { requiredRun, SHARES } from '../../../../lambda/src/proof/required-run.ts';
import { verify } from '../../../../lambda/src/proof/verify.ts';
import { reconcile } from '../../../../lambda/src/reconcile/reconcile.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { report } from '../../../../lambda/src/words/operation-report.ts';
import {
  createTestEnvironment,
  NOW,
  requestOf,
  type TestEnvironment,
  type TestEnvironmentOptions,
} from '../../../builders.ts';

const closed = (revision: number): Observation => ({ kind: 'answered', status: 503, maintenanceMode: `r${revision}` });
const open: Observation = { kind: 'answered', status: 200 };
const silent: Observation = { kind: 'unknown', why: 'ECONNRESET' };

const NEEDED = requiredRun(SHARES.closed, 0);
const TARGETS = ['REGIONAL/eu-west-1'];
const REGIONAL = {
  scope: 'REGIONAL' as const,
  region: 'eu-west-1',
  verification: { urls: ['https://shop.example.com/'] },
};

describe('proof', () => {
  const wanted = { mode: 'maintenance', revision: 2 } as const;
  const probed = (seen: readonly Observation[], way: Way = 'past-caches', target = TARGETS[0] as string): Probed[] =>
    seen.map((one) => ({ target, way, seen: one }));
  const times = (count: number, one: Observation) => Array.from({ length: count }, () => one);
  const advance = (
    before: ProofState,
    all: readonly Probed[],
    { want = wanted as Parameters<typeof advanceProof>[2], targets = TARGETS, atSeconds = 0 } = {},
  ) => advanceProof(before, { probed: all, targets, endedAt: NOW + atSeconds * 1_000, from: 'eu-west-1' }, want);

  it('is an unbroken run of agreement, carried on from call to call, not one good moment', () => {
    const first = advance(NO_PROOF, probed(times(NEEDED - 1, closed(2))));
    expect(first).toMatchObject({ state: 'proving', agree: NEEDED - 1, needed: NEEDED, from: 'eu-west-1' });
    expect(advance(first, probed([closed(2)]), { atSeconds: 10 })).toMatchObject({
      state: 'verified',
      probes: NEEDED,
      agree: NEEDED,
      verifiedAt: '2026-11-22T02:00:10.000Z',
    });
  });

  it.each([
    ['one probe still gets in', open, { open: 1, disagree: 1 }],
    ['one probe meets an older revision', closed(1), { open: 0, disagree: 1 }],
    [
      'our header comes with another answer than 503',
      { kind: 'answered', status: 200, maintenanceMode: 'r2' } as const,
      { disagree: 1 },
    ],
    ['another 503 than ours is shown', { kind: 'answered', status: 503 } as const, { open: 1, disagree: 1 }],
  ])('starts over when %s', (_what, seen, counts) => {
    const first = advance(NO_PROOF, probed(times(NEEDED - 1, closed(2))));
    const broken = advance(first, probed([seen]));
    expect(broken).toMatchObject({ state: 'proving', ...counts });
    expect(advance(broken, probed(times(NEEDED, closed(2)))).state).toBe('proving');
    const longer = requiredRun(SHARES.closed, 1);
    expect(advance(broken, probed(times(longer, closed(2)))).state).toBe('verified');
  });

  it('counts no probe that got no answer: that is unknown, not closed', () => {
    const most = advance(NO_PROOF, probed(times(NEEDED - 1, closed(2))));
    expect(advance(most, probed(times(3, silent)))).toMatchObject({ state: 'proving', unknown: 3, disagree: 0 });
    expect(advance(NO_PROOF, probed([closed(2), silent]))).toMatchObject({ unknown: 1, disagree: 0 });
    expect(advance(NO_PROOF, probed(times(2 * NEEDED, silent)))).toMatchObject({ state: 'proving', agree: 0 });
  });

  it('is not there while one of two targets still gets in, however long the other has agreed', () => {
    const targets = [...TARGETS, 'CLOUDFRONT/us-east-1'];
    const one = probed(times(2 * NEEDED, closed(2)));
    expect(advance(NO_PROOF, one, { targets }).state).toBe('proving');
    const both = [...one, ...probed(times(NEEDED, closed(2)), 'past-caches', targets[1])];
    expect(advance(NO_PROOF, both, { targets }).state).toBe('verified');
  });

  it('of open is that none of our answers is seen, whatever the site itself says', () => {
    const want = { mode: 'normal', revision: 3 } as const;
    const ill: Observation = { kind: 'answered', status: 502 };
    const needed = requiredRun(SHARES.open, 0);
    expect(advance(NO_PROOF, probed(times(needed - 1, ill)), { want }).state).toBe('proving');
    expect(advance(NO_PROOF, probed(times(needed, ill)), { want })).toMatchObject({
      state: 'verified',
      siteStatuses: [502],
    });
    const spreading = advance(NO_PROOF, probed([closed(2), open]), { want });
    expect(spreading).toMatchObject({ disagree: 1, open: 0 });
    // Where the change has not come to yet it is our own 503 that is seen.
    expect(spreading.siteStatuses).toEqual([200]);
  });

  it('finds copies that a cache still serves: as visitors come they get in, past the caches nobody does', () => {
    const past = probed(times(40, closed(2)));
    const copies = probed(times(10, open), 'as-visitor');
    expect(advance(NO_PROOF, [...past, ...copies])).toMatchObject({ state: 'proving', cached: 10 });
    expect(advance(NO_PROOF, [...past, ...probed([open]), ...copies]).cached).toBeUndefined();
    expect(advance(NO_PROOF, past).cached).toBeUndefined();
  });

  it('needs at least one target', () => {
    expect(advance(NO_PROOF, [], { targets: [] }).state).toBe('proving');
  });
});

let env: TestEnvironment;
afterEach(() => env?.close());
async function closedEnvironment(options?: TestEnvironmentOptions) {
  env = await createTestEnvironment(options);
  const request = requestOf();
  await operate(env.deps, request);
  return request.operationId;
}
const shop = () => env.deps.config.services[0] as ServiceConfig;
const look = async (seconds = 11) => {
  env.clock.now += seconds * 1_000;
  return verify(env.deps, shop());
};

describe('verify', () => {
  it('says accepted until it is proven from outside, then verified, in the audit too', async () => {
    const id = await closedEnvironment();
    env.sees = () => closed(1);
    expect((await look()).proof.state).toBe('proving');
    expect(await env.store.operation(id)).toMatchObject({ state: 'accepted' });
    expect((await look()).proof.state).toBe('verified');
    expect(await env.store.operation(id)).toMatchObject({ state: 'verified' });
    expect(await env.store.audit('shop', '', 10)).toMatchObject([{ state: 'verified', operationId: id }]);
  });

  it('is final: a site that opens afterwards does not unsay it', async () => {
    const id = await closedEnvironment();
    env.sees = () => closed(1);
    await look();
    await look();
    env.sees = () => open;
    await look();
    expect(await env.store.operation(id)).toMatchObject({ state: 'verified' });
  });

  it('probes once while somebody else is probing', async () => {
    await closedEnvironment();
    let probes = 0;
    env.sees = () => {
      probes += 1;
      return closed(1);
    };
    await Promise.all([verify(env.deps, shop()), verify(env.deps, shop())]);
    expect(probes).toBeGreaterThan(0);
    expect((await env.store.state('shop')).proof).toMatchObject({ agree: probes, unknown: 0 });
  });

  it('proves the earlier operation too that wanted the same', async () => {
    const first = await closedEnvironment();
    await operate(env.deps, requestOf());
    env.sees = () => closed(1);
    await look();
    await look();
    expect(await env.store.operation(first)).toMatchObject({ state: 'verified' });
    expect((await env.store.audit('shop', '', 10)).map(({ state }) => state)).toEqual(['verified', 'verified']);
  });

  it('claims nothing where the config says that nobody looks', async () => {
    const target = { scope: 'REGIONAL', region: 'eu-west-1', verification: 'none' } as const;
    const id = await closedEnvironment({ service: { targets: [target] } });
    await look();
    expect(await env.store.operation(id)).toMatchObject({ state: 'accepted', proof: { state: 'none' } });
  });
});

describe('the reconciler', () => {
  const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
  const ruleCount = async () => ((await env.ruleGroups.read(PLACE)).value.Rules ?? []).length;
  async function emptyTheRules() {
    const group = await env.ruleGroups.read(PLACE);
    const { VisibilityConfig } = group.value;
    await env.ruleGroups.write(PLACE, group, {
      Description: 'a careless deploy',
      Rules: [],
      VisibilityConfig,
    } as never);
  }
  const tick = async () => {
    env.clock.now += 60_000;
    return (await reconcile(env.deps))[0]?.did;
  };

  it('proves what nobody is watching any more', async () => {
    const id = await closedEnvironment();
    env.sees = () => closed(1);
    await tick();
    await tick();
    expect(await env.store.operation(id)).toMatchObject({ state: 'verified' });
  });

  it('keeps the site closed when a deploy empties the rule group, and says so', async () => {
    await closedEnvironment();
    await emptyTheRules();
    expect(await tick()).toBe('repaired');
    expect(await ruleCount()).toBeGreaterThan(0);
    expect((await env.store.state('shop')).drift).toMatchObject([{ target: 'REGIONAL/eu-west-1', state: 'repaired' }]);
    expect((await env.store.audit('shop', '', 10)).map(({ kind }) => kind).sort()).toEqual(['operation', 'repair']);
  });

  it('takes a rule that somebody added for a change, though all of ours are there', async () => {
    await closedEnvironment();
    const group = await env.ruleGroups.read(PLACE);
    const [first, ...rest] = group.value.Rules ?? [];
    const theirs = { ...first, Name: 'let-everybody-in', Priority: 90, Action: { Allow: {} } };
    await env.ruleGroups.write(PLACE, group, { ...group.value, Rules: [first, ...rest, theirs] } as never);
    expect(await tick()).toBe('repaired');
    expect(JSON.stringify((await env.ruleGroups.read(PLACE)).value)).not.toContain('let-everybody-in');
  });

  it('gives way when it is undone again, and calls it contested', async () => {
    await closedEnvironment();
    await emptyTheRules();
    await tick();
    await emptyTheRules();
    expect(await tick()).toBe('contested');
    expect(await ruleCount()).toBe(0);
    await tick();
    expect(await ruleCount()).toBe(0);
  });

  it('repairs once and gives way also while another target is out of reach', async () => {
    env = await createTestEnvironment();
    const forbidden = new RuleGroupError('FIREWALL_FORBIDDEN', false, 'AccessDenied');
    const read: typeof env.ruleGroups.read = (place) =>
      place.scope === 'CLOUDFRONT' ? Promise.reject(forbidden) : env.ruleGroups.read(place);
    const deps = { ...env.deps, ruleGroups: { ...env.ruleGroups, read } };
    await operate(deps, requestOf());
    const did: (string | undefined)[] = [];
    for (const _minute of [1, 2, 3]) {
      await emptyTheRules();
      env.clock.now += 60_000;
      did.push((await reconcile(deps))[0]?.did);
    }
    expect([did, await ruleCount()]).toEqual([['repaired', 'contested', 'converged'], 0]);
    env.clock.now += 60_000;
    await reconcile(env.deps);
    expect((await env.store.state('shop')).targets.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(await ruleCount()).toBe(0);
  });

  it('does not take its own overdue page for somebody else’s change', async () => {
    env = await createTestEnvironment();
    await operate(env.deps, requestOf({ plannedEnd: new Date(NOW + 90_000).toISOString() }));
    const before = JSON.stringify((await env.ruleGroups.read(PLACE)).value);
    env.sees = () => closed(1);
    await tick();
    await tick();
    await tick();
    expect(JSON.stringify((await env.ruleGroups.read(PLACE)).value)).not.toBe(before);
    expect((await env.store.state('shop')).drift).toEqual([]);
  });
});

describe('probes', () => {
  it('ask every page at every address of its host, past the caches and as visitors come', () => {
    const urls = ['https://shop.example.com/', 'https://shop.example.com/api/cart'];
    const asked = Array.from({ length: 40 }, (_one, index) => questionAt(urls, index)).map(
      ({ url, nth, way }) => `${new URL(url).pathname} at address ${nth % 2} ${way}`,
    );
    const all = ['/', '/api/cart'].flatMap((page) =>
      [0, 1].flatMap((address) => ['past-caches', 'as-visitor'].map((way) => `${page} at address ${address} ${way}`)),
    );
    expect([...new Set(asked)].sort()).toEqual(all.sort());
    expect(asked.filter((one) => one.endsWith('as-visitor'))).toHaveLength(8);
  });

  it('are few while everybody still gets in, and more the longer the run', async () => {
    await closedEnvironment({ service: { targets: [REGIONAL] } });
    let probes = 0;
    let seen: Observation = open;
    env.sees = () => {
      probes += 1;
      return seen;
    };
    await look();
    const inVain = probes;
    expect(inVain).toBeLessThanOrEqual(20);
    seen = closed(1);
    await look();
    expect(probes - inVain).toBeGreaterThan(10 * inVain);
  });

  it('walk the visitor’s way in every proof: a page that only a cache still serves is no closed site', async () => {
    const id = await closedEnvironment();
    env.sees = (_url, way) => (way === 'as-visitor' ? open : closed(1));
    for (const _call of [1, 2, 3]) expect((await look()).proof.state).toBe('proving');
    const told = report((await env.store.operation(id)) as OperationRecord, 'Shop');
    expect(told.message).toContain('cached copies of the site are still served; invalidate the CDN’s cache');
    env.sees = () => closed(1);
    for (const _call of [1, 2, 3]) await look();
    expect(await env.store.operation(id)).toMatchObject({ state: 'verified' });
  });

  it('are asked for again at once while a run is in the middle, and the proof says where they came from', async () => {
    const id = await closedEnvironment();
    env.sees = () => closed(1);
    await look();
    const told = report((await env.store.operation(id)) as OperationRecord, 'Shop');
    expect(told.again?.afterMs).toBeLessThan(1_000);
    expect(told.message).toMatch(
      new RegExp(`all \\d+ probes agree so far, ${2 * NEEDED} are needed \\(.*, sent from eu-west-1\\)`),
    );
    await look();
    const done = report((await env.store.operation(id)) as OperationRecord, 'Shop');
    expect(done.again).toBeUndefined();
    expect(done.message).toContain('probes from outside agree');
    expect(done.message).toContain('sent from eu-west-1');
  });

  it('that come back late do not unsay what others proved meanwhile', async () => {
    const id = await closedEnvironment();
    env.sees = () => closed(1);
    await look();
    const late = verify(
      {
        ...env.deps,
        probe: async () => {
          // Its lease runs out while it waits; others go on, and finish.
          if (env.clock.now < NOW + 60_000) {
            env.clock.now = NOW + 60_000;
            await verify(env.deps, shop());
            env.clock.now += 11_000;
            await verify(env.deps, shop());
          }
          return open;
        },
      },
      shop(),
    );
    expect((await late).proof.state).toBe('verified');
    expect(await env.store.operation(id)).toMatchObject({ state: 'verified' });
  });
});

describe('drift', () => {
  const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
  const minute = async (deps = env.deps) => {
    env.clock.now += 60_000;
    return (await reconcile(deps))[0]?.did;
  };
  const change = async (more: object) => {
    const group = await env.ruleGroups.read(PLACE);
    const { Description, VisibilityConfig, Rules, CustomResponseBodies } = group.value;
    await env.ruleGroups.write(PLACE, group, {
      Description,
      VisibilityConfig,
      Rules,
      CustomResponseBodies,
      ...more,
    } as never);
  };

  it('starts a proof over that was under way: what was seen before the repair proves nothing', async () => {
    await closedEnvironment();
    env.sees = () => closed(1);
    await look();
    expect((await env.store.state('shop')).proof.agree).toBeGreaterThan(0);
    await change({ Rules: [] });
    expect(await minute()).toBe('repaired');
    expect((await env.store.state('shop')).proof).toMatchObject({ state: 'proving', probes: 0 });
  });

  it('does not unsay an operation that was proven before it', async () => {
    const id = await closedEnvironment();
    env.sees = () => closed(1);
    await look();
    await look();
    await change({ Rules: [] });
    expect(await minute()).toBe('repaired');
    expect(await env.store.operation(id)).toMatchObject({ state: 'verified' });
  });

  it('that was contested is watched anew once a person has said Go again', async () => {
    await closedEnvironment();
    for (const did of ['repaired', 'contested']) {
      await change({ Rules: [] });
      expect(await minute()).toBe(did);
    }
    await operate(env.deps, requestOf({ requestedAt: new Date(env.clock.now).toISOString() }));
    expect(await env.store.state('shop')).toMatchObject({ drift: [], revision: 1 });
    await change({ Rules: [] });
    expect(await minute()).toBe('repaired');
    const repairs = (await env.store.audit('shop', '', 10)).filter(({ kind }) => kind === 'repair');
    expect(repairs).toHaveLength(3);
  });

  it('of who is let in is seen, though WAF may answer with more than was sent', async () => {
    await closedEnvironment();
    await operate(env.deps, requestOf({ action: 'enable-allowlist' }));
    const { Rules = [] } = (await env.ruleGroups.read(PLACE)).value;
    const [allowlisted, ...others] = Rules;
    const ARN = allowlisted?.Statement?.IPSetReferenceStatement?.ARN;
    const IPSetForwardedIPConfig = { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'MATCH', Position: 'FIRST' };
    const IPSetReferenceStatement = { ARN, IPSetForwardedIPConfig };
    await change({ Rules: [{ ...allowlisted, Statement: { IPSetReferenceStatement } }, ...others] });
    expect(await minute()).toBe('repaired');
  });

  it('is not claimed when the firewall could not be read', async () => {
    await closedEnvironment();
    const busy = { ...env.ruleGroups, read: () => Promise.reject(RuleGroupError.movedOn(PLACE)) };
    expect(await minute({ ...env.deps, ruleGroups: busy })).toBe('proved');
    expect((await env.store.state('shop')).drift).toEqual([]);
  });

  it('is not claimed of an overdue page when the firewall could not be read a second time', async () => {
    env = await createTestEnvironment();
    await operate(env.deps, requestOf({ plannedEnd: new Date(NOW + 30_000).toISOString() }));
    const targets = shop().targets.length;
    let reads = 0;
    const read: typeof env.ruleGroups.read = async (place) => {
      reads += 1;
      if (reads > targets && reads <= 2 * targets) throw RuleGroupError.movedOn(place);
      return env.ruleGroups.read(place);
    };
    await minute({ ...env.deps, ruleGroups: { ...env.ruleGroups, read } });
    expect(reads).toBeGreaterThan(targets);
    expect((await env.store.state('shop')).drift).toEqual([]);
    const { Description } = (await env.ruleGroups.read(PLACE)).value;
    expect(Description).toContain('r1 maintenance');
  });

  it('is not what a deployment of ours brings: another page, or another permanent range', async () => {
    await closedEnvironment();
    await operate(env.deps, requestOf({ action: 'enable-allowlist' }));
    env.sees = () => closed(2);
    const deployed = {
      ...env.deps,
      pages: { ...env.deps.pages, html: '<h1>{{title}} is resting</h1>' },
      config: { ...env.deps.config, services: [{ ...shop(), allowlist: ['192.0.2.0/29'] }] },
    };
    await minute(deployed);
    expect(JSON.stringify((await env.ruleGroups.read(PLACE)).value)).toContain('Shop is resting');
    expect((await env.ruleGroups.readSet(PLACE, 4)).value).toEqual(['192.0.2.0/29']);
    expect(await env.store.state('shop')).toMatchObject({ drift: [], revision: 2 });
    expect(env.notices).toEqual([]);
  });

  it('of who is let in is seen in the set too, though the rules are as they were', async () => {
    await closedEnvironment();
    await operate(env.deps, requestOf({ action: 'enable-allowlist' }));
    const set = await env.ruleGroups.readSet(PLACE, 4);
    await env.ruleGroups.writeSet(PLACE, 4, set, ['192.0.2.0/28', '203.0.113.0/24']);
    expect(await minute()).toBe('repaired');
    expect((await env.ruleGroups.readSet(PLACE, 4)).value).toEqual(['192.0.2.0/28']);
  });

  it('of one service is found even when another cannot be looked at', async () => {
    await closedEnvironment();
    await change({ Rules: [] });
    const ill = { ...shop(), name: 'ill' };
    const store = {
      ...env.store,
      state: (name: string) => (name === 'ill' ? Promise.reject(new Error('out of reach')) : env.store.state(name)),
      // One that cannot be read fails the whole batch.
      states: () => Promise.reject(new Error('out of reach')),
    };
    const config = { ...env.deps.config, services: [ill, shop()] };
    env.clock.now += 60_000;
    expect(await reconcile({ ...env.deps, config, store })).toEqual([
      { service: 'ill', did: 'failed', said: 'out of reach' },
      { service: 'shop', did: 'repaired' },
    ]);
  });
});
