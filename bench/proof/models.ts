/**
 * Ways in which a change may spread: which share of the requests still meets what was before. Each closing draws its own
 * times; docs/proof.md says why these.
 */

/** One closing: what is met at each time, counted from when WAF took the change. */
export interface Spreading {
  /** The share of visitors who still get in. */
  leftAt(ms: number): number;
  /** The same of probes in this way at that address; left out where these make no difference. */
  readonly metBy?: (way: 'past-caches' | 'as-visitor', address: number, ms: number) => number;
}

export interface Model {
  readonly name: string;
  readonly addresses: number;
  draw(random: () => number): Spreading;
}

const between = (random: () => number, from: number, to: number): number => from + random() * (to - from);

/** Falls evenly from everybody to nobody. */
const ramp = (startMs: number, endMs: number) => (ms: number) =>
  Math.min(1, Math.max(0, (endMs - ms) / (endMs - startMs)));

export const MODELS: readonly Model[] = [
  {
    name: 'short: 1 to 4 s, as the local WAF',
    addresses: 1,
    draw: () => ({ leftAt: ramp(1_000, 4_000) }),
  },
  {
    name: 'long: over 30 s to 3 min',
    addresses: 4,
    draw: (random) => ({ leftAt: ramp(between(random, 1_000, 10_000), between(random, 30_000, 180_000)) }),
  },
  {
    name: 'a straggling edge: 1 % for 20 s to 2 min',
    addresses: 4,
    draw: (random) => {
      const bulk = ramp(1_000, between(random, 4_000, 15_000));
      const untilMs = between(random, 20_000, 120_000);
      return { leftAt: (ms) => Math.max(bulk(ms), ms < untilMs ? 0.01 : 0) };
    },
  },
  {
    name: 'straggling edges: 5 % for 20 s to 2 min',
    addresses: 4,
    draw: (random) => {
      const bulk = ramp(1_000, between(random, 4_000, 15_000));
      const untilMs = between(random, 20_000, 120_000);
      return { leftAt: (ms) => Math.max(bulk(ms), ms < untilMs ? 0.05 : 0) };
    },
  },
  {
    name: 'one stale address of 8, for 20 s to 2 min',
    addresses: 8,
    draw: (random) => {
      const bulk = ramp(1_000, 4_000);
      const stale = Math.floor(random() * 8);
      const untilMs = between(random, 20_000, 120_000);
      const at = (address: number, ms: number) => (address === stale && ms < untilMs ? 1 : bulk(ms));
      return {
        leftAt: (ms) => (7 * bulk(ms) + at(stale, ms)) / 8,
        metBy: (_way, address, ms) => at(address % 8, ms),
      };
    },
  },
  {
    name: 'a caching proxy: old pages for 20 s to 2 min',
    addresses: 1,
    draw: (random) => {
      const bulk = ramp(1_000, 4_000);
      const untilMs = between(random, 20_000, 120_000);
      const visitors = (ms: number) => (ms < untilMs ? 1 : bulk(ms));
      return { leftAt: visitors, metBy: (way, _address, ms) => (way === 'as-visitor' ? visitors(ms) : bulk(ms)) };
    },
  },
];
