import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { Threads } from '../../../../local/apps-script-runtime/threads.ts';

const QUIET = new URL(
  "data:text/javascript,import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});",
);

let threads: Threads;
beforeEach(() => {
  threads = new Threads(QUIET);
});
afterEach(() => threads.close());

/** A thread that has ended has no number any more. */
const hasEnded = ({ threadId }: Worker) => threadId === -1;

it('gives the thread of an execution that ended to the next one, and never to two at once', () => {
  const first = threads.take();
  threads.giveBack(first);
  expect(threads.take()).toBe(first);
  const second = threads.take();
  expect(second).not.toBe(first);
  threads.giveBack(first);
  threads.giveBack(second);
});

it('keeps a few, ends those beyond, and ends them all when it is closed', async () => {
  const taken = Array.from({ length: 5 }, () => threads.take());
  const [last] = taken.slice(-1) as [Worker];
  const ended = once(last, 'exit');
  for (const thread of taken) threads.giveBack(thread);
  await ended;
  expect(taken.map(hasEnded)).toEqual([false, false, false, false, true]);
  await threads.close();
  expect(taken.every(hasEnded)).toBe(true);
});

it('ends what comes back after it was closed', async () => {
  const thread = threads.take();
  await threads.close();
  const ended = once(thread, 'exit');
  threads.giveBack(thread);
  await ended;
  expect(hasEnded(thread)).toBe(true);
});
