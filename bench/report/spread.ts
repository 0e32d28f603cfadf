/** Several measurements of one thing: what they come to, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  /** A tenth of the samples is lower. */
  readonly low: number;
  /** A tenth of the samples is higher. */
  readonly high: number;
  /** In the order in which they were taken. */
  readonly samples: readonly number[];
}

export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new Error('Nothing was measured.');
  const sorted = [...samples].sort((one, other) => one - other);
  const at = (part: number): number => {
    const place = (sorted.length - 1) * part;
    const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.1), high: at(0.9), samples };
}

/** The same for what is exact, such as a count. */
export const exactly = (value: number): Spread => spreadOf([value]);

/**
 * Every contender once a round, so that a slow minute of the machine hits all of them; the first round is left out.
 * @returns The samples of each, in the order of the contenders.
 */
export async function interleaved(
  contenders: readonly (() => Promise<number> | number)[],
  rounds: number,
): Promise<number[][]> {
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, run] of contenders.entries()) {
      const sample = await run();
      if (round > 0) samples[at]?.push(sample);
    }
  }
  return samples;
}
