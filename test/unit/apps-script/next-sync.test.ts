import { NEVER_SYNCED } from '../../../apps-script/src/memory.ts';
import {
  afterSync,
  isDue,
  isSpent,
  relevantAnswers,
  runtimeAfter,
  wantsTables,
} from '../../../apps-script/src/next-sync.ts';
import type { Session } from '../../../apps-script/src/sync.ts';
import type { SyncAnswer } from '../../../contract/sync-answer.ts';
import { PRODUCTION, STAGING } from './connections.ts';
import { NOW } from './fake-sheet.ts';
import { row } from './rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a sheet is due', () => {
  const synced = (nextSyncAt: number, syncedAt = NOW - MINUTE) => ({ ...NEVER_SYNCED, syncedAt, nextSyncAt });

  it('when its time comes before the next tick, when it was never synced, and when somebody marked it since', () => {
    expect(isDue(synced(NOW + 59_000), 0, NOW)).toBe(true);
    expect(isDue(NEVER_SYNCED, 0, NOW)).toBe(true);
    expect(isDue(synced(NOW + HOUR), NOW - 1_000, NOW)).toBe(true);
  });

  it('not before, not for a mark that was heard already, and not twice in one tick', () => {
    expect(isDue(synced(NOW + MINUTE), 0, NOW)).toBe(false);
    expect(isDue(synced(NOW + HOUR), NOW - 2 * MINUTE, NOW)).toBe(false);
    expect(isDue(synced(NOW + 30_000, NOW - 1_000), 0, NOW)).toBe(false);
  });
});

const answer = (environment: string, more: Partial<SyncAnswer> = {}): SyncAnswer => ({
  ...{ protocol: 1, environment, production: false, sequence: 1, rows: [], ignored: [], retired: false },
  banner: { connectedUntil: '2026-11-22T02:10:00.000Z' },
  again: { afterMs: MINUTE },
  tables: { version: 1 },
  ...more,
});

function session(services: readonly string[], answers: readonly SyncAnswer[]): Session {
  const steps = services.map((service, at) => row(at + 2, { service }));
  const heard = new Map(
    answers.map((one) => [one.environment, { answer: one, nextAt: NOW + one.again.afterMs }] as const),
  );
  return { rows: { readAt: NOW, steps }, heard, isChanged: false } as unknown as Session;
}

function settled(services: readonly string[], answers: readonly SyncAnswer[], isOverBudget = false) {
  const one = session(services, answers);
  const before = { ...NEVER_SYNCED, connectedUntil: 5 };
  return afterSync(before, one, relevantAnswers([PRODUCTION, STAGING], one), isOverBudget, NOW);
}

describe('the next sync', () => {
  it('is when the first environment wants it, between a minute and an hour', () => {
    const times = (ms: number) =>
      settled(['shop'], [answer('production', { again: { afterMs: ms } })]).nextSyncAt - NOW;
    expect([0, 2_000, MINUTE, 5 * MINUTE, 9 * HOUR].map(times)).toEqual([MINUTE, MINUTE, MINUTE, 5 * MINUTE, HOUR]);
  });

  it('is in a minute when an environment with rows here was silent; one without any does not matter', () => {
    const calm = answer('production', { again: { afterMs: HOUR } });
    expect(settled(['shop', 'shop-staging'], [calm]).nextSyncAt - NOW).toBe(MINUTE);
    expect(settled(['shop'], [calm]).nextSyncAt - NOW).toBe(HOUR);
  });

  it('comes less often for what is not near, when the day’s runtime is used up', () => {
    const wait = (ms: number) =>
      settled(['shop'], [answer('production', { again: { afterMs: ms } })], true).nextSyncAt - NOW;
    expect([MINUTE, 5 * MINUTE].map(wait)).toEqual([MINUTE, HOUR]);
  });
});

describe('the banner', () => {
  const until = (iso: string) => ({ banner: { connectedUntil: iso } });

  const production = answer('production', until('2026-11-22T02:10:00.000Z'));
  const staging = answer('staging', until('2026-11-22T02:05:00.000Z'));

  it('says Connected for as long as production vouches for it, be staging silent or not', () => {
    for (const answers of [[production, staging], [production]]) {
      expect(settled(['shop', 'shop-staging'], answers).connectedUntil).toBe(Date.parse('2026-11-22T02:10:00Z'));
    }
  });

  it('tells of now what every environment tells, and the step that is next of all; what is left out stays', () => {
    const [first, second] = ['2026-11-22T02:20:00.000Z', '2026-11-22T02:12:00.000Z'];
    const banner = { connectedUntil: first, now: 'Shop: Open', next: { step: '5', at: first } };
    const other = { connectedUntil: first, now: 'Shop (staging): Closed 02:01', next: { step: '4', at: second } };
    const both = [answer('production', { banner }), answer('staging', { banner: other })];
    const told = settled(['shop', 'shop-staging'], both).now;
    expect(told).toEqual({ text: 'Shop: Open\nShop (staging): Closed 02:01', step: '4', at: second });
    expect(settled(['shop'], [production]).now).toEqual(NEVER_SYNCED.now);
    // Nor is one of them left out of what both of them are asked for.
    expect(settled(['shop', 'shop-staging'], [answer('production'), answer('staging', { banner: other })]).now).toEqual(
      NEVER_SYNCED.now,
    );
    expect(settled(['shop', 'shop-staging'], [answer('staging', { banner: other })]).now).toEqual(NEVER_SYNCED.now);
  });

  it('is staging’s where nothing else has rows', () => {
    expect(settled(['shop-staging'], [production, staging]).connectedUntil).toBe(Date.parse('2026-11-22T02:05:00Z'));
  });

  it('runs out by itself when production is silent, whatever staging says', () => {
    expect(settled(['shop', 'shop-staging'], [answer('staging')]).connectedUntil).toBe(5);
  });
});

describe('the tables are fetched', () => {
  const synced = { ...NEVER_SYNCED, tables: { production: 7 }, tablesAt: NOW - 2 * MINUTE, syncedAt: NOW - MINUTE };
  const wants = (more: Partial<SyncAnswer>, markedAt = 0, tablesAt = synced.tablesAt) =>
    wantsTables({ ...synced, tablesAt }, [answer('production', { tables: { version: 7 }, ...more })], markedAt, NOW);

  it('when they would say something else, and when somebody wrote into the sheet', () => {
    expect(wants({})).toBe(false);
    expect(wants({ tables: { version: 8 } })).toBe(true);
    expect(wants({}, NOW - 30_000)).toBe(true);
  });

  it('now and then: often near the steps of a sheet, hourly else', () => {
    expect(wants({}, 0, NOW - 5 * MINUTE)).toBe(true);
    expect(wants({ again: { afterMs: HOUR } }, 0, NOW - 5 * MINUTE)).toBe(false);
    expect(wants({ again: { afterMs: HOUR } }, 0, NOW - HOUR)).toBe(true);
  });

  it('not of an environment that did not even answer', () => {
    expect(wantsTables(synced, [], NOW, NOW)).toBe(false);
  });
});

it('the runtime of a day is added up, and begins anew with the next one', () => {
  const spent = runtimeAfter({ day: '2026-11-22', ms: 5 * HOUR }, NOW, NOW + 1_000);
  expect([isSpent(spent, NOW), isSpent(spent, NOW + 24 * HOUR)]).toEqual([true, false]);
  expect(runtimeAfter(spent, NOW + 24 * HOUR, NOW + 24 * HOUR + 5).ms).toBe(5);
});
