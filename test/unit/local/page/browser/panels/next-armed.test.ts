import { nextArmed } from '../../../../../../local/page/browser/panels/next-armed.ts';

const HEADERS = ['Status', 'Step', 'Planned start'];

it('is the armed step with the earliest planned start, in whatever order the columns are', () => {
  const values = [
    HEADERS,
    ['Planned', '1', '2026-11-22 01:00'],
    ['Scheduled', '9', '2026-11-22 10:00'],
    ['scheduled', '5', '2026-11-22 03:02'],
    ['Scheduled', '6', ''],
  ];
  expect(nextArmed(values)).toEqual({ step: '5', planned: '2026-11-22 03:02' });
});

it('is none on a tab without steps, or where nothing is armed', () => {
  expect(nextArmed([HEADERS, ['Done', '1', '2026-11-22 01:00']])).toBeUndefined();
  expect(nextArmed([['Scheduled'], ['Scheduled']])).toBeUndefined();
  expect(nextArmed([])).toBeUndefined();
});
