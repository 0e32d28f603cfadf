import { claim, type Tell } from './claim.ts';
import type { Doors } from './doors.ts';
import { drive } from './drive.ts';
import type { OutboxEntry } from './entry-record.ts';
import { claimsOf, forgottenOf, opener, type Planned, planSheet, tellsOf } from './loop.ts';
import { GIVE_UP_MS } from './outcome.ts';
import { findService, namesOf } from './plan.ts';
import { isOurs, type Row, readRundown } from './rundown.ts';
import { says } from './sentences.ts';
import type { RundownSheet } from './sheet.ts';
import type { Memory } from './store.ts';

/** A Go whose event has not come after this long will never be anybody's. */
const UNSEEN_MS = 60_000;
/** A property holds 9 KB; the rest gets its turn later. */
const MOST_UNSEEN = 20;

interface Found {
  readonly fresh: readonly OutboxEntry[];
  readonly adopted: readonly OutboxEntry[];
}

/**
 * A minute passed: claims what was left unclaimed, in all sheets; looks after one sheet in turn; then sends, looks and
 * writes back for all of them together. With nothing to do it costs two reads.
 */
export function onTick(doors: Doors): void {
  const memory = doors.store.load();
  const open = opener(doors);
  const turn = memory.sheets[Math.floor(doors.now() / 60_000) % Math.max(1, memory.sheets.length)];
  const unclaimed = memory.entries.filter(({ phase }) => phase === 'claiming');
  const wanted = new Set([
    ...unclaimed.map(({ spreadsheetId }) => spreadsheetId),
    ...(turn === undefined ? [] : [turn]),
  ]);
  const found = [...wanted].map((spreadsheetId): Found => {
    try {
      return tend(doors, memory, open(spreadsheetId), spreadsheetId);
    } catch (error) {
      // One sheet that was deleted or locked away must not hold up the others.
      console.error(`The release sheet ${spreadsheetId}: ${(error as Error).message}`);
      return { fresh: [], adopted: [] };
    }
  });
  // Wherever their sheets are: they were never sent, and their time is over.
  for (const { id, at } of unclaimed) if (doors.now() - at > GIVE_UP_MS) doors.store.removeEntry(id);
  const fresh = found.flatMap((one) => one.fresh);
  const sent = memory.entries.filter(({ phase, id }) => phase === 'sent' && !fresh.some((one) => one.id === id));
  const { connections } = memory;
  drive(doors, { connections, open, fresh, old: [...sent, ...found.flatMap(({ adopted }) => adopted)] });
}

function tend(doors: Doors, memory: Memory, sheet: RundownSheet, spreadsheetId: string): Found {
  const reading = readRundown(sheet.read());
  if (!reading.ok) {
    console.warn(`The release sheet ${spreadsheetId}: ${reading.message}`);
    return { fresh: [], adopted: [] };
  }
  const planned = planSheet(doors, memory, spreadsheetId, reading.rundown);
  const strays = strayRows(doors, spreadsheetId, planned);
  const unseen = unseenTells(doors, memory, spreadsheetId, planned);
  const tells = [...tellsOf(planned), ...unseen, ...strays.tells];
  const fresh = claim(doors, sheet, tells, claimsOf(doors, spreadsheetId, planned));
  if (fresh === undefined) return { fresh: [], adopted: [] };
  for (const { id } of forgottenOf(planned)) doors.store.removeEntry(id);
  doors.store.putEntries(strays.adopted);
  return { fresh, adopted: strays.adopted };
}

/** A Go that nobody was seen to set gets a minute for its event to come, then it goes back. */
function unseenTells(doors: Doors, memory: Memory, spreadsheetId: string, { effects }: Planned): Tell[] {
  const before = memory.unseen(spreadsheetId);
  const now = doors.now();
  const rows = effects.flatMap((effect) => (effect.kind === 'unseen' ? [effect.row] : [])).slice(0, MOST_UNSEEN);
  const key = ({ step, service, action, plannedStart }: Row) => [step, service, action, plannedStart].join(' | ');
  const since = (row: Row) => before[key(row)] ?? now;
  const waiting = rows.filter((row) => now - since(row) < UNSEEN_MS);
  const after = Object.fromEntries(waiting.map((row) => [key(row), since(row)]));
  if (JSON.stringify(after) !== JSON.stringify(before)) doors.store.putUnseen(spreadsheetId, after);
  const due = rows.filter((row) => !waiting.includes(row));
  return due.map((row) => ({ row, cells: { status: 'Planned', result: isOurs(row) ? says.unseen : says.noAction } }));
}

/** Running rows whose operation the outbox does not know. Whatever happened, the API knows how it stands. */
function strayRows(doors: Doors, spreadsheetId: string, { effects, services }: Planned) {
  const tells: Tell[] = [];
  const adopted: OutboxEntry[] = [];
  for (const effect of effects) {
    if (effect.kind !== 'stray') continue;
    const { row } = effect;
    const service = findService(services, row.service);
    if (!service) {
      const result = says.cannotAsk(row.service, row.operation, namesOf(services));
      if (row.result !== result) tells.push({ row, cells: { result } });
    } else if (!doors.store.hasEntry(row.operation)) {
      // Asked last of all: an execution may have claimed it since everything was read.
      adopted.push(adopt(row, service.environment, spreadsheetId, doors.now()));
    }
  }
  return { tells, adopted };
}

function adopt(row: Row, environment: string, spreadsheetId: string, now: number): OutboxEntry {
  const { operation: id, step, plannedStart, service, action } = row;
  // As old as a request can be: what the API does not know by now was never run.
  const at = now - GIVE_UP_MS - 1;
  const asked = { step, plannedStart, service, action, requestedBy: String(row.own.by) };
  return { id, phase: 'sent', environment, spreadsheetId, ...asked, body: '', at };
}
