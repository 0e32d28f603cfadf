import { columnLetters } from '../../a1.ts';
import { h, setText } from '../dom.ts';
import { type Cell, createCell } from './cell.ts';
import type { Formatting } from './formatting.ts';
import type { ListFilter } from './list-filter.ts';
import { CELL_FONT, createMeasure } from './measure.ts';
import { rowNow } from './moved-rows.ts';
import { paint } from './paint.ts';
import type { Rectangle } from './rectangles.ts';
import type { RowBlock } from './row-blocks.ts';
import { columnWidth, type Measure } from './row-heights.ts';
import type { ShownSheet } from './shown-sheet.ts';
import { parseTabSeparated } from './tab-separated.ts';
import { historyKey, moveByKeys } from './table-keys.ts';

/** Rows and columns count from 1, as in the sheet. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

export interface TableOptions {
  readonly filter: ListFilter;
  /**
   * @param area - Counts from 1.
   * @param basis - What was shown when the person came to the cell: they mean the row that they saw then.
   */
  commit(area: Rectangle, values: readonly (readonly string[])[], basis: ShownSheet): void;
  /** The person is in this cell now. */
  visit(position: Position, value: string, basis: ShownSheet, blocks?: readonly RowBlock[]): void;
  /** What a person was doing came to nothing. */
  lost(why: string): void;
  /** What the person did last is taken back, or done again. */
  undo(): void;
  redo(): void;
}

export interface SheetTable {
  show(sheet: ShownSheet): void;
  /** The person knows what is shown now: it was said to them that rows have moved. */
  lookAgain(): void;
  /** To that cell, if there is one. */
  go(position: Position): void;
}

/** Room to add steps at the end. */
const BLANK_ROWS = 3;

/** A tab of the sheet as an editable table: the one part of this page that knows how cells look. */
export function createTable(place: HTMLElement, { filter, commit, visit, lost, undo, redo }: TableOptions): SheetTable {
  const measure = createMeasure(CELL_FONT);
  let shape = '';
  let cells: Cell[][] = [];
  let last: ShownSheet | undefined;
  /** What was shown when the person came to the cell that they are in. */
  let basis: ShownSheet | undefined;
  // Assistive technology may choose in a list without coming to it first.
  const enter = (area: Rectangle, values: string[][]) => {
    const seen = basis ?? last;
    if (seen) commit(area, values, seen);
  };

  const visited = (target: EventTarget | null) => {
    const position = positionOf(cells, target);
    if (position && basis) visit(position, (target as HTMLInputElement).value, basis);
    return position;
  };
  place.addEventListener('focusin', ({ target }) => {
    basis = last;
    visited(target);
  });
  place.addEventListener('keydown', (event) => {
    const position = positionOf(cells, event.target);
    const key = historyKey(event);
    const act = key && { undo, redo }[key];
    // In a cell that is being typed into, it is about letters.
    if (!act || (position && cells[position.row - 2]?.[position.column - 1]?.isDraft()))
      return moveByKeys(event, cells, position);
    event.preventDefault();
    act();
  });
  place.addEventListener('paste', (event) => {
    const position = positionOf(cells, event.target);
    const values = parseTabSeparated(event.clipboardData?.getData('text/plain') ?? '');
    const isOneText = values.length === 1 && values[0]?.length === 1 && !(event.target instanceof HTMLSelectElement);
    if (!position || isOneText) return;
    event.preventDefault();
    enter({ ...position, rows: values.length, columns: values[0]?.length ?? 1 }, values);
  });

  /** Rows moved while the person was in a cell: they stay in its row, with what they were typing. */
  function follow(at: Position, draft: string | undefined, seen: ShownSheet, now: ShownSheet): void {
    const row = rowNow(seen, at.row, 1, now);
    const cell = row === undefined ? undefined : cells[row - 2]?.[at.column - 1];
    cell?.input.focus();
    if (draft === undefined) return;
    if (cell) cell.goOnTyping(draft);
    else lost(`The row was moved or deleted while you typed “${draft}”: that was not written. Type it again.`);
  }

  return {
    show(sheet) {
      const { key, values, formatting, rowsRevision } = sheet;
      const headers = values[0] ?? [];
      const rowCount = Math.max(values.length, 1) - 1 + BLANK_ROWS;
      const wanted = JSON.stringify([key, rowCount, headers.length, formatting.structure]);
      const at = positionOf(cells, document.activeElement);
      const seen = basis;
      const isMoved = at && seen?.key === key && seen.rowsRevision !== rowsRevision;
      const draft = at && (isMoved || wanted !== shape) ? cells[at.row - 2]?.[at.column - 1]?.takeDraft() : undefined;
      // Nobody has come to a cell of another tab yet.
      if (last?.key !== key) basis = undefined;
      last = sheet;
      if (isMoved) (document.activeElement as HTMLElement).blur();
      if (wanted !== shape) {
        shape = wanted;
        cells = rowNumbers(rowCount).map((row) =>
          headers.map((header, index) =>
            createCell({ header, row, column: index + 1 }, formatting, {
              filter,
              commit: (value) => enter({ row, column: index + 1, rows: 1, columns: 1 }, [[value]]),
            }),
          ),
        );
        place.replaceChildren(tableOf(sheet, headers, cells, measure));
        const same = at && !isMoved ? cells[at.row - 2]?.[at.column - 1] : undefined;
        if (draft === undefined) same?.input.focus();
        else same?.goOnTyping(draft);
      }
      showHeaders(place, headers, formatting);
      for (const [index, row] of cells.entries()) {
        for (const [at, cell] of row.entries()) cell.show(values[index + 1]?.[at] ?? '', formatting);
        const isBlank = row.every(({ td }) => td.dataset.value === '');
        row[0]?.td.parentElement?.toggleAttribute('data-blank', isBlank);
      }
      if (isMoved && seen) follow(at, draft, seen, sheet);
      visited(document.activeElement);
    },
    lookAgain() {
      basis = last;
      visited(document.activeElement);
    },
    go({ row, column }) {
      const input = cells[row - 2]?.[column - 1]?.input;
      input?.scrollIntoView({ block: 'center', inline: 'nearest' });
      input?.focus({ preventScroll: true });
    },
  };
}

/** Of the rows below the header. */
const rowNumbers = (count: number) => Array.from({ length: count }, (_, index) => index + 2);

function positionOf(cells: readonly (readonly Cell[])[], target: EventTarget | null): Position | undefined {
  for (const [index, row] of cells.entries()) {
    const at = row.findIndex(({ td }) => target instanceof Node && td.contains(target));
    if (at >= 0) return { row: index + 2, column: at + 1 };
  }
  return undefined;
}

/** What they say and look like may change with the time: a copy's turn red. */
function showHeaders(place: HTMLElement, headers: readonly string[], formatting: Formatting): void {
  for (const [at, th] of place.querySelectorAll<HTMLElement>('thead th').entries()) {
    setText(th, headers[at] ?? '');
    paint(th, formatting.cell(1, at + 1));
  }
}

// Cards on a phone are no table to a browser any more: the roles keep it one for screen readers.
function tableOf(
  sheet: ShownSheet,
  headers: readonly string[],
  cells: readonly (readonly Cell[])[],
  measure: Measure,
): HTMLTableElement {
  const { tab, formatting } = sheet;
  const widths = headers.map((_header, index) => {
    const [row, column] = [2, index + 1];
    const isSentence = formatting.cell(row, column).wraps && !formatting.isWarned(row, column) && headers.length > 1;
    // What people write in sentences gives way, so that Status stays in sight on a narrow screen.
    const px = `max(${formatting.widthPx(column)}px, ${columnWidth(sheet, column, measure)}px)`;
    return h('col', { style: `width: ${isSentence ? `min(${px}, 14vw)` : px}` });
  });
  const letters = headers.map((_header, index) => h('td', {}, columnLetters(index + 1)));
  const names = headers.map((header, index) =>
    h('th', { scope: 'col', role: 'columnheader', title: formatting.noteAt(1, index + 1) }, header),
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
    { role: 'table', ...(formatting.frozenColumns > 0 ? { 'data-frozen': '' } : {}) },
    h('caption', {}, `${tab}: each cell can be edited; grey columns are written by Drawbridge`),
    h('colgroup', {}, h('col', { style: 'width: 34px' }), ...widths),
    h(
      'thead',
      { role: 'rowgroup' },
      h('tr', { 'aria-hidden': 'true', class: 'letters' }, h('td'), ...letters),
      h('tr', { role: 'row' }, corner, ...names),
    ),
    h('tbody', { role: 'rowgroup' }, ...rows),
  );
}
