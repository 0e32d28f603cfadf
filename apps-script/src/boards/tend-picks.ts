import type { Doors } from '../doors.ts';
import { type OutboxEntry, PICKS_TAB } from '../entry-record.ts';
import { findNamed } from '../known-services.ts';
import type { Planned } from '../loop.ts';
import { GIVE_UP_MS } from '../outcome.ts';
import { type OpenSheet, readingOf } from '../sheet.ts';
import type { Memory } from '../store.ts';
import { unseenTells } from '../unseen.ts';
import { claimPicks, planBoard } from './edit-services.ts';
import { pickSays } from './pick-words.ts';

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
  const tells = unseenTells(doors, memory, `${spreadsheetId}/${PICKS_TAB}`, planned, () => ({
    pick: '',
    result: pickSays.unseen,
  }));
  const fresh = claimPicks(doors, memory, { spreadsheetId, sheet, planned, tells, plan: () => open(spreadsheetId) });
  const adopted = strays(doors, spreadsheetId, planned);
  doors.store.putEntries(adopted);
  return { fresh: fresh ?? [], adopted };
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
