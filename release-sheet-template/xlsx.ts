import ExcelJS from 'exceljs';
import { exampleRundown, RUNDOWN_TAB } from './rundown.ts';
import {
  alarmFormula,
  BANNER_COLOURS,
  BANNER_WIDTH,
  bannerFormula,
  type ColumnTemplate,
  DOUBT_COLOURS,
  doubtFormula,
  HEARTBEAT_LABELS,
  HEARTBEAT_TAB,
  NOT_CONNECTED,
  ruleFormula,
  type TabTemplate,
  timeFormatOf,
} from './tab.ts';
import { RELEASE_SHEET, TEMPLATE_VERSION } from './template.ts';

/**
 * The release sheet as a workbook, for people who import it by hand. Nobody stands behind it until it is registered: its
 * banner says so by formula. Google takes over validations, colours, widths and notes, and no protections.
 */

/** A pixel of a column as spreadsheets count width: characters of their default font. */
const PIXELS_A_CHARACTER = 7;
/** Validations and colours reach this far; Sheets lets them grow with the rows. */
const LAST_ROW = 200;
const FONT = { name: 'Arial', size: 10 };
const LINE_POINTS = 15;
const HEADER_BACKGROUND = '#f1f3f4';
const SCRIPT_BACKGROUND = '#f8f9fa';

const argb = (colour: string): string => `FF${colour.slice(1).toUpperCase()}`;
const fill = (colour: string): ExcelJS.Fill => ({
  type: 'pattern',
  pattern: 'solid',
  fgColor: { argb: argb(colour) },
  bgColor: { argb: argb(colour) },
});
const below = (letter: string): string => `${letter}2:${letter}${LAST_ROW}`;

/** @param startsAt - When the example night begins, in milliseconds since the epoch. */
export function releaseWorkbook(startsAt: number): ExcelJS.Workbook {
  const workbook = new ExcelJS.Workbook();
  // The same template makes the same file.
  workbook.created = workbook.modified = new Date(startsAt);
  for (const tab of RELEASE_SHEET) addTab(workbook, tab, startsAt);
  const heartbeat = workbook.addWorksheet(HEARTBEAT_TAB, { state: 'hidden' });
  heartbeat.addRows(HEARTBEAT_LABELS.map((label, at) => [label, ['', '', TEMPLATE_VERSION][at] ?? '']));
  return workbook;
}

function addTab(workbook: ExcelJS.Workbook, tab: TabTemplate, startsAt: number): void {
  const first = tab.hasBanner ? 2 : 1;
  const sheet = workbook.addWorksheet(tab.name, {
    views: [{ state: 'frozen', ySplit: 1, xSplit: first - 1 }],
    ...(tab.colour ? { properties: { tabColor: { argb: argb(tab.colour) } } } : {}),
  });
  for (const [at, column] of tab.columns.entries()) dress(sheet, first + at, column);
  const rows = tab.name === RUNDOWN_TAB.name ? exampleRundown(startsAt).slice(1) : (tab.rows ?? []);
  for (const [down, row] of rows.entries()) fillRow(sheet, { row: down + 2, first }, row, tab.columns);
  const letterOf = (header: string) =>
    sheet.getColumn(tab.columns.findIndex((column) => column.header === header) + first).letter;
  for (const [at, colours] of (tab.colours ?? []).entries()) {
    const style = { fill: fill(colours.background), font: { color: { argb: argb(colours.colour) } } };
    const formula = ruleFormula(colours, (header) => `$${letterOf(header)}2`, ',').slice(1);
    const rule = { type: 'expression' as const, formulae: [formula], priority: at + 2, style };
    sheet.addConditionalFormatting({ ref: below(letterOf(colours.header)), rules: [rule] });
  }
  if (tab.hasBanner) addBanner(sheet, tab);
}

function dress(sheet: ExcelJS.Worksheet, place: number, column: ColumnTemplate): void {
  sheet.getColumn(place).width = column.width / PIXELS_A_CHARACTER;
  const header = sheet.getCell(1, place);
  header.value = column.header;
  header.font = { ...FONT, bold: true };
  header.fill = fill(HEADER_BACKGROUND);
  header.alignment = { vertical: 'middle' };
  if (column.note) header.note = column.note;
  for (let row = 2; row <= LAST_ROW; row += 1) {
    const cell = sheet.getCell(row, place);
    cell.font = FONT;
    cell.alignment = {
      vertical: 'middle',
      wrapText: column.isLong ?? false,
      ...(column.isTime ? { horizontal: 'left' } : {}),
    };
    if (column.isTime) cell.numFmt = timeFormatOf(column);
    if (column.writer === 'script') cell.fill = fill(SCRIPT_BACKGROUND);
    if (column.choices) {
      cell.dataValidation = {
        type: 'list',
        allowBlank: true,
        formulae: [`"${column.choices.join(',')}"`],
        showErrorMessage: true,
        errorStyle: 'stop',
      };
    }
  }
}

interface Place {
  readonly row: number;
  /** The tab's first column, from 1. */
  readonly first: number;
}

function fillRow(
  sheet: ExcelJS.Worksheet,
  { row, first }: Place,
  values: readonly string[],
  columns: readonly ColumnTemplate[],
): void {
  values.forEach((value, at) => {
    if (value === '') return;
    sheet.getCell(row, first + at).value = columns[at]?.isTime ? new Date(`${value.replace(' ', 'T')}Z`) : value;
  });
  const lines = values.map((value, at) => Math.ceil((value.length * PIXELS_A_CHARACTER) / (columns[at]?.width ?? 1)));
  sheet.getRow(row).height = LINE_POINTS * Math.max(1, ...lines.filter((_lines, at) => columns[at]?.isLong));
}

/** The header, and the whole first column, turn red with it. */
function addBanner(sheet: ExcelJS.Worksheet, tab: TabTemplate): void {
  const cell = sheet.getCell(1, 1);
  // It is the file's own formula, which holds commas.
  cell.value = { formula: bannerFormula(tab, ',').slice(1), result: NOT_CONNECTED };
  cell.font = { ...FONT, color: { argb: argb(BANNER_COLOURS.connected) } };
  cell.fill = fill(HEADER_BACKGROUND);
  cell.alignment = { vertical: 'middle', wrapText: true };
  sheet.getColumn(1).width = BANNER_WIDTH / PIXELS_A_CHARACTER;
  const style = { fill: fill(BANNER_COLOURS.notConnected), font: { color: { argb: 'FFFFFFFF' } } };
  const rule = { type: 'expression' as const, formulae: [alarmFormula('$A$1', ',').slice(1)], priority: 1, style };
  const last = sheet.getColumn(tab.columns.length + 1).letter;
  sheet.addConditionalFormatting({ ref: `A1:${last}1`, rules: [rule] });
  sheet.addConditionalFormatting({ ref: below('A'), rules: [rule] });
  if (tab.tellsNow) {
    const colours = { fill: fill(DOUBT_COLOURS.background), font: { color: { argb: argb(DOUBT_COLOURS.text) } } };
    const doubt = { ...rule, formulae: [doubtFormula('$A$1', ',').slice(1)], priority: 2, style: colours };
    sheet.addConditionalFormatting({ ref: 'A1', rules: [doubt] });
  }
  const status = tab.columns.findIndex(({ header }) => header === 'Status');
  if (status < 0) return;
  // A Go that nobody will run is never green.
  const letter = sheet.getColumn(status + 2).letter;
  const go = { ...rule, formulae: [`AND($A$1="${NOT_CONNECTED}",$${letter}2="Go")`] };
  sheet.addConditionalFormatting({ ref: below(letter), rules: [go] });
}
