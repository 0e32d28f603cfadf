import type { Clock } from '../clock.ts';

/** LockService's script lock: one holder, others wait their turn. */
export class ScriptLock {
  holder: string | undefined;
  readonly #clock: Clock;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async tryLock(id: string, ms: number): Promise<boolean> {
    const until = this.#clock.now() + ms;
    while (this.holder !== undefined && this.holder !== id) {
      const left = until - this.#clock.now();
      if (left <= 0) return false;
      await Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), this.#clock.sleep(left)]);
    }
    this.holder = id;
    return true;
  }

  /** By the execution itself, or at its end, however it ended. */
  release(id: string): void {
    if (this.holder !== id) return;
    this.holder = undefined;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
