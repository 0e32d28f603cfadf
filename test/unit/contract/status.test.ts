import { isReached, plainText, STATUSES, statusOf } from '../../../contract/status.ts';

it.each(['go', 'GO ', ' Go', 'Go.', 'Go!', 'ＧＯ', 'g\u200bo', '\u00a0go\u00a0', 'Gо'])('%j is a Go', (spelt) => {
  expect(statusOf(spelt)).toBe('Go');
});

it.each(['Go?', 'No go', 'Go 2', 'Go on', 'G o', '', '.'])('%j is none of our words', (spelt) => {
  expect(statusOf(spelt)).toBeUndefined();
});

it.each([
  ['Plаnned', 'planned'],
  ['Schеԁulеd', 'scheduled'],
  ['Sсhеdulеd', 'scheduled'],
  ['Skіррed', 'skipped'],
  ['Sкiρρed', 'skipped'],
  ['Sκιpped', 'skipped'],
  ['Goο', 'goo'],
  ['ցо', 'go'],
  ['ɡo', 'go'],
  ['Unproνen', 'unproven'],
  ['αllowlist', 'allowlist'],
  ['paуments', 'payments'],
  ['Eхit', 'exit'],
])('letters of other alphabets that look like ours are ours: %s', (typed, meant) => {
  expect(plainText(typed)).toBe(meant);
});

it('every word of ours is known, with a blank or several where one is', () => {
  for (const status of STATUSES) expect(statusOf(` ${status.toUpperCase()} .`)).toBe(status);
  expect(plainText('  Enter \t\u00a0 maintenance ')).toBe('enter maintenance');
});

it('only what came to all that it can come to is reached', () => {
  expect(STATUSES.filter(isReached)).toEqual(['Done', 'Accepted']);
});
