import fc from 'fast-check';
import { columnLetters, parseRange, rangeName } from '../../../../local/page/a1.ts';

describe('A1 notation', () => {
  it('counts columns past Z as spreadsheets do', () => {
    expect([1, 26, 27, 52, 53, 702, 703].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  });

  it('reads every range that it writes', () => {
    const size = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_000 }),
        fc.integer({ min: 1, max: 18_000 }),
        size,
        size,
        (row, column, rows, columns) => {
          const range = { row, column, rows, columns };
          expect(parseRange(rangeName(range))).toEqual(range);
        },
      ),
    );
  });

  it('takes nothing else for a range', () => {
    for (const text of [
      '',
      'G',
      '3',
      'g3',
      'G0',
      'G03',
      '$G$3',
      'G3:',
      'G4:G3',
      'H3:G3',
      'G3:H4:I5',
      'Rundown!G3',
      'G3 ',
    ]) {
      expect(parseRange(text)).toBeUndefined();
    }
  });
});
