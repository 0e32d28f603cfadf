import { appendFileSync } from 'node:fs';
import { seeded } from '../../local/apps-script-runtime/fault-injection.ts';

/**
 * `npm run prove` tries each play of each story (`PLAYS=all`), its short form so many of each (`PLAYS=30`); `npm test` a few,
 * from its beginning to its end. Which ones follows from the seed that stands in the test's name:
 * `SEED=2 npm run jest -- test/simulation` tries others. In the file that `PLAYS_COUNTED` names it is counted: those that
 * were tried, and those that there are.
 */

export const SEED = Number(process.env.SEED ?? 1);
const isAll = process.env.PLAYS === 'all';
const wanted = Number(process.env.PLAYS);

/** How it is tried, for the name of a test. */
export const HOW = isAll ? 'every play' : `some plays, seed ${SEED}`;

/** @param story - Each has a sample of its own. @param usually - How many, where nobody says it. */
export function tried<T>(story: string, all: readonly T[], usually: number): readonly T[] {
  const most = wanted > 0 ? wanted : usually;
  const chosen = isAll || all.length <= most ? all : sampleOf(story, all, most);
  if (process.env.PLAYS_COUNTED) appendFileSync(process.env.PLAYS_COUNTED, `${chosen.length} ${all.length}\n`);
  return chosen;
}

function sampleOf<T>(story: string, all: readonly T[], most: number): readonly T[] {
  const random = seeded([...story].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, SEED));
  // One of each stretch, so that no part of a story is left out.
  const stretch = all.length / most;
  return Array.from({ length: most }, (_, index) => all[Math.floor((index + random()) * stretch)] as T);
}
