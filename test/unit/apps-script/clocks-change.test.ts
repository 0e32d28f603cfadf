import { isSkipped, twice } from '../../../apps-script/src/arming.ts';

/** Europe/Berlin goes back at 03:00 on 25 October 2026, and forward at 02:00 on 28 March 2027. */
const wallTime = (at: number): string =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at);

test.each([
  ['2026-10-25T00:30:00Z', 'the first one is meant'],
  ['2026-10-25T01:30:00Z', 'the second one is meant'],
])('a time that comes twice says which is meant: %s', (iso, words) => {
  expect(twice(Date.parse(iso), wallTime)).toContain(words);
});

test('a time that comes once says nothing of it', () => {
  expect(twice(Date.parse('2026-10-25T03:30:00Z'), wallTime)).toBe('');
  expect(twice(Date.parse('2026-11-22T02:00:00Z'), wallTime)).toBe('');
});

test('a time that the clocks leave out is not the one that the sheet hands over', () => {
  expect(isSkipped('2027-03-28 02:30', Date.parse('2027-03-28T01:30:00Z'), wallTime)).toBe(true);
  expect(isSkipped('2027-03-28 03:30', Date.parse('2027-03-28T01:30:00Z'), wallTime)).toBe(false);
});

test('another way of writing times is not taken for a mistake', () => {
  expect(isSkipped('28/03/2027 02:30', Date.parse('2027-03-28T01:30:00Z'), wallTime)).toBe(false);
});
