import type { Tell } from './claim.ts';
import type { Doors } from './doors.ts';
import type { Planned } from './loop.ts';
import { confirmationKey } from './on-plan.ts';
import type { OwnCells, Row } from './rundown.ts';
import type { Memory } from './store.ts';

/** A wish whose event has not come after this long will never be anybody's. */
const UNSEEN_MS = 60_000;
/** A property holds 9 KB; the rest gets its turn later. */
const MOST_UNSEEN = 20;

/**
 * What nobody was seen to set gets a minute for its event to come, then it goes back.
 * @param place - The rows' own: a sheet, or a board of it.
 */
export function unseenTells(
  { store, now }: Doors,
  memory: Memory,
  place: string,
  { effects }: Planned,
  answer: (row: Row) => OwnCells,
): Tell[] {
  const before = memory.unseen(place);
  const at = now();
  const rows = effects.flatMap((effect) => (effect.kind === 'unseen' ? [effect.row] : [])).slice(0, MOST_UNSEEN);
  const since = (row: Row) => before[confirmationKey(row)] ?? at;
  const waiting = rows.filter((row) => at - since(row) < UNSEEN_MS);
  const after = Object.fromEntries(waiting.map((row) => [confirmationKey(row), since(row)]));
  if (JSON.stringify(after) !== JSON.stringify(before)) store.putUnseen(place, after);
  return rows.filter((row) => !waiting.includes(row)).map((row) => ({ row, cells: answer(row) }));
}
