import { rectanglesOf } from '../../../../../../local/page/browser/sheet/rectangles.ts';

const at = (row: number, ...columns: number[]) => columns.map((column) => ({ row, column }));

test('a block is one rectangle, in whatever order its cells come', () => {
  expect(rectanglesOf([...at(2, 4, 3), ...at(1, 3, 4)])).toEqual([{ row: 1, column: 3, rows: 2, columns: 2 }]);
});

test('cells apart are told apart, and nothing between them', () => {
  expect(rectanglesOf([...at(1, 3), ...at(7, 2), ...at(1, 5)])).toEqual([
    { row: 1, column: 3, rows: 1, columns: 1 },
    { row: 1, column: 5, rows: 1, columns: 1 },
    { row: 7, column: 2, rows: 1, columns: 1 },
  ]);
});

test('a cell that is named twice counts once', () => {
  expect(rectanglesOf([...at(1, 3, 3, 4)])).toEqual([{ row: 1, column: 3, rows: 1, columns: 2 }]);
});
