import type { Answer, ApiRequest } from './api-client.ts';
import type { Connection } from './connections.ts';
import type { Doors } from './doors.ts';
import type { OutboxEntry } from './entry-record.ts';
import { settleExits } from './exits.ts';
import { createGroups } from './group-outcome.ts';
import { confirmationKey } from './on-plan.ts';
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
  /** Due within this minute. */
  readonly later?: readonly Later[];
}

/** Steps whose time comes while others are being watched. */
export interface Later {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** @returns What was claimed then. */
  begin(): readonly OutboxEntry[];
}

interface Ask {
  readonly entry: OutboxEntry;
  readonly how: How;
}

/**
 * Sends and looks for all sheets together, and writes back what was learnt.
 * @param onSent - Called once, when everything that was ready has been sent.
 */
export function drive(doors: Doors, work: Work, onSent: () => readonly OutboxEntry[] = () => []): void {
  const { old, fresh, later = [] } = work;
  const asks = (entries: readonly OutboxEntry[], how: How): Ask[] => entries.map((entry) => ({ entry, how }));
  const step = createStep(doors, work);
  const alive = (outcomes: readonly Outcome[]) => outcomes.filter(({ isFinal }) => !isFinal);
  const open = old.filter(({ ended }) => ended === undefined);
  const outcomes = step([...asks(open, 'look'), ...asks(fresh, 'first')]);
  const isOld = ({ entry }: Outcome) => old.includes(entry);
  const lost = outcomes.filter((outcome) => outcome.resend && isOld(outcome)).map(({ entry }) => entry);
  step(asks(lost, 'again'));
  let watched = alive(outcomes.filter((outcome) => !isOld(outcome)));
  watched = [...watched, ...alive(step(asks(onSent(), 'first')))];
  const due = [...later].sort((a, b) => a.at - b.at);
  let until = doors.now() + WATCH_MS;
  while ((watched.length > 0 && doors.now() < until) || due.length > 0) {
    const next = due[0];
    if (next && (watched.length === 0 || next.at <= doors.now() + POLL_MS)) {
      due.shift();
      doors.sleep(Math.max(0, next.at - doors.now()));
      watched = [...watched, ...alive(step(asks(next.begin(), 'first')))];
      until = doors.now() + WATCH_MS;
      continue;
    }
    doors.sleep(POLL_MS);
    watched = alive(step(watched.map(({ entry, resend }) => ({ entry, how: resend ? 'again' : 'glance' }))));
  }
}

/** One round: ask, understand, write what changed. An end that could not be written is asked for again. */
function createStep(doors: Doors, { connections, open, fresh, old }: Work): (asks: readonly Ask[]) => Outcome[] {
  let known = [...old, ...fresh];
  let groups = createGroups(known);
  const told = new Map<string, string>();
  const isNews = ({ entry, cells }: Outcome) => told.get(entry.id) !== `${cellText(cells?.status)} ${cells?.result}`;
  return (asks) => {
    if (asks.length === 0) return [];
    const added = asks.map(({ entry }) => entry).filter((entry) => !known.some(({ id }) => id === entry.id));
    if (added.length > 0) {
      known = [...known, ...added];
      groups = createGroups(known);
    }
    const answers = askAll(doors, connections, asks);
    const now = doors.now();
    const outcomes = asks.map(({ entry, how }, index) =>
      outcomeOf(entry, how, answers[index] as Answer, {
        now,
        formatTime: (iso) => doors.formatTime(iso, zoneOf(open, entry)),
      }),
    );
    settleExits(
      doors,
      outcomes.filter((_outcome, index) => asks[index]?.how !== 'glance'),
    );
    const rows = groups.ofRows(outcomes);
    doors.store.putEntries(groups.ended(outcomes));
    const written = writeBack(doors, open, rows.filter(isNews));
    for (const { entry, cells } of rows) {
      if (written.has(entry.id)) told.set(entry.id, `${cellText(cells?.status)} ${cells?.result}`);
    }
    keepTakeOvers(doors, outcomes);
    // A member that has ended is not asked again; a row's own end counts once it is in the row.
    const isWritten = ({ entry }: Outcome) => entry.rowId !== undefined || written.has(entry.id);
    return outcomes.map((outcome) => ({ ...outcome, isFinal: outcome.isFinal && isWritten(outcome) }));
  };
}

/** Who was told that another sheet holds the service may set Go once more, and takes over. */
function keepTakeOvers({ store, now }: Doors, outcomes: readonly Outcome[]): void {
  for (const { entry, isHeldByOther } of outcomes) {
    if (!isHeldByOther) continue;
    const { spreadsheetId, requestedBy } = entry;
    const before = store.load().confirmations(spreadsheetId);
    const confirmation = { key: confirmationKey(entry), kind: 'take-over', user: requestedBy, at: now() } as const;
    store.putConfirmations(spreadsheetId, [...before, confirmation]);
  }
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
