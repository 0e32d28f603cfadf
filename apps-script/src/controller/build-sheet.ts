import { RUNDOWN_TAB } from '../../../release-sheet-template/rundown.ts';
import {
  alarmFormula,
  BANNER_COLOURS,
  BANNER_WIDTH,
  bannerFormula,
  type ColumnTemplate,
  DOUBT_COLOURS,
  doubtFormula,
  HEARTBEAT,
  HEARTBEAT_LABELS,
  HEARTBEAT_TAB,
  isBanner,
  NOT_CONNECTED,
  ruleFormula,
  STALE_COLOURS,
  type TabTemplate,
  timeFormatOf,
} from '../../../release-sheet-template/tab.ts';
import { sheetWithId } from '../sheet/spreadsheet.ts';

/**
 * Brings a spreadsheet up to a template: adds tabs and columns that are missing, with their looks, and leaves everything
 * that is there as it is. Run twice it changes nothing.
 */

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;
type Sheet = GoogleAppsScript.Spreadsheet.Sheet;
type Range = GoogleAppsScript.Spreadsheet.Range;
type Protection = GoogleAppsScript.Spreadsheet.Protection;

export interface BuildOptions {
  /** What Service columns offer. */
  readonly services: readonly string[];
  /** Who may write what only operators may. */
  readonly operators: readonly string[];
  /** The rundown's tab, whatever it is called; left out, it is the one of that name. */
  readonly rundownTabId?: number;
}

const HEADER_BACKGROUND = '#f1f3f4';
const SCRIPT_BACKGROUND = '#f8f9fa';
const SCRIPT_COLOUR = '#3c4043';

export function applyTabs(spreadsheet: Spreadsheet, tabs: readonly TabTemplate[], options: BuildOptions): void {
  for (const [index, tab] of tabs.entries()) applyTab(spreadsheet, tab, index, options);
}

function applyTab(spreadsheet: Spreadsheet, tab: TabTemplate, index: number, options: BuildOptions): void {
  const { sheet, isNew } = tabOf(spreadsheet, tab.name, index, options);
  const headers = isNew ? [] : headersOf(sheet);
  const missing = tab.columns.filter(({ header }) => !headers.includes(header.toLowerCase()));
  const places = new Map<string, number>();
  tab.columns.forEach(({ header }) => {
    const at = headers.indexOf(header.toLowerCase());
    if (at >= 0) places.set(header, at + 1);
  });
  const bannerPlace = tab.hasBanner ? bannerPlaceIn(headers, missing.length) : undefined;
  // In a new tab the first column is the banner's.
  const first = Math.max(headers.length, bannerPlace === 1 ? 1 : 0) + 1;
  for (const [at, { header }] of missing.entries()) places.set(header, first + at);
  if (missing.length > 0) {
    const room = first + missing.length + 1 - sheet.getMaxColumns();
    if (room > 0) sheet.insertColumnsAfter(sheet.getMaxColumns(), room);
    dressHeader(sheet, first, missing);
  }
  for (const [at, column] of missing.entries()) dressColumn(sheet, first + at, column, options);
  if (isNew) {
    sheet.setFrozenRows(1);
    if (tab.colour !== undefined) sheet.setTabColor(tab.colour);
  }
  if (missing.some(({ header }) => header === tab.staleAfter)) greyWhenStale(sheet, tab, places);
  if (missing.some(({ header }) => tab.colours?.some((rule) => rule.header === header))) addColours(sheet, tab, places);
  for (const column of tab.columns) refresh(sheet, places.get(column.header) as number, column, options, isNew);
  // By its header a column is known: one that is there is dressed and has its rows, wherever an execution died.
  if (missing.length > 0) {
    const lines = [missing.map(({ header }) => header), ...(isNew ? (tab.rows ?? []) : []).map((row) => [...row])];
    sheet.getRange(1, first, lines.length, missing.length).setValues(lines);
  }
  if (bannerPlace !== undefined) {
    alarmStatuses(sheet, bannerPlace, places.get('Status'));
    addBanner(sheet, tab, bannerPlace);
  }
}

/** The first tab of a new spreadsheet is a blank one. */
function tabOf(
  spreadsheet: Spreadsheet,
  name: string,
  index: number,
  { rundownTabId }: BuildOptions,
): { sheet: Sheet; isNew: boolean } {
  const known = name === RUNDOWN_TAB.name ? rundownTabId : undefined;
  const renamed = known === undefined ? undefined : sheetWithId(spreadsheet, known);
  const there = renamed ?? spreadsheet.getSheetByName(name);
  if (there) {
    // An execution may have died between a tab and its header.
    const isNew = there.getLastColumn() === 0;
    if (isNew) undress(there);
    return { sheet: there, isNew };
  }
  const [first] = spreadsheet.getSheets();
  if (index === 0 && first && first.getLastRow() === 0) return { sheet: first.setName(name), isNew: true };
  return { sheet: spreadsheet.insertSheet(name, index), isNew: true };
}

/** What it was given already would be there twice. */
function undress(sheet: Sheet): void {
  for (const protection of sheet.getProtections(SpreadsheetApp.ProtectionType.RANGE)) protection.remove();
  sheet.setConditionalFormatRules([]);
}

function headersOf(sheet: Sheet): string[] {
  const columns = sheet.getLastColumn();
  if (columns === 0) return [];
  const [row = []] = sheet.getRange(1, 1, 1, columns).getValues();
  return row.map((header) => String(header).trim().toLowerCase());
}

/** @returns Where a banner is missing: the first column if that is free, else behind the last one. Undefined: it is there. */
function bannerPlaceIn(headers: readonly string[], missing: number): number | undefined {
  if (headers.some(isBanner)) return undefined;
  // Its formula lost what it refers to.
  const broken = headers.findIndex((header) => header.startsWith('#'));
  if (broken >= 0) return broken + 1;
  return (headers[0] ?? '') === '' ? 1 : headers.length + missing + 1;
}

function dressHeader(sheet: Sheet, first: number, columns: readonly ColumnTemplate[]): void {
  const range = sheet.getRange(1, first, 1, columns.length);
  range.setFontWeight('bold').setBackground(HEADER_BACKGROUND).setVerticalAlignment('middle');
  range.setNotes([columns.map(({ note = '' }) => note)]);
}

const lettersOf = (sheet: Sheet, column: number): string =>
  sheet.getRange(1, column).getA1Notation().replace(/\d+$/, '');

/** Everything below the header, open at the bottom: whether a closed range grows with the sheet is not known. */
function below(sheet: Sheet, column: number) {
  const letters = lettersOf(sheet, column);
  return sheet.getRange(`${letters}2:${letters}`);
}

function dressColumn(sheet: Sheet, place: number, column: ColumnTemplate, options: BuildOptions): void {
  sheet.setColumnWidth(place, column.width);
  const range = below(sheet, place);
  range.setVerticalAlignment('middle');
  if (column.isTime) range.setNumberFormat(timeFormatOf(column));
  if (column.isLong) range.setWrap(true);
  if (column.writer === 'script') range.setBackground(SCRIPT_BACKGROUND).setFontColor(SCRIPT_COLOUR);
  if (column.choices) range.setDataValidation(oneOf(column.choices));
  protect(sheet, place, column, options);
}

const warningOf = ({ header }: ColumnTemplate): string =>
  `Drawbridge writes ${header}; what is typed here is put right.`;
const lockOf = ({ header }: ColumnTemplate): string => `Only operators set ${header}.`;

/** The script's own columns only warn: people must be able to sort, insert and paste. */
function protect(sheet: Sheet, place: number, column: ColumnTemplate, { operators }: BuildOptions): void {
  if (column.writer === 'script') {
    below(sheet, place).protect().setDescription(warningOf(column)).setWarningOnly(true);
    return;
  }
  if (!column.operatorsOnly || operators.length === 0) return;
  const protection = below(sheet, place).protect().setDescription(lockOf(column));
  allowOnly(protection, operators);
}

/** Those, and the script itself: first, because a protection can be changed only by its editors. */
function allowOnly(protection: Protection, operators: readonly string[]): void {
  const self = Session.getEffectiveUser().getEmail();
  protection.addEditor(self);
  const others = protection.getEditors().map((user) => user.getEmail());
  protection.removeEditors(others.filter((email) => email !== self));
  // Before the first removal nobody can be added: everybody was in.
  protection.addEditors([self, ...operators]);
  // Without the right to see a domain, everybody of it stays allowed.
  if (protection.canDomainEdit()) protection.setDomainEdit(false);
}

/**
 * Protections that keep the script out: a copy brings those of its original along, and they let in nobody but who copied
 * it.
 */
export function keptOutBy(spreadsheet: Spreadsheet, tabs: readonly TabTemplate[]): string[] {
  const { RANGE, SHEET } = SpreadsheetApp.ProtectionType;
  return tabs.flatMap(({ name }) => {
    const sheet = spreadsheet.getSheetByName(name);
    const all = sheet ? [...sheet.getProtections(RANGE), ...sheet.getProtections(SHEET)] : [];
    const locked = all.filter((one) => !one.isWarningOnly() && !one.canEdit());
    return locked.map((one) => `"${one.getDescription() || `${name}!${one.getRange().getA1Notation()}`}"`);
  });
}

const oneOf = (choices: readonly string[]) =>
  SpreadsheetApp.newDataValidation()
    .requireValueInList([...choices], true)
    .setAllowInvalid(false)
    .build();

/** What depends on the connections, the names of services and who is an operator; and lists that may be longer by now. */
function refresh(sheet: Sheet, place: number, column: ColumnTemplate, options: BuildOptions, isNew: boolean): void {
  const choices = column.choicesFrom === 'services' ? options.services : isNew ? [] : (column.choices ?? []);
  if (choices.length > 0) below(sheet, place).setDataValidation(oneOf(choices));
  if (isNew || !column.operatorsOnly || options.operators.length === 0) return;
  const [lock] = sheet
    .getProtections(SpreadsheetApp.ProtectionType.RANGE)
    .filter((protection) => protection.getDescription() === lockOf(column));
  if (lock) allowOnly(lock, options.operators);
  else protect(sheet, place, column, options);
}

function addColours(sheet: Sheet, tab: TabTemplate, places: ReadonlyMap<string, number>): void {
  const placeOf = (header: string) => `$${lettersOf(sheet, places.get(header) as number)}2`;
  const rules = (tab.colours ?? []).map((rule) => {
    const made = SpreadsheetApp.newConditionalFormatRule();
    const asked =
      rule.where || rule.isBeginning
        ? made.whenFormulaSatisfied(ruleFormula(rule, placeOf, ';'))
        : made.whenTextEqualTo(rule.text);
    return asked
      .setBackground(rule.background)
      .setFontColor(rule.colour)
      .setRanges([below(sheet, places.get(rule.header) as number)])
      .build();
  });
  sheet.setConditionalFormatRules([...sheet.getConditionalFormatRules(), ...rules]);
}

/** Before all other colours: what a stale row says must not look true. It may not refer to other tabs. */
function greyWhenStale(sheet: Sheet, tab: TabTemplate, places: ReadonlyMap<string, number>): void {
  const first = sheet.getRange(2, places.get(tab.staleAfter as string) as number).getA1Notation();
  const place = first.replace(/^([A-Z]+)/, '$$$1');
  const ranges = tab.columns
    .filter(({ growsOld }) => growsOld)
    .map(({ header }) => below(sheet, places.get(header) as number));
  addFirst(sheet, `=AND(${place}<>"";NOW()>${place})`, STALE_COLOURS, ranges);
}

/** Before all other colours. */
function addFirst(
  sheet: Sheet,
  formula: string,
  { background, text }: { readonly background: string; readonly text: string },
  ranges: Range[],
): void {
  const rule = SpreadsheetApp.newConditionalFormatRule()
    .whenFormulaSatisfied(formula)
    .setBackground(background)
    .setFontColor(text)
    .setRanges(ranges)
    .build();
  sheet.setConditionalFormatRules([rule, ...sheet.getConditionalFormatRules()]);
}

const ALARM_COLOURS = { background: BANNER_COLOURS.notConnected, text: '#ffffff' } as const;

/** It is beside every row: its column is frozen, and turns red with the header when nobody stands behind the sheet. */
function addBanner(sheet: Sheet, tab: TabTemplate, place: number): void {
  const letters = lettersOf(sheet, place);
  const cell = sheet.getRange(1, place);
  cell.setFontColor(BANNER_COLOURS.connected).setBackground(HEADER_BACKGROUND);
  cell.setVerticalAlignment('middle').setWrap(true);
  sheet.setColumnWidth(place, BANNER_WIDTH);
  if (place === 1) sheet.setFrozenColumns(1);
  const header = sheet.getRange(1, 1, 1, Math.max(place, sheet.getLastColumn()));
  if (tab.tellsNow) addFirst(sheet, doubtFormula(`$${letters}$1`, ';'), DOUBT_COLOURS, [sheet.getRange(1, place)]);
  addFirst(sheet, alarmFormula(`$${letters}$1`, ';'), ALARM_COLOURS, [header, below(sheet, place)]);
  // By its formula it is known to be there: last.
  cell.setFormula(bannerFormula(tab, ';'));
}

/** A Go that nobody will run is never green. */
function alarmStatuses(sheet: Sheet, banner: number, status: number | undefined): void {
  if (status === undefined) return;
  const formula = `=AND($${lettersOf(sheet, banner)}$1="${NOT_CONNECTED}";$${lettersOf(sheet, status)}2="Go")`;
  addFirst(sheet, formula, ALARM_COLOURS, [below(sheet, status)]);
}

/** What the banners of a sheet show, as people see it; blank where one is missing. */
export function bannersOf(spreadsheet: Spreadsheet, tabs: readonly { readonly name: string; readonly id?: number }[]) {
  return tabs.map(({ name, id }) => {
    const byId = id === undefined ? undefined : sheetWithId(spreadsheet, id);
    const sheet = byId ?? spreadsheet.getSheetByName(name);
    const [shown = []] = sheet ? sheet.getRange(1, 1, 1, Math.max(1, sheet.getLastColumn())).getDisplayValues() : [];
    return { name, shows: shown.find(isBanner) ?? '' };
  });
}

export interface Heartbeat {
  /** For which spreadsheet it was written: another one here means that this is a copy. */
  readonly madeFor: string;
}

export function readHeartbeat(spreadsheet: Spreadsheet): Heartbeat | undefined {
  const sheet = spreadsheet.getSheetByName(HEARTBEAT_TAB);
  return sheet ? { madeFor: String(sheet.getRange(HEARTBEAT.spreadsheet).getValue()) } : undefined;
}

/** What the banners' formulas refer to must be there before them. Blank, it says that nobody stands behind the sheet. */
export function prepareHeartbeat(spreadsheet: Spreadsheet): void {
  if (!spreadsheet.getSheetByName(HEARTBEAT_TAB)) writeHeartbeat(spreadsheet, '', '', '');
}

/** @param madeFor - The spreadsheet's own id, once it is registered: a copy brings along another's. */
export function writeHeartbeat(
  spreadsheet: Spreadsheet,
  until: Date | '',
  madeFor: string,
  version: number | '',
): void {
  const there = spreadsheet.getSheetByName(HEARTBEAT_TAB);
  const sheet = there ?? spreadsheet.insertSheet(HEARTBEAT_TAB, spreadsheet.getSheets().length);
  const values = [until, madeFor, version];
  sheet
    .getRange(1, 1, HEARTBEAT_LABELS.length, 2)
    .setValues(HEARTBEAT_LABELS.map((label, at) => [label, values[at] ?? '']));
  if (!there) sheet.hideSheet();
}
