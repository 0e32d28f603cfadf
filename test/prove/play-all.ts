import { countEdits, generate } from './acts.ts';
import { play } from './play.ts';

/** Worlds of many seeds, and what they come to. */

export interface Span {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

export interface Tally {
  readonly worlds: number;
  /** Those with several environments and several targets. */
  readonly spread: number;
  readonly edits: number;
  readonly faults: number;
  readonly syncs: number;
  /** To the table, to WAF, to the topic; and a part of the probes. */
  readonly calls: number;
  readonly operations: number;
  readonly checks: number;
  readonly failures: readonly { readonly seed: number; readonly wrong: readonly string[] }[];
}

/** @param begins - Hears the seed of each before it is played. */
export async function playAll({ first, last, step }: Span, begins: (seed: number) => void): Promise<Tally> {
  let tally: Tally = {
    worlds: 0,
    spread: 0,
    edits: 0,
    faults: 0,
    syncs: 0,
    calls: 0,
    operations: 0,
    checks: 0,
    failures: [],
  };
  for (let seed = first; seed <= last; seed += step) {
    begins(seed);
    const world = generate(seed);
    const { wrong, faults, syncs, calls, operations, checks } = await play(world);
    if (wrong.length > 0) console.log(`seed ${seed}: ${wrong[0]}`);
    tally = {
      worlds: tally.worlds + 1,
      spread: tally.spread + (world.site === 'one place' ? 0 : 1),
      edits: tally.edits + countEdits(world.acts),
      faults: tally.faults + faults,
      syncs: tally.syncs + syncs,
      calls: tally.calls + calls,
      operations: tally.operations + operations,
      checks: tally.checks + checks,
      failures: wrong.length === 0 ? tally.failures : [...tally.failures, { seed, wrong }],
    };
  }
  return tally;
}
