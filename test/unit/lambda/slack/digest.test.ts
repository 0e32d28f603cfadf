import { nightOf } from '../../../../lambda/src/slack/digest.ts';
import type { Night } from '../../../../lambda/src/store/slack-feed.ts';
import { digestLines } from '../../../../lambda/src/words/slack-words.ts';

/** What a night will do by itself, told before it begins. */

const NOW = Date.parse('2026-11-21T16:00:00Z');
const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
const step = (hours: number, service = 'shop') => ({
  ...{ operationId: `production-${hours}`, step: '2', service, action: 'enter' as const },
  ...{ plannedStart: at(hours), requestedBy: 'release.manager@example.com' },
});
const sheet = (...armed: ReturnType<typeof step>[]) => ({
  ...{ spreadsheetId: 'sheet-1', name: 'Release 42', heardAt: '', hasIntents: false, armed },
});
const night = (
  armed: readonly ReturnType<typeof step>[],
  more: { told?: Night; now?: number; hours?: number } = {},
) => {
  const isKnown = (service: string) => service !== 'of another environment';
  const found = nightOf([sheet(...armed)], { now: NOW, hours: 8, told: undefined, isKnown, ...more });
  return found && { until: found.until, steps: found.steps.map(({ plannedStart }) => plannedStart) };
};
/** Told at 16:00, with steps at 22:00 and 23:00. */
const TOLD: Night = {
  until: at(18),
  steps: [step(6), step(7)].map((one) => ({ ...one, sheet: 'Release 42' })),
};

it.each<[string, ReturnType<typeof step>[], object, object | undefined]>([
  ['nothing is armed', [], {}, undefined],
  ['its first step is too far off', [step(8.01)], {}, undefined],
  [
    'its first step is near: then it is told as a whole',
    [step(12), step(8)],
    {},
    { until: at(20), steps: [at(8), at(12)] },
  ],
  ['one step is of another night', [step(8), step(21)], {}, { until: at(20), steps: [at(8)] }],
  ['one step is over, and waits to be cleared away', [step(-1), step(2)], {}, { until: at(14), steps: [at(2)] }],
  ['one step is of another environment', [step(1, 'of another environment')], {}, undefined],
  [
    'it was told: what is armed since is added',
    [step(6), step(6.5), step(7)],
    { told: TOLD },
    { until: at(18), steps: [at(6), at(6.5), at(7)] },
  ],
  ['it was told: what is disarmed is left out', [step(7)], { told: TOLD }, { until: at(18), steps: [at(7)] }],
  [
    'it was told: what has run by its time stays',
    [step(7)],
    { told: TOLD, now: NOW + 6 * 3_600_000 },
    { until: at(18), steps: [at(6), at(7)] },
  ],
  ['it was told, and all of it is disarmed', [], { told: TOLD }, { until: at(18), steps: [] }],
  [
    'it is over, and the next one is near',
    [step(24)],
    { told: TOLD, now: NOW + 18 * 3_600_000 },
    { until: at(36), steps: [at(24)] },
  ],
  ['it is over, and the next one is far', [step(30)], { told: TOLD, now: NOW + 18 * 3_600_000 }, undefined],
])('a night of which %s', (_when, armed, more, expected) => {
  expect(night(armed, more)).toEqual(expected);
});

it('says what, for when, by whom, and in which sheet', () => {
  const steps = [step(8), step(9)].map((one) => ({ ...one, sheet: 'Release 42' }));
  expect(digestLines('production', steps)).toEqual([
    'Armed for the night (production): 2 steps run by themselves.',
    '• 2026-11-22 00:00 UTC: step 2 of Release 42, Enter maintenance, shop; armed by release.manager@example.com.',
    '• 2026-11-22 01:00 UTC: step 2 of Release 42, Enter maintenance, shop; armed by release.manager@example.com.',
  ]);
  expect(digestLines('production', steps.slice(1))[0]).toBe(
    'Armed for the night (production): one step runs by itself.',
  );
  expect(digestLines('production', [])).toEqual(['Nothing is armed for the night any more (production).']);
});

it('lists as many as anybody reads, and says how many more there are', () => {
  const lines = digestLines(
    'production',
    Array.from({ length: 45 }, (_none, index) => ({ ...step(index), sheet: '' })),
  );
  expect(lines).toHaveLength(42);
  expect(lines.at(-1)).toBe('5 more: see the release sheets.');
});
