import { rowNow } from '../../../../../../local/page/browser/sheet/moved-rows.ts';

const HEADERS = ['Drawbridge', 'Step', 'Planned start', 'Service', 'Action', 'Status'];
const row = (step: string, service = 'shop', status = 'Planned') => ['', step, '02:00', service, 'Exit', status];
const BLANK = ['', '', '', '', '', ''];
const sheet = (...rows: string[][]) => ({ values: [HEADERS, ...rows] });
const before = sheet(row('1'), row('2'), row('3'), row('4', 'payments'));

it.each([
  ['below an inserted row', sheet(row('1'), BLANK, row('2'), row('3')), 4],
  ['above a deleted one', sheet(row('2'), row('3')), 2],
  ['sorted, with another Status by now', sheet(row('3', 'shop', 'Done'), row('2', 'shop', 'Done'), row('1')), 3],
])('finds a row %s', (_where, now, expected) => {
  expect(rowNow(before, 3, 1, now)).toBe(expected);
});

it.each([
  ['is gone', sheet(row('1'), row('3'))],
  ['was copied', sheet(row('1'), row('2'), row('2'))],
  ['is for another service', sheet(row('1'), row('2', 'payments'))],
])('finds none that %s', (_what, now) => {
  expect(rowNow(before, 3, 1, now)).toBeUndefined();
});

it('finds several only together, and a blank one never', () => {
  expect(rowNow(before, 3, 2, sheet(BLANK, row('1'), row('2'), row('3')))).toBe(4);
  expect(rowNow(before, 3, 2, sheet(row('2'), BLANK, row('3')))).toBeUndefined();
  expect(rowNow(sheet(BLANK), 2, 1, sheet(BLANK))).toBeUndefined();
});

it('knows rows of other tabs by all that they say', () => {
  const lines = (...texts: string[]) => ({ values: [['Text'], ...texts.map((text) => [text])] });
  expect(rowNow(lines('one', 'two'), 3, 1, lines('zero', 'one', 'two'))).toBe(4);
});
