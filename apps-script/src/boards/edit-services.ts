import { claim, type Tell } from '../claim.ts';
import type { Doors } from '../doors.ts';
import { drive } from '../drive.ts';
import type { Edit } from '../edit.ts';
import type { Effect } from '../effects.ts';
import { type OutboxEntry, PICKS_TAB } from '../entry-record.ts';
import { heldByExits, sheetsToTell } from '../exits.ts';
import { knownOf } from '../known-services.ts';
import { claimsOf, forgottenOf, opener, type Planned } from '../loop.ts';
import { type Confirmation, confirmationKey, isLive } from '../on-plan.ts';
import { type Rundown, readRundown } from '../rundown.ts';
import { type RundownSheet, readingOf } from '../sheet.ts';
import type { Memory } from '../store.ts';
import { tendAll } from '../tend-all.ts';
import { allowlistOf } from './allowlist.ts';
import { sheetsConcerned } from './due.ts';
import { planPicks } from './plan-picks.ts';
import { refreshBoards } from './refresh.ts';
import { readBoard } from './services-board.ts';

/**
 * Somebody edited the tab Services. What was picked in *Do now* runs at once, the way that a Go does; what was written
 * over the board itself is put right. Any other edit costs one read.
 */
export function onServicesEdit(doors: Doors, edit: Edit): void {
  const { sheet, spreadsheetId, firstRow, lastRow, firstColumn, lastColumn } = edit;
  const values = sheet.read();
  const reading = sheet.reader?.(values) ?? readRundown(values);
  if (!reading.ok) {
    sheet.note(firstRow, firstColumn, reading.message);
    return;
  }
  const { rows, columns } = reading.rundown;
  const touched = rows.filter(({ number }) => number >= firstRow && number <= lastRow);
  const coversPick = firstColumn <= columns.action && columns.action <= lastColumn;
  const isForged = boardPlaces(values).some((place) => firstColumn <= place && place <= lastColumn);
  if (!coversPick || !touched.some(({ action }) => action !== '')) {
    if (isForged) refreshBoards(doors, [spreadsheetId]);
    return;
  }
  const memory = doors.store.load();
  const typed = firstColumn === columns.action ? edit.typed : undefined;
  const authority = { firstRow, lastRow, coversStatus: true, user: edit.user, typed };
  const planned = planBoard(doors, memory, spreadsheetId, reading.rundown, authority);
  const open = opener(doors, new Map([[`${spreadsheetId}/${PICKS_TAB}`, sheet]]));
  const fresh = claimPicks(doors, memory, { spreadsheetId, sheet, planned, plan: () => open(spreadsheetId) });
  drive(doors, { connections: planned.connections, open, fresh: fresh ?? [], old: [] }, () =>
    planned.effects.some((effect) => effect.kind === 'start' && effect.action === 'exit')
      ? tendAll(doors, open, [...new Set(sheetsToTell(doors.store.load(), doors.now()))])
      : [],
  );
  if (fresh && fresh.length > 0) refreshBoards(doors, sheetsConcerned(memory, [spreadsheetId], doors.now()));
}

/** Where the board itself stands. */
const boardPlaces = (values: readonly (readonly unknown[])[]): number[] =>
  Object.values(readBoard(values)?.columns ?? {});

export function planBoard(
  doors: Doors,
  memory: Memory,
  spreadsheetId: string,
  rundown: Rundown,
  authority?: Parameters<typeof planPicks>[0]['authority'],
): Planned {
  const { connections } = memory;
  const known = knownOf(connections);
  const effects = planPicks({
    rundown,
    entries: memory.entries.filter((entry) => entry.spreadsheetId === spreadsheetId && entry.tab === PICKS_TAB),
    known,
    confirmations: memory.confirmations(spreadsheetId),
    authority,
    controller: doors.controller(),
    now: doors.now(),
    formatTime: (iso) => iso,
  });
  return { effects, rundown, known, connections };
}

export interface Picks {
  readonly spreadsheetId: string;
  readonly sheet: RundownSheet;
  readonly planned: Planned;
  readonly tells?: readonly Tell[];
  /** The rundown, which knows when a service is planned to open. */
  plan(): RundownSheet;
}

/** @returns What is to be sent; undefined if the lock could not be had. */
export function claimPicks(
  doors: Doors,
  memory: Memory,
  { spreadsheetId, sheet, planned, tells = [], plan }: Picks,
): OutboxEntry[] | undefined {
  const starts = planned.effects.some(({ kind }) => kind === 'start');
  const rundown = starts ? rundownOf(plan, planned.rundown) : planned.rundown;
  const allowlist = (service: string) => allowlistOf(doors, spreadsheetId, service);
  const claims = claimsOf(doors, { spreadsheetId, tab: PICKS_TAB, allowlist }, { ...planned, rundown });
  const isKept = ({ id }: OutboxEntry) => memory.entries.some((entry) => entry.id === id);
  const starting = claims.flatMap(({ entries }) => entries).filter((entry) => !isKept(entry));
  doors.store.putEntries([...starting, ...heldByExits(doors, memory, planned, claims)]);
  const answers = planned.effects.flatMap((effect) => (effect.kind === 'tell' ? [effect] : []));
  const fresh = claim(doors, sheet, [...answers, ...tells], claims);
  for (const { id } of forgottenOf(planned)) {
    if (!fresh?.some((entry) => entry.id === id)) doors.store.removeEntry(id);
  }
  // Only now, when the cell is empty: the same event come twice finds nothing there that it could confirm.
  if (fresh) keepConfirmations(doors, memory, { spreadsheetId, effects: planned.effects, fresh });
  return fresh;
}

/** Without a rundown nobody knows a planned end. */
function rundownOf(plan: () => RundownSheet, otherwise: Rundown): Rundown {
  try {
    const reading = readingOf(plan());
    return reading.ok ? reading.rundown : otherwise;
  } catch {
    return otherwise;
  }
}

interface Claimed {
  readonly spreadsheetId: string;
  readonly effects: readonly Effect[];
  readonly fresh: readonly OutboxEntry[];
}

/** A first pick is kept in mind; one that was confirmed is used up. */
function keepConfirmations(doors: Doors, memory: Memory, { spreadsheetId, effects, fresh }: Claimed): void {
  const first = effects.flatMap((effect): Confirmation[] =>
    effect.kind === 'tell' && effect.confirmation ? [effect.confirmation] : [],
  );
  const isUsed = ({ key }: Confirmation) => fresh.some((entry) => confirmationKey(entry) === key);
  const before = memory.confirmations(spreadsheetId);
  const kept = before.filter((one) => isLive(one, doors.now()) && !isUsed(one));
  if (first.length === 0 && kept.length === before.length) return;
  doors.store.putConfirmations(spreadsheetId, [...kept, ...first]);
}
