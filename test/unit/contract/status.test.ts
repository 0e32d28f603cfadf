import { statusOf } from '../../../contract/status.ts';

it.each(['go', 'GO ', ' Go', 'Go.', 'Go!', 'ＧＯ', 'g\u200bo', '\u00a0go\u00a0', 'Gо'])('%j is a Go', (spelt) => {
  expect(statusOf(spelt)).toBe('Go');
});

it.each(['Go?', 'No go', 'Go 2', 'Go on', 'G o', '', '.'])('%j is none of our words', (spelt) => {
  expect(statusOf(spelt)).toBeUndefined();
});
