import type { Place } from './rectangles.ts';

/** Cells that have a text, in reading order. Pure; rows and columns count from 1. */

export interface Found extends Place {
  /** Of all that have it, from 1. */
  readonly number: number;
  readonly of: number;
}

const isAfter = (a: Place, b: Place): boolean => a.row > b.row || (a.row === b.row && a.column > b.column);

/** @returns The next one (or with -1 the one before) from where one is, round the end; undefined if no cell has it. */
export function foundIn(
  values: readonly (readonly string[])[],
  text: string,
  from: Place | undefined,
  step: 1 | -1,
): Found | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return undefined;
  const all = values.flatMap((line, row) =>
    line.flatMap((cell, column) => (cell.toLowerCase().includes(wanted) ? [{ row: row + 1, column: column + 1 }] : [])),
  );
  const here = from ?? { row: 0, column: 0 };
  const next =
    step === 1
      ? all.findIndex((place) => isAfter(place, here))
      : all.filter((place) => isAfter(here, place)).length - 1;
  const at = next >= 0 ? next : step === 1 ? 0 : all.length - 1;
  const place = all[at];
  return place && { ...place, number: at + 1, of: all.length };
}
