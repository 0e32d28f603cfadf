import type { Clock } from '../clock.ts';

interface Waiter {
  readonly id: string;
  done(got: boolean): void;
}

/** LockService's script lock: one execution holds it, the others wait their turn. */
export class ScriptLock {
  #holder: string | undefined;
  readonly #clock: Clock;
  #waiting: Waiter[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async tryLock(id: string, ms: number): Promise<boolean> {
    if (this.#holder === undefined) this.#holder = id;
    if (this.#holder === id) return true;
    if (ms <= 0) return false;
    return new Promise((resolve) => {
      const waiter = { id, done: resolve };
      this.#waiting.push(waiter);
      this.#clock.sleep(ms).then(() => this.#giveUp((one) => one === waiter));
    });
  }

  release(id: string): void {
    if (this.#holder !== id) return;
    const next = this.#waiting.shift();
    this.#holder = next?.id;
    next?.done(true);
  }

  /** At an execution's end, however it came: a dead one must not be given the lock that it waited for. */
  forget(id: string): void {
    this.#giveUp((one) => one.id === id);
    this.release(id);
  }

  #giveUp(isMeant: (waiter: Waiter) => boolean): void {
    const leaving = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter((one) => !isMeant(one));
    for (const { done } of leaving) done(false);
  }
}
