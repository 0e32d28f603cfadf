import { blocks, literal, runs } from '../../../../apps-script/src/sheet/cell-runs.ts';
import { type Columns, HEADERS, readHeaders } from '../../../../apps-script/src/sheet/rundown-tab.ts';

const own = { status: 'Go', result: 'old', started: 'then', finished: '', by: 'x', operation: 'op-1' };

function columns(order: readonly string[]): Columns {
  const headers = readHeaders([order.map((name) => HEADERS[name as keyof typeof HEADERS] ?? name)]);
  if (!headers.ok) throw new Error(headers.message);
  return headers.columns;
}
const all = ['step', 'plannedStart', 'service', 'action'];

describe('the cells of one row', () => {
  it('neighbours go in one call, and a gap of our own keeps what it says', () => {
    const place = columns([...all, 'status', 'result', 'started', 'finished', 'by', 'operation']);
    expect(runs(place, { status: 'Done', result: 'new', finished: 'now' }, own)).toEqual([
      { first: 4, values: ['Done', 'new', 'then', 'now'] },
    ]);
  });

  it('a column of somebody else is never bridged; the id is written first and Status last', () => {
    const place = columns([...all, 'status', 'Note', 'result', 'by', 'Theirs', 'operation', 'started', 'finished']);
    expect(runs(place, { status: 'Running', result: 'new', operation: 'op-2' }, own)).toEqual([
      { first: 9, values: ['op-2'] },
      { first: 6, values: ['new'] },
      { first: 4, values: ['Running'] },
    ]);
  });

  it('Do now is emptied together with Status, where they are neighbours', () => {
    const place = { status: 3, result: 4, started: 5, finished: 6, by: 7, operation: 8, service: 0, action: 2 };
    expect(runs(place, { status: 'Done', pick: '' }, own)).toEqual([{ first: 2, values: ['', 'Done'] }]);
  });
});

describe('text stays text', () => {
  it.each(['=NOW()', '+1', '-1', '@x', "'x", ' =1+1', '2026-11-22', '3.10', '.5', 'TRUE', 'false'])('%s', (text) =>
    expect(literal(text)).toBe(`'${text}`),
  );
  it.each(['Done', 'Closing… 3 of 5 probes still get in', 'r17', 'True to plan', ''])('%s is text as it is', (text) =>
    expect(literal(text)).toBe(text),
  );
  it('numbers and dates are no text', () => {
    const at = new Date(0);
    expect([literal(5), literal(at), literal(true)]).toEqual([5, at, true]);
  });
});

it('single cells become blocks: neighbours of a row, then rows of the same columns', () => {
  const cell = (row: number, column: number) => ({ row, column, value: `${row}/${column}` });
  expect(blocks([cell(3, 1), cell(2, 0), cell(2, 1), cell(3, 0), cell(5, 1)])).toEqual([
    {
      row: 2,
      column: 0,
      values: [
        ['2/0', '2/1'],
        ['3/0', '3/1'],
      ],
    },
    { row: 5, column: 1, values: [['5/1']] },
  ]);
});
