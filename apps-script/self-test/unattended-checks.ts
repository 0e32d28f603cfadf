import { onlyLetIn, protectedSheet, scriptsOwnSheet } from './scratch.ts';
import type { Finding, UnattendedId } from './verdict.ts';

/** What the script can see of the platform without anybody. */

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

const saw = (value: boolean | string): Finding => ({ saw: value });

export function checkUnattended(spreadsheet: Spreadsheet): Record<UnattendedId, Finding> {
  return {
    dateCellReadsAs: dateCell(spreadsheet),
    scriptWriteObeysValidation: rejectedWrite(spreadsheet),
    skippedHourReadsAs: wallTime(spreadsheet, SKIPPED),
    repeatedHourReadsAs: wallTime(spreadsheet, REPEATED),
    semicolonFormulaWorks: formula(spreadsheet, 'en_US', '=IF(TRUE;"yes";"no")'),
    commaFormulaWorksInGerman: formula(spreadsheet, 'de_DE', '=IF(TRUE,"yes","no")'),
    semicolonFormulaWorksInGerman: formula(spreadsheet, 'de_DE', '=IF(TRUE;"yes";"no")'),
    openProtectionCoversNewRows: newRows(spreadsheet, 'open'),
    closedProtectionCoversNewRows: newRows(spreadsheet, 'closed'),
  };
}

/** As a person would type them, in the sheet's zone. */
const DATE = '2026-11-22 02:00';
/** At this night's 02:00 the clocks go to 03:00. */
const SKIPPED = {
  wall: '2026-03-29 02:30',
  readings: { [Date.UTC(2026, 2, 29, 1, 30)]: 'later', [Date.UTC(2026, 2, 29, 0, 30)]: 'earlier' },
};
/** At this night's 03:00 they go to 02:00. */
const REPEATED = {
  wall: '2026-10-25 02:30',
  readings: { [Date.UTC(2026, 9, 25, 0, 30)]: 'first', [Date.UTC(2026, 9, 25, 1, 30)]: 'second' },
};

function typed(spreadsheet: Spreadsheet, text: string): unknown {
  const cell = scriptsOwnSheet(spreadsheet).getRange('B1');
  cell.setValue(text);
  SpreadsheetApp.flush();
  return cell.getValue();
}

function dateCell(spreadsheet: Spreadsheet): Finding {
  const value = typed(spreadsheet, DATE);
  if (value instanceof Date) return saw('Date');
  if (typeof value === 'number') return saw('number');
  return { unknown: `the date was not taken for one: it reads as "${String(value)}"` };
}

function wallTime(spreadsheet: Spreadsheet, { wall, readings }: typeof SKIPPED): Finding {
  const value = typed(spreadsheet, wall);
  if (!(value instanceof Date)) return { unknown: 'dates do not read as instants' };
  const reading = readings[value.getTime()];
  return reading === undefined ? { unknown: `${wall} reads as ${value.toISOString()}` } : saw(reading);
}

function rejectedWrite(spreadsheet: Spreadsheet): Finding {
  const sheet = scriptsOwnSheet(spreadsheet);
  onlyLetIn(sheet, 1, 3, ['choice']);
  SpreadsheetApp.flush();
  try {
    sheet.getRange(1, 3).setValue('no choice');
    SpreadsheetApp.flush();
    return saw(false);
  } catch {
    return saw(true);
  }
}

/** Whether a formula that a script writes is understood in a sheet of that locale. */
function formula(spreadsheet: Spreadsheet, locale: string, text: string): Finding {
  const cell = scriptsOwnSheet(spreadsheet).getRange('D1');
  const before = spreadsheet.getSpreadsheetLocale();
  try {
    spreadsheet.setSpreadsheetLocale(locale);
    cell.setFormula(text);
    SpreadsheetApp.flush();
    return saw(cell.getDisplayValue() === 'yes');
  } catch {
    return saw(false);
  } finally {
    spreadsheet.setSpreadsheetLocale(before);
    cell.clearContent();
  }
}

const OURS = 'Self-test: new rows';

/** Whether a protection reaches over rows that are added below it, at the end of the sheet. */
function newRows(spreadsheet: Spreadsheet, kind: 'open' | 'closed'): Finding {
  const sheet = protectedSheet(spreadsheet);
  const range = kind === 'open' ? sheet.getRange('C2:C') : sheet.getRange(2, 3, sheet.getMaxRows() - 1, 1);
  const protection = range.protect().setDescription(OURS).setWarningOnly(true);
  const [before] = [sheet.getMaxRows()];
  sheet.insertRowsAfter(before, 1);
  SpreadsheetApp.flush();
  const [now] = sheet
    .getProtections(SpreadsheetApp.ProtectionType.RANGE)
    .filter((one) => one.getDescription() === OURS);
  const last = now?.getRange().getLastRow();
  protection.remove();
  sheet.deleteRows(before + 1, 1);
  return last === undefined ? { unknown: 'the protection was not found again' } : saw(last > before);
}
