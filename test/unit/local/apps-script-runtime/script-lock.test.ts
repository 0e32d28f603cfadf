import { ScriptLock } from '../../../../local/apps-script-runtime/script-lock.ts';
import { createClock } from '../../../../local/clock.ts';

const LONG_MS = 60 * 60_000;
let clock = createClock(0);
let lock = new ScriptLock(clock);
beforeEach(() => {
  clock = createClock(0);
  lock = new ScriptLock(clock);
});

it('is given in turn to those who wait', async () => {
  expect(await lock.tryLock('first', 0)).toBe(true);
  const order: string[] = [];
  const waits = ['second', 'third'].map((id) => lock.tryLock(id, LONG_MS).then(() => order.push(id)));
  lock.release('first');
  await waits[0];
  expect(order).toEqual(['second']);
  lock.release('second');
  await waits[1];
  expect(order).toEqual(['second', 'third']);
});

it('is not waited for longer than asked, on the local clock', async () => {
  await lock.tryLock('first', 0);
  const waiting = lock.tryLock('second', LONG_MS);
  clock.moveTo(clock.now() + LONG_MS);
  expect(await waiting).toBe(false);
  expect(await lock.tryLock('third', 0)).toBe(false);
});

it('is never left with an execution that died while it waited', async () => {
  await lock.tryLock('first', 0);
  const dead = lock.tryLock('dead', LONG_MS);
  const alive = lock.tryLock('alive', LONG_MS);
  lock.forget('dead');
  lock.release('first');
  expect(await dead).toBe(false);
  expect(await alive).toBe(true);
});

it('is not released by who does not hold it', async () => {
  await lock.tryLock('first', 0);
  lock.release('second');
  expect(await lock.tryLock('second', 0)).toBe(false);
  expect(await lock.tryLock('first', 0)).toBe(true);
});
