import { answersOf } from './answers.ts';
import { allowlistOf } from './boards/allowlist.ts';
import { notesOf } from './boards/notes.ts';
import { claim, type Tell } from './claim.ts';
import type { Connection } from './connections.ts';
import type { Doors } from './doors.ts';
import type { OutboxEntry } from './entry-record.ts';
import { findNamed, namesOf } from './known-services.ts';
import { claimsOf, forgottenOf, formatPlanned, type Planned, planSheet, remember } from './loop.ts';
import { GIVE_UP_MS } from './outcome.ts';
import { putBack } from './put-back.ts';
import { hasStatus, isOurs, type Row, readRundown } from './rundown.ts';
import { says } from './sentences.ts';
import type { RundownSheet } from './sheet.ts';
import type { Memory } from './store.ts';
import { unseenTells } from './unseen.ts';

/** Looks after one sheet without an event: what was left unclaimed, what is due, what nobody was seen to set. */

export interface Tended {
  /** Just claimed, to be sent. */
  readonly fresh: readonly OutboxEntry[];
  /** Met in rows, to be asked after. */
  readonly adopted: readonly OutboxEntry[];
  readonly connections: readonly Connection[];
  /** What the sheet said; undefined if it could not be read. */
  readonly planned?: Planned;
}

/** @throws Error - The sheet cannot be read. */
export function tend(doors: Doors, memory: Memory, sheet: RundownSheet, spreadsheetId: string): Tended {
  const nothing = { fresh: [], adopted: [], connections: memory.connections };
  const reading = readRundown(sheet.read());
  if (!reading.ok) {
    console.warn(`The release sheet ${spreadsheetId}: ${reading.message}`);
    return nothing;
  }
  const planned = planSheet(doors, memory, spreadsheetId, sheet, reading.rundown);
  const strays = strayRows(doors, spreadsheetId, planned);
  const before = {
    entries: memory.entries.filter((entry) => entry.spreadsheetId === spreadsheetId),
    formatTime: (iso: string) => formatPlanned(doors, sheet.timeZone())(iso),
  };
  const unseen = unseenTells(doors, memory, spreadsheetId, planned, (row) => {
    const cells = putBack(row, unseenWords(row), before);
    return cells.status === 'Planned' ? { ...cells, operation: '' } : cells;
  });
  const allowlist = (service: string) => allowlistOf(doors, spreadsheetId, service);
  const claims = claimsOf(doors, { spreadsheetId, allowlist }, planned);
  const { tells, armed, disarmed } = answersOf(doors, spreadsheetId, sheet, planned);
  const resumed = planned.effects.some(({ kind }) => kind === 'resume');
  // What fires now is a claim of its own from here on, whatever happens to this execution.
  const starting = claims.flatMap(({ entries }) => entries);
  doors.store.putEntries([...(resumed ? starting.filter(isNew(memory)) : starting), ...armed]);
  remember(doors, memory, spreadsheetId, planned);
  const fresh = claim(doors, sheet, [...tells, ...unseen, ...strays.tells], claims);
  if (fresh === undefined) return nothing;
  doors.store.putEntries([], notesOf(doors, spreadsheetId, planned, { armed, user: '' }));
  for (const { id } of [...disarmed, ...forgottenOf(planned)]) {
    if (!fresh.some((entry) => entry.id === id)) doors.store.removeEntry(id);
  }
  forgetFired(doors, planned, fresh);
  doors.store.putEntries(strays.adopted);
  return { fresh, adopted: strays.adopted, connections: planned.connections, planned };
}

const isNew =
  ({ entries }: Memory) =>
  ({ id, phase }: OutboxEntry): boolean =>
    !entries.some((known) => known.id === id && known.phase === phase);

/** A group fires under its members' ids; what was armed under the row's own is over then. */
function forgetFired({ store }: Doors, { effects }: Planned, fresh: readonly OutboxEntry[]): void {
  for (const effect of effects) {
    if (effect.kind !== 'fire') continue;
    const { id } = effect.entry;
    if (fresh.some(({ rowId }) => rowId === id)) store.removeEntry(id);
  }
}

function unseenWords(row: Row): string {
  if (!isOurs(row)) return says.noAction;
  return hasStatus(row, 'Scheduled') ? says.unseenScheduled : says.unseen;
}

/** Running rows whose operation the outbox does not know. Whatever happened, the API knows how it stands. */
function strayRows(doors: Doors, spreadsheetId: string, { effects, known }: Planned) {
  const tells: Tell[] = [];
  const adopted: OutboxEntry[] = [];
  for (const effect of effects) {
    if (effect.kind !== 'stray') continue;
    const { row } = effect;
    const named = findNamed(known, row.service);
    if (!named) {
      const result = says.cannotAsk(row.service, row.operation, namesOf(known));
      if (row.result !== result) tells.push({ row, cells: { result } });
      continue;
    }
    const ids = named.members.map(({ name }) => (named.isGroup ? `${row.operation}_${name}` : row.operation));
    // Asked last of all: an execution may have claimed it since everything was read.
    if (ids.some((id) => doors.store.hasEntry(id))) continue;
    named.members.forEach(({ environment }, at) => {
      const id = ids[at] as string;
      const rowId = named.isGroup ? { rowId: row.operation } : {};
      adopted.push({ id, ...rowId, environment, spreadsheetId, ...asAdopted(row, doors.now()) });
    });
  }
  return { tells, adopted };
}

/** As old as a request can be: what the API does not know by now was never run. */
function asAdopted({ step, plannedStart, service, action, own }: Row, now: number) {
  const at = now - GIVE_UP_MS - 1;
  return { phase: 'sent', step, plannedStart, service, action, requestedBy: String(own.by), body: '', at } as const;
}
