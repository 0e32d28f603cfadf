import { counted, free, type Service } from '../service.ts';
import { newId } from '../spreadsheet/sheet-model.ts';
import type { Grid } from '../spreadsheet/sheet-tab.ts';
import { PROTECTION } from './protection.ts';
import { RANGE } from './range.ts';
import { SHEET } from './sheet.ts';
import { SHEETS } from './sheets-scope.ts';

type Id = string;

const SPREADSHEET: Readonly<Record<string, Service>> = {
  'Spreadsheet.create': counted(({ spreadsheets, accountTimeZone }, { account }, name: string, grid?: Grid) => {
    const made = spreadsheets.create({ id: newId(), name, timeZone: accountTimeZone, owner: account, tabs: {} });
    made.insertTab('Sheet1', 0, grid);
    return made.id;
  }, SHEETS),
  'Spreadsheet.copy': counted(
    ({ spreadsheets }, { account }, id: Id, name: string) => spreadsheets.copy(id, { name, user: account }).id,
    SHEETS,
  ),
  /** Slow on the real platform: 0.3 to 1 s. */
  'Spreadsheet.open': counted((_world, { sheets }, id: Id) => {
    sheets.spreadsheet(id);
  }, SHEETS),
  'Spreadsheet.name': free((_world, { sheets }, id: Id) => sheets.spreadsheet(id).name, SHEETS),
  'Spreadsheet.timeZone': free((_world, { sheets }, id: Id) => sheets.spreadsheet(id).timeZone, SHEETS),
  'Spreadsheet.locale': free((_world, { sheets }, id: Id) => sheets.spreadsheet(id).locale, SHEETS),
  'Spreadsheet.editors': free((_world, { sheets }, id: Id) => sheets.spreadsheet(id).editors, SHEETS),
  'Spreadsheet.tabs': free(
    (_world, { sheets }, id: Id) =>
      sheets
        .spreadsheet(id)
        .tabs()
        .map(({ name, sheetId }) => ({ name, sheetId })),
    SHEETS,
  ),
  'Spreadsheet.setSpreadsheetTimeZone': counted(
    (_world, { sheets }, id: Id, timeZone: string) => sheets.spreadsheet(id).setTimeZone(timeZone),
    SHEETS,
  ),
  'Spreadsheet.setSpreadsheetLocale': counted(
    (_world, { sheets }, id: Id, locale: string) => sheets.spreadsheet(id).setLocale(locale),
    SHEETS,
  ),
  /** Cells are computed anew at each look here, so there is nothing to set. */
  'Spreadsheet.setRecalculationInterval': counted((_world, { sheets }, id: Id) => {
    sheets.spreadsheet(id);
  }, SHEETS),
  'Spreadsheet.addEditors': counted(
    (_world, { sheets }, id: Id, accounts: string[]) => sheets.spreadsheet(id).share(accounts),
    SHEETS,
  ),
  'Spreadsheet.insertSheet': counted(
    (_world, { sheets }, id: Id, name?: string, index?: number) =>
      sheets.spreadsheet(id).insertTab(name, index).sheetId,
    SHEETS,
  ),
  'Spreadsheet.flush': counted((_world, { sheets }) => sheets.flush(), SHEETS),
};

export const SPREADSHEET_APP: Readonly<Record<string, Service>> = { ...SPREADSHEET, ...SHEET, ...RANGE, ...PROTECTION };
