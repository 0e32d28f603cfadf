import { actionByTitle } from '../../contract/modes.ts';
import type { Claim } from './claim.ts';
import type { Doors } from './doors.ts';
import { type Disarmed, isSure, type OutboxEntry } from './entry-record.ts';
import { findNamed, type Known } from './known-services.ts';
import type { Planned } from './loop.ts';
import type { Outcome } from './outcome.ts';
import { says } from './sentences.ts';
import type { Memory } from './store.ts';

/**
 * Who opens a service by hand means it: what else is armed for that service, in all sheets, is not run any more (DESIGN D3).
 * That holds from before the exit is sent, so that nothing closes the service behind it; and it is undone if the exit is
 * refused, which changes nothing.
 */
export function heldByExits(doors: Doors, memory: Memory, planned: Planned, claims: readonly Claim[]): OutboxEntry[] {
  const byHand = planned.effects.flatMap((effect) =>
    effect.kind === 'start' && effect.action === 'exit' ? [effect.row.number] : [],
  );
  const exits = claims.filter(({ row }) => byHand.includes(row.number)).flatMap(({ entries }) => entries);
  return exits.flatMap((exit) =>
    memory.entries
      .filter(
        (entry) => entry.phase === 'armed' && entry.id !== rowOf(claims, exit) && opens(planned.known, exit, entry),
      )
      .map((entry) => ({ ...entry, disarmed: disarmedBy(exit, entry, memory, doors.now()) })),
  );
}

/** What its row was armed under goes with the row's own Go. */
const rowOf = (claims: readonly Claim[], exit: OutboxEntry): string | undefined =>
  claims.find(({ entries }) => entries.includes(exit))?.row.operation;

function opens(known: Known, exit: OutboxEntry, armed: OutboxEntry): boolean {
  const { service } = JSON.parse(exit.body) as { service: string };
  return findNamed(known, armed.service)?.members.some(({ name }) => name === service) ?? false;
}

function disarmedBy(exit: OutboxEntry, armed: OutboxEntry, { sheets }: Memory, at: number): Disarmed {
  const other = sheets.find(({ id }) => id === exit.spreadsheetId && id !== armed.spreadsheetId);
  const step = exit.tab ? says.byPick : says.byStep(exit.step, other?.name);
  return { why: says.disarmedByExit(step, exit.requestedBy), by: exit.requestedBy, at, exit: exit.id };
}

/** What an exit was answered decides whether the steps that wait for it stay armed. */
export function settleExits({ store }: Doors, outcomes: readonly Outcome[]): void {
  const exits = outcomes.filter(
    ({ entry, isLetIn, isFinal }) => actionByTitle(entry.action) === 'exit' && (isLetIn || isFinal),
  );
  if (exits.length === 0) return;
  const waiting = store.load().entries.filter(({ disarmed }) => disarmed?.exit !== undefined);
  store.putEntries(
    waiting.flatMap((entry): OutboxEntry[] => {
      const { disarmed } = entry;
      const exit = exits.find((one) => one.entry.id === disarmed?.exit);
      if (!disarmed || !exit) return [];
      return [{ ...entry, disarmed: exit.isLetIn ? { ...disarmed, exit: undefined } : undefined }];
    }),
  );
}

/** Sheets with rows that are to be told. */
export const sheetsToTell = (memory: Memory, now: number): string[] =>
  memory.entries.flatMap(({ disarmed, spreadsheetId }) => (disarmed && isSure(disarmed, now) ? [spreadsheetId] : []));
