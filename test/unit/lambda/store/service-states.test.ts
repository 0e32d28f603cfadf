import type { ServiceState } from '../../../../lambda/src/model/service-state.ts';
import { operate } from '../../../../lambda/src/operate/operate.ts';
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
