/** How long a change takes until every request meets it; between the two, each request meets old or new by chance. */
export interface Propagation {
  readonly minMs: number;
  readonly maxMs: number;
}

/** "A few seconds" of the "few seconds to a number of minutes" that WAF takes. */
export const DEFAULT_PROPAGATION: Propagation = { minMs: 1_000, maxMs: 4_000 };

interface Version<T> {
  readonly at: number;
  readonly value: T;
}

/** A value that the control plane has set, and that the data plane comes to see. */
export class Propagating<T> {
  #versions: Version<T>[];

  constructor(value: T, at: number) {
    this.#versions = [{ at, value }];
  }

  set(value: T, at: number): void {
    this.#versions.push({ at, value });
  }

  /** What the control plane reads back. */
  get latest(): T {
    return (this.#versions.at(-1) as Version<T>).value;
  }

  /** What one request meets: the newest version that has reached its corner. */
  seen(now: number, { minMs, maxMs }: Propagation, random: () => number): T {
    const settled = this.#versions.findLastIndex(({ at }) => now - at >= maxMs);
    if (settled > 0) this.#versions.splice(0, settled);
    for (const { at, value } of [...this.#versions].reverse()) {
      const age = now - at;
      const chance = maxMs > minMs ? (age - minMs) / (maxMs - minMs) : Number(age >= minMs);
      if (age >= maxMs || random() < chance) return value;
    }
    return (this.#versions[0] as Version<T>).value;
  }
}
