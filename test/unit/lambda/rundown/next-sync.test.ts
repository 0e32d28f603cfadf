import type { RundownRecord, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { connectedUntil, isOver, nextSyncMs } from '../../../../lambda/src/rundown/next-sync.ts';
import { START } from './terminal.ts';

/** How soon a sheet is to be heard of again: often while something can happen, seldom while its night is far. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const iso = (ms: number) => new Date(START + ms).toISOString();

const step = (startsIn: number | undefined, more: object = {}, seen: object = {}): StepRecord =>
  ({
    ...{ tab: 'rundown', intents: {}, decided: { status: '' } },
    seen: {
      ...{ action: 'Enter maintenance', status: 'Planned' },
      plannedStart: { text: '', ...(startsIn === undefined ? {} : { at: iso(startsIn) }) },
      ...seen,
    },
    ...more,
  }) as unknown as StepRecord;
const sheetOf = (steps: readonly StepRecord[], more: object = {}) =>
  ({ sheet: { firstHeardAt: iso(-DAY), ...more }, steps }) as unknown as RundownRecord;
const next = (steps: readonly StepRecord[], more: object = {}) => nextSyncMs(sheetOf(steps, more), START);
const running = { run: { isOver: false, operations: [] } };
const closed = (startedAt: number, more: object = {}) => ({
  ...{
    decided: { status: 'Done' },
    run: { isOver: true, startedAt: iso(startedAt), operations: [{ service: 'shop' }] },
  },
  ...more,
});

it.each<[string, readonly StepRecord[], number]>([
  ['nothing is planned', [], HOUR],
  ['its first step is days away', [step(3 * DAY)], HOUR],
  ['its first step is an hour and a half away', [step(90 * MINUTE)], 30 * MINUTE],
  ['its first step is within the hour', [step(59 * MINUTE)], MINUTE],
  ['its last step was within the hour', [step(-59 * MINUTE)], MINUTE],
  ['its last step was before that', [step(-61 * MINUTE)], HOUR],
  ['a step has no time', [step(undefined), step(3 * DAY)], MINUTE],
  ['what is near was run', [step(10 * MINUTE, { decided: { status: 'Done' } })], HOUR],
  ['what is near was left out', [step(10 * MINUTE, {}, { status: 'Skipped' })], HOUR],
  ['what is near is people’s own', [step(10 * MINUTE, {}, { action: '' })], HOUR],
  ['what is near was picked in Services', [step(10 * MINUTE, { tab: 'services' })], HOUR],
  ['a step runs', [step(3 * DAY, running)], 1_000],
  ['a step that runs is not proven for long', [step(3 * DAY, { ...running, decided: { status: 'Unproven' } })], MINUTE],
  ['a step is rehearsed', [step(3 * DAY, { rehearsal: {} })], 1_000],
  ['an armed step is due in a moment', [step(0, { armed: { at: iso(20_000) } })], 20_000],
  ['an armed step is past', [step(0, { armed: { at: iso(-20_000) } })], 0],
  ['a question waits for its second Go', [step(3 * DAY, { question: {} })], MINUTE],
  ['a row is missing', [step(3 * DAY, { missingSince: iso(0) })], MINUTE],
  ['something is closed since tonight', [step(-3 * HOUR, closed(-3 * HOUR))], MINUTE],
  ['something is closed for days', [step(-3 * DAY, closed(-3 * DAY))], 10 * MINUTE],
  ['it was opened since', [step(-3 * HOUR, closed(-3 * HOUR, { afterwards: { left: { shop: {} } } }))], HOUR],
  ['what was done opened it', [step(-3 * HOUR, closed(-3 * HOUR), { action: 'Exit maintenance' })], HOUR],
  [
    'it is in doubt whether it is closed',
    [step(-3 * DAY, closed(-3 * DAY, { decided: { status: 'Unproven' }, afterwards: { doubts: 'x', left: {} } }))],
    MINUTE,
  ],
])('where %s', (_what, steps, ms) => expect(next(steps)).toBe(ms));

it('steps that never got a time are not read every minute for ever', () => {
  expect(next([step(undefined)], { firstHeardAt: iso(-7 * DAY + 1) })).toBe(MINUTE);
  expect(next([step(undefined)], { firstHeardAt: iso(-7 * DAY) })).toBe(HOUR);
});

it('a retired sheet rests, whatever runs in it', () => {
  expect(next([step(0, running)], { retiredAt: iso(0) })).toBe(HOUR);
});

it('the banner outlasts the next sync by five minutes, and is written anew only now and then', () => {
  expect(connectedUntil(MINUTE, START)).toBe(iso(10 * MINUTE));
  expect(connectedUntil(MINUTE, START + 4 * MINUTE)).toBe(iso(10 * MINUTE));
  expect(connectedUntil(MINUTE, START + 4 * MINUTE + 1)).toBe(iso(15 * MINUTE));
});

describe('a night is over', () => {
  const over = (steps: readonly StepRecord[], more: object = {}) =>
    isOver(sheetOf(steps, { firstHeardAt: iso(-30 * DAY), ...more }), START);
  const old = step(-7 * DAY - 1);

  it('a week after its last planned step, unless something waits, or the sheet is new', () => {
    expect([over([old]), over([step(-7 * DAY)]), over([old, step(-DAY)])]).toEqual([true, false, false]);
    expect([over([]), over([step(undefined)])]).toEqual([false, false]);
    expect(over([step(-30 * DAY, {}, { status: 'Go' })])).toBe(false);
    expect(over([step(-30 * DAY, {}, { status: 'Scheduled' })])).toBe(false);
    expect(over([step(-30 * DAY, running)])).toBe(false);
    expect(over([step(-30 * DAY, { armed: { at: iso(-30 * DAY) } })])).toBe(false);
    expect(over([old], { firstHeardAt: iso(-DAY) })).toBe(false);
  });
});
