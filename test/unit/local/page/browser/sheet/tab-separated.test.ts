import fc from 'fast-check';
import { parseTabSeparated } from '../../../../../../local/page/browser/sheet/tab-separated.ts';

describe('cells from the clipboard', () => {
  it('reads rows and columns, with or without a last line break, of either kind', () => {
    expect(parseTabSeparated('shop\tGo\r\npayments\tGo\r\n')).toEqual([
      ['shop', 'Go'],
      ['payments', 'Go'],
    ]);
    expect(parseTabSeparated('Go')).toEqual([['Go']]);
    expect(parseTabSeparated('')).toEqual([['']]);
  });

  it('keeps tabs, line breaks and quotes that belong to a cell', () => {
    expect(parseTabSeparated('"two\nlines"\t"a ""word"""\nsay "hi"\t')).toEqual([
      ['two\nlines', 'a "word"'],
      ['say "hi"', ''],
    ]);
  });

  it('fills short rows, so that the range has a shape', () => {
    expect(parseTabSeparated('a\n\nb\tc')).toEqual([
      ['a', ''],
      ['', ''],
      ['b', 'c'],
    ]);
  });

  it('ends with a rectangle whatever was copied', () => {
    const character = fc.constantFrom('a', '"', '\t', '\n', '\r', ' ');
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 30 }), (text) => {
        const rows = parseTabSeparated(text);
        expect(rows.length).toBeGreaterThan(0);
        expect(new Set(rows.map((row) => row.length)).size).toBe(1);
      }),
    );
  });
});
