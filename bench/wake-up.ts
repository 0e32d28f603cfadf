import type { Sleep } from '../local/apps-script-runtime/choke-point.ts';
import type { Execution } from '../local/apps-script-runtime/execution.ts';

/** What one wake-up of the script costs: counted by the local runtime, timed by what is assumed of the real platform. */
export interface WakeUp {
  readonly what: string;
  /** Service calls: values, properties, cache, lock, URL, triggers, flushes, and the opening of a spreadsheet. */
  readonly calls: readonly string[];
  /** To the APIs and the token endpoints. Several may be one call. */
  readonly requests: number;
  readonly sleeps: readonly Sleep[];
}

/** Assumed, as nothing is published: what one call of a kind takes, in seconds. `selfTest()` measures it for real. */
const ASSUMED_SECONDS: readonly (readonly [kind: RegExp, seconds: number])[] = [
  [/^UrlFetch/, 0.5],
  [/^Spreadsheet\.open/, 0.6],
  [/^Spreadsheet\.flush/, 0.4],
  [/^(Range|Sheet|Spreadsheet|Protection)/, 0.25],
  [/^Lock/, 0.1],
  [/.*/, 0.06],
];
/** Before the first line of a script runs. */
const START_SECONDS = 0.4;

export const sleptSecondsOf = ({ sleeps }: Pick<WakeUp, 'sleeps'>): number =>
  sleeps.reduce((sum, { ms }) => sum + ms, 0) / 1_000;

export const secondsOf = ({ calls, sleeps }: Pick<WakeUp, 'calls' | 'sleeps'>): number =>
  START_SECONDS +
  sleptSecondsOf({ sleeps }) +
  calls.reduce((sum, call) => sum + (ASSUMED_SECONDS.find(([kind]) => kind.test(call))?.[1] ?? 0), 0);

export const opensOf = ({ calls }: Pick<WakeUp, 'calls'>): number =>
  calls.filter((call) => call === 'Spreadsheet.open').length;

export const wakeUpOf = (what: string, { calls, sleeps }: Execution, requests: number): WakeUp => ({
  what,
  calls,
  requests,
  sleeps,
});

/** The part of a Go until its request is sent, that call included. */
export const untilSent = (what: string, go: WakeUp): WakeUp => firstCalls(what, go, sentAt(go) + 1);

/** The part of a Go until its row says what became of it: the first flush after the request. */
export function untilShown(what: string, go: WakeUp): WakeUp {
  const shown = go.calls.indexOf('Spreadsheet.flush', sentAt(go));
  return firstCalls(what, go, shown < 0 ? go.calls.length : shown + 1);
}

const sentAt = ({ calls }: WakeUp): number => calls.findIndex((call) => call.startsWith('UrlFetch'));

const firstCalls = (what: string, { calls, sleeps }: WakeUp, count: number): WakeUp => ({
  what,
  calls: calls.slice(0, count),
  requests: 1,
  sleeps: sleeps.filter(({ afterCalls }) => afterCalls < count),
});
