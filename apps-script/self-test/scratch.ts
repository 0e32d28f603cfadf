import {
  FIRST_STEP_ROW,
  ROW_TABS,
  type RowTab,
  SCRIPTS_OWN_TAB,
  STEP_COLUMNS,
  STEP_HEADERS,
  STEP_IDS,
  STEPS,
  STEPS_TAB,
  type Step,
  type StepId,
  stepRow,
} from './steps.ts';
import type { Evidence, HeardEdit, Verdict } from './verdict.ts';

/** The scratch spreadsheet of `selfTest()`: made, read, and written here. */

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;
type Sheet = GoogleAppsScript.Spreadsheet.Sheet;

const NAME = 'Drawbridge self-test';
const HEARD_TAB = 'Heard';
const TICKS_TAB = 'Ticks';
const RECORDING_TAB = 'Recording';
/** Its clocks skip an hour and repeat one. */
export const ZONE = 'Europe/Berlin';
const TEXT_WIDTH = 620;
const CELL_WIDTH = 160;

export const createScratch = (): Spreadsheet => SpreadsheetApp.create(NAME);

/** Adds the tabs that are missing; what people did in the others stays. */
export function furnish(spreadsheet: Spreadsheet): void {
  spreadsheet.setSpreadsheetTimeZone(ZONE);
  furnishTab(spreadsheet, STEPS_TAB, fillSteps);
  for (const tab of Object.keys(ROW_TABS) as RowTab[]) furnishTab(spreadsheet, tab, (sheet) => fillRows(sheet, tab));
  for (const tab of [SCRIPTS_OWN_TAB, HEARD_TAB, TICKS_TAB])
    furnishTab(spreadsheet, tab, (sheet) => void sheet.hideSheet());
  nowCell(spreadsheet).setFormula('=NOW()').setNumberFormat('yyyy-mm-dd hh:mm:ss');
  SpreadsheetApp.flush();
}

/** A tab takes its name last: one that an execution died over is filled once more. */
function furnishTab(spreadsheet: Spreadsheet, name: string, fill: (sheet: Sheet) => void): void {
  if (spreadsheet.getSheetByName(name)) return;
  const draft = `${name} (unfinished)`;
  const [first] = spreadsheet.getSheets();
  // A new spreadsheet has one tab, a blank one.
  const blank = name === STEPS_TAB && first?.getLastRow() === 0 ? first.setName(draft) : undefined;
  const sheet = blank ?? spreadsheet.getSheetByName(draft) ?? spreadsheet.insertSheet(draft);
  fill(sheet);
  SpreadsheetApp.flush();
  sheet.setName(name);
}

function fillSteps(sheet: Sheet): void {
  const steps: readonly Step[] = STEP_IDS.map((id) => STEPS[id]);
  const rows = steps.map(({ text, copy = '', here = '' }) => [text, copy, here, '']);
  sheet
    .getRange(1, 1, 1, STEP_HEADERS.length)
    .setValues([[...STEP_HEADERS]])
    .setFontWeight('bold');
  sheet.getRange(FIRST_STEP_ROW, 1, rows.length, STEP_HEADERS.length).setValues(rows);
  sheet.getRange(FIRST_STEP_ROW, STEP_COLUMNS.text, rows.length, 1).setWrap(true);
  sheet.setColumnWidth(STEP_COLUMNS.text, TEXT_WIDTH);
  sheet.setColumnWidths(STEP_COLUMNS.copy, STEP_HEADERS.length - 1, CELL_WIDTH);
  sheet.setFrozenRows(1);
  for (const [index, { choices }] of steps.entries()) {
    if (choices) onlyLetIn(sheet, FIRST_STEP_ROW + index, STEP_COLUMNS.here, choices);
  }
}

/** Anything else is rejected. */
export function onlyLetIn(sheet: Sheet, row: number, column: number, choices: readonly string[]): void {
  const rule = SpreadsheetApp.newDataValidation()
    .requireValueInList([...choices], true)
    .setAllowInvalid(false)
    .build();
  sheet.getRange(row, column).setDataValidation(rule);
}

function fillRows(sheet: Sheet, tab: RowTab): void {
  const rows = ROW_TABS[tab];
  sheet.getRange(1, 1, rows.length + 1, 1).setValues([['Letter'], ...rows.map((letter) => [letter])]);
  sheet.setFrozenRows(1);
  if (tab !== 'Protected') return;
  for (const old of sheet.getProtections(SpreadsheetApp.ProtectionType.RANGE)) old.remove();
  const protection = sheet.getRange(2, 1, rows.length, 1).protect();
  // Until one is removed, everybody who may edit the spreadsheet may edit this too.
  protection.removeEditors(protection.getEditors());
}

/** Text in one cell: nothing of it is taken for a number or a date. */
export function noteHeard(spreadsheet: Spreadsheet, edit: HeardEdit): void {
  spreadsheet.getSheetByName(HEARD_TAB)?.appendRow([JSON.stringify(edit)]);
}

const columnA = (sheet: Sheet | null): string[] => {
  const last = sheet?.getLastRow() ?? 0;
  if (!sheet || last === 0) return [];
  return sheet
    .getRange(1, 1, last, 1)
    .getValues()
    .map(([cell]) => String(cell));
};

export function readScratch(spreadsheet: Spreadsheet): Pick<Evidence, 'heard' | 'steps' | 'rows'> {
  const sheet = spreadsheet.getSheetByName(STEPS_TAB);
  const cells = sheet?.getRange(1, 1, stepRow(STEP_IDS[STEP_IDS.length - 1] as StepId), STEP_COLUMNS.done).getValues();
  const cell = (id: StepId, column: number) => String(cells?.[stepRow(id) - 1]?.[column - 1] ?? '');
  const step = (id: StepId) => ({
    here: cell(id, STEP_COLUMNS.here),
    isDone: cell(id, STEP_COLUMNS.done).trim() !== '',
  });
  const rows = (tab: RowTab) => columnA(spreadsheet.getSheetByName(tab)).slice(1);
  return {
    heard: columnA(spreadsheet.getSheetByName(HEARD_TAB))
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as HeardEdit),
    steps: Object.fromEntries(STEP_IDS.map((id) => [id, step(id)])) as Evidence['steps'],
    rows: { Insert: rows('Insert'), Delete: rows('Delete'), Sort: rows('Sort'), Protected: rows('Protected') },
  };
}

export function isEveryStepDone(spreadsheet: Spreadsheet): boolean {
  const { steps } = readScratch(spreadsheet);
  return STEP_IDS.every((id) => steps[id].isDone);
}

/** Where the script writes while nobody does. */
export const scriptsOwnSheet = (spreadsheet: Spreadsheet): Sheet => tabOf(spreadsheet, SCRIPTS_OWN_TAB);
export const protectedSheet = (spreadsheet: Spreadsheet): Sheet => tabOf(spreadsheet, 'Protected');
/** What a tick leaves for an execution that waits. */
export const tickCell = (spreadsheet: Spreadsheet) => tabOf(spreadsheet, TICKS_TAB).getRange(1, 1);
export const nowCell = (spreadsheet: Spreadsheet) => tabOf(spreadsheet, TICKS_TAB).getRange(2, 1);

/** @throws Error - Somebody deleted it. */
function tabOf(spreadsheet: Spreadsheet, name: string): Sheet {
  const sheet = spreadsheet.getSheetByName(name);
  if (sheet) return sheet;
  throw new Error(`The scratch sheet has no tab ${name} any more. Delete the scratch sheet and run selfTest() again.`);
}

export function writeVerdict(spreadsheet: Spreadsheet, { recording, facts, unknown }: Verdict): void {
  const sheet = spreadsheet.getSheetByName(RECORDING_TAB) ?? spreadsheet.insertSheet(RECORDING_TAB);
  sheet.clear();
  const texts = [JSON.stringify(recording, null, 2), JSON.stringify(facts, null, 2)];
  const lines = [...texts.map((text) => [text]), ...unknown.map(({ id, why }) => [`Unknown: ${id}: ${why}.`])];
  sheet.getRange(1, 1, lines.length, 1).setValues(lines).setWrap(true);
  sheet.setColumnWidth(1, TEXT_WIDTH);
  SpreadsheetApp.flush();
}
