import type { RanAs, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { knownServices } from '../../../../lambda/src/model/service-names.ts';
import {
  asItSays,
  askedWords,
  saysAnother,
  showsWhatItRan,
  withoutPast,
} from '../../../../lambda/src/rundown/plan/another-step.ts';
import { BLANK, isoAt, NOW, recordOf, rowOf, runOf } from './planner.ts';
import { MANAGER } from './terminal.ts';

/** When a row is the step that it was, and what its record keeps when it is not. */

const known = knownServices({
  operators: [MANAGER],
  services: [
    { name: 'shop', title: 'The shop', operators: [] },
    { name: 'payments', operators: [] },
  ],
  groups: [],
} as never);
const asked = { service: 'shop', action: 'Enter maintenance' };
const run = runOf({ isOver: true, asked });
const ID = run.id;

describe('a row that ran is the same step', () => {
  const isAnother = (now: Partial<typeof asked>, was: Partial<typeof asked> = {}) =>
    saysAnother(known, { tab: 'rundown', run: { ...run, asked: { ...asked, ...was } } }, { ...asked, ...now });

  it.each([
    ['its service is written otherwise', { service: ' SHOP ' }, {}],
    ['its service is named by its title', { service: 'the shop' }, {}],
    ['its action is written otherwise', { action: 'enter  maintenance' }, {}],
    ['nobody knows its service, now as before', { service: 'Blog' }, { service: 'blog' }],
  ])('when %s', (_when, now, was) => {
    expect(isAnother(now, was)).toBe(false);
  });

  it.each([
    ['another action', { action: 'Exit maintenance' }, {}],
    ['another service', { service: 'payments' }, {}],
    ['a service that nobody knows', { service: 'blog' }, {}],
    ['another service that nobody knows', { service: 'blog' }, { service: 'wiki' }],
  ])('and not with %s', (_what, now, was) => {
    expect(isAnother(now, was)).toBe(true);
  });

  it('where nobody can tell, and in the tab Services, where each pick is one', () => {
    const now = { ...asked, service: 'payments' };
    expect(saysAnother(known, { tab: 'rundown' }, now)).toBe(false);
    expect(saysAnother(known, { tab: 'rundown', run: runOf({ isOver: true }) }, now)).toBe(false);
    expect(saysAnother(known, { tab: 'services', run }, now)).toBe(false);
  });
});

it('what was asked for is told by the name that people know, else as they typed it', () => {
  const words = (service: string) => askedWords(known, { service, action: ' Enter maintenance ' });
  expect(words('shop')).toBe('Enter maintenance of The shop');
  expect(words(' blog ')).toBe('Enter maintenance of blog');
});

describe('what a row ran as another step', () => {
  const decided = { ...BLANK, status: 'Done', result: 'Closed.', finished: isoAt(NOW), operation: ID };
  const record = (more: object = {}): StepRecord =>
    recordOf(rowOf(), { run, isAnswered: true, decided: { ...decided, ...more } });
  const reader = { known, timeZone: 'Etc/UTC' };
  const other = { ...asked, service: 'payments' };
  const aside = (more?: object) => asItSays(reader, record(more), other);

  it('is set aside with its record: its row is Planned, and says what it was', () => {
    const { decided: cells, run: left, ranAs, told, isAnswered } = aside();
    expect([left, isAnswered, ranAs?.run]).toEqual([undefined, true, run]);
    expect(cells).toEqual({ ...BLANK, status: 'Planned', result: ranAs?.said });
    expect(cells.result).toContain(`Enter maintenance of The shop, asked for at 01:59:00 by ${MANAGER}: Done (${ID}).`);
    expect(told).toEqual([{ status: 'Done', operation: ID }]);
  });

  it('leaves what people set there, and does not quote it as how that ended', () => {
    const { decided: cells } = aside({ status: 'Skipped' });
    expect(cells).toMatchObject({ status: 'Skipped', operation: '' });
    expect(cells.result).toContain(`by ${MANAGER} (${ID}).`);
  });

  it('comes back with what it said, but for what people set meanwhile', () => {
    const back = (status: string) => {
      const set = aside();
      return asItSays(reader, { ...set, decided: { ...set.decided, status } }, asked);
    };
    for (const status of ['Planned', 'Failed']) expect(back(status).decided).toEqual(decided);
    expect(back('Skipped').decided).toEqual({ ...decided, status: 'Skipped' });
    expect(back('Planned')).toMatchObject({ run, ranAs: undefined });
    expect(back('Planned').told.at(-1)).toEqual({ status: 'Planned', operation: '' });
  });

  it('counts for nothing in a row that still shows it, by its id', () => {
    const { ranAs } = aside() as { ranAs: RanAs };
    const past = (cells: object) => withoutPast(rowOf({ status: 'Done', operation: ID, ...cells }), { ranAs });
    expect(past({})).toMatchObject({ word: 'Planned', isOutdated: true });
    for (const cells of [{ operation: 'production-0000000f' }, { operation: '' }, { status: 'Skipped' }]) {
      expect(past(cells).isOutdated).toBeUndefined();
    }
  });

  it('is known in the row that shows its id, or what it was told instead', () => {
    const set = aside();
    const shows = (cells: object) => showsWhatItRan(rowOf(cells), set);
    expect(shows({ operation: ID })).toBe(true);
    expect(shows({ operation: 'production-0000000f', result: set.decided.result })).toBe(false);
    expect(shows({ result: `Not run yet. Before: ${set.decided.result}` })).toBe(true);
    expect(shows({ result: 'Something else.' })).toBe(false);
  });
});
