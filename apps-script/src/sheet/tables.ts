import type { Table, TableCell, TablesAnswer } from '../../../contract/sync-answer.ts';
import { isSame } from './changed-cells.ts';
import { type CellValue, cellText, isDate, placesOf, simple } from './rundown-tab.ts';

/**
 * Tables that the environments made up, as cells to write: only what differs, only in their own columns, which are found by
 * header text. Pure.
 */

type Values = readonly (readonly unknown[])[];

export interface TableWrite {
  /** As the sheet counts. */
  readonly row: number;
  /** Zero-based. */
  readonly column: number;
  readonly value: CellValue;
}

export interface OwnedTable {
  readonly environment: string;
  readonly table: Table;
}

/** As a clock of the sheet shows an instant: a cell keeps no more of it. */
type Wall = (at: Date) => string;

const toCell = (cell: TableCell): CellValue => (typeof cell === 'object' ? new Date(cell.at) : cell);

function lineWrites(values: Values, row: number, columns: readonly number[], line: readonly CellValue[], wall: Wall) {
  const before = values[row - 1] ?? [];
  return columns.flatMap((column, at): TableWrite[] => {
    const value = line[at] ?? '';
    return column < 0 || isSame(before[column] ?? '', value, wall) ? [] : [{ row, column, value }];
  });
}

const ENVIRONMENT = 'Environment';

/**
 * Rows that are told apart by a key keep their places, wherever people sorted them. A row whose key somebody wrote over
 * gets it back; one that its environment tells no more is emptied. Rows of others are left.
 */
export function keyedWrites(values: Values, tables: readonly OwnedTable[], wall: Wall): TableWrite[] {
  const [environmentColumn = -1] = placesOf(values, [ENVIRONMENT]);
  const lines = values.slice(1).map((cells, index) => ({ row: index + 2, cells }));
  const taken = new Set<number>();
  const isFilled = ({ cells }: (typeof lines)[number]) => cells.some((cell) => cellText(cell) !== '');
  let next = 1 + Math.max(1, ...lines.filter(isFilled).map(({ row }) => row));

  const placed = tables.map(({ environment, table }) => {
    const keyAt = table.headers.findIndex((header) => simple(header) === simple(table.key));
    const keyColumn = placesOf(values, [table.key ?? ''])[0] ?? -1;
    const found = table.rows.map((line) => {
      const here = lines.find(
        ({ row, cells }) => !taken.has(row) && simple(cells[keyColumn]) === simple(toCell(line[keyAt] ?? '')),
      );
      if (here) taken.add(here.row);
      return { line: line.map(toCell), row: here?.row };
    });
    return { environment, table, keyColumn, found };
  });
  return placed.flatMap(({ environment, table, keyColumn, found }) => {
    if (keyColumn < 0) return [];
    const columns = placesOf(values, table.headers);
    const strays = lines.filter(
      ({ row, cells }) =>
        !taken.has(row) && environmentColumn >= 0 && simple(cells[environmentColumn]) === simple(environment),
    );
    const writes = found.flatMap(({ line, row }) => {
      const place = row ?? strays.shift()?.row ?? next++;
      taken.add(place);
      return lineWrites(values, place, columns, line, wall);
    });
    return [...writes, ...strays.flatMap(({ row }) => lineWrites(values, row, columns, [], wall))];
  });
}

/** Rows in their order, those of several environments by their times; what stands below them is emptied. */
export function orderedWrites(values: Values, tables: readonly OwnedTable[], wall: Wall): TableWrite[] {
  const [first] = tables;
  if (!first) return [];
  const columns = placesOf(values, first.table.headers);
  const all = tables.map(({ table }): readonly Line[] => table.rows.map((line) => line.map(toCell)));
  const rows = all.reduce(merged);
  const writes = rows.flatMap((line, at) => lineWrites(values, at + 2, columns, line, wall));
  const below = values.slice(rows.length + 1);
  return [...writes, ...below.flatMap((_cells, at) => lineWrites(values, rows.length + 2 + at, columns, [], wall))];
}

type Line = readonly CellValue[];
const timeOf = (line: Line | undefined): number => line?.find(isDate)?.getTime() ?? 0;

/** Each keeps its own order, which is by time, up or down. */
function merged(some: readonly Line[], others: readonly Line[]): readonly Line[] {
  const longer = some.length > others.length ? some : others;
  const isDown = timeOf(longer[0]) > timeOf(longer[longer.length - 1]);
  const all: Line[] = [];
  const [left, right] = [[...some], [...others]];
  while (left.length > 0 && right.length > 0) {
    const isLeft = isDown ? timeOf(left[0]) >= timeOf(right[0]) : timeOf(left[0]) <= timeOf(right[0]);
    all.push((isLeft ? left : right).shift() as Line);
  }
  return [...all, ...left, ...right];
}

type Check = Pick<TablesAnswer, 'environment' | 'check'>;

/** What the environments say beside the lines of the Allowlist; only beside the address that it was said of. */
export function checkWrites(values: Values, checks: readonly Check[], areAll: boolean): TableWrite[] {
  const [addressColumn = -1, checkColumn = -1] = placesOf(values, ['Address or range', 'Check']);
  if (addressColumn < 0 || checkColumn < 0) return [];
  return values.slice(1).flatMap((cells, index): TableWrite[] => {
    const row = index + 2;
    const address = cellText(cells[addressColumn]);
    const said = checks.flatMap(({ environment, check }) =>
      check
        .filter((one) => one.row === row && one.address === address && one.says !== '')
        .map(({ says }) => ({ environment, says })),
    );
    if (said.length === 0 && !areAll) return [];
    const value = joined(said);
    return cellText(cells[checkColumn]) === value ? [] : [{ row, column: checkColumn, value }];
  });
}

function joined(said: readonly { environment: string; says: string }[]): string {
  const different = new Set(said.map(({ says }) => says));
  if (different.size <= 1) return said[0]?.says ?? '';
  return said.map(({ environment, says }) => `${environment}: ${says}`).join('\n');
}
