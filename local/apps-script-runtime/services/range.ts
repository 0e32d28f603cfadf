import { notSupported } from '../not-supported.ts';
import { type Caller, counted, type Service, type World } from '../service.ts';
import type { Area } from '../spreadsheet/a1.ts';
import type { Style } from '../spreadsheet/formatting.ts';
import { checkNumberFormat } from '../spreadsheet/number-format.ts';
import { SheetError } from '../spreadsheet/sheet-error.ts';
import type { Validation } from '../spreadsheet/validation.ts';
import { SHEETS } from './sheets-scope.ts';

/** Which spreadsheet, which tab, which cells. */
type Id = string;
type SheetId = number;

/** Cell by cell, in the area's shape. */
const map = <T>({ row, column, rows, columns }: Area, of: (row: number, column: number) => T): T[][] =>
  Array.from({ length: rows }, (_row, down) =>
    Array.from({ length: columns }, (_cell, right) => of(row + down, column + right)),
  );

/** One value for the whole area: it is kept as one, so that it moves as one. */
function setStyle<K extends keyof Style>(key: K, check: (value: Style[K]) => void = () => {}): Service {
  const run = (
    _world: World,
    { sheets }: Caller,
    id: Id,
    sheetId: SheetId,
    area: Area,
    value: Style[K] | null,
  ): void => {
    if (value !== null) check(value);
    sheets.change(id, sheetId, 'formatting', (tab) => tab.formatting.style(tab.opened(area), key, value ?? undefined));
  };
  return counted(run, SHEETS);
}

const oneOf =
  (...known: readonly string[]) =>
  (value: string): void => {
    if (!known.includes(value)) throw new SheetError(`Invalid argument: ${value}`);
  };

/** Google takes names as well, and tells them as numbers. */
function checkColour(value: string): void {
  if (!/^#[\da-f]{6}$/i.test(value)) throw new SheetError(notSupported(`The colour ${value}`));
}

const setNotes = counted((_world, { sheets }, id: Id, sheetId: SheetId, area: Area, texts: (string | null)[][]) => {
  sheets.change(id, sheetId, 'cells', (tab) => {
    map(area, (row, column) => tab.setNote(row, column, texts[row - area.row]?.[column - area.column] ?? ''));
  });
}, SHEETS);

export const RANGE: Readonly<Record<string, Service>> = {
  'Range.getValues': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, area: Area) => sheets.values(id, sheetId, area),
    SHEETS,
  ),
  'Range.getDisplayValues': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, area: Area) => sheets.displayed(id, sheetId, area),
    SHEETS,
  ),
  'Range.setValues': counted(
    ({ clock, trace }, { sheets }, id: Id, sheetId: SheetId, area: Area, values: unknown[][]) => {
      sheets.write(id, sheetId, area, values);
      const said = (values[0] ?? []).filter(isText).join(' · ');
      const what = `write into ${sheets.tab(id, sheetId).name} row ${area.row}`;
      trace?.({ at: clock.now(), part: 'sheet', what, said, ok: true });
    },
    SHEETS,
  ),
  'Range.clearContent': counted((_world, { sheets }, id: Id, sheetId: SheetId, area: Area) => {
    const nothing = map(area, () => '');
    sheets.write(id, sheetId, area, nothing);
  }, SHEETS),
  'Range.setNote': setNotes,
  'Range.setNotes': setNotes,
  'Range.setNumberFormat': setStyle('numberFormat', checkNumberFormat),
  'Range.setBackground': setStyle('background', checkColour),
  'Range.setFontColor': setStyle('fontColor', checkColour),
  'Range.setFontWeight': setStyle('fontWeight', oneOf('normal', 'bold')),
  'Range.setWrap': setStyle('wrap'),
  'Range.setVerticalAlignment': setStyle('verticalAlignment', oneOf('top', 'middle', 'bottom')),
  'Range.setDataValidation': counted(
    (_world, { sheets }, id: Id, sheetId: SheetId, area: Area, rule: Validation | null) =>
      sheets.change(id, sheetId, 'formatting', (tab) => tab.formatting.validate(tab.opened(area), rule ?? undefined)),
    SHEETS,
  ),
};

const isText = (value: unknown): boolean => typeof value !== 'object' && value !== undefined && value !== '';
