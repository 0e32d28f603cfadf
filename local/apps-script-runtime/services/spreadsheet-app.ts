import type { Area } from '../a1.ts';
import { counted, free, type Service } from '../service.ts';

const SHEETS = 'https://www.googleapis.com/auth/spreadsheets';

/** Which spreadsheet, which tab, which cells. */
type Id = string;
type TabName = string;

export const SPREADSHEET_APP: Readonly<Record<string, Service>> = {
  'Spreadsheet.name': free(({ spreadsheets }, _caller, id: Id) => spreadsheets.get(id).name, SHEETS),
  'Spreadsheet.timeZone': free(({ spreadsheets }, _caller, id: Id) => spreadsheets.get(id).timeZone, SHEETS),
  'Spreadsheet.tabs': free(({ spreadsheets }, _caller, id: Id) => spreadsheets.get(id).tabNames(), SHEETS),
  'Spreadsheet.flush': counted((_world, { sheets }) => sheets.flush(), SHEETS),
  'Sheet.size': free((_world, { sheets }, id: Id, tab: TabName) => sheets.tab(id, tab).size(), SHEETS),
  'Sheet.sheetId': free(
    ({ spreadsheets }, _caller, id: Id, tab: TabName) => spreadsheets.get(id).tab(tab).sheetId,
    SHEETS,
  ),
  'Sheet.getRange': free(
    ({ spreadsheets }, _caller, id: Id, tab: TabName, area: Area) => spreadsheets.get(id).tab(tab).check(area),
    SHEETS,
  ),
  'Range.getValues': counted(
    (_world, { sheets }, id: Id, tab: TabName, area: Area) => sheets.tab(id, tab).values(area),
    SHEETS,
  ),
  'Range.getDisplayValues': counted(({ spreadsheets }, { sheets }, id: Id, tab: TabName, area: Area) => {
    const spreadsheet = spreadsheets.get(id);
    return sheets
      .tab(id, tab)
      .values(area)
      .map((line) => line.map((cell) => spreadsheet.shown(cell)));
  }, SHEETS),
  'Range.setValues': counted(({ clock, trace }, { sheets }, id: Id, tab: TabName, area: Area, values: unknown[][]) => {
    sheets.write(id, tab, area, values);
    const said = String(values[0]?.[0] ?? '');
    trace?.({ at: clock.now(), part: 'sheet', what: `write into row ${area.row}`, said, ok: true });
  }, SHEETS),
  'Range.getNote': counted(
    (_world, { sheets }, id: Id, tab: TabName, { row, column }: Area) => sheets.tab(id, tab).note(row, column),
    SHEETS,
  ),
  'Range.setNote': counted(
    (_world, { sheets }, id: Id, tab: TabName, area: Area, text: string) => sheets.setNote(id, tab, area, text),
    SHEETS,
  ),
};
