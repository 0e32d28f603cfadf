import type { ShownSheet } from './shown-sheet.ts';

/** Where rows that a person looked at stand now. Pure. */

type Rows = Pick<ShownSheet, 'values'>;

/** What a row is known by while its other cells change: its plan, or what else people call it. */
const KNOWN_BY = ['Step', 'Planned start', 'Service', 'Action', 'Address'];

function nameOf({ values }: Rows, row: number): string | undefined {
  const cells = values[row - 1] ?? [];
  const headers = values[0] ?? [];
  const known = KNOWN_BY.map((header) => headers.indexOf(header)).filter((column) => column >= 0);
  const name = known.length > 0 ? known.map((column) => cells[column] ?? '') : cells;
  return name.every((text) => text === '') ? undefined : JSON.stringify(name);
}

/**
 * @param row - Of the first one, from 1.
 * @returns Where the first one is by now; undefined if they are no longer together, gone, or could be taken for others.
 */
export function rowNow(before: Rows, row: number, count: number, now: Rows): number | undefined {
  const wanted = Array.from({ length: count }, (_row, down) => nameOf(before, row + down));
  const places = now.values.map((_cells, index) => index + 1);
  const known = places.map((place) => nameOf(now, place));
  const found = places.filter((place) => wanted.every((name, down) => known[place - 1 + down] === name));
  const isKnown = wanted.every((name) => name !== undefined && known.filter((one) => one === name).length === 1);
  return isKnown ? found[0] : undefined;
}
