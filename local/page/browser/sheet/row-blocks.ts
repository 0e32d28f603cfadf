/** Rows that a person selected, as few runs as there are. Pure; rows count from 1. */

export interface RowBlock {
  readonly row: number;
  readonly count: number;
}

/** @returns From the bottom up, so that none moves another. */
export function blocksOf(selected: readonly RowBlock[]): RowBlock[] {
  const rows = new Set(selected.flatMap(({ row, count }) => Array.from({ length: count }, (_one, at) => row + at)));
  const blocks: RowBlock[] = [];
  for (const row of [...rows].sort((a, b) => b - a)) {
    const last = blocks.at(-1);
    if (last?.row === row + 1) blocks[blocks.length - 1] = { row, count: last.count + 1 };
    else blocks.push({ row, count: 1 });
  }
  return blocks;
}

export const countOf = (blocks: readonly RowBlock[]): number => blocks.reduce((sum, { count }) => sum + count, 0);
