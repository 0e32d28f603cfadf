import type { IWorkbookData } from '@univerjs/core';
import { STATUS_STYLES } from '../../../release-sheet-template/statuses.ts';
import { type Column, chipColours, columnsOf } from './columns.ts';
import { ROW_PX, rowHeight } from './row-heights.ts';

/** A tab of the sheet as Univer takes it. Pure. */

export const SHEET_ID = 'tab';
export const ROWS = 60;
export const SPARE_COLUMNS = 4;

const VALIDATION = 'SHEET_DATA_VALIDATION_PLUGIN';
const FORMATTING = 'SHEET_CONDITIONAL_FORMATTING_PLUGIN';
const TEXT = 1;
const CHIP = 2;
const STOP = 1;
const PLAIN_CHIP = '#e8eaed';

interface Area {
  readonly startRow: number;
  readonly endRow: number;
  readonly startColumn: number;
  readonly endColumn: number;
}

const below = (column: number): Area => ({ startRow: 1, endRow: ROWS - 1, startColumn: column, endColumn: column });

export function workbookOf(
  tab: string,
  values: readonly (readonly string[])[],
  services: readonly string[],
): Partial<IWorkbookData> {
  const columns = columnsOf(values[0] ?? []);
  const cellData = Object.fromEntries(values.map((row, at) => [at, cellsOf(row, at, columns)]));
  return {
    id: 'release',
    name: tab,
    sheetOrder: [SHEET_ID],
    styles: {
      header: { bl: 1, bg: { rgb: '#f1f3f4' }, vt: 2, fs: 10, tb: 2 },
      ours: { cl: { rgb: '#3c4043' }, bg: { rgb: '#f8f9fa' }, vt: 2, fs: 10, tb: 2 },
      told: { cl: { rgb: '#3c4043' }, bg: { rgb: '#f8f9fa' }, vt: 2, fs: 10, tb: 3 },
      plain: { vt: 2, fs: 10, tb: 2 },
      long: { tb: 3, vt: 2, fs: 10 },
    },
    sheets: {
      [SHEET_ID]: {
        id: SHEET_ID,
        name: tab,
        rowCount: ROWS,
        columnCount: columns.length + SPARE_COLUMNS,
        defaultRowHeight: ROW_PX,
        rowData: Object.fromEntries(values.map((row, at) => [at, { h: rowHeight(row, columns), ia: 0 }])),
        defaultStyle: { fs: 10, vt: 2, tb: 2 },
        freeze: { xSplit: 0, ySplit: 1, startRow: 1, startColumn: -1 },
        columnData: Object.fromEntries(columns.map(({ widthPx }, at) => [at, { w: widthPx }])),
        cellData,
      },
    },
    resources: [
      { name: VALIDATION, data: JSON.stringify({ [SHEET_ID]: validations(columns, services) }) },
      { name: FORMATTING, data: JSON.stringify({ [SHEET_ID]: formats(columns) }) },
    ],
  };
}

const cellsOf = (row: readonly string[], at: number, columns: readonly Column[]) =>
  Object.fromEntries(row.map((value, column) => [column, { v: value, t: TEXT, s: styleOf(at, columns[column]) }]));

function styleOf(row: number, column: Column | undefined): string {
  if (row === 0) return 'header';
  if (column?.ours) return column.kind === 'long' ? 'told' : 'ours';
  return column?.kind === 'long' ? 'long' : 'plain';
}

function validations(columns: readonly Column[], services: readonly string[]): object[] {
  return columns.flatMap((column, at) => {
    if (column.kind !== 'choice') return [];
    const choices = column.choices(services);
    const colours = choices.map((choice) => chipColours(column, choice)?.background ?? PLAIN_CHIP);
    const list = { type: 'list', formula1: choices.join(','), formula2: colours.join(','), ranges: [below(at)] };
    return [
      { uid: `choices-${at}`, ...list, renderMode: CHIP, errorStyle: STOP, showErrorMessage: true, allowBlank: true },
    ];
  });
}

function formats(columns: readonly Column[]): object[] {
  const status = columns.findIndex(({ header }) => header === 'Status');
  if (status < 0) return [];
  // The chip paints the background; the words on it take the cell's colour.
  return STATUS_STYLES.map(({ status: value, text }) => ({
    cfId: `status-${value}`,
    ranges: [below(status)],
    stopIfTrue: false,
    rule: {
      type: 'highlightCell',
      subType: 'text',
      operator: 'equal',
      value,
      style: { cl: { rgb: text } },
    },
  }));
}
