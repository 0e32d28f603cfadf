import type { ICellData, IStyleData, IWorkbookData } from '@univerjs/core';
import type { Area } from '../../../apps-script-runtime/spreadsheet/a1.ts';
import type { CellFormatting, Formatting } from './formatting.ts';
import { type Place, rectanglesOf } from './rectangles.ts';
import { columnWidth, type Measure, ROW_PX, rowHeight } from './row-heights.ts';
import type { ShownSheet } from './shown-sheet.ts';

/** A tab of the sheet as Univer takes it. Pure. */

export const SHEET_ID = 'tab';
/** Rows come by so many at a time, so that one that is added seldom means a new workbook. */
const ROWS_AT_ONCE = 60;
const SPARE_ROWS = 10;
const SPARE_COLUMNS = 4;
/** Blank rows below the last one in which a list can be opened by its arrow. */
const NEXT_ROWS = 3;

const VALIDATION = 'SHEET_DATA_VALIDATION_PLUGIN';
const FORMATTING = 'SHEET_CONDITIONAL_FORMATTING_PLUGIN';
const TEXT = 1;
const CHIP = 2;
const ARROW = 1;
const WARNING = 2;
const PLAIN_CHIP = '#e8eaed';
const CALM_CHIP = PLAIN_CHIP;
const WRAP = 3;
const CLIP = 2;
const MIDDLE = 2;
/** Text: only the host decides what a date, a number or a formula is. */
const TYPED_AS_IT_IS = { pattern: '@' };
const PADDING = { t: 2, r: 3, b: 2, l: 4 };

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

export function gridOf({ values }: Pick<ShownSheet, 'values'>): Grid {
  const rows = Math.ceil((values.length + SPARE_ROWS) / ROWS_AT_ONCE) * ROWS_AT_ONCE;
  return { rows, columns: (values[0] ?? []).length + SPARE_COLUMNS };
}

const countTo = (count: number) => Array.from({ length: count }, (_one, at) => at);

/** @param measure - How wide a text is in pixels, in the font of the cells. */
export function workbookOf(sheet: ShownSheet, measure?: Measure): Partial<IWorkbookData> {
  const { tab, values, formatting } = sheet;
  const { rows, columns } = gridOf(sheet);
  const cellOf = (row: number, column: number): ICellData => {
    // A chip brings its own, and there is little room.
    const padding = formatting.choicesAt(row + 1, column + 1) ? {} : { pd: PADDING };
    const style = { ...styleOf(formatting.cell(row + 1, column + 1)), ...padding };
    const v = values[row]?.[column];
    return v === undefined ? { s: style } : { v, t: TEXT, s: style };
  };
  const cellData = Object.fromEntries(
    countTo(rows).map((row) => [row, Object.fromEntries(countTo(columns).map((at) => [at, cellOf(row, at)]))]),
  );
  return {
    id: 'release',
    name: tab,
    sheetOrder: [SHEET_ID],
    sheets: {
      [SHEET_ID]: {
        id: SHEET_ID,
        name: tab,
        rowCount: rows,
        columnCount: columns,
        defaultRowHeight: ROW_PX,
        rowData: Object.fromEntries(
          values.map((row, at) => [at, { h: rowHeight(row, at + 1, formatting, measure), ia: 0 }]),
        ),
        defaultStyle: { fs: 10, vt: MIDDLE, tb: CLIP },
        freeze: freezeOf(formatting),
        columnData: Object.fromEntries(countTo(columns).map((at) => [at, { w: columnWidth(sheet, at + 1, measure) }])),
        cellData,
      },
    },
    resources: [
      { name: VALIDATION, data: JSON.stringify({ [SHEET_ID]: validations(formatting, values) }) },
      { name: FORMATTING, data: JSON.stringify({ [SHEET_ID]: textFormats(formatting, rows) }) },
    ],
  };
}

/** Scrolling begins after what is frozen; -1 where nothing is. */
const freezeOf = ({ frozenRows, frozenColumns }: Pick<Formatting, 'frozenRows' | 'frozenColumns'>) => ({
  xSplit: frozenColumns,
  ySplit: frozenRows,
  startRow: frozenRows || -1,
  startColumn: frozenColumns || -1,
});

/** Everything is said, so that it takes the place of what was there. */
export function styleOf({ background, fontColor, bold, wraps }: CellFormatting): IStyleData {
  return {
    bg: background ? { rgb: background } : null,
    cl: fontColor ? { rgb: fontColor } : null,
    bl: bold ? 1 : 0,
    vt: MIDDLE,
    fs: 10,
    tb: wraps ? WRAP : CLIP,
    n: TYPED_AS_IT_IS,
  };
}

/** From 0, and no further than the sheet goes. */
const spanOf = ({ row, column, rows, columns }: Area, most: number) => ({
  startRow: row - 1,
  endRow: Math.min(row + rows - 1, most) - 1,
  startColumn: column - 1,
  endColumn: column + columns - 2,
});

/** A list is a chip where something is picked, and an arrow where something can be: not in rows that nobody uses. */
export function listRanges(
  { choices, chipOf }: Pick<Formatting, 'choices' | 'chipOf'>,
  values: readonly (readonly string[])[],
) {
  const last = values.map((line) => line.some((text) => text !== '')).lastIndexOf(true) + 1;
  const isUsed = (row: number) => row >= last || (values[row] ?? []).some((text) => text !== '');
  return choices.flatMap(({ area }, at) => {
    const { startRow, endRow, startColumn, endColumn } = spanOf(area, last + NEXT_ROWS);
    const places = countTo(Math.max(0, endRow - startRow + 1)).flatMap((down) =>
      countTo(endColumn - startColumn + 1).map((right) => ({ row: startRow + down, column: startColumn + right })),
    );
    const isPicked = ({ row, column }: Place) => (values[row]?.[column] ?? '') !== '';
    const isCalm = ({ row, column }: Place) => chipOf(row + 1, column + 1) !== undefined;
    const rangesWhere = (isMeant: (place: Place) => boolean) => rangesOf(places.filter(isMeant));
    return [
      { uid: `choices-${at}`, at, kind: 'picked', ranges: rangesWhere((one) => isPicked(one) && !isCalm(one)) },
      { uid: `calm-${at}`, at, kind: 'calm', ranges: rangesWhere((one) => isPicked(one) && isCalm(one)) },
      { uid: `open-${at}`, at, kind: 'open', ranges: rangesWhere((one) => !isPicked(one) && isUsed(one.row)) },
    ] as const;
  });
}

const rangesOf = (places: readonly Place[]) =>
  rectanglesOf(places).map(({ row, column, rows, columns }) => ({
    startRow: row,
    endRow: row + rows - 1,
    startColumn: column,
    endColumn: column + columns - 1,
  }));

function validations(formatting: Formatting, values: readonly (readonly string[])[]): object[] {
  const { choices, ofText } = formatting;
  return listRanges(formatting, values).map(({ at, kind, ...rule }) => {
    const { area, choices: offered } = choices[at] as Formatting['choices'][number];
    const colours = offered.map((one) =>
      kind === 'calm' ? CALM_CHIP : (ofText(area.row, area.column, one)?.background ?? PLAIN_CHIP),
    );
    const list = { type: 'list', formula1: offered.join(','), formula2: colours.join(',') };
    const renderMode = kind === 'open' ? ARROW : CHIP;
    // Whether something else may be typed, the host says, in its own words.
    const held = { renderMode, errorStyle: WARNING, showErrorMessage: false };
    return { ...list, ...held, ...rule, allowBlank: true };
  });
}

export interface TextFormat {
  readonly cfId: string;
  readonly ranges: readonly object[];
  readonly stopIfTrue: true;
  readonly rule: object;
}

/** A chip paints its own background; the words on it take the cell's colour. What another column decides is left out. */
export function textFormats({ textRules, choicesAt, chipOf }: Formatting, rows: number): TextFormat[] {
  return textRules.map(({ text, areas, background, fontColor, bold }, at) => {
    const isChip = areas.every(({ row, column }) => choicesAt(row, column));
    const style = {
      ...(background && !isChip ? { bg: { rgb: background } } : {}),
      ...(fontColor ? { cl: { rgb: fontColor } } : {}),
      ...(bold ? { bl: 1 } : {}),
    };
    const rule = { type: 'highlightCell', subType: 'text', operator: 'equal', value: text, style };
    const ranges = areas.flatMap((area) => withoutHeld(spanOf(area, rows), chipOf));
    return { cfId: `text-${at}`, ranges, stopIfTrue: true, rule };
  });
}

function withoutHeld(
  { startRow, endRow, startColumn, endColumn }: Span,
  chipOf: Formatting['chipOf'],
): readonly object[] {
  const places = countTo(Math.max(0, endRow - startRow + 1)).flatMap((down) =>
    countTo(endColumn - startColumn + 1).map((right) => ({ row: startRow + down, column: startColumn + right })),
  );
  return rangesOf(places.filter(({ row, column }) => chipOf(row + 1, column + 1) === undefined));
}

type Span = ReturnType<typeof spanOf>;
