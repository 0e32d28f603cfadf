import type { Sleep } from '../../local/apps-script-runtime/choke-point.ts';
import type { Execution } from '../../local/apps-script-runtime/execution.ts';
import { LATENCY } from '../latency.ts';

/** What one wake-up of the script costs: counted by the local runtime, timed by what is assumed of the real platform. */
export interface WakeUp {
  readonly what: string;
  /** Service calls: values, properties, cache, lock, URL, triggers, flushes, and the opening of a spreadsheet. */
  readonly calls: readonly string[];
  /** To the APIs and the token endpoints. Several may be one call. */
  readonly requests: number;
  readonly sleeps: readonly Sleep[];
}

/** Of one call of each kind; `selfTest()` measures it for real. */
const { google } = LATENCY;
const ASSUMED_MS: readonly (readonly [kind: RegExp, ms: number])[] = [
  [/^UrlFetch/, google.requestMs],
  [/^Spreadsheet\.open/, google.openMs],
  [/^Spreadsheet\.flush/, google.flushMs],
  [/^(Range|Sheet|Spreadsheet|Protection)/, google.rangeMs],
  [/^Lock/, google.lockMs],
  [/.*/, google.propertyMs],
];

const msOf = (call: string): number => ASSUMED_MS.find(([kind]) => kind.test(call))?.[1] ?? 0;

export const sleptSecondsOf = ({ sleeps }: Pick<WakeUp, 'sleeps'>): number =>
  sleeps.reduce((sum, { ms }) => sum + ms, 0) / 1_000;

export const secondsOf = ({ calls, sleeps }: Pick<WakeUp, 'calls' | 'sleeps'>): number =>
  sleptSecondsOf({ sleeps }) + (google.startMs + calls.reduce((sum, call) => sum + msOf(call), 0)) / 1_000;

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
