import { sheetsConcerned, sheetsWithDueBoards } from './boards/due.ts';
import { refreshBoards, sheetsWithNewBoards } from './boards/refresh.ts';
import { tendPicks } from './boards/tend-picks.ts';
import type { Doors } from './doors.ts';
import { drive, type Later } from './drive.ts';
import { type OutboxEntry, PICKS_TAB } from './entry-record.ts';
import { opener } from './loop.ts';
import { GIVE_UP_MS } from './outcome.ts';
import type { Memory } from './store.ts';
import { tendAll, tendEach } from './tend-all.ts';
import { isNear } from './upkeep.ts';

const MINUTE_MS = 60_000;
const MINUTES_AN_HOUR = 60;

/**
 * A minute passed: claims what was left unclaimed or is due, in all sheets, and looks after others in turn; then sends,
 * looks and writes back for all of them together. What falls due within this minute is waited for, to the second.
 *
 * With nothing running, armed or near it costs one read; each sheet at rest is looked at once an hour.
 */
export function onTick(doors: Doors): void {
  const memory = doors.store.load();
  const now = doors.now();
  doors.store.removeEntries(memory.gone);
  const ids = sheetsToTend(memory, now);
  const sent = memory.entries.filter(({ phase }) => phase === 'sent');
  const later = dueSoon(memory, now);
  const boards = [...new Set([...sheetsWithDueBoards(memory, now), ...sheetsWithNewBoards(doors, memory, ids)])];
  const picked = picking(memory);
  if (ids.length === 0 && sent.length === 0 && later.length === 0 && boards.length === 0 && picked.length === 0) return;

  const open = opener(doors);
  const tended = tendEach(doors, memory, open, ids);
  // Wherever their sheets are: they were never sent, and their time is over.
  const unclaimed = memory.entries.filter(({ phase }) => phase === 'claiming');
  for (const { id, at } of unclaimed) if (now - at > GIVE_UP_MS) doors.store.removeEntry(id);
  const picks = tendPicks(doors, memory, open, [...new Set([...boards, ...picked])]);
  const fresh = [...tended.flatMap((one) => one.fresh), ...picks.fresh];
  const old = sent.filter(({ id }) => !fresh.some((one) => one.id === id));
  const adopted = [...tended.flatMap((one) => one.adopted), ...picks.adopted];
  const work = { connections: memory.connections, open, fresh, old: [...old, ...adopted] };
  // What was read before the wait may be wrong after it: everything is looked at again when the time has come.
  const begin = (which: readonly string[]) => () => tendAll(doors, open, which);
  drive(doors, { ...work, later: later.map(({ at, sheets }): Later => ({ at, begin: begin(sheets) })) });
  const hasEnded = old.some(({ id }) => !doors.store.hasEntry(id));
  const isNews = fresh.length > 0 || later.length > 0 || hasEnded;
  const ran = [
    ...[...fresh, ...old].map(({ spreadsheetId }) => spreadsheetId),
    ...later.flatMap(({ sheets }) => sheets),
  ];
  const concerned = isNews ? sheetsConcerned(memory, ran, doors.now()) : [];
  refreshBoards(doors, [...new Set([...concerned, ...boards])]);
}

/** Sheets where something was picked and not sent yet, or was picked by nobody that was seen. */
const picking = ({ entries, sheets, unseen }: Memory): string[] => [
  ...entries.flatMap(({ phase, tab, spreadsheetId }) => (phase === 'claiming' && tab ? [spreadsheetId] : [])),
  ...sheets.flatMap(({ id }) => (Object.keys(unseen(`${id}/${PICKS_TAB}`)).length > 0 ? [id] : [])),
];

/** Those where something waits, one of those whose night it is in turn, and each of the others once an hour. */
export function sheetsToTend({ entries, sheets }: Memory, now: number): string[] {
  const waits = ({ phase, at, disarmed }: OutboxEntry) =>
    phase === 'claiming' || (phase === 'armed' && (at <= now || disarmed !== undefined));
  const waiting = entries.filter(waits).map(({ spreadsheetId }) => spreadsheetId);
  const minute = Math.floor(now / MINUTE_MS);
  const near = sheets.filter((sheet) => isNear(sheet, now));
  const inTurn = near.filter((_sheet, at) => at === minute % near.length);
  const resting = sheets.filter(
    (sheet, at) => !isNear(sheet, now) && minute % MINUTES_AN_HOUR === at % MINUTES_AN_HOUR,
  );
  const unread = sheets.filter(({ watchTo, connectedUntil }) => watchTo === 0 && connectedUntil === 0);
  return [...new Set([...waiting, ...[...inTurn, ...resting, ...unread].map(({ id }) => id)])];
}

/** By time, the sheets with a step that falls due within this minute. */
function dueSoon({ entries }: Memory, now: number): { at: number; sheets: string[] }[] {
  const due = entries.filter(
    ({ phase, at, disarmed }) => phase === 'armed' && disarmed === undefined && at > now && at <= now + MINUTE_MS,
  );
  const times = [...new Set(due.map(({ at }) => at))];
  return times.map((at) => ({
    at,
    sheets: [...new Set(due.filter((entry) => entry.at === at).map(({ spreadsheetId }) => spreadsheetId))],
  }));
}
