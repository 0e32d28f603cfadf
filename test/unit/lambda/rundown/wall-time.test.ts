import {
  clockWords,
  isSkipped,
  plannedWords,
  repeatedHour,
  shortWords,
  wallTime,
} from '../../../../lambda/src/rundown/plan/wall-time.ts';

/** Europe/Berlin goes back at 03:00 on 25 October 2026, and forward at 02:00 on 28 March 2027. */
const BERLIN = 'Europe/Berlin';
const SKIPPED = Date.parse('2027-03-28T01:30:00Z');
const isLeftOut = (text: string) => isSkipped({ text }, SKIPPED, BERLIN);

test.each([
  ['2026-10-25T00:30:00Z', 'first'],
  ['2026-10-25T01:30:00Z', 'second'],
])('a time that comes twice says which is meant: %s', (iso, which) => {
  expect(repeatedHour(Date.parse(iso), BERLIN)).toBe(which);
});

test('a time that comes once says nothing of it', () => {
  expect(repeatedHour(Date.parse('2026-10-25T03:30:00Z'), BERLIN)).toBeUndefined();
  expect(repeatedHour(Date.parse('2026-11-22T02:00:00Z'), BERLIN)).toBeUndefined();
});

test.each(['2027-03-28 02:30', '28/03/2027 02:30', '28.3.2027, 2:30', '28.03.27 02.30', '3/28/2027 2:30 AM'])(
  'a time that the clocks leave out is not the one that the sheet hands over: %s',
  (text) => {
    expect(isLeftOut(text)).toBe(true);
  },
);

test.each(['2027-03-28 03:30', '28/03/2027 03:30', '28.3.2027, 3:30', '28.03.27 03.30', '3/28/2027 3:30:00 AM'])(
  'another way of writing times is not taken for a mistake: %s',
  (text) => {
    expect(isLeftOut(text)).toBe(false);
  },
);

test('an hour after another night nothing is left out, whatever the cell shows', () => {
  expect(isSkipped({ text: 'soon' }, Date.parse('2026-11-22T02:00:00Z'), BERLIN)).toBe(false);
});

test('a time is told in the zone of the sheet and in UTC', () => {
  const words = plannedWords(Date.parse('2026-11-22T02:00:00Z'), BERLIN);
  expect(words).toContain('2026-11-22 03:00');
  expect(words).toContain('02:00 UTC');
});

test('in UTC it is told once', () => {
  expect(plannedWords(Date.parse('2026-11-22T02:00:00Z'), 'Etc/UTC')).toBe('2026-11-22 02:00 UTC');
});

test('a clock is read to the second, and midnight is 00', () => {
  expect(wallTime(Date.parse('2026-11-21T23:00:05Z'), BERLIN)).toBe('2026-11-22 00:00:05');
  expect(clockWords('2026-11-22T02:05:30Z', BERLIN)).toBe('03:05:30');
  expect(clockWords('', BERLIN)).toBe('just now');
});

test('a zone that is not known is UTC', () => {
  expect(wallTime(Date.parse('2026-11-22T02:05:30Z'), 'Nowhere/At_all')).toBe('2026-11-22 02:05:30');
});

test('another day is told with its date, by the clock of the sheet', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(shortWords('2026-11-22T02:05:30Z', BERLIN, now)).toBe('03:05');
  expect(shortWords('2026-11-21T23:30:00Z', BERLIN, now)).toBe('00:30');
  expect(shortWords('2026-11-21T22:30:00Z', BERLIN, now)).toBe('11-21 23:30');
});

test.each(['28.3.2027 at 12:30 AM', '2027-03-28', 'at 02:30, as on 28.3.27', '02h30'])(
  'what shows no such time is a mistake in that hour: %s',
  (text) => {
    expect(isLeftOut(text)).toBe(true);
  },
);

test.each(['3:30 a.m.', '03h30', '03:30:00', '99:99 03:30', 'the 3:30', '03:30, 28.03', '28.03 03:30'])(
  'what shows it is none: %s',
  (text) => {
    expect(isLeftOut(text)).toBe(false);
  },
);

test('half an hour can be left out too', () => {
  const at = Date.parse('2026-10-03T15:40:00Z');
  const shown = (text: string) => isSkipped({ text }, at, 'Australia/Lord_Howe');
  expect([shown('2026-10-04 02:10'), shown('2026-10-04 02:40')]).toEqual([true, false]);
});

test('the afternoon is not the morning', () => {
  for (const text of ['3:30 pm', '3:30:00 PM', '03:30p']) expect(isLeftOut(text)).toBe(true);
});
