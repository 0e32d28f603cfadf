import type { FUniver } from '@univerjs/core/facade';
import type { Formatting } from './formatting.ts';
import { guardKeyboard } from './keyboard-guard.ts';
import { type Place, rectanglesOf } from './rectangles.ts';
import { rowHeight } from './row-heights.ts';
import type { ShownSheet } from './shown-sheet.ts';
import type { SheetTable, TableOptions } from './table.ts';
import { createUniver } from './univer.ts';
import { gridOf, SHEET_ID, styleOf, workbookOf } from './workbook.ts';

/** The sheet in Univer: a view. What a person does goes to the host; what the host says comes back without an echo. */

const SET_VALUES = 'sheet.mutation.set-range-values';
const INSERT_ROW = 'sheet.mutation.insert-row';
const REMOVE_ROWS = 'sheet.mutation.remove-rows';
const SET_ROW_HEIGHT = 'sheet.mutation.set-worksheet-row-height';
const MOVE_RANGE = 'sheet.mutation.move-range';

export interface UniverOptions extends TableOptions {
  /** Moves the keyboard to what comes after the sheet. */
  leave(): void;
  /** To those who cannot see the canvas. */
  say(text: string): void;
  rows(change: { kind: 'insert' | 'delete'; row: number; count: number }, basis: ShownSheet): void;
}

interface Cell {
  readonly v?: unknown;
  readonly f?: unknown;
  /** Text of several lines or looks. */
  readonly p?: { readonly body?: { readonly dataStream?: string } } | null;
}

interface Typed extends Place {
  readonly text: string;
}

/** Text of several lines comes with the end of its last line. */
function textOf(cell: Cell | null): string {
  const lines = cell?.p?.body?.dataStream?.replace(/\r?\n$/, '').replaceAll('\r', '\n');
  return String(cell?.f ?? lines ?? cell?.v ?? '');
}

interface Cells {
  readonly [row: number]: { readonly [column: number]: Cell | null } | null;
}
interface RowSpan {
  readonly startRow: number;
  readonly endRow: number;
}

/** A new row comes with styles alone: that is nothing that anybody typed. */
const hasContent = (cell: Cell | null): boolean => cell === null || 'v' in cell || 'f' in cell || 'p' in cell;

export function createUniverSheet(place: HTMLElement, options: UniverOptions): SheetTable {
  let api: FUniver | undefined;
  let forgetHistory = () => {};
  let focus = () => {};
  let shape = '';
  let last: ShownSheet | undefined;
  /** What was shown when the person selected where they are. */
  let basis: ShownSheet | undefined;
  /** What conditional formats painted, by the place of the cell. */
  let painted = new Map<string, string>();
  const sheet = () => api?.getActiveWorkbook()?.getActiveSheet();

  function start(shown: ShownSheet): void {
    api?.dispose?.();
    const box = document.createElement('div');
    box.id = 'univer';
    box.className = 'univer';
    place.replaceChildren(box);
    const univer = createUniver('univer', workbookOf(shown), matchMedia('(prefers-color-scheme: dark)').matches);
    api = univer.api;
    ({ forgetHistory, focus } = univer);
    guardKeyboard(box, { isEditing, enter, leave: options.leave });
    api.addEvent(api.Event.CommandExecuted, ({ id, params, options: how }) => {
      const { fromCollab, fromFormula } = (how ?? {}) as { fromCollab?: boolean; fromFormula?: boolean };
      // What the view computes is nothing that anybody typed: only the host computes.
      if (!fromCollab && !fromFormula) heard(id, params);
    });
    api.addEvent(api.Event.SelectionChanged, ({ selections }) => {
      const first = selections[0];
      if (!first) return;
      basis = last;
      selected(first);
      const shown = shownAt(first.startRow, first.startColumn);
      options.say(`${headerAt(first.startColumn)}, row ${first.startRow + 1}: ${shown || 'blank'}`);
    });
  }

  /** Where one was, or at the first row below the header. */
  function enter(): void {
    focus();
    const current = sheet();
    (current?.getActiveRange() ?? current?.getRange(1, 0))?.activate();
  }

  const isEditing = (): boolean => api?.getActiveWorkbook()?.isCellEditing() ?? false;
  const headerAt = (column: number): string => shownAt(0, column) || `Column ${column + 1}`;

  const shownAt = (row: number, column: number): string => sheet()?.getRange(row, column).getDisplayValue() ?? '';

  function heard(id: string, params: unknown): void {
    if (id === SET_VALUES) entered((params as { cellValue?: Cells }).cellValue ?? {});
    const span = (params as { range?: RowSpan } | undefined)?.range;
    const count = span ? span.endRow - span.startRow + 1 : 0;
    if (id === INSERT_ROW && span && basis) options.rows({ kind: 'insert', row: span.startRow + 1, count }, basis);
    if (id === REMOVE_ROWS && span && basis) options.rows({ kind: 'delete', row: span.startRow + 1, count }, basis);
    if (id === MOVE_RANGE) {
      const { from, to } = params as { from: { value: Cells }; to: { value: Cells } };
      entered(from.value);
      entered(to.value);
    }
  }

  /** A person's cells, as they were typed: every cell is text here. */
  function entered(cells: Cells): void {
    const typed = Object.entries(cells as Record<string, Cells[number]>).flatMap(([row, line]) =>
      Object.entries<Cell | null>(line ?? {})
        .filter(([, cell]) => hasContent(cell))
        .map(([column, cell]) => ({ row: Number(row), column: Number(column), text: textOf(cell) })),
    );
    // Enter moves the selection on at once: what was looked at is what was shown until now.
    if (typed.length > 0 && basis) commit(typed, basis);
  }

  function commit(typed: readonly Typed[], seen: ShownSheet): void {
    const textAt = new Map(typed.map(({ row, column, text }) => [`${row},${column}`, text]));
    for (const { row: top, column: left, ...size } of rectanglesOf(typed)) {
      const values = Array.from({ length: size.rows }, (_row, down) =>
        Array.from({ length: size.columns }, (_cell, right) => textAt.get(`${top + down},${left + right}`) ?? ''),
      );
      options.commit({ row: top + 1, column: left + 1, ...size }, values, seen);
    }
  }

  function selected({ startRow, endRow, startColumn }: RowSpan & { readonly startColumn: number }): void {
    const at = { row: startRow + 1, column: startColumn + 1 };
    if (basis) options.visit(at, shownAt(startRow, startColumn), basis, endRow - startRow + 1);
  }

  /** Writes what differs, past the person's undo. */
  function bring({ values, formatting }: ShownSheet): void {
    const current = sheet();
    const workbook = api?.getActiveWorkbook();
    if (!current || !workbook) return;
    const [rows, columns] = [current.getMaxRows(), current.getMaxColumns()];
    const shown = current.getRange(0, 0, rows, columns).getDisplayValues();
    const cellValue: Record<number, Record<number, object>> = {};
    const write = (row: number, column: number, cell: object) => {
      cellValue[row] = { ...cellValue[row], [column]: { ...cellValue[row]?.[column], ...cell } };
    };
    // What came would take the place of what is being typed; it comes once that is entered.
    const typing = isEditing() ? current.getActiveRange()?.getRange() : undefined;
    const isTyped = (row: number, column: number) => typing?.startRow === row && typing.startColumn === column;
    const heights: Record<number, number> = {};
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const wanted = values[row]?.[column] ?? '';
        if (wanted === (shown[row]?.[column] ?? '') || isTyped(row, column)) continue;
        // What rows are known by stands in other rows now: undo would write into a neighbour's.
        if (column === 0) forgetHistory();
        write(row, column, { v: wanted, t: 1, f: null, si: null, p: null });
        heights[row] = rowHeight(values[row] ?? [], row + 1, formatting);
      }
    }
    const painting = paintedBy(formatting, values);
    for (const key of new Set([...painted.keys(), ...painting.keys()])) {
      if (painted.get(key) === painting.get(key)) continue;
      const [row = 0, column = 0] = key.split(',').map(Number);
      write(row, column, { s: styleOf(formatting.cell(row + 1, column + 1)) });
    }
    painted = painting;
    if (Object.keys(cellValue).length === 0) return;
    const unit = { unitId: workbook.getId(), subUnitId: SHEET_ID };
    api?.executeCommand(SET_VALUES, { ...unit, cellValue }, { fromCollab: true });
    if (Object.keys(heights).length === 0) return;
    const ranges = [{ startRow: 0, endRow: rows - 1, startColumn: 0, endColumn: columns - 1 }];
    api?.executeCommand(SET_ROW_HEIGHT, { ...unit, ranges, rowHeight: heights }, { fromCollab: true });
  }

  return {
    show(shown) {
      last = shown;
      basis ??= shown;
      const wanted = JSON.stringify([shown.key, gridOf(shown), shown.formatting.structure]);
      if (wanted !== shape) {
        // Rows or columns are others now: what is being typed would end in another cell.
        const wasEditing = isEditing();
        shape = wanted;
        painted = paintedBy(shown.formatting, shown.values);
        basis = shown;
        start(shown);
        if (wasEditing) options.lost('Rows or columns moved while you typed: that was not written. Type it again.');
      } else bring(shown);
    },
    lookAgain() {
      basis = last;
      const range = sheet()?.getActiveRange()?.getRange();
      if (range) selected(range);
    },
  };
}

/** The cells that a formula paints now; places count from 0. */
function paintedBy(formatting: Formatting, values: readonly (readonly string[])[]): Map<string, string> {
  const cells = values.flatMap((line, row) => line.map((_text, column) => [row, column] as const));
  const held = cells.map(([row, column]) => [`${row},${column}`, formatting.cell(row + 1, column + 1)] as const);
  return new Map(held.filter(([, cell]) => cell.isConditional).map(([key, cell]) => [key, JSON.stringify(cell)]));
}
