import type { ServiceConfig, TargetConfig } from '../../../../config/schema.ts';
import { type DirectStamp, formatDirectStamp } from '../../../../contract/stamp.ts';
import type { ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import { inspect } from '../../../../lambda/src/waf/inspect.ts';
import { requestOf } from '../../../builders.ts';
import { createWorld, type World } from '../rundown/terminal.ts';

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;

let world: World;
let writes: number;
beforeEach(async () => {
  world = createWorld();
  await operate(world.deps, requestOf());
  await operate(world.deps, requestOf({ action: 'enable-allowlist', allowlist: ['192.0.2.10/32', '2001:db8::/32'] }));
  writes = 0;
});

/** What an inspection finds, counting what it writes. */
async function finding(pages = world.deps.pages, service = world.deps.config.services[0] as ServiceConfig) {
  const { store, ruleGroups } = world.deps;
  const count = async () => {
    writes += 1;
  };
  const counting = { ...ruleGroups, write: count, writeSet: count };
  const deps = { ...world.deps, pages, ruleGroups: counting };
  const { found } = await inspect(deps, service, service.targets[0] as TargetConfig, await store.state('shop'));
  return found;
}
const group = () => world.ruleGroups.read(PLACE);

it.each<[string, string, () => Promise<unknown>]>([
  ['in-sync', 'nothing', async () => undefined],
  [
    'modified',
    'the rules',
    async () => world.ruleGroups.write(PLACE, await group(), { Description: '', Rules: [] } as never),
  ],
  [
    'modified',
    'who is in a set',
    async () => world.ruleGroups.writeSet(PLACE, 4, await world.ruleGroups.readSet(PLACE, 4), ['0.0.0.0/1']),
  ],
  [
    'modified',
    'who is in the other set',
    async () => world.ruleGroups.writeSet(PLACE, 6, await world.ruleGroups.readSet(PLACE, 6), []),
  ],
])('finds a target %s when somebody changed %s, and writes nothing', async (found, _what, change) => {
  await change();
  expect(await finding()).toBe(found);
  expect(writes).toBe(0);
});

it('finds a target modified when somebody took the testers out of one set and put others into the other', async () => {
  await operate(world.deps, requestOf({ action: 'enable-allowlist', allowlist: ['192.0.2.10/32'] }));
  expect(await finding()).toBe('in-sync');
  await world.ruleGroups.writeSet(PLACE, 4, await world.ruleGroups.readSet(PLACE, 4), []);
  await world.ruleGroups.writeSet(PLACE, 6, await world.ruleGroups.readSet(PLACE, 6), ['2001:db8::/32']);
  expect(await finding()).toBe('modified');
});

it('finds a target modified when somebody made a path longer in one of its rules', async () => {
  const [shop, ...others] = world.deps.config.services as [ServiceConfig, ...ServiceConfig[]];
  const service = { ...shop, exemptPaths: ['/health'] };
  const config = { ...world.deps.config, services: [service, ...others] };
  await operate({ ...world.deps, config }, requestOf({ action: 'disable-allowlist' }));
  expect(await finding(undefined, service)).toBe('in-sync');
  const read = await group();
  const Rules = read.value.Rules?.map((rule) => {
    const match = rule.Statement?.ByteMatchStatement;
    if (!match) return rule;
    const SearchString = Buffer.concat([match.SearchString as Uint8Array, Buffer.from('/deep')]);
    return { ...rule, Statement: { ByteMatchStatement: { ...match, SearchString } } };
  });
  await world.ruleGroups.write(PLACE, read, { ...read.value, Rules } as never);
  expect(await finding(undefined, service)).toBe('modified');
});

it('finds a target stale when a deployment brought another page, and writes nothing', async () => {
  expect(await finding({ ...world.deps.pages, html: '<h1>New</h1>' })).toBe('stale');
  expect(writes).toBe(0);
});

describe('of a target that could not be read, or is being set, it says so, and why', () => {
  const inspected = async (read: () => Promise<never>) => {
    const { target: _target, ...told } = await look({ ruleGroups: { ...world.ruleGroups, read } });
    return told;
  };
  const look = async (more: Partial<World['deps']>, state?: ServiceState) => {
    const service = world.deps.config.services[0] as ServiceConfig;
    const known = state ?? (await world.deps.store.state('shop'));
    return inspect({ ...world.deps, ...more }, service, service.targets[0] as TargetConfig, known);
  };

  it.each([
    ['missing', RuleGroupError.missing(PLACE, 'the group')],
    ['denied', new RuleGroupError('FIREWALL_FORBIDDEN', false, 'no')],
    ['no-answer', RuleGroupError.noToken(PLACE)],
  ] as const)('%s', async (found, error) => {
    expect(await inspected(() => Promise.reject(error))).toEqual({ found, code: error.code });
  });

  it('after ten seconds at most', async () => {
    const from = world.clock.now;
    await inspected(() => Promise.reject(RuleGroupError.noToken(PLACE)));
    expect(world.clock.now - from).toBeGreaterThan(5_000);
    expect(world.clock.now - from).toBeLessThanOrEqual(10_000);
  });

  it('changing, where somebody has set it since', async () => {
    const before = await world.deps.store.state('shop');
    await operate(world.deps, requestOf({ action: 'exit' }));
    expect((await look({}, before)).found).toBe('changing');
  });

  it('changing, with what was written directly, until that is adopted: then it is stale', async () => {
    const stamp = { mode: 'maintenance', at: '2026-11-22T02:30:00.000Z', actor: 'arn:aws:iam::111122223333:role/x' };
    const Description = formatDirectStamp(stamp as DirectStamp);
    await world.ruleGroups.write(PLACE, await group(), { Description, Rules: [] } as never);
    expect(await look({})).toMatchObject({ found: 'changing', stamp });
    const known = await world.deps.store.state('shop');
    await world.deps.store.put('shop', known, { ...known, adopted: stamp.at, adoptedAt: stamp.at });
    expect((await look({})).found).toBe('stale');
  });
});
