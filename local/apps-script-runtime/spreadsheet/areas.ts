import type { Area } from './a1.ts';

/** How areas lie to each other, and what inserted and deleted rows and columns do to them. */

const bottomOf = ({ row, rows }: Area): number => row + rows - 1;
const rightOf = ({ column, columns }: Area): number => column + columns - 1;

export const overlaps = (a: Area, b: Area): boolean =>
  a.row <= bottomOf(b) && b.row <= bottomOf(a) && a.column <= rightOf(b) && b.column <= rightOf(a);

export const contains = (outer: Area, inner: Area): boolean =>
  outer.row <= inner.row &&
  bottomOf(outer) >= bottomOf(inner) &&
  outer.column <= inner.column &&
  rightOf(outer) >= rightOf(inner);

/** What is left of an area when another is taken out of it: above, below, left and right. */
export function without(area: Area, taken: Area): Area[] {
  if (!overlaps(area, taken)) return [area];
  const top = Math.max(area.row, taken.row);
  const bottom = Math.min(bottomOf(area), bottomOf(taken));
  const beside = { row: top, rows: bottom - top + 1 };
  const pieces = [
    { ...area, rows: top - area.row },
    { ...area, row: bottom + 1, rows: bottom === bottomOf(area) ? 0 : bottomOf(area) - bottom },
    { ...area, ...beside, columns: taken.column - area.column },
    { ...area, ...beside, column: rightOf(taken) + 1, columns: rightOf(area) - rightOf(taken) },
  ];
  return pieces.filter(({ rows, columns }) => rows > 0 && columns > 0);
}

/** Moves an area; undefined if nothing of it is left. */
export type Shift = (area: Area) => Area | undefined;

/** What begins below moves on; what lies across grows, an open end stays open. */
export const rowsInserted =
  (before: number, count: number): Shift =>
  (area) => {
    const [row, rows] = grown(area.row, area.rows, before, count);
    return { ...area, row, rows };
  };

export const columnsInserted =
  (before: number, count: number): Shift =>
  (area) => {
    const [column, columns] = grown(area.column, area.columns, before, count);
    return { ...area, column, columns };
  };

export const rowsDeleted =
  (first: number, count: number): Shift =>
  (area) => {
    const gone = Math.max(0, Math.min(area.row + area.rows, first + count) - Math.max(area.row, first));
    const above = Math.max(0, Math.min(area.row, first + count) - first);
    const rows = area.rows - gone;
    return rows > 0 ? { ...area, row: area.row - above, rows } : undefined;
  };

function grown(start: number, length: number, before: number, count: number): [number, number] {
  if (start >= before) return [start + count, length];
  return [start, start + length > before ? length + count : length];
}

/** Values that lie over areas, no two over one cell: what is painted last takes the place of what was there. */
export class Painted<T> {
  #strokes: readonly { readonly area: Area; readonly value: T }[] = [];

  /** Without a value: takes off what is there. */
  paint(area: Area, value: T | undefined): void {
    const isSame = (other: T) => JSON.stringify(other) === JSON.stringify(value);
    if (this.#strokes.some((one) => contains(one.area, area) && isSame(one.value))) return;
    const left = this.#strokes.flatMap((one) => without(one.area, area).map((piece) => ({ ...one, area: piece })));
    this.#strokes = value === undefined ? left : [...left, { area, value }];
  }

  at(row: number, column: number): T | undefined {
    const cell = { row, column, rows: 1, columns: 1 };
    return this.#strokes.find(({ area }) => contains(area, cell))?.value;
  }

  list(): readonly { readonly area: Area; readonly value: T }[] {
    return this.#strokes;
  }

  move(shift: Shift): void {
    this.#strokes = this.#strokes.flatMap(({ area, value }) => {
      const moved = shift(area);
      return moved ? [{ area: moved, value }] : [];
    });
  }

  copy(): Painted<T> {
    const copy = new Painted<T>();
    copy.#strokes = this.#strokes;
    return copy;
  }
}
