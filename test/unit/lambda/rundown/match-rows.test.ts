import type { StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { copiedIds, matchRows } from '../../../../lambda/src/rundown/plan/match-rows.ts';
import { pickedRow, type Row, rundownRow } from '../../../../lambda/src/rundown/plan/row.ts';

/** Which row is which step, after people moved, copied, edited and inserted rows. */

const BLANK = { status: '', result: '', started: '', finished: '', by: '', operation: '' };
const A = 'production-0000000a';
const B = 'production-0000000b';

const row = (at: number, step: string, operation = '', more: Partial<Row> = {}): Row =>
  rundownRow({
    ...BLANK,
    ...{ row: at, step, service: 'shop', action: 'Enter maintenance', plannedStart: { text: '' }, operation },
    ...more,
  } as never);
const record = (key: string, seenAt: number, step: string, operation = '', more: object = {}): StepRecord =>
  ({
    key,
    tab: 'rundown',
    seen: { row: seenAt, step, service: 'shop', action: 'Enter maintenance', plannedStart: { text: '' }, ...more },
    decided: { ...BLANK, operation },
  }) as never;

/** The key of each row's step, and of those that have no row. */
const matched = (rows: readonly Row[], records: readonly StepRecord[]) =>
  matchRows(rows, records).map((one) => `${one.row?.row ?? '-'} ${one.record?.key ?? 'new'}`);

it('rows that were moved keep their steps, by id and by plan', () => {
  const records = [record('a', 2, '1', A), record('b', 3, '2', B), record('c', 4, '3')];
  expect(matched([row(2, '3'), row(3, '1', A), row(4, '2', B)], records)).toEqual(['2 c', '3 a', '4 b']);
});

it('of rows that plan the same, each is the one that was read at its place, else the first that is free', () => {
  const records = [record('a', 2, '1'), record('b', 3, '1')];
  expect(matched([row(3, '1'), row(2, '1')], records)).toEqual(['3 b', '2 a']);
  expect(matched([row(7, '1'), row(3, '1')], records)).toEqual(['7 a', '3 b']);
  expect(matched([row(2, '1'), row(3, '1'), row(4, '1')], records)).toEqual(['2 a', '3 b', '4 new']);
});

it('steps that plan the same and have both run are told apart by their ids, wherever they were moved', () => {
  const records = [record('a', 2, '1', A), record('b', 3, '1', B)];
  expect(matched([row(2, '1', B), row(3, '1', A)], records)).toEqual(['2 b', '3 a']);
});

it('a row whose plan was edited is known by its id', () => {
  expect(matched([row(2, '9', A)], [record('a', 2, '1', A)])).toEqual(['2 a']);
  // Also beside a new row that plans what it did.
  expect(matched([row(2, '9', A), row(3, '1')], [record('a', 2, '1', A)])).toEqual(['2 a', '3 new']);
});

it('an id that was pasted into another step leaves both what they are', () => {
  const records = [record('a', 2, '1', A), record('b', 3, '2')];
  expect(matched([row(2, '1', A), row(3, '2', A)], records)).toEqual(['2 a', '3 b']);
  expect(matched([row(2, '1'), row(3, '2', A)], records)).toEqual(['2 a', '3 b']);
});

it('a row without an id is not the step that has one, while another without one plans the same', () => {
  const records = [record('a', 2, '1', A), record('b', 3, '1')];
  expect(matched([row(2, '1'), row(3, '1', A)], records)).toEqual(['2 b', '3 a']);
  expect(matched([row(2, '1')], [record('a', 2, '1', A)])).toEqual(['2 a']);
  // The row of the first one was deleted, and the other one came to its place.
  expect(matched([row(2, '1')], records)).toEqual(['2 b', '- a']);
});

it('of two rows that plan the same, the one with an id that was pasted is not the step that never had one', () => {
  expect(matched([row(2, '1', B), row(3, '1')], [record('a', 9, '1')])).toEqual(['2 new', '3 a']);
});

it('a blank id is no id', () => {
  expect(matched([row(2, '9', '', { action: 'Exit maintenance' })], [record('a', 2, '1')])).toEqual(['2 new', '- a']);
});

it('tabs are kept apart', () => {
  const pick = pickedRow({ ...BLANK, row: 2, service: 'shop', action: '', operation: A } as never);
  const services = { ...record('s', 2, pick.step, A, { action: 'Exit maintenance' }), tab: 'services' } as StepRecord;
  expect(matched([pick], [record('a', 2, pick.step, A)])).toEqual(['2 new', '- a']);
  // The pick is not part of its plan: it goes away with the answer.
  expect(matched([pick], [services])).toEqual(['2 s']);
});

describe('a planned start that is computed anew with each reading', () => {
  const moving = (at: number, text: string, more: Partial<Row> = {}) =>
    row(at, '1', '', { plannedStart: { text }, ...more });
  const was = (key: string, text: string, more: object = {}) =>
    record(key, 2, '1', '', { plannedStart: { text }, ...more });

  it('is the one step that wants the same', () => {
    expect(matched([moving(2, '02:01')], [was('a', '02:00')])).toEqual(['2 a']);
    const added = moving(3, '02:01', { action: 'Exit maintenance' });
    expect(matched([moving(2, '02:01'), added], [was('a', '02:00')])).toEqual(['2 a', '3 new']);
    expect(matched([moving(2, '02:01', { service: 'payments' })], [was('a', '02:00')])).toEqual(['2 new', '- a']);
    expect(matched([moving(2, '02:01', { action: 'Exit maintenance' })], [was('a', '02:00')])).toEqual([
      '2 new',
      '- a',
    ]);
  });

  it('is nobody’s where two want the same', () => {
    expect(matched([moving(2, '02:01')], [was('a', '02:00'), was('b', '01:00')])).toEqual(['2 new', '- a', '- b']);
    expect(matched([moving(2, '02:01'), moving(3, '03:01')], [was('a', '02:00')])).toEqual(['2 new', '3 new', '- a']);
  });
});

it('ids that stand in two rows are told with their rows, and no others', () => {
  const rows = [row(2, '1', A), row(3, '2', A), row(4, '3', B), row(5, '4'), row(6, '5')];
  expect([...copiedIds(rows)].map(([id, twins]) => [id, twins.map((twin) => twin.row)])).toEqual([[A, [2, 3]]]);
});
