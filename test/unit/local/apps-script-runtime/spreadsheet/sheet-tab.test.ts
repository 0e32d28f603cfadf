import { parseA1, toA1 } from '../../../../../local/apps-script-runtime/spreadsheet/a1.ts';
import type { Content } from '../../../../../local/apps-script-runtime/spreadsheet/cell.ts';
import { Tab } from '../../../../../local/apps-script-runtime/spreadsheet/sheet-tab.ts';
import { fromSerial } from '../../../../../local/apps-script-runtime/spreadsheet/value.ts';

const tabOf = (...cells: Content[][]) => new Tab({ name: 'Rundown', sheetId: 0, cells });
const column = (tab: Tab, at: number) => tab.everything().map((row) => row[at - 1]);

it('reads A1 ranges and writes them back', () => {
  for (const text of ['A1', 'G3:H4', 'Z9', 'AA10:AZ12', 'G2:G', 'B:D']) expect(toA1(parseA1(text))).toBe(text);
  for (const wrong of ['', 'G', 'G0', 'H4:G3', 'A:B3', 'Rundown!A1']) expect(() => parseA1(wrong)).toThrow(wrong);
});

it('ends where its content ends, also after the last row was cleared', () => {
  const tab = tabOf(['Step', 'Status'], ['1', 'Go']);
  tab.set(parseA1('D5'), [['x']]);
  expect(tab.size()).toMatchObject({ rows: 5, columns: 4 });
  tab.set(parseA1('D5'), [['']]);
  expect(tab.size()).toMatchObject({ rows: 2, columns: 2 });
});

it('moves rows with their notes when others are inserted, deleted or sorted', () => {
  const tab = tabOf(['Step'], ['2'], ['1']);
  tab.setNote(3, 1, 'mine');
  tab.insertRows(2, 2);
  expect(column(tab, 1)).toEqual(['Step', '', '', '2', '1']);
  expect(tab.note(5, 1)).toBe('mine');
  tab.deleteRows(2, 2);
  expect(tab.note(3, 1)).toBe('mine');
  tab.sort(1, true);
  expect(column(tab, 1)).toEqual(['Step', '1', '2']);
  expect(tab.note(2, 1)).toBe('mine');
});

it('sorts below the header as Sheets does: numbers, text, booleans, and the empty last either way', () => {
  const date = fromSerial(5);
  const tab = tabOf(['zz'], [''], [true], ['b'], [10], ['a'], [date], [9]);
  tab.sort(1, true);
  expect(column(tab, 1)).toEqual(['zz', date, 9, 10, 'a', 'b', true, '']);
  tab.sort(1, false);
  expect(column(tab, 1)).toEqual(['zz', true, 'b', 'a', 10, 9, date, '']);
});

it('refuses what lies outside its grid, in the real words', () => {
  const tab = tabOf(['Step']);
  expect(() => tab.check(parseA1('A1001'))).toThrow('outside the dimensions of the sheet');
  expect(() => tab.check({ row: 0, column: 1, rows: 1, columns: 1 })).toThrow('starting row of the range is too small');
  expect(() => tab.check({ row: 1, column: 1, rows: 0, columns: 1 })).toThrow('must be at least 1');
  tab.insertRows(1001, 1);
  expect(() => tab.check(parseA1('A1001'))).not.toThrow();
  expect(() => tab.deleteRows(1, 1001)).toThrow("can't delete all the rows");
  expect(() => tab.insertRows(0, 1)).toThrow('no row 0');
});

it('changes nothing when the values do not have the shape of the range', () => {
  const tab = tabOf(['Step']);
  expect(() => tab.set(parseA1('A1:A2'), [['x']])).toThrow('The data has 1 but the range has 2');
  expect(() => tab.set(parseA1('A1:B2'), [['x', 'y'], ['z']])).toThrow('number of columns');
  expect(tab.everything()).toEqual([['Step']]);
});
