import type { ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
import { createServiceStates } from '../../../../lambda/src/store/service-states.ts';
import type { Item, Table } from '../../../../lambda/src/store/table.ts';
import { requestOf } from '../../../builders.ts';
import { createWorld, type World } from '../rundown/terminal.ts';

/** What is wanted, what became of it and what was seen are items of their own: none waits for another. */

let world: World;
let commits: string[];
beforeEach(async () => {
  world = createWorld();
  await operate(world.deps, request());
  commits = [];
});

const request = (more: Parameters<typeof requestOf>[0] = {}) =>
  requestOf({ requestedAt: new Date(world.clock.now).toISOString(), ...more });
const state = () => world.deps.store.state('shop');
const found = (at: string): Partial<ServiceState> => ({
  seen: { at, agree: 0, disagree: 3, unknown: 0, open: ['REGIONAL/eu-west-1'] },
  drift: [{ target: 'REGIONAL/eu-west-1', state: 'contested', at, revision: 1 }],
});

/** Does it right before each commit of an operation, and counts those. */
function beforeEachCommit(meddle: () => Promise<unknown>): void {
  let isMeddling = false;
  world.table.meanwhile = async (call, side) => {
    if (isMeddling || side !== 'before' || !call.includes('operation')) return;
    commits.push(call);
    isMeddling = true;
    await meddle();
    isMeddling = false;
  };
}

it('an operation is committed at the first attempt while others write down what they saw', async () => {
  const known = await state();
  await world.deps.store.put('shop', known, { ...known, ...found('2026-11-22T02:00:30.000Z') });
  beforeEachCommit(async () => {
    const now = await state();
    await world.deps.store.put('shop', now, { ...now, ...found('2026-11-22T02:00:59.000Z') });
  });
  await operate(world.deps, request({ action: 'exit' }));
  expect(commits).toHaveLength(1);
});

it('what was found under one decision is not told of the next, even if it is written after it', async () => {
  const known = await state();
  await operate(world.deps, request({ action: 'exit' }));
  await world.deps.store.put('shop', known, { ...known, ...found('2026-11-22T02:00:30.000Z') });
  expect(await state()).toMatchObject({ mode: 'normal', drift: [] });
  expect((await state()).seen).toBeUndefined();
});

it('when people were last alerted outlives the decision', async () => {
  const known = await state();
  await world.deps.store.put('shop', known, { ...known, alerted: { overdue: '2026-11-22T02:00:30.000Z' } });
  await operate(world.deps, request({ action: 'exit' }));
  expect((await state()).alerted).toEqual({ overdue: '2026-11-22T02:00:30.000Z' });
});

it('what the probes say of a state that is not wanted any more is not written', async () => {
  const known = await state();
  await operate(world.deps, request({ action: 'exit' }));
  const proof = { ...known.proof, state: 'verified' as const };
  expect(await world.deps.store.put('shop', known, { ...known, proof })).toBeUndefined();
  expect((await state()).proof.state).toBe('proving');
});

it('a state that is read while later operations are committed comes with its own evidence', async () => {
  const first = await state();
  const old = world.table.items().find(({ pk, sk }) => pk === 'SERVICE#shop' && sk === 'STATE') as Item;
  for (const action of ['exit', 'enter', 'exit', 'enter'] as const) {
    world.clock.now += 60_000;
    await operate(world.deps, request({ action }));
  }
  // A query reads one item after the other: the state first.
  const query: Table['query'] = async <T>(...asked: Parameters<Table['query']>) => {
    const items = await world.table.query<T>(...asked);
    const { pk: _pk, ...stale } = old;
    return items.map((item) => (item.sk === 'STATE' ? (stale as typeof item) : item));
  };
  const read = await createServiceStates({ ...world.table, query }).state('shop');
  expect([read.revision, read.evidence, read.acceptedAt]).toEqual([first.revision, first.evidence, first.acceptedAt]);
  expect(read.targets).toEqual(first.targets);
});

it('one state is one read, and those of many services come in batches, the same', async () => {
  const names = ['shop', 'payments', 'one', 'two', 'three', 'four'];
  const from = world.table.calls.length;
  const apart = new Map(
    await Promise.all(names.map(async (name) => [name, await world.deps.store.state(name)] as const)),
  );
  expect(world.table.calls.slice(from)).toEqual(names.map((name) => `query SERVICE#${name}`));
  const many = await world.deps.store.states(names);
  expect(world.table.calls.slice(from + names.length)).toEqual([
    expect.stringMatching(/^getAll SERVICE#shop STATE/),
    expect.stringMatching(/^getAll SERVICE#shop PROOF/),
  ]);
  expect(many).toEqual(apart);
});

it('where nothing differs nothing is written, but for what it comes with', async () => {
  const known = await state();
  const from = world.table.calls.length;
  expect(await world.deps.store.put('shop', known, { ...known })).toEqual(known);
  expect(world.table.calls).toHaveLength(from);
  const beside = { put: { pk: 'X', sk: 'Y' }, label: 'beside' };
  expect(await world.deps.store.put('shop', known, known, [beside])).toEqual(known);
  expect(world.table.calls.slice(from)).toEqual(['commit beside']);
});

it('up to four states are read beside each other, each in one read', async () => {
  const from = world.table.calls.length;
  await world.deps.store.states(['shop', 'one', 'two', 'three', 'shop']);
  expect(world.table.calls.slice(from)).toEqual(['shop', 'one', 'two', 'three'].map((name) => `query SERVICE#${name}`));
});

it('an operation that another has taken the place of says which: its id, who asked, and in which step', async () => {
  const first = (await state()).operation?.request.operationId ?? '';
  const second = request({ action: 'exit', source: { kind: 'sheet', spreadsheetId: 'sheet-1', step: '8' } });
  await operate(world.deps, second);
  const { operationId, requestedBy: by } = second;
  expect((await world.deps.store.operation(first))?.supersededBy).toEqual({ operationId, by, step: '8' });
  await operate(world.deps, request({ source: { kind: 'break-glass' } }));
  expect((await world.deps.store.operation(operationId))?.supersededBy).not.toHaveProperty('step');
});

it('an operation that its step asks for is wanted until the step is gone, or asks for it no more', async () => {
  const { store } = world.deps;
  const place = { spreadsheetId: 'sheet-1', stepKey: '000001' };
  expect(await store.isIntended(place, 'x')).toBe(false);
  const put = { pk: 'RUNDOWN#sheet-1', sk: 'STEP#000001' };
  await world.table.commit([{ put: { ...put, intents: { x: {} } }, label: 'step' }]);
  expect([await store.isIntended(place, 'x'), await store.isIntended(place, 'y')]).toEqual([true, false]);
  await world.table.commit([{ put, label: 'step' }]);
  expect(await store.isIntended(place, 'x')).toBe(false);
});

it('what was found is told while its decision stands, and written over by nobody who has not read it', async () => {
  const known = await state();
  const [early, late] = [found('2026-11-22T02:00:30.000Z'), found('2026-11-22T02:00:59.000Z')];
  const one = (await world.deps.store.put('shop', known, { ...known, ...early })) as ServiceState;
  expect(one).toMatchObject({ mode: 'maintenance', observedVersion: 1, ...early });
  expect(await state()).toMatchObject({ observedVersion: 1, ...early });
  expect(await world.deps.store.put('shop', known, { ...known, ...late })).toBeUndefined();
  const two = await world.deps.store.put('shop', one, { ...one, ...late });
  expect(two).toMatchObject({ mode: 'maintenance', observedVersion: 2, ...late });
  expect(await state()).toMatchObject({ observedVersion: 2, ...late });
});

it('what became of it is written without what was found', async () => {
  const known = await state();
  await world.deps.store.put('shop', known, { ...known, ...found('2026-11-22T02:00:30.000Z') });
  const now = await state();
  const from = world.table.calls.length;
  await world.deps.store.put('shop', now, { ...now, proof: { ...now.proof, probes: 1 } });
  expect(world.table.calls.slice(from)).toEqual(['commit proof, state']);
});

it('a state is read without the history that lies beside it', async () => {
  for (const action of ['exit', 'enter', 'exit', 'enter'] as const) {
    world.clock.now += 60_000;
    await operate(world.deps, request({ action }));
  }
  let items = 0;
  const query: Table['query'] = async <T>(...asked: Parameters<Table['query']>) => {
    const found = await world.table.query<T>(...asked);
    items += found.length;
    return found;
  };
  await createServiceStates({ ...world.table, query }).state('shop');
  expect(items).toBeLessThanOrEqual(4);
});

it('in the audit an operation is told by the title of its service, and a repair of it as what it is', async () => {
  const { operation, revision } = await state();
  const operationId = operation?.request.operationId ?? '';
  const repair = { service: 'shop', revision, operationId, kind: 'repair', by: 'Drawbridge', message: 'Put back.' };
  const at = new Date(world.clock.now + 1).toISOString();
  await world.deps.store.addAudit({ ...repair, at } as never);
  const [told, operated] = await world.deps.store.audit('shop', '', 10);
  expect(told).toEqual({ ...repair, at });
  expect(operated).toMatchObject({ kind: 'operation', message: expect.stringContaining('Shop') });
});
