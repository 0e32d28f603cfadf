import type { ServiceConfig, TargetConfig } from '../../../../config/schema.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { repair } from '../../../../lambda/src/reconcile/repair.ts';
import { RuleGroupError } from '../../../../lambda/src/waf/errors.ts';
import type { Inspection } from '../../../../lambda/src/waf/inspect.ts';
import { requestOf } from '../../../builders.ts';
import { createWorld, type World } from '../rundown/terminal.ts';

/** The table of drift, row by row (docs/architecture.md). */

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const TARGET = 'REGIONAL/eu-west-1';

let world: World;
beforeEach(async () => {
  world = createWorld();
  await operate(world.deps, requestOf());
});

const shop = () => world.deps.config.services[0] as ServiceConfig;
const rules = async () => ((await world.ruleGroups.read(PLACE)).value.Rules ?? []).length;
const audit = async () => (await world.deps.store.audit('shop', '', 100)).filter(({ kind }) => kind === 'repair');

type Known = 'as written' | 'repairing' | 'unrepaired' | 'repaired' | 'contested';

async function know(known: Known): Promise<void> {
  const state = await world.deps.store.state('shop');
  const at = new Date(world.clock.now).toISOString();
  const isDrift = known !== 'as written' && known !== 'repairing';
  await world.deps.store.put('shop', state, {
    ...state,
    ...(isDrift ? { drift: [{ target: TARGET, state: known, at, revision: 1 }] } : {}),
    ...(known === 'repairing' ? { repairing: [TARGET] } : {}),
  });
}

const empty = async () =>
  world.ruleGroups.write(PLACE, await world.ruleGroups.read(PLACE), { Description: 'by hand', Rules: [] } as never);

const run = async (found: Inspection['found']) => {
  const notify = async (notice: { subject: string; message: string }) => void world.notices.push(notice);
  const target = shop().targets[0] as TargetConfig;
  const state = await world.deps.store.state('shop');
  return repair({ ...world.deps, notify }, shop(), state, [{ target, found }]);
};

it.each<[Known, Inspection['found'], isWritten: boolean, did: 'repaired' | 'contested' | undefined]>([
  ['as written', 'in-sync', false, undefined],
  ['as written', 'stale', true, undefined],
  ['as written', 'modified', true, 'repaired'],
  ['as written', 'changing', false, undefined],
  ['as written', 'no-answer', false, undefined],
  ['as written', 'denied', false, undefined],
  ['as written', 'missing', false, undefined],
  ['repairing', 'in-sync', false, 'repaired'],
  ['repairing', 'stale', true, 'repaired'],
  ['repairing', 'modified', true, 'repaired'],
  ['repairing', 'changing', false, undefined],
  ['repairing', 'no-answer', false, undefined],
  ['repairing', 'denied', false, undefined],
  ['repairing', 'missing', false, undefined],
  ['unrepaired', 'in-sync', false, 'repaired'],
  ['unrepaired', 'stale', true, 'repaired'],
  ['unrepaired', 'modified', true, 'repaired'],
  ['unrepaired', 'changing', false, undefined],
  ['unrepaired', 'no-answer', false, undefined],
  ['unrepaired', 'denied', false, undefined],
  ['unrepaired', 'missing', false, undefined],
  ['repaired', 'in-sync', false, undefined],
  ['repaired', 'stale', true, undefined],
  ['repaired', 'modified', false, 'contested'],
  ['repaired', 'changing', false, undefined],
  ['repaired', 'no-answer', false, undefined],
  ['repaired', 'denied', false, undefined],
  ['repaired', 'missing', false, undefined],
  ['contested', 'in-sync', false, undefined],
  ['contested', 'stale', false, undefined],
  ['contested', 'modified', false, undefined],
  ['contested', 'changing', false, undefined],
  ['contested', 'no-answer', false, undefined],
  ['contested', 'denied', false, undefined],
  ['contested', 'missing', false, undefined],
])(
  'a target that is known as %s and found %s is written: %s, and becomes: %s',
  async (known, found, isWritten, did) => {
    await know(known);
    await empty();
    expect((await run(found)).did).toBe(did);
    expect((await rules()) > 0).toBe(isWritten);
    const { drift, repairing = [] } = await world.deps.store.state('shop');
    const isDrift = known !== 'as written' && known !== 'repairing';
    expect(drift.map(({ state }) => state)).toEqual(did ? [did] : isDrift ? [known] : []);
    expect(repairing).toEqual(known === 'repairing' && !did ? [TARGET] : []);
    expect(await audit()).toHaveLength(did ? 1 : 0);
    expect(world.notices).toHaveLength(did === 'repaired' ? 1 : 0);
  },
);

it('says nothing of a repair that could not be written, and goes on with it', async () => {
  await empty();
  const read = world.ruleGroups.write;
  world.ruleGroups.write = () => Promise.reject(Object.assign(new Error('down'), { name: 'Error' }));
  for (const _time of [1, 2]) await expect(run('modified')).rejects.toThrow('down');
  world.ruleGroups.write = read;
  expect(await audit()).toEqual([]);
  expect((await world.deps.store.state('shop')).repairing).toEqual([TARGET]);
  expect((await run('modified')).did).toBe('repaired');
  expect(await audit()).toHaveLength(1);
});

it('tells of a repair that the firewall does not take, once, and of the repair when it takes it', async () => {
  await empty();
  const { write } = world.ruleGroups;
  world.ruleGroups.write = () =>
    Promise.reject(new RuleGroupError('FIREWALL_FORBIDDEN', false, 'drawbridge-shop: AccessDeniedException'));
  expect((await run('modified')).did).toBe('unrepaired');
  expect((await run('modified')).did).toBeUndefined();
  const { drift } = await world.deps.store.state('shop');
  expect(drift).toMatchObject([{ target: TARGET, state: 'unrepaired', code: 'FIREWALL_FORBIDDEN' }]);
  expect((await audit()).map(({ message }) => message)).toEqual([expect.stringContaining('could not be put back')]);
  world.ruleGroups.write = write;
  expect((await run('modified')).did).toBe('repaired');
  expect((await world.deps.store.state('shop')).drift.map(({ state }) => state)).toEqual(['repaired']);
});

describe('what was seen from outside', () => {
  const AT = '2026-11-22T02:00:00.000Z';
  const seen = { at: AT, agree: 0, disagree: 3, unknown: 0, open: [TARGET] };
  const drift = (target: string) => ({ target, state: 'bypassed' as const, at: AT, revision: 1 });
  const bypassed = async () => {
    const state = await world.deps.store.state('shop');
    await world.deps.store.put('shop', state, {
      ...{ ...state, seen, drift: [drift(TARGET), drift('CLOUDFRONT/us-east-1')] },
    });
    await empty();
  };
  const known = async () => {
    const { drift, seen } = await world.deps.store.state('shop');
    return { drift: drift.map(({ target, state }) => `${target} ${state}`), seen };
  };

  it('before a repair proves nothing of now: where it was repaired nobody is known to get in', async () => {
    await bypassed();
    await run('modified');
    expect(await known()).toEqual({ drift: ['CLOUDFRONT/us-east-1 bypassed', `${TARGET} repaired`], seen: undefined });
  });

  it('stays known while a repair is not taken', async () => {
    await bypassed();
    world.ruleGroups.write = () => Promise.reject(new RuleGroupError('FIREWALL_FORBIDDEN', false, 'AccessDenied'));
    await run('modified');
    expect(await known()).toEqual({
      drift: [`${TARGET} bypassed`, 'CLOUDFRONT/us-east-1 bypassed', `${TARGET} unrepaired`],
      seen,
    });
  });
});
