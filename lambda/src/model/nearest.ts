/** @returns The word that was most likely meant, if one is near enough to be offered. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(typed.length / 3));
  const [best] = words
    .map((word) => ({ word, steps: distance(typed, word) }))
    .filter(({ word, steps }) => steps <= most || (typed.length >= 3 && word.startsWith(typed)))
    .sort((one, other) => one.steps - other.steps);
  return best?.word;
}

/** How many letters were left out, added, mistaken or swapped with their neighbour. */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_none, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const steps = [cell(rows, i - 1, j) + 1, (row[j - 1] ?? 0) + 1, cell(rows, i - 1, j - 1) + (isSame ? 0 : 1)];
      row.push(Math.min(...steps, ...(isSwapped ? [cell(rows, i - 2, j - 2) + 1] : [])));
    }
    rows.push(row);
  }
  return cell(rows, one.length, other.length);
}

const cell = (rows: readonly (readonly number[])[], i: number, j: number): number => rows[i]?.[j] ?? 0;
