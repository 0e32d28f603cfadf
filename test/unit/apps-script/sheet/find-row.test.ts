import { findPick, findRow, sameStep, saysAsAnswered } from '../../../../apps-script/src/sheet/find-row.ts';
import type { Board } from '../../../../apps-script/src/sheet/rundown-tab.ts';
import type { AnswerCells } from '../../../../contract/sync-answer.ts';
import { row } from '../rows.ts';

type Asked = { was?: { status: string; operation: string }[]; cells?: AnswerCells; row?: number };

/** Of step 3, as it was when it was set to Go. */
function answer({ was = [{ status: 'Go', operation: '' }], cells = {}, row: number = 3 }: Asked = {}) {
  const { step, plannedStart, service, action } = row(3);
  return { basis: { row: number, step, plannedStart, service, action, was }, cells };
}
const found = (rows: ReturnType<typeof row>[], asked?: Asked) => findRow(rows, answer(asked))?.row;

describe('the row that an answer is for', () => {
  it('is known by its operation, wherever it is by now and whatever it plans', () => {
    const moved = row(9, { step: '3b', operation: 'production-1', status: 'Running' });
    expect(found([row(3, { step: '7' }), moved], { was: [{ status: 'Running', operation: 'production-1' }] })).toBe(9);
    expect(found([row(3, { step: '7' }), moved], { cells: { operation: 'production-1' } })).toBe(9);
  });

  it('a copied operation: each copy is known by what it plans, else by its place', () => {
    const twin = { operation: 'production-1', status: 'Running' };
    const was = [{ status: 'Running', operation: 'production-1' }];
    expect(found([row(5, { ...twin, step: 'copy' }), row(8, { ...twin, step: '3' })], { was, row: 2 })).toBe(8);
    expect(found([row(5, { ...twin, step: '3' }), row(8, { ...twin, step: '3' })], { was, row: 8 })).toBe(8);
    expect(found([row(5, { ...twin, step: '3' }), row(8, { ...twin, step: '3' })], { was, row: 3 })).toBeUndefined();
  });

  it('else by what it plans: the step that was sorted away', () => {
    expect(found([row(3, { step: '7' }), row(7, { step: '3' })])).toBe(7);
  });

  it('rows that plan the same are told apart by their place, or not at all', () => {
    const twins = [row(3, { step: '3' }), row(4, { step: '3' })];
    expect(found(twins)).toBe(3);
    expect(found(twins, { row: 9 })).toBeUndefined();
  });

  it('a row that carries another operation is another step', () => {
    expect(found([row(3, { operation: 'production-9' })])).toBeUndefined();
  });

  it('a Planned start that is computed anew each time: the one row that wants the same', () => {
    const other = { plannedStart: { text: '02:07' }, status: 'Go' };
    expect(found([row(3, other), row(4, { status: 'Go', action: 'Exit maintenance' })])).toBe(3);
    expect(found([row(3, other), row(4, { ...other, step: '9' })])).toBeUndefined();
    expect(found([row(3, { ...other, status: 'Planned' })])).toBeUndefined();
  });
});

describe('what a row says', () => {
  const was = [
    { status: 'Go', operation: '' },
    { status: 'Running', operation: 'production-1' },
  ];
  it.each([
    ['as it was read', { status: 'Go', operation: '' }, true],
    ['as the last answer left it', { status: 'Running', operation: 'production-1' }, true],
    ['as this answer wants it', { status: 'Done', operation: 'production-1' }, true],
    ['something that a person typed since', { status: 'Planned', operation: '' }, false],
    ['a mixture', { status: 'Go', operation: 'production-1' }, false],
  ])('%s', (_what, cells, expected) => {
    const done = answer({ was, cells: { status: 'Done', operation: 'production-1' } });
    expect(saysAsAnswered(row(3, cells), done, true)).toBe(expected);
  });

  it('an answer to another plan does not judge a row that was mended since, though its Status was set again', () => {
    const refused = answer({ was, cells: { status: 'Planned', result: 'Planned start has no date.' } });
    expect(saysAsAnswered(row(3, { status: 'Go' }), refused, true)).toBe(true);
    expect(saysAsAnswered(row(3, { status: 'Go' }), refused, false)).toBe(false);
    const told = answer({ was, cells: { result: 'Closing…' } });
    expect(saysAsAnswered(row(3, { status: 'Go' }), told, false)).toBe(true);
  });
});

it('in the tab Services a row is known by its service', () => {
  const pick = (number: number, service: string) => ({ ...row(number, { service }) }) as Board['rows'][number];
  expect(findPick([pick(2, 'payments'), pick(5, 'Shop')], answer())?.row).toBe(5);
  expect(findPick([pick(3, 'shop'), pick(5, 'shop')], answer())?.row).toBe(3);
});

it('the same step in a later reading: by its operation, else by what it plans, never by its number alone', () => {
  expect(sameStep([row(3, { step: '7' }), row(4, { step: '3' })], row(3))?.row).toBe(4);
  expect(sameStep([row(9, { step: 'x', operation: 'production-1' })], row(3, { operation: 'production-1' }))?.row).toBe(
    9,
  );
  expect(sameStep([row(3, { step: '7' })], row(3))).toBeUndefined();
});
