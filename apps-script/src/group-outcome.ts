import type { MemberEnd, OutboxEntry } from './entry-record.ts';
import { rowIdOf } from './entry-record.ts';
import type { Outcome } from './outcome.ts';
import { cellText, type OwnCells } from './rundown.ts';

/** A row that names a group has one operation for each member: what they come to together. Pure. */

interface Member extends MemberEnd {
  readonly isFinal: boolean;
}

/** Done when all are; Failed when all have ended and one of them failed; else it is still running. */
export function combine(members: readonly Member[]): OwnCells {
  const has = (status: string) => members.some((member) => member.status === status);
  const areAllFinal = members.every(({ isFinal }) => isFinal);
  const open = has('Unproven') && !has('Running') ? 'Unproven' : 'Running';
  const closed = has('Failed') ? 'Failed' : has('Unproven') ? 'Unproven' : 'Done';
  const status = areAllFinal ? closed : open;
  const result = members.map((member) => member.result).join('\n');
  const ends = members.flatMap(({ finished }) => (finished === undefined ? [] : [finished]));
  return status === 'Done' ? { status, result, finished: new Date(Math.max(...ends)) } : { status, result };
}

export interface Groups {
  /** One outcome for each row. */
  ofRows(outcomes: readonly Outcome[]): Outcome[];
  /** Those that ended while others of their group had not: to be kept until then. */
  ended(outcomes: readonly Outcome[]): OutboxEntry[];
}

/** @param entries - All that this execution knows: members that ended earlier are among them. */
export function createGroups(entries: readonly OutboxEntry[]): Groups {
  const members = new Map<string, Map<string, Member>>();
  for (const { id, rowId, ended } of entries) {
    if (rowId === undefined) continue;
    const group = members.get(rowId) ?? new Map<string, Member>();
    members.set(
      rowId,
      group.set(id, ended ? { ...ended, isFinal: true } : { status: 'Running', result: '', isFinal: false }),
    );
  }

  function note({ entry, cells, isFinal }: Outcome): void {
    const group = members.get(rowIdOf(entry));
    const before = group?.get(entry.id);
    if (!group || !before) return;
    const finished = cells?.finished === undefined ? before.finished : (cells.finished as Date).getTime();
    const status = cellText(cells?.status) || before.status;
    group.set(entry.id, { status, result: cellText(cells?.result) || before.result, finished, isFinal });
  }

  function ofGroup(outcome: Outcome): Outcome {
    const group = members.get(rowIdOf(outcome.entry)) as Map<string, Member>;
    const all = [...group.values()];
    return { ...outcome, cells: combine(all), isFinal: all.every(({ isFinal }) => isFinal), forget: [...group.keys()] };
  }

  return {
    ofRows(outcomes) {
      outcomes.forEach(note);
      const seen = new Set<string>();
      return outcomes.flatMap((outcome) => {
        const { rowId } = outcome.entry;
        if (rowId === undefined) return [outcome];
        if (seen.has(rowId) || !members.has(rowId)) return [];
        seen.add(rowId);
        return [ofGroup(outcome)];
      });
    },
    ended: (outcomes) =>
      outcomes.flatMap(({ entry, isFinal }) => {
        const group = entry.rowId === undefined ? undefined : members.get(entry.rowId);
        const own = group?.get(entry.id);
        if (!group || !own || !isFinal || entry.ended) return [];
        if ([...group.values()].every((member) => member.isFinal)) return [];
        const { status, result, finished } = own;
        return [{ ...entry, ended: { status, result, finished } }];
      }),
  };
}
