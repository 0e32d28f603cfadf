import { blocksOf, countOf } from '../../../../../../local/page/browser/sheet/row-blocks.ts';

it('joins what touches or overlaps, from the bottom up', () => {
  const blocks = blocksOf([
    { row: 3, count: 2 },
    { row: 9, count: 1 },
    { row: 4, count: 2 },
  ]);
  expect(blocks).toEqual([
    { row: 9, count: 1 },
    { row: 3, count: 3 },
  ]);
  expect(countOf(blocks)).toBe(4);
});
