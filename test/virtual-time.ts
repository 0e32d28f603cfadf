import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../lambda/src/model/ports.ts';

/**
 * A clock that stands still while anything is worked on, and jumps to whoever waits for the earliest moment: what would
 * take minutes is over in a moment, each call comes at its exact time, and many can wait side by side.
 */
export interface VirtualTime extends Clock {
  /** While such a call is on its way, the clock stands. */
  readonly whileCalling: <T>(call: () => Promise<T>) => Promise<T>;
  run<T>(work: () => Promise<T>): Promise<T>;
}

const MOST_IDLE_TURNS = 1_000;

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createVirtualTime(startAt: number): VirtualTime {
  let now = startAt;
  let calling = 0;
  const sleepers: Sleeper[] = [];

  function wakeNext(): boolean {
    const next = sleepers.reduce<Sleeper | undefined>(
      (first, one) => (first && first.at <= one.at ? first : one),
      undefined,
    );
    if (!next) return false;
    sleepers.splice(sleepers.indexOf(next), 1);
    now = Math.max(now, next.at);
    next.wake();
    return true;
  }

  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => void sleepers.push({ at: now + ms, wake })),
    async whileCalling(call) {
      calling += 1;
      try {
        return await call();
      } finally {
        calling -= 1;
      }
    },
    async run(work) {
      let isDone = false;
      const running = work().finally(() => {
        isDone = true;
      });
      running.catch(() => undefined);
      for (let idle = 0; !isDone && idle < MOST_IDLE_TURNS; idle += 1) {
        await turnOfTheLoop();
        await turnOfTheLoop();
        if (calling > 0) idle = 0;
        else if (!isDone && wakeNext()) idle = 0;
      }
      if (!isDone) throw new Error('nobody waits for a time, and still it does not end');
      return running;
    },
  };
}
