import { readdirSync, readFileSync } from 'node:fs';
import type { World } from './acts.ts';
import { generate } from './acts.ts';
import { play } from './play.ts';

/** Random worlds: some that are always the same, and each that once went wrong. `npm run prove` plays thousands. */

const HISTORIES = new URL('../simulation/histories/', import.meta.url);
const SEEDS = Array.from({ length: 8 }, (_, index) => index + 1);
const LONGEST_MS = 120_000;

const histories = readdirSync(HISTORIES)
  .sort()
  .map((file) => JSON.parse(readFileSync(new URL(file, HISTORIES), 'utf8')) as { what: string; world: World });

it.each(histories.map(({ what, world }) => [what, world] as const))(
  'what once went wrong stays right: %s',
  async (_what, world) => {
    const { wrong, timeline } = await play(world);
    expect(wrong.length === 0 ? [] : [...timeline(), ...wrong]).toEqual([]);
  },
  LONGEST_MS,
);

it(
  'every world of these seeds ends as it must',
  async () => {
    const failed: string[] = [];
    for (const seed of SEEDS) {
      const { wrong } = await play(generate(seed));
      if (wrong.length > 0) failed.push(`npm run prove -- seed ${seed}: ${wrong.join('; ')}`);
    }
    expect(failed).toEqual([]);
  },
  LONGEST_MS,
);

it(
  'a seed is always the same world, and ends alike',
  async () => {
    const [one, other] = [await play(generate(3)), await play(generate(3))];
    expect(other.timeline()).toEqual(one.timeline());
    expect(generate(4)).not.toEqual(generate(3));
  },
  LONGEST_MS,
);
