import * as fc from 'fast-check';
import { type Area, parseA1, toA1 } from '../../../../../local/apps-script-runtime/spreadsheet/a1.ts';
import { Painted, rowsDeleted, rowsInserted } from '../../../../../local/apps-script-runtime/spreadsheet/areas.ts';

const SIDE = 8;
const area = fc
  .record({
    row: fc.integer({ min: 1, max: SIDE }),
    column: fc.integer({ min: 1, max: SIDE }),
    rows: fc.integer({ min: 1, max: 4 }),
    columns: fc.integer({ min: 1, max: 4 }),
    isOpen: fc.boolean(),
  })
  .map(({ isOpen, ...one }): Area => ({ ...one, rows: isOpen ? Number.POSITIVE_INFINITY : one.rows }));

const covers = ({ row, column, rows, columns }: Area, atRow: number, atColumn: number) =>
  atRow >= row && atRow < row + rows && atColumn >= column && atColumn < column + columns;

it('shows in every cell what was painted over it last, whatever was painted before', () => {
  const strokes = fc.array(fc.tuple(area, fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(strokes, (painting) => {
      const painted = new Painted<number>();
      for (const [where, value] of painting) painted.paint(where, value);
      for (let row = 1; row <= SIDE + 4; row += 1)
        for (let column = 1; column <= SIDE + 4; column += 1) {
          const last = painting.findLast(([where]) => covers(where, row, column));
          expect(painted.at(row, column)).toBe(last?.[1]);
          expect(painted.list().filter((one) => covers(one.area, row, column)).length).toBeLessThan(2);
        }
    }),
  );
});

it.each([
  ['B3:B5', 2, 1, 'B4:B6'],
  ['B3:B5', 3, 2, 'B5:B7'],
  ['B3:B5', 4, 2, 'B3:B7'],
  ['B3:B5', 6, 2, 'B3:B5'],
  ['B2:B', 5, 2, 'B2:B'],
  ['B2:B', 1, 1, 'B3:B'],
])('moves or grows %s when rows are inserted', (before, at, count, wanted) => {
  expect(toA1(rowsInserted(at, count)(parseA1(before)) as Area)).toBe(wanted);
});

it.each([
  ['B3:B5', 1, 1, 'B2:B4'],
  ['B3:B5', 2, 2, 'B2:B3'],
  ['B3:B5', 4, 1, 'B3:B4'],
  ['B3:B5', 5, 9, 'B3:B4'],
  ['B3:B5', 3, 3, undefined],
  ['B2:B', 1, 5, 'B:B'],
  ['B4:B', 1, 2, 'B2:B'],
])('moves or shrinks %s when rows are deleted', (before, at, count, wanted) => {
  const left = rowsDeleted(at, count)(parseA1(before));
  expect(left && toA1(left)).toBe(wanted);
});
