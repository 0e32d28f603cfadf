import { columnLetters, rangeName } from '../a1.ts';
import { type Cell, createCell } from './cell.ts';
import { type Column, columnsOf } from './columns.ts';
import { h } from './dom.ts';
import { parseTabSeparated } from './tab-separated.ts';
import { moveByKeys } from './table-keys.ts';

/** Rows and columns count from 1, as in the sheet. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

export interface TableOptions {
  commit(range: string, values: string[][]): void;
  /** The person is in this cell now. */
  visit(position: Position, value: string): void;
}

export interface SheetTable {
  show(tab: string, values: readonly (readonly string[])[], services: readonly string[]): void;
}

/** Room to add steps at the end. */
const BLANK_ROWS = 3;

/** A tab of the sheet as an editable table: the one part of this page that knows how cells look. */
export function createTable(place: HTMLElement, { commit, visit }: TableOptions): SheetTable {
  let shape = '';
  let cells: Cell[][] = [];
  const enter = (row: number, column: number, value: string) => commit(`${columnLetters(column)}${row}`, [[value]]);

  const visited = (target: EventTarget | null) => {
    const position = positionOf(cells, target);
    if (position) visit(position, (target as HTMLInputElement).value);
    return position;
  };
  place.addEventListener('focusin', ({ target }) => visited(target));
  place.addEventListener('keydown', (event) => moveByKeys(event, cells, positionOf(cells, event.target)));
  place.addEventListener('paste', (event) => {
    const position = positionOf(cells, event.target);
    const values = parseTabSeparated(event.clipboardData?.getData('text/plain') ?? '');
    const isOneText = values.length === 1 && values[0]?.length === 1 && !(event.target instanceof HTMLSelectElement);
    if (!position || isOneText) return;
    event.preventDefault();
    commit(rangeName({ ...position, rows: values.length, columns: values[0]?.length ?? 1 }), values);
  });

  return {
    show(tab, values, services) {
      const columns = columnsOf(values[0] ?? []);
      const rowCount = Math.max(values.length, 1) - 1 + BLANK_ROWS;
      const wanted = JSON.stringify([tab, rowCount, columns.map(({ header }) => header)]);
      if (wanted !== shape) {
        const at = positionOf(cells, document.activeElement);
        shape = wanted;
        cells = rowNumbers(rowCount).map((row) =>
          columns.map((column, index) => createCell(column, row, (value) => enter(row, index + 1, value))),
        );
        place.replaceChildren(tableOf(tab, columns, cells));
        if (at) cells[at.row - 2]?.[at.column - 1]?.input.focus();
      }
      for (const [index, row] of cells.entries()) {
        for (const [at, cell] of row.entries()) cell.show(values[index + 1]?.[at] ?? '', services);
      }
      visited(document.activeElement);
    },
  };
}

/** Of the rows below the header. */
const rowNumbers = (count: number) => Array.from({ length: count }, (_, index) => index + 2);

function positionOf(cells: readonly (readonly Cell[])[], target: EventTarget | null): Position | undefined {
  for (const [index, row] of cells.entries()) {
    const at = row.findIndex(({ input }) => input === target);
    if (at >= 0) return { row: index + 2, column: at + 1 };
  }
  return undefined;
}

// Cards on a phone are no table to a browser any more: the roles keep it one for screen readers.
function tableOf(tab: string, columns: readonly Column[], cells: readonly (readonly Cell[])[]): HTMLTableElement {
  const widths = columns.map(({ widthPx, kind, ours }) => {
    // What people write in sentences gives way, so that Status stays in sight on a narrow screen.
    const width = kind === 'long' && !ours ? `min(${widthPx}px, 14vw)` : `${widthPx}px`;
    return h('col', { style: `width: ${width}` });
  });
  const letters = columns.map((_, index) => h('td', {}, columnLetters(index + 1)));
  const headers = columns.map(({ header, ours }) =>
    h('th', { scope: 'col', role: 'columnheader', class: ours ? 'ours' : '' }, header),
  );
  const rows = cells.map((row, index) =>
    h(
      'tr',
      { role: 'row' },
      h('th', { scope: 'row', role: 'rowheader' }, String(index + 2)),
      ...row.map(({ td }) => td),
    ),
  );
  const corner = h('td', { role: 'cell' }, '1');
  return h(
    'table',
    { role: 'table' },
    h('caption', {}, `${tab}: each cell can be edited; grey columns are written by Drawbridge`),
    h('colgroup', {}, h('col', { style: 'width: 34px' }), ...widths),
    h(
      'thead',
      { role: 'rowgroup' },
      h('tr', { 'aria-hidden': 'true', class: 'letters' }, h('td'), ...letters),
      h('tr', { role: 'row' }, corner, ...headers),
    ),
    h('tbody', { role: 'rowgroup' }, ...rows),
  );
}
