import { columnsOf } from '../../../../../local/page/browser/columns.ts';
import { ROW_PX, rowHeight } from '../../../../../local/page/browser/row-heights.ts';
import { RUNDOWN_COLUMNS } from '../../../../../release-sheet-template/rundown.ts';

const headers = RUNDOWN_COLUMNS.map(({ header }) => header);
const row = (header: string, text: string) => headers.map((one) => (one === header ? text : ''));
const height = (header: string, text: string) => rowHeight(row(header, text), columnsOf(headers));

test('a row of short cells is one line tall', () => {
  expect(height('Task', 'Open the shop')).toBe(ROW_PX);
});

test('a sentence of the script is shown whole, on as many lines as it needs', () => {
  const sentence = 'Shop is closed to everyone (r1; 6 probes of 6 agree, checked 02:12:14). ';
  expect(height('Result', sentence.repeat(2))).toBeGreaterThan(height('Result', sentence));
  expect(height('Result', sentence.repeat(4))).toBeGreaterThan(height('Result', sentence.repeat(2)));
});

test('a long word is broken, not lost', () => {
  expect(height('Result', 'x'.repeat(300))).toBeGreaterThan(4 * 16);
});

test('cells that do not wrap make no row taller', () => {
  expect(height('By', 'a.person.with.a.very.long.name.indeed@department.example.com '.repeat(3))).toBe(ROW_PX);
});
