import { readDuration } from '../../../contract/duration.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it.each([
  ['2h', 2 * HOUR],
  ['90m', 90 * MINUTE],
  ['1h30m', 90 * MINUTE],
  [' 45 Minutes ', 45 * MINUTE],
  ['1 minute', MINUTE],
  ['1 min', MINUTE],
  ['5 mins', 5 * MINUTE],
  ['1 hour', HOUR],
  ['2 hours', 2 * HOUR],
  ['1 hr', HOUR],
  ['3hrs', 3 * HOUR],
  ['1 day', 24 * HOUR],
  ['2 days 1 hour 10 minutes', 49 * HOUR + 10 * MINUTE],
  ['30d', 30 * 24 * HOUR],
  ['43200m', 30 * 24 * HOUR],
])('%j is a time', (typed, ms) => expect(readDuration(typed)).toBe(ms));

it.each([
  '',
  '2',
  'h',
  '2w',
  'about 2h',
  '2h or so',
  '-2h',
  '1.5h',
  '0m',
  '31d',
  '30d1m',
  '2 h m',
  'minutes',
  '000002h',
])('%j is none', (typed) => expect(readDuration(typed)).toBeUndefined());
