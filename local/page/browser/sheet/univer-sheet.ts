import type { FUniver } from '@univerjs/core/facade';
import type { Formatting } from './formatting.ts';
import { guardKeyboard } from './keyboard-guard.ts';
import { CELL_FONT, createMeasure } from './measure.ts';
import { type Place, rectanglesOf } from './rectangles.ts';
import { blocksOf, countOf, type RowBlock } from './row-blocks.ts';
import { rowHeight } from './row-heights.ts';
import type { ShownSheet } from './shown-sheet.ts';
import type { SheetTable, TableOptions } from './table.ts';
import type { RowAction } from './toolbar.ts';
import { createUniver } from './univer.ts';
import { type ForRows, meantBy } from './univer-limits.ts';
import { gridOf, listRanges, SHEET_ID, styleOf, textFormats, workbookOf } from './workbook.ts';

/** The sheet in Univer: a view. What a person does goes to the host; what the host says comes back without an echo. */

const SET_VALUES = 'sheet.mutation.set-range-values';
const UPDATE_LIST = 'data-validation.mutation.updateRule';
const SET_FORMAT = 'sheet.mutation.set-conditional-rule';
/** Of the ways to update a rule of Univer's. */
const RANGES = 1;
const SET_ROW_HEIGHT = 'sheet.mutation.set-worksheet-row-height';
const MOVE_RANGE = 'sheet.mutation.move-range';

export interface UniverOptions extends TableOptions {
  /** Moves the keyboard to what comes after the sheet. */
  leave(): void;
  /** To those who cannot see the canvas. */
  say(text: string): void;
  rows(action: RowAction, basis: ShownSheet): void;
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
interface Span {
  readonly startRow: number;
  readonly endRow: number;
  readonly startColumn: number;
  readonly rangeType?: number;
}
/** As Univer counts them: whole columns, and everything. */
const WHOLE_COLUMNS = [2, 3];

/** Looks alone are nothing that anybody typed. */
const hasContent = (cell: Cell | null): boolean => cell === null || 'v' in cell || 'f' in cell || 'p' in cell;

const NOT_HERE =
  'Here the sheet has rows and cells: type, paste, clear, insert, delete and sort. Looks, columns and protection come with its template.';

export function createUniverSheet(place: HTMLElement, options: UniverOptions): SheetTable {
  let api: FUniver | undefined;
  let focus = () => {};
  let admit = () => {};
  const { filter } = options;
  let shape = '';
  let last: ShownSheet | undefined;
  /** What was shown when the person selected where they are. */
  let basis: ShownSheet | undefined;
  /** What conditional formats painted, by the place of the cell. */
  let painted = new Map<string, string>();
  /** Where lists are chips, and where arrows. */
  let lists = '';
  let formats = '';
  const measure = createMeasure(CELL_FONT);
  // Before Univer, which would enter the letters as they are.
  addEventListener('keydown', takeEntry, { capture: true });
  const sheet = () => api?.getActiveWorkbook()?.getActiveSheet();

  function start(shown: ShownSheet): void {
    api?.dispose?.();
    const box = document.createElement('div');
    box.id = 'univer';
    box.className = 'univer';
    place.replaceChildren(box);
    const univer = createUniver(
      'univer',
      workbookOf(shown, measure),
      matchMedia('(prefers-color-scheme: dark)').matches,
    );
    api = univer.api;
    ({ focus } = univer);
    admit = guardKeyboard(box, { isEditing, enter, leave: options.leave });
    api.addEvent(api.Event.BeforeCommandExecute, (event) => {
      const { fromCollab, fromFormula } = (event.options ?? {}) as { fromCollab?: boolean; fromFormula?: boolean };
      if (!fromCollab && !fromFormula && !isForView(event.id, event.params)) event.cancel = true;
    });
    api.addEvent(api.Event.CommandExecuted, ({ id, params, options: how }) => {
      const { fromCollab, fromFormula } = (how ?? {}) as { fromCollab?: boolean; fromFormula?: boolean };
      // What the view computes is nothing that anybody typed: only the host computes.
      if (!fromCollab && !fromFormula) heard(id, params);
    });
    api.addEvent(api.Event.SheetEditChanging, ({ row, column, value }) => {
      const text = value.toPlainText().replace(/\r?\n$/, '');
      filter.show({
        choices: last?.formatting.choicesAt(row + 1, column + 1),
        text,
        at: onScreen,
        take: enterEntry,
      });
    });
    api.addEvent(api.Event.SheetEditEnded, () => filter.hide());
    api.addEvent(api.Event.SelectionChanged, ({ selections }) => {
      const first = selections[0];
      if (!first) return;
      basis = last;
      selected(selections);
      const shown = shownAt(first.startRow, first.startColumn);
      options.say(`${headerAt(first.startColumn)}, row ${first.startRow + 1}: ${shown || 'blank'}`);
    });
  }

  /** Where the letters stand that are being typed. */
  const onScreen = (): DOMRect =>
    document.getElementById('univer-doc-main-canvas')?.getBoundingClientRect() ?? new DOMRect();

  /** Enter takes the entry that the typed letters mean; the arrows choose one. */
  function takeEntry(event: KeyboardEvent): void {
    if (event.isComposing || !place.querySelector('#univer') || !isEditing()) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
    const entry = event.key === 'Enter' ? filter.taken() : undefined;
    if (step ? !filter.move(step) : entry === undefined) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    if (entry !== undefined) enterEntry(entry);
  }

  function enterEntry(entry: string): void {
    const range = sheet()?.getActiveRange();
    const seen = basis;
    const cell = range?.getRange();
    filter.hide();
    void api
      ?.getActiveWorkbook()
      ?.abortEditingAsync()
      .then(() => {
        if (!cell || !seen) return;
        options.commit({ row: cell.startRow + 1, column: cell.startColumn + 1, rows: 1, columns: 1 }, [[entry]], seen);
        sheet()
          ?.getRange(cell.startRow + 1, cell.startColumn)
          .activate();
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

  /** What else a person wants of the view is done by the host, or by nobody. */
  function isForView(id: string, params: unknown): boolean {
    const meant = meantBy(id, params);
    if (meant.kind === 'view') return id !== SET_VALUES || isOfCells(params as { cellValue?: Cells });
    // In a cell that is being typed into, they are about letters.
    if (meant.kind === 'history' && isEditing()) return true;
    if (meant.kind === 'history') options[meant.what]();
    else if (meant.kind === 'refused') options.lost(NOT_HERE);
    else changeRows(meant);
    return false;
  }

  /** Looks that come with cells stay behind. */
  function isOfCells({ cellValue = {} }: { cellValue?: Cells }): boolean {
    const cells = Object.values(cellValue as Record<string, Cells[number]>).flatMap((line) =>
      Object.values(line ?? {}),
    );
    for (const cell of cells) if (cell) delete (cell as { s?: unknown }).s;
    return cells.some(hasContent);
  }

  function changeRows(meant: ForRows): void {
    const blocks = blocksOf(selection().map(blockOf));
    const [bottom, top] = [blocks[0], blocks.at(-1)];
    if (!basis || !bottom || !top) return;
    if (meant.kind === 'delete-rows') options.rows({ kind: 'delete', blocks }, basis);
    else {
      const row = meant.where === 'above' ? top.row : bottom.row + bottom.count;
      options.rows({ kind: 'insert', row, count: meant.count ?? countOf(blocks) }, basis);
    }
  }

  function heard(id: string, params: unknown): void {
    if (id === SET_VALUES) entered((params as { cellValue?: Cells }).cellValue ?? {});
    if (id === MOVE_RANGE) {
      const { from, to } = params as { from: { value: Cells }; to: { value: Cells } };
      entered(from.value);
      entered(to.value);
    }
  }

  const selection = (): readonly Span[] =>
    (sheet()?.getSelection()?.getActiveRangeList() ?? []).map((range) => range.getRange());

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

  /** A cell that was opened and left again shows what its formula comes to: that was not typed. */
  const isLeftAlone = ({ row, column, text }: Typed, { values, formatting }: ShownSheet): boolean =>
    formatting.formulaAt(row + 1, column + 1) !== undefined && values[row]?.[column] === text;

  function commit(all: readonly Typed[], seen: ShownSheet): void {
    const typed = all.filter((one) => !isLeftAlone(one, seen));
    const textAt = new Map(typed.map(({ row, column, text }) => [`${row},${column}`, text]));
    for (const { row: top, column: left, ...size } of rectanglesOf(typed)) {
      const values = Array.from({ length: size.rows }, (_row, down) =>
        Array.from({ length: size.columns }, (_cell, right) => textAt.get(`${top + down},${left + right}`) ?? ''),
      );
      options.commit({ row: top + 1, column: left + 1, ...size }, values, seen);
    }
  }

  function selected(spans: readonly Span[]): void {
    const [first] = spans;
    if (!first || !basis) return;
    const at = { row: first.startRow + 1, column: first.startColumn + 1 };
    const isRows = spans.every(({ rangeType = 0 }) => !WHOLE_COLUMNS.includes(rangeType));
    const blocks = isRows ? blocksOf(spans.map(blockOf)) : [];
    options.visit(at, shownAt(first.startRow, first.startColumn), basis, blocks);
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
        write(row, column, { v: wanted, t: 1, f: null, si: null, p: null });
        heights[row] = rowHeight(values[row] ?? [], row + 1, formatting, measure);
      }
    }
    const painting = paintedBy(formatting, values);
    for (const key of new Set([...painted.keys(), ...painting.keys()])) {
      if (painted.get(key) === painting.get(key)) continue;
      const [row = 0, column = 0] = key.split(',').map(Number);
      if (isTyped(row, column)) {
        // Its looks would bring its old words along.
        const held = painted.get(key);
        if (held === undefined) painting.delete(key);
        else painting.set(key, held);
        continue;
      }
      write(row, column, { s: styleOf(formatting.cell(row + 1, column + 1)) });
    }
    painted = painting;
    const unit = { unitId: workbook.getId(), subUnitId: SHEET_ID };
    bringLists(unit, { values, formatting });
    bringFormats(unit, formatting, rows);
    if (Object.keys(cellValue).length === 0) return;
    api?.executeCommand(SET_VALUES, { ...unit, cellValue }, { fromCollab: true });
    if (Object.keys(heights).length === 0) return;
    const ranges = [{ startRow: 0, endRow: rows - 1, startColumn: 0, endColumn: columns - 1 }];
    api?.executeCommand(SET_ROW_HEIGHT, { ...unit, ranges, rowHeight: heights }, { fromCollab: true });
  }

  /** A row that is history by now has the colours of its own words no more. */
  function bringFormats(unit: object, formatting: Formatting, rows: number): void {
    const rules = textFormats(formatting, rows);
    if (JSON.stringify(rules) === formats) return;
    formats = JSON.stringify(rules);
    for (const rule of rules) api?.executeCommand(SET_FORMAT, { ...unit, cfId: rule.cfId, rule }, { fromCollab: true });
  }

  function bringLists(unit: object, { values, formatting }: Pick<ShownSheet, 'values' | 'formatting'>): void {
    const ranges = listRanges(formatting, values);
    if (JSON.stringify(ranges) === lists) return;
    lists = JSON.stringify(ranges);
    for (const { uid: ruleId, ranges: payload } of ranges)
      api?.executeCommand(UPDATE_LIST, { ...unit, ruleId, payload: { type: RANGES, payload } }, { fromCollab: true });
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
        lists = JSON.stringify(listRanges(shown.formatting, shown.values));
        formats = JSON.stringify(textFormats(shown.formatting, gridOf(shown).rows));
        basis = shown;
        start(shown);
        if (wasEditing) options.lost('Rows or columns moved while you typed: that was not written. Type it again.');
      } else bring(shown);
    },
    lookAgain() {
      basis = last;
      selected(selection());
    },
    go({ row, column }) {
      const current = sheet();
      if (!current || row > current.getMaxRows() || column > current.getMaxColumns()) return;
      admit();
      focus();
      const cell = current.getRange(row - 1, column - 1);
      cell.activate();
      current.scrollToCell(Math.max(0, row - 4), Math.max(0, column - 3));
    },
  };
}

const blockOf = ({ startRow, endRow }: Span): RowBlock => ({ row: startRow + 1, count: endRow - startRow + 1 });

/** The cells that a formula paints now; places count from 0. */
function paintedBy(formatting: Formatting, values: readonly (readonly string[])[]): Map<string, string> {
  const cells = values.flatMap((line, row) => line.map((_text, column) => [row, column] as const));
  const held = cells.map(([row, column]) => [`${row},${column}`, formatting.cell(row + 1, column + 1)] as const);
  return new Map(held.filter(([, cell]) => cell.isConditional).map(([key, cell]) => [key, JSON.stringify(cell)]));
}
