/**
 * The one clock of the local stack: the machine's, shifted. Workers read the same shift from shared memory.
 * Moving it releases everybody who waits on it.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when this clock has moved on by `ms`, by itself or because somebody moved it. */
  sleep(ms: number): Promise<void>;
  /** Moves the clock; going back is refused, as tokens, locks and WAF would not survive it. */
  moveTo(at: number): void;
  /** Calls back after every move. Returns a function that ends it. */
  onMove(listener: () => void): () => void;
  /** The shift in milliseconds, as one Float64; for `workerData`. */
  readonly shift: SharedArrayBuffer;
}

const LONGEST_TIMER_MS = 60_000;

export function createClock(startAt: number = Date.now()): Clock {
  const shift = new SharedArrayBuffer(8);
  const cell = new Float64Array(shift);
  cell[0] = startAt - Date.now();
  const listeners = new Set<() => void>();
  const now = () => Date.now() + (cell[0] as number);
  return {
    shift,
    now,
    sleep(ms) {
      const until = now() + ms;
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        const check = () => {
          clearTimeout(timer);
          const left = until - now();
          if (left <= 0) {
            listeners.delete(check);
            resolve();
          } else {
            timer = setTimeout(check, Math.min(left, LONGEST_TIMER_MS));
            timer.unref();
          }
        };
        listeners.add(check);
        check();
      });
    },
    moveTo(at) {
      if (at < now()) throw new RangeError('The clock can only be moved forward. Choose a later time.');
      cell[0] = at - Date.now();
      for (const listener of [...listeners]) listener();
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
