import type { SyncAnswer } from '../../contract/sync-answer.ts';
import type { Connection } from './api/connection.ts';
import type { Runtime, Synced } from './memory.ts';
import { isStep } from './sheet/rundown-tab.ts';
import type { Session } from './sync.ts';
import { claimOf } from './sync-request.ts';

/** When each sheet is synced again, and its tables are fetched. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The same tick may come twice. */
const SAME_TICK_MS = 20_000;
/** Clocks of two executions differ. */
const CLOCKS_DIFFER_MS = 2_000;
/** A sheet that is asked for again within a minute is near its steps. */
const NEAR_MS = MINUTE_MS;
const NEAR_TABLES_MS = 5 * MINUTE_MS;
/** Google lets the triggers of a Workspace account run six hours a day; edits and idle ticks need their share. */
const DAILY_RUNTIME_MS = 5 * HOUR_MS;

/** What falls due before the next tick is due now: this one waits for it. */
export const isDue = ({ syncedAt, nextSyncAt }: Synced, markedAt: number, now: number): boolean =>
  markedAt > syncedAt - CLOCKS_DIFFER_MS || (nextSyncAt < now + MINUTE_MS && now - syncedAt > SAME_TICK_MS);

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Whether today's runtime is used up: then only what is near is synced often. */
export const isSpent = ({ day, ms }: Runtime, now: number): boolean => day === dayOf(now) && ms > DAILY_RUNTIME_MS;

export function runtimeAfter({ day, ms }: Runtime, startedAt: number, now: number): Runtime {
  const before = day === dayOf(now) ? ms : 0;
  return { day: dayOf(now), ms: before + now - startedAt };
}

export interface Relevant {
  readonly answers: readonly SyncAnswer[];
  /** None of those that have rows here was silent. */
  readonly areAll: boolean;
  /** Until when those vouch for the sheet whose word counts; undefined if one of them was silent. */
  readonly connectedUntil?: number;
}

/** Of the environments that have rows in the sheet; of all, if none has. Where real users are concerned, they alone vouch. */
export function relevantAnswers(connections: readonly Connection[], { rows, heard }: Session): Relevant {
  const steps = (rows.steps ?? []).filter(isStep);
  const claiming = new Set(steps.flatMap((row) => claimOf(connections, row)?.environment ?? []));
  const concerned = connections.filter(({ environment }) => claiming.size === 0 || claiming.has(environment));
  const answersOf = (some: readonly Connection[]) =>
    some.flatMap(({ environment }) => heard.get(environment)?.answer ?? []);
  const answers = answersOf(concerned);
  const real = concerned.filter((one) => one.isProduction);
  const vouching = real.length > 0 ? real : concerned;
  const until = answersOf(vouching).map(({ banner }) => Date.parse(banner.connectedUntil));
  const isVouched = until.length === vouching.length && until.length > 0;
  return {
    answers,
    areAll: answers.length === concerned.length,
    ...(isVouched ? { connectedUntil: Math.min(...until) } : {}),
  };
}

export function afterSync(
  before: Synced,
  { rows, heard, isChanged }: Session,
  { answers, areAll, connectedUntil = before.connectedUntil }: Relevant,
  isOverBudget: boolean,
  now: number,
): Synced {
  const waits = [...heard.values()].map(({ nextAt }) => waitOf(nextAt - now, isOverBudget));
  const isLeft = !areAll || isChanged;
  const waitMs = Math.min(isLeft ? MINUTE_MS : HOUR_MS, ...waits);
  // Where nobody vouches the banner runs out by itself.
  return {
    ...before,
    syncedAt: rows.readAt,
    nextSyncAt: now + waitMs,
    connectedUntil,
    now: areAll ? nowOf(before, answers) : before.now,
  };
}

/**
 * What the environments say of now, one after the other, and the step that is next of all. Unless each of them said it, what
 * was said before stays: a service that is left out would look as if it were nobody's.
 */
function nowOf({ now }: Synced, answers: readonly SyncAnswer[]): Synced['now'] {
  const banners = answers.map(({ banner }) => banner);
  if (banners.some((banner) => banner.now === undefined)) return now;
  const [next] = banners.flatMap((banner) => banner.next ?? []).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const text = banners.flatMap((banner) => banner.now || []).join('\n');
  return { text, step: next?.step ?? '', at: next?.at ?? '' };
}

function waitOf(ms: number, isOverBudget: boolean): number {
  if (isOverBudget && ms > NEAR_MS) return HOUR_MS;
  return Math.min(HOUR_MS, Math.max(MINUTE_MS, ms));
}

/** At most once a tick: when they would say something else, when somebody wrote into them, and now and then. */
export function wantsTables(
  { tables, tablesAt, syncedAt }: Synced,
  answers: readonly SyncAnswer[],
  markedAt: number,
  now: number,
): boolean {
  if (answers.length === 0) return false;
  const isNews = answers.some(({ environment, tables: { version } }) => version > (tables[environment] ?? -1));
  const isNear = answers.some(({ again }) => again.afterMs <= NEAR_MS);
  return isNews || markedAt > syncedAt - CLOCKS_DIFFER_MS || now - tablesAt >= (isNear ? NEAR_TABLES_MS : HOUR_MS);
}
