import type { Doors } from '../doors.ts';
import type { OutboxEntry } from '../entry-record.ts';
import type { Planned } from '../loop.ts';
import type { SheetNote } from './record.ts';

interface Happened {
  /** What was armed, or armed for another time. */
  readonly armed: readonly OutboxEntry[];
  /** Blank if nobody did it: the clock did. */
  readonly user: string;
}

/** What the sheet did with armed steps, for its audit: no API knows of it. */
export function notesOf(
  doors: Doors,
  spreadsheetId: string,
  { effects }: Planned,
  { armed, user }: Happened,
): SheetNote[] {
  const at = doors.now();
  const moved = new Map(effects.flatMap((effect) => (effect.kind === 'rearm' ? [[effect.entry.id, effect.user]] : [])));
  const of = (entry: OutboxEntry, what: SheetNote['what'], who: string, details: string): SheetNote => {
    const { id, step, service, action } = entry;
    return { spreadsheetId, id, what, at, who, step, service, action, plannedAt: entry.at, details };
  };
  return [
    ...armed.map((entry) => {
      const mover = moved.get(entry.id);
      return mover === undefined
        ? of(entry, 'Armed', entry.requestedBy, 'It runs by itself at its planned start.')
        : of(entry, 'Moved', mover, 'It runs by itself at its new planned start.');
    }),
    ...effects.flatMap((effect) =>
      effect.kind === 'disarm' ? [of(effect.entry, 'Disarmed', effect.by || user || 'Drawbridge', effect.result)] : [],
    ),
    ...effects.flatMap((effect) =>
      effect.kind === 'forget' && effect.why ? [of(effect.entry, 'Disarmed', user || 'Drawbridge', effect.why)] : [],
    ),
  ];
}
