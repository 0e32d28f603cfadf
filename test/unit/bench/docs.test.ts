import { existsSync, readFileSync } from 'node:fs';
import { PAGES, quoted, readResult } from '../../../bench/report/docs.ts';

test.each(PAGES)('%s quotes what bench/results/ says, and nothing else: npm run bench writes both', (page) => {
  const text = readFileSync(page, 'utf8');
  expect(text).toBe(quoted(text, readResult));
  for (const [, path] of text.matchAll(/\(\.\.\/(bench\/results\/[\w-]+\.svg)\)/g)) {
    expect([path, existsSync(path as string)]).toEqual([path, true]);
  }
});

test('a result that is not there is not made up', () => {
  const page = 'before\n<!-- result: nothing -->\n12 s\n<!-- end -->\nafter';
  expect(quoted(page, () => undefined)).toBe(
    'before\n<!-- result: nothing -->\n*Not measured yet.*\n<!-- end -->\nafter',
  );
});
