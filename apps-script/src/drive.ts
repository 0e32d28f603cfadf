import type { Answer, ApiRequest } from './api-client.ts';
import type { Connection } from './connections.ts';
import type { Doors } from './doors.ts';
import type { OutboxEntry } from './entry-record.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { RundownSheet } from './sheet.ts';
import type { Memory } from './store.ts';
import { writeBack } from './write-back.ts';

/** Between two looks at an operation, in milliseconds. */
const POLL_MS = 2_000;
/** An execution watches its own operations this long; then the tick goes on, one look a minute. */
const WATCH_MS = 120_000;

type Ask = (entry: OutboxEntry) => Pick<ApiRequest, 'method' | 'path' | 'body'>;

const send: Ask = ({ body }) => ({ method: 'post', path: '/operations', body });
const look: Ask = ({ id }) => ({ method: 'get', path: `/operations/${id}` });

/** Sends what was just claimed, and watches it to its end or as long as an execution may. */
export function sendAndWatch(doors: Doors, memory: Memory, sheet: RundownSheet, entries: readonly OutboxEntry[]): void {
  const until = doors.now() + WATCH_MS;
  let outcomes = step(doors, memory, sheet, entries, send);
  for (;;) {
    const alive = outcomes.filter(({ isFinal }) => !isFinal);
    if (alive.length === 0 || doors.now() >= until) return;
    doors.sleep(POLL_MS);
    outcomes = follow(doors, memory, sheet, alive);
  }
}

/** One look at operations that an earlier execution left; what never arrived is sent again, byte for byte. */
export function driveOn(doors: Doors, memory: Memory, sheet: RundownSheet, entries: readonly OutboxEntry[]): void {
  const outcomes = step(doors, memory, sheet, entries, look);
  const lost = outcomes.filter(({ resend }) => resend).map(({ entry }) => entry);
  if (lost.length > 0) step(doors, memory, sheet, lost, send);
}

function follow(doors: Doors, memory: Memory, sheet: RundownSheet, alive: readonly Outcome[]): Outcome[] {
  const lost = alive.filter(({ resend }) => resend).map(({ entry }) => entry);
  const others = alive.filter(({ resend }) => !resend).map(({ entry }) => entry);
  return [...step(doors, memory, sheet, lost, send), ...step(doors, memory, sheet, others, look)];
}

function step(doors: Doors, memory: Memory, sheet: RundownSheet, entries: readonly OutboxEntry[], ask: Ask): Outcome[] {
  if (entries.length === 0) return [];
  const zone = sheet.timeZone();
  const answers = askAll(doors, memory, entries, ask);
  const options = { now: doors.now(), formatTime: (iso: string) => doors.formatTime(iso, zone) };
  const outcomes = entries.map((entry, index) => outcomeOf(entry, answers[index] as Answer, options));
  const isWritten = writeBack(doors, sheet, outcomes);
  // An end that could not be written is asked for again.
  return isWritten ? outcomes : outcomes.map((outcome) => ({ ...outcome, isFinal: false }));
}

function askAll({ api }: Doors, { connections }: Memory, entries: readonly OutboxEntry[], ask: Ask): Answer[] {
  const connectionOf = ({ environment }: OutboxEntry): Connection | undefined =>
    connections.find((connection) => connection.environment === environment);
  const reachable = entries.filter((entry) => connectionOf(entry) !== undefined);
  const answers = api.ask(reachable.map((entry) => ({ ...ask(entry), connection: connectionOf(entry) as Connection })));
  return entries.map((entry) => {
    const at = reachable.indexOf(entry);
    return at < 0 ? { kind: 'unreachable', why: `${entry.environment} is not connected` } : (answers[at] as Answer);
  });
}
