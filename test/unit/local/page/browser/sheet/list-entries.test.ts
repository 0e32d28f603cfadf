import { entryFor, matching } from '../../../../../../local/page/browser/sheet/list-entries.ts';

const STATUSES = ['Planned', 'Scheduled', 'Go', 'Skipped'];

it('filters by the letters that are typed, whatever their case', () => {
  expect(matching(STATUSES, 'ED')).toEqual(['Planned', 'Scheduled', 'Skipped']);
  expect(matching(STATUSES, ' go ')).toEqual(['Go']);
});

it.each([
  ['go', 'Go'],
  ['GO ', 'Go'],
  ['sch', 'Scheduled'],
  ['s', undefined],
  ['', undefined],
  ['gone', undefined],
])('%j and Enter is %s', (typed, entry) => {
  expect(entryFor(STATUSES, typed)).toBe(entry);
});
