import { allowedRows, keysOf } from '../../../apps-script/src/check-answer.ts';
import type { RowAnswer } from '../../../contract/sync-answer.ts';
import { row } from './rows.ts';

const sent = new Set(keysOf({ steps: [row(3)], picks: [{ service: 'shop' }] }));
const answer = (more: Partial<RowAnswer> = {}, basis: Partial<RowAnswer['basis']> = {}): RowAnswer => {
  const { row: number, step, plannedStart, service, action } = row(3);
  const was = [{ status: 'Go', operation: '' }];
  return {
    tab: 'rundown',
    basis: { row: number, step, plannedStart, service, action, was, ...basis },
    cells: {},
    ...more,
  };
};
let warned: string[];
beforeEach(() => {
  warned = [];
});
const allowed = (...rows: RowAnswer[]) =>
  allowedRows({ environment: 'staging', rows }, sent, (line) => warned.push(line)).length;

it('an answer for a row that was sent, with an operation of its own, is taken', () => {
  expect(allowed(answer({ cells: { status: 'Running', operation: 'staging-1' } }))).toBe(1);
  expect(allowed(answer({ tab: 'services', cells: { pick: '' } }, { step: 'Do now' }))).toBe(1);
  expect(warned).toEqual([]);
});

it.each([
  ['a row that it was not sent', answer({}, { service: 'payments' })],
  ['a service of the board that it was not sent', answer({ tab: 'services' }, { service: 'payments' })],
  ['an operation of another environment', answer({ cells: { operation: 'production-1' } })],
  ['Do now of the rundown', answer({ cells: { pick: '' } })],
])('%s is ignored, and logged', (_what, one) => {
  expect(allowed(one, answer())).toBe(1);
  expect(warned).toEqual([expect.stringContaining('staging: its answer for row 3 was ignored')]);
});
