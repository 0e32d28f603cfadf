import { type CellValue, type Columns, OWN_COLUMNS, type OwnCells, type OwnColumn, type Row } from './rundown-tab.ts';

/** Cells as few calls, written so that Sheets keeps what they say. Pure. */

/** What Sheets would take for a formula, a number, a date or a truth value. */
const NOT_LITERAL = /^\s*(?:[=+\-@'\d.]|true$|false$)/i;

/** Sheets takes the text after an apostrophe as it is, and shows none. */
export const literal = (value: CellValue): CellValue =>
  typeof value === 'string' && NOT_LITERAL.test(value) ? `'${value}` : value;

export interface Run {
  /** Zero-based. */
  readonly first: number;
  readonly values: CellValue[];
}

type Place = { readonly name: OwnColumn | 'pick'; readonly column: number };

/**
 * The cells to write as few runs of neighbours. A gap is bridged if everything in it is ours, with what it says already.
 * The id comes first and Status last: an execution that dies in between leaves a row that still asks, under a known id.
 */
export function runs(columns: Columns, cells: OwnCells, own: Row['own']): Run[] {
  const places: Place[] = OWN_COLUMNS.map((name): Place => ({ name, column: columns[name] }));
  // Emptied in the same call as Status is written, where they are neighbours.
  if (cells.pick !== undefined) places.push({ name: 'pick', column: columns.action });
  places.sort((a, b) => a.column - b.column);
  return neighbours(places)
    .flatMap(({ first, names }) => {
      const wanted = names.flatMap((name, at) => (cells[name] === undefined ? [] : [at]));
      const from = wanted[0];
      if (from === undefined) return [];
      const written = names.slice(from, (wanted[wanted.length - 1] as number) + 1);
      const values = written.map((name) => cells[name] ?? (name === 'pick' ? '' : own[name]));
      return [{ rank: rankOf(written), run: { first: first + from, values } }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ run }) => run);
}

const rankOf = (names: readonly Place['name'][]): number =>
  names.includes('status') ? 2 : names.includes('operation') ? 0 : 1;

function neighbours(places: readonly Place[]): { first: number; names: Place['name'][] }[] {
  const grouped: { first: number; names: Place['name'][] }[] = [];
  for (const { name, column } of places) {
    const last = grouped[grouped.length - 1];
    if (last && last.first + last.names.length === column) last.names.push(name);
    else grouped.push({ first: column, names: [name] });
  }
  return grouped;
}

/** One block of cells; rows count from 1, columns from 0. */
export interface Block {
  readonly row: number;
  readonly column: number;
  readonly values: CellValue[][];
}

/** Single cells as blocks: neighbours in a row first, then rows of the same columns that follow each other. */
export function blocks(cells: readonly { row: number; column: number; value: CellValue }[]): Block[] {
  const lines: Block[] = [];
  for (const { row, column, value } of [...cells].sort((a, b) => a.row - b.row || a.column - b.column)) {
    const last = lines[lines.length - 1];
    if (last?.row === row && last.column + (last.values[0]?.length ?? 0) === column) last.values[0]?.push(value);
    else lines.push({ row, column, values: [[value]] });
  }
  const whole: Block[] = [];
  for (const line of lines) {
    const above = whole.find(
      ({ row, column, values }) =>
        column === line.column && row + values.length === line.row && values[0]?.length === line.values[0]?.length,
    );
    if (above) above.values.push(...line.values);
    else whole.push(line);
  }
  return whole;
}
