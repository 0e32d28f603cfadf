import { eachNight, MINUTE_MS, type Night, SHEET } from './night.ts';

/** Sheets whose night has long been over make room for others. */

let night: Night;
eachNight((made) => {
  night = made;
});

const DAY_MS = 24 * 60 * MINUTE_MS;
/** Each sheet at rest is looked at once an hour. */
const anHour = () => {
  for (let minute = 0; minute < 60; minute += 1) night.minute();
};
const handlers = () => night.google.triggers.map(({ handler }) => handler);

it('a week after its last step a sheet is let go of, with its trigger', () => {
  night.go(2);
  night.google.now += 8 * DAY_MS;
  anHour();
  expect(night.google.userProperties.has(`sheet:${SHEET}`)).toBe(false);
  expect(handlers()).toEqual(['onMinute']);
});

it('nothing that the script remembers of a sheet stays behind', () => {
  night.go(2);
  night.google.now += 8 * DAY_MS;
  anHour();
  const left = [...night.google.userProperties.keys()].filter((key) => key.includes(SHEET) && !/^synced:/.test(key));
  expect(left).toEqual([]);
});

it('a sheet with a step that is still armed is kept', () => {
  night.set(9, 'Planned start', new Date(night.google.now + 9 * DAY_MS));
  night.status(9, 'Scheduled');
  night.google.now += 8 * DAY_MS;
  anHour();
  expect(night.google.userProperties.has(`sheet:${SHEET}`)).toBe(true);
  expect(handlers()).toContain('onRundownEdit');
});

it('a day after its last step it is still there', () => {
  night.google.now += DAY_MS;
  anHour();
  expect(night.google.userProperties.has(`sheet:${SHEET}`)).toBe(true);
});

it('while an environment that has rows in it is silent, it is kept', () => {
  night.api.fault = (request) => (request.url.includes('/rundowns/') ? 'no answer' : undefined);
  night.google.now += 8 * DAY_MS;
  anHour();
  expect(night.google.userProperties.has(`sheet:${SHEET}`)).toBe(true);
});
