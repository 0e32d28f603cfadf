import type { Tell } from '../claim.ts';
import type { Doors } from '../doors.ts';
import { type OutboxEntry, PICKS_TAB } from '../entry-record.ts';
import { findNamed } from '../known-services.ts';
import type { Planned } from '../loop.ts';
import { confirmationKey } from '../on-plan.ts';
import { GIVE_UP_MS } from '../outcome.ts';
import type { Row } from '../rundown.ts';
import { type OpenSheet, readingOf } from '../sheet.ts';
import type { Memory } from '../store.ts';
import { claimPicks, planBoard } from './edit-services.ts';
import { pickSays } from './pick-words.ts';

/** A pick whose event has not come after this long will never be anybody's. */
const UNSEEN_MS = 60_000;

export interface TendedPicks {
  /** Just claimed, to be sent. */
  readonly fresh: readonly OutboxEntry[];
  /** Met in rows, to be asked after. */
  readonly adopted: readonly OutboxEntry[];
}

/** Looks after what was picked in *Do now*, without an event. Sheets without a board have nothing to look after. */
export function tendPicks(doors: Doors, memory: Memory, open: OpenSheet, ids: readonly string[]): TendedPicks {
  const all = ids.map((id): TendedPicks => {
    try {
      if (!doors.openTab(id, PICKS_TAB)) return { fresh: [], adopted: [] };
      return tendOne(doors, memory, open, id);
    } catch (error) {
      console.error(`The board of the release sheet ${id}: ${(error as Error).message}`);
      return { fresh: [], adopted: [] };
    }
  });
  return { fresh: all.flatMap(({ fresh }) => fresh), adopted: all.flatMap(({ adopted }) => adopted) };
}

function tendOne(doors: Doors, memory: Memory, open: OpenSheet, spreadsheetId: string): TendedPicks {
  const sheet = open(spreadsheetId, PICKS_TAB);
  const reading = readingOf(sheet);
  if (!reading.ok) return { fresh: [], adopted: [] };
  const planned = planBoard(doors, memory, spreadsheetId, reading.rundown);
  const tells = unseenTells(doors, memory, spreadsheetId, planned);
  const fresh = claimPicks(doors, memory, { spreadsheetId, sheet, planned, tells, plan: () => open(spreadsheetId) });
  const adopted = strays(doors, spreadsheetId, planned);
  doors.store.putEntries(adopted);
  return { fresh: fresh ?? [], adopted };
}

/** What nobody was seen to pick gets a minute for its event to come, then it is taken back. */
function unseenTells(doors: Doors, memory: Memory, spreadsheetId: string, { effects }: Planned): Tell[] {
  const place = `${spreadsheetId}/${PICKS_TAB}`;
  const before = memory.unseen(place);
  const now = doors.now();
  const rows = effects.flatMap((effect) => (effect.kind === 'unseen' ? [effect.row] : []));
  const since = (row: Row) => before[confirmationKey(row)] ?? now;
  const waiting = rows.filter((row) => now - since(row) < UNSEEN_MS);
  const after = Object.fromEntries(waiting.map((row) => [confirmationKey(row), since(row)]));
  if (JSON.stringify(after) !== JSON.stringify(before)) doors.store.putUnseen(place, after);
  const due = rows.filter((row) => !waiting.includes(row));
  return due.map((row) => ({ row, cells: { pick: '', result: pickSays.unseen } }));
}

/** Rows that say Running under an id that the outbox does not know: the API knows how it stands. */
function strays({ store, now }: Doors, spreadsheetId: string, { effects, known }: Planned): OutboxEntry[] {
  return effects.flatMap((effect): OutboxEntry[] => {
    if (effect.kind !== 'stray') return [];
    const { operation: id, step, service, action, plannedStart, own } = effect.row;
    const [member] = findNamed(known, service)?.members ?? [];
    if (!member || store.hasEntry(id)) return [];
    // As old as a request can be: what the API does not know by now was never run.
    const at = now() - GIVE_UP_MS - 1;
    const asked = { step, service, action, plannedStart, requestedBy: String(own.by), body: '', at };
    return [{ id, phase: 'sent', environment: member.environment, spreadsheetId, tab: PICKS_TAB, ...asked }];
  });
}
