import { createTimes } from '../../../../../local/page/browser/times.ts';

const AT = Date.parse('2026-07-01T01:02:03Z');

it('tells and takes times in the zone of the sheet that is open', () => {
  const times = createTimes();
  expect([times.time(AT), times.wall(AT)]).toEqual(['01:02:03', '2026-07-01T01:02']);
  times.use('Europe/Berlin');
  expect([times.time(AT), times.wall(AT)]).toEqual(['03:02:03', '2026-07-01T03:02']);
  expect(times.instant('2026-07-01T03:02')).toBe(Date.parse('2026-07-01T01:02:00Z'));
  expect(times.instant('2026-07-01 03:02:03')).toBe(AT);
});

it('knows a text that is no time', () => {
  expect([createTimes().instant(''), createTimes().instant('soon')]).toEqual([undefined, undefined]);
});
