import type { Answer, ApiRequest } from './api-client.ts';
import type { Connection } from './connections.ts';
import type { Doors } from './doors.ts';
import type { OutboxEntry } from './entry-record.ts';
import { type How, type Outcome, outcomeOf } from './outcome.ts';
import { cellText } from './rundown.ts';
import type { OpenSheet } from './sheet.ts';
import { writeBack } from './write-back.ts';

/** Between two looks at an operation, in milliseconds. */
const POLL_MS = 2_000;
/** An execution watches its own operations this long; then the tick goes on, one look a minute. */
const WATCH_MS = 120_000;

export interface Work {
  readonly connections: readonly Connection[];
  readonly open: OpenSheet;
  /** Just claimed: they are sent, and watched to their end or as long as an execution may. */
  readonly fresh: readonly OutboxEntry[];
  /** Left by an earlier execution: one look, and what never arrived is sent again, byte for byte. */
  readonly old: readonly OutboxEntry[];
}

interface Ask {
  readonly entry: OutboxEntry;
  readonly how: How;
}

/** Sends and looks for all sheets together, and writes back what was learnt. */
export function drive(doors: Doors, work: Work): void {
  const until = doors.now() + WATCH_MS;
  const asks = (entries: readonly OutboxEntry[], how: How): Ask[] => entries.map((entry) => ({ entry, how }));
  const step = createStep(doors, work);
  const outcomes = step([...asks(work.old, 'look'), ...asks(work.fresh, 'first')]);
  const isOld = ({ entry }: Outcome) => work.old.includes(entry);
  const lost = outcomes.filter((outcome) => outcome.resend && isOld(outcome)).map(({ entry }) => entry);
  step(asks(lost, 'again'));
  let alive = outcomes.filter((outcome) => !outcome.isFinal && !isOld(outcome));
  while (alive.length > 0 && doors.now() < until) {
    doors.sleep(POLL_MS);
    alive = step(alive.map(({ entry, resend }) => ({ entry, how: resend ? 'again' : 'glance' }))).filter(
      ({ isFinal }) => !isFinal,
    );
  }
}

/** One round: ask, understand, write what changed. An end that could not be written is asked for again. */
function createStep(doors: Doors, { connections, open }: Work): (asks: readonly Ask[]) => Outcome[] {
  const told = new Map<string, string>();
  const isNews = ({ entry, cells }: Outcome) => told.get(entry.id) !== `${cellText(cells?.status)} ${cells?.result}`;
  return (asks) => {
    if (asks.length === 0) return [];
    const answers = askAll(doors, connections, asks);
    const now = doors.now();
    const outcomes = asks.map(({ entry, how }, index) =>
      outcomeOf(entry, how, answers[index] as Answer, {
        now,
        formatTime: (iso) => doors.formatTime(iso, zoneOf(open, entry)),
      }),
    );
    const written = writeBack(doors, open, outcomes.filter(isNews));
    for (const { entry, cells } of outcomes) {
      if (written.has(entry.id)) told.set(entry.id, `${cellText(cells?.status)} ${cells?.result}`);
    }
    return outcomes.map((outcome) => ({ ...outcome, isFinal: outcome.isFinal && written.has(outcome.entry.id) }));
  };
}

/** A sheet that cannot be opened has no zone to tell times in. */
function zoneOf(open: OpenSheet, { spreadsheetId }: OutboxEntry): string {
  try {
    return open(spreadsheetId).timeZone();
  } catch {
    return 'Etc/UTC';
  }
}

function requestOf({ entry: { id, body }, how }: Ask): Pick<ApiRequest, 'method' | 'path' | 'body'> {
  const isSending = how === 'first' || how === 'again';
  return isSending ? { method: 'post', path: '/operations', body } : { method: 'get', path: `/operations/${id}` };
}

function askAll({ api }: Doors, connections: readonly Connection[], asks: readonly Ask[]): Answer[] {
  const connectionOf = ({ entry }: Ask): Connection | undefined =>
    connections.find(({ environment }) => environment === entry.environment);
  const reachable = asks.filter((ask) => connectionOf(ask) !== undefined);
  const answers = api.ask(reachable.map((ask) => ({ ...requestOf(ask), connection: connectionOf(ask) as Connection })));
  return asks.map((ask) => {
    const at = reachable.indexOf(ask);
    return at < 0 ? { kind: 'denied', why: `${ask.entry.environment} is not connected` } : (answers[at] as Answer);
  });
}
