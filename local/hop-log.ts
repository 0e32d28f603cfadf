import type { Hop, Trace } from './trace.ts';

const MOST_HOPS = 2_000;

export interface HopLog {
  readonly hops: readonly Hop[];
  readonly trace: Trace;
  onHop(listener: (hop: Hop) => void): () => void;
}

/** The last hops of the whole stack, oldest first. */
export function createHopLog(): HopLog {
  const hops: Hop[] = [];
  const listeners = new Set<(hop: Hop) => void>();
  return {
    hops,
    trace(hop) {
      hops.push(hop);
      if (hops.length > MOST_HOPS) hops.splice(0, hops.length - MOST_HOPS);
      for (const listener of listeners) listener(hop);
    },
    onHop(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
