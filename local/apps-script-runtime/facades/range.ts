import type { RangePlace } from '../protocol.ts';
import type { Members } from '../script-context.ts';
import { type Area, toA1 } from '../spreadsheet/a1.ts';
import type { Validation } from '../spreadsheet/validation.ts';
import type { Makers } from './spreadsheet-app.ts';
import type { Thread } from './thread.ts';

export function rangeFacade({ call, scriptContext }: Thread, makers: Makers, place: RangePlace): Members {
  const { spreadsheetId, sheetId, row, column, rows, columns } = place;
  const area: Area = { row, column, rows, columns };
  const at = [spreadsheetId, sheetId, area] as const;
  const grid = (name: string) => call(name, ...at) as unknown[][];
  const first = (name: string) => grid(name)[0]?.[0];
  const filled = (value: unknown) => Array.from({ length: rows }, () => Array.from({ length: columns }, () => value));

  /** Of the range's shape, as the real one checks it. */
  const setAll = (name: string) => (values: readonly (readonly unknown[])[]) => {
    if (values.length !== rows || Array.from(values).some((line) => line.length !== columns))
      throw scriptContext.exception(
        `The number of rows or columns in the data does not match the range ${toA1(area)}.`,
      );
    call(name, ...at, values);
    return self;
  };
  const setOne = (name: string) => (value: unknown) => {
    call(name, ...at, value ?? null);
    return self;
  };
  /** A formula may be given without its `=`; an empty one clears the cell. */
  const asFormula = (text: string) => (text === '' || text.startsWith('=') ? text : `=${text}`);
  const rule = (object: unknown) => {
    const facts = object === null || object === undefined ? null : makers.behind<Validation>('DataValidation', object);
    if (facts === undefined) throw scriptContext.exception('Invalid argument: rule');
    return facts;
  };
  const self: Members = makers.standing('Range', place, {
    getRow: () => row,
    getColumn: () => column,
    getLastRow: () => row + rows - 1,
    getLastColumn: () => column + columns - 1,
    getA1Notation: () => toA1(area),
    getSheet: () => makers.sheetOf(spreadsheetId, sheetId),
    getValues: () => grid('Range.getValues'),
    getValue: () => first('Range.getValues'),
    getDisplayValues: () => grid('Range.getDisplayValues'),
    getDisplayValue: () => first('Range.getDisplayValues'),
    setValues(values: unknown[][]) {
      call('Range.setValues', ...at, values);
      return self;
    },
    setValue: (value: unknown) => {
      call('Range.setValues', ...at, filled(value));
      return self;
    },
    clearContent() {
      call('Range.clearContent', ...at);
      return self;
    },
    setFormula(formula: string) {
      call('Range.setValues', ...at, filled(asFormula(formula)));
      return self;
    },
    setNote(text: unknown) {
      call('Range.setNote', ...at, filled(text ?? null));
      return self;
    },
    setNotes: setAll('Range.setNotes'),
    setNumberFormat: setOne('Range.setNumberFormat'),
    setBackground: setOne('Range.setBackground'),
    setFontColor: setOne('Range.setFontColor'),
    setFontWeight: setOne('Range.setFontWeight'),
    setWrap: setOne('Range.setWrap'),
    setVerticalAlignment: setOne('Range.setVerticalAlignment'),
    setDataValidation: (object: unknown) => setOne('Range.setDataValidation')(rule(object)),
    protect: () => makers.protectionOf(spreadsheetId, sheetId, call('Range.protect', ...at) as string),
  });
  return self;
}
