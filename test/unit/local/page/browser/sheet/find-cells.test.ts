import { foundIn } from '../../../../../../local/page/browser/sheet/find-cells.ts';

const VALUES = [
  ['Step', 'Task'],
  ['1', 'Close the shop'],
  ['2', 'Open the shop'],
];

it('goes on from where one is, in reading order, round the end', () => {
  const next = (from?: { row: number; column: number }, step: 1 | -1 = 1) => foundIn(VALUES, 'SHOP', from, step);
  expect(next()).toEqual({ row: 2, column: 2, number: 1, of: 2 });
  expect(next({ row: 2, column: 2 })).toMatchObject({ row: 3, number: 2 });
  expect(next({ row: 3, column: 2 })).toMatchObject({ row: 2, number: 1 });
  expect(next({ row: 2, column: 2 }, -1)).toMatchObject({ row: 3, number: 2 });
});

it('finds nothing where nothing is', () => {
  expect(foundIn(VALUES, 'payments', undefined, 1)).toBeUndefined();
  expect(foundIn(VALUES, ' ', undefined, 1)).toBeUndefined();
});
