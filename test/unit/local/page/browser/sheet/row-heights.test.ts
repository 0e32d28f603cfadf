import { readFormatting } from '../../../../../../local/page/browser/sheet/formatting.ts';
import { ROW_PX, rowHeight } from '../../../../../../local/page/browser/sheet/row-heights.ts';
import { PLAIN_FORMATTING } from '../../fake-host.ts';

const formatting = readFormatting({
  ...PLAIN_FORMATTING,
  columnWidths: { B: 380 },
  wraps: [{ range: 'B2:B', value: true }],
});
const NAMES = 1;
const RESULT = 2;
const height = (column: number, text: string, row = 2) =>
  rowHeight(
    [1, 2, 3].map((one) => (one === column ? text : '')),
    row,
    formatting,
  );

test('a row of short cells is one line tall', () => {
  expect(height(RESULT, 'Open the shop')).toBe(ROW_PX);
});

test('a sentence in cells that wrap is shown whole, on as many lines as it needs', () => {
  const sentence = 'Shop is closed to everyone (all 6 probes from outside agree, checked 02:12:14). ';
  expect(height(RESULT, sentence.repeat(2))).toBeGreaterThan(height(RESULT, sentence));
  expect(height(RESULT, sentence.repeat(4))).toBeGreaterThan(height(RESULT, sentence.repeat(2)));
});

test('a long word is broken, not lost', () => {
  expect(height(RESULT, 'x'.repeat(300))).toBeGreaterThan(4 * 16);
});

test('cells that do not wrap make no row taller', () => {
  expect(height(NAMES, 'a.person.with.a.very.long.name.indeed@department.example.com '.repeat(3))).toBe(ROW_PX);
  expect(height(RESULT, 'x'.repeat(300), 1)).toBe(ROW_PX);
});
