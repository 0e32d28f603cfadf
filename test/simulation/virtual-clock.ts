/** Time goes on only while everybody waits: then to whoever waits for the shortest. */
export class VirtualClock {
  now: number;
  private readonly waiting: Waiting[] = [];
  private isPumping = false;

  constructor(now: number) {
    this.now = now;
  }

  /** @param isDead - Nobody waits any more for whoever is. */
  sleep(ms: number, isDead: () => boolean): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((wake) => {
      // As the machine's clock, it knows no parts of a millisecond.
      this.waiting.push({ at: this.now + Math.ceil(ms), wake, isDead });
      if (this.isPumping) return;
      this.isPumping = true;
      setImmediate(() => this.pump());
    });
  }

  /** Comes when nothing else is to be done. */
  private pump(): void {
    const living = this.waiting.filter(({ isDead }) => !isDead());
    const next = living.sort((a, b) => a.at - b.at)[0];
    this.waiting.splice(0, this.waiting.length, ...living.slice(1));
    this.isPumping = next !== undefined;
    if (!next) return;
    this.now = Math.max(this.now, next.at);
    next.wake();
    setImmediate(() => this.pump());
  }
}

interface Waiting {
  readonly at: number;
  readonly wake: () => void;
  readonly isDead: () => boolean;
}
