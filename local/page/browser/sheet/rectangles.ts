/** Cells as few rectangles: what was touched, and nothing between. Pure; places count from 0. */

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Rectangle extends Place {
  readonly rows: number;
  readonly columns: number;
}

export function rectanglesOf(places: readonly Place[]): Rectangle[] {
  const found: Rectangle[] = [];
  for (const run of runsOf(places)) {
    const above = found.findIndex(
      (one) => one.column === run.column && one.columns === run.columns && one.row + one.rows === run.row,
    );
    if (above < 0) found.push(run);
    else found[above] = { ...(found[above] as Rectangle), rows: (found[above] as Rectangle).rows + 1 };
  }
  return found;
}

/** Neighbours in a row, from top to bottom. */
function runsOf(places: readonly Place[]): Rectangle[] {
  const runs: Rectangle[] = [];
  for (const { row, column } of [...places].sort((a, b) => a.row - b.row || a.column - b.column)) {
    const last = runs.at(-1);
    const end = last && last.row === row ? last.column + last.columns : undefined;
    if (last && end !== undefined && column < end) continue;
    if (last && column === end) runs[runs.length - 1] = { ...last, columns: last.columns + 1 };
    else runs.push({ row, column, rows: 1, columns: 1 });
  }
  return runs;
}
