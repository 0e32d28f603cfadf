import { stepAfter, TOUR } from '../../../../../../local/page/browser/panels/tour-steps.ts';

const night = (enter: string, allow = 'Planned', exit = 'Planned') => ({
  rundown: [
    ['Step', 'Action', 'Status'],
    ['1', '', 'Planned'],
    ['2', 'Enter maintenance', enter],
    ['5', 'Enable allowlist', allow],
    ['8', 'Exit maintenance', exit],
  ],
});

it('waits until what it asks for was done, and goes on by itself', () => {
  expect(stepAfter(0, night('Planned'))).toBe(0);
  expect(stepAfter(0, night('Running'))).toBe(1);
  expect(stepAfter(0, night('Done'))).toBe(2);
});

it('a sentence that asks for nothing waits for its reader', () => {
  expect(stepAfter(2, night('Done', 'Done', 'Done'))).toBe(2);
  expect(stepAfter(3, night('Done', 'Done', 'Done'))).toBe(TOUR.length - 1);
});

it('says one sentence at a time', () => {
  for (const { text } of TOUR) expect(text).toMatch(/^[^.]+\.$/);
});

it('promises no way back from a Go that was sent', () => {
  expect(TOUR.find(({ text }) => text.includes('Ctrl+Z'))?.text).toMatch(/but not a Go: what was sent runs/);
});
