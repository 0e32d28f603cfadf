import type { Action } from '../../contract/modes.ts';
import type { Claim } from './claim.ts';
import type { Connection } from './connections.ts';
import type { Doors } from './doors.ts';
import type { Authority, Effect } from './effects.ts';
import { type AllowlistEntry, createEntry, type OutboxEntry } from './entry-record.ts';
import { type Known, knownOf } from './known-services.ts';
import { isLive } from './on-plan.ts';
import { plan } from './plan.ts';
import type { Rundown } from './rundown.ts';
import { plannedEndOf } from './schedule.ts';
import type { OpenSheet, RundownSheet } from './sheet.ts';
import type { Memory } from './store.ts';

/** What both kinds of wake-up share (DESIGN D3): plan from one read, and turn the effects into work. */

export interface Planned {
  readonly effects: readonly Effect[];
  readonly rundown: Rundown;
  readonly known: Known;
  readonly connections: readonly Connection[];
}

/** An instant as people read it in the sheet, with UTC beside it where that is another. */
export const PLANNED = 'yyyy-MM-dd HH:mm';

export const formatPlanned =
  (doors: Doors, timeZone: string) =>
  (iso: string): string => {
    const here = doors.formatTime(iso, timeZone, PLANNED);
    const utc = doors.formatTime(iso, 'Etc/UTC', PLANNED);
    return here === utc ? `${here} UTC` : `${here} (${utc.slice(11)} UTC)`;
  };

/** A service that is not known may be new: the APIs are asked once before anybody is told that it does not exist. */
export function planSheet(
  doors: Doors,
  memory: Memory,
  spreadsheetId: string,
  sheet: Pick<RundownSheet, 'timeZone'>,
  rundown: Rundown,
  authority?: Authority,
): Planned {
  const entries = memory.entries.filter((entry) => entry.spreadsheetId === spreadsheetId && !entry.tab);
  const inputs = {
    rundown,
    entries,
    authority,
    confirmations: memory.confirmations(spreadsheetId),
    controller: doors.controller(),
    now: doors.now(),
    formatTime: (iso: string) => formatPlanned(doors, sheet.timeZone())(iso),
  };
  const known = knownOf(memory.connections);
  const effects = plan({ ...inputs, known });
  if (!effects.some(({ kind }) => kind === 'unknown-service')) {
    return { effects, rundown, known, connections: memory.connections };
  }
  const connections = refresh(doors, memory.connections);
  const fresh = knownOf(connections);
  return { effects: plan({ ...inputs, known: fresh }), rundown, known: fresh, connections };
}

/** Asks every API what services it has now. */
export function refresh({ api, store }: Doors, connections: readonly Connection[]): readonly Connection[] {
  const fresh = api.services(connections).map(
    ({ connection, told }): Connection => ({
      ...connection,
      isProduction: told.production,
      services: told.services.map(({ service, title, operators }) => ({ name: service, title, operators })),
      groups: told.groups.map(({ group, title, services }) => ({ name: group, title, services })),
    }),
  );
  store.putConnections(fresh);
  return connections.map((old) => fresh.find(({ environment }) => environment === old.environment) ?? old);
}

export interface ClaimOptions {
  readonly spreadsheetId: string;
  /** Of the rows, if that is not the rundown. */
  readonly tab?: OutboxEntry['tab'];
  /** Who is let in by Enable allowlist, of the sheet's own tab; asked for only where it is needed. */
  allowlist(service: string): readonly AllowlistEntry[] | undefined;
}

export function claimsOf(doors: Doors, { spreadsheetId, tab, allowlist }: ClaimOptions, planned: Planned): Claim[] {
  const { effects } = planned;
  return effects.flatMap((effect): Claim[] => {
    if (effect.kind === 'resume') return [{ row: effect.row, entries: effect.entries }];
    if (effect.kind !== 'start' && effect.kind !== 'fire') return [];
    const { row, named, action } = effect;
    const rowId = effect.kind === 'fire' ? effect.entry.id : doors.newId();
    const requestedBy = effect.kind === 'fire' ? effect.entry.requestedBy : effect.requestedBy;
    const takeOver = effect.kind === 'start' && effect.takeOver;
    const { step, plannedStart } = row;
    const asked = { step, plannedStart, service: row.service, action: row.action };
    const entries = named.members.map(({ name, environment }) =>
      createEntry({
        id: named.isGroup ? `${rowId}_${name}` : rowId,
        ...(named.isGroup ? { rowId } : {}),
        environment,
        spreadsheetId,
        ...(tab ? { tab } : {}),
        requestedBy,
        at: doors.now(),
        ...asked,
        request: {
          service: name,
          action,
          ...plannedEnd(planned, name, action, doors.now()),
          ...(action === 'enable-allowlist' ? allowed(allowlist(name)) : {}),
          ...(takeOver ? { takeOver } : {}),
        },
      }),
    );
    return [{ row, entries }];
  });
}

const allowed = (entries: readonly AllowlistEntry[] | undefined) =>
  entries && entries.length > 0 ? { allowlist: entries } : {};

function plannedEnd(
  { rundown, known }: Planned,
  service: string,
  action: Action,
  now: number,
): { plannedEnd?: string } {
  if (action === 'exit') return {};
  const end = plannedEndOf(rundown, service, known, now);
  return end === undefined ? {} : { plannedEnd: new Date(end).toISOString() };
}

/** Keeps a person's first Go in mind, and forgets those that are over. */
export function remember(doors: Doors, memory: Memory, spreadsheetId: string, { effects }: Planned): void {
  const before = memory.confirmations(spreadsheetId);
  const fresh = effects.flatMap((effect) =>
    effect.kind === 'tell' && effect.confirmation ? [effect.confirmation] : [],
  );
  const kept = before.filter(
    (one) => isLive(one, doors.now()) && !fresh.some(({ key, user }) => key === one.key && user === one.user),
  );
  if (fresh.length === 0 && kept.length === before.length) return;
  doors.store.putConfirmations(spreadsheetId, [...kept, ...fresh]);
}

export const forgottenOf = ({ effects }: Planned): OutboxEntry[] =>
  effects.flatMap((effect) => (effect.kind === 'forget' ? [effect.entry] : []));

/** Opening a spreadsheet is slow: once for each execution. */
export function opener(doors: Doors, known: ReadonlyMap<string, RundownSheet> = new Map()): OpenSheet {
  const sheets = new Map(known);
  return (spreadsheetId, tab) => {
    const place = tab === undefined ? spreadsheetId : `${spreadsheetId}/${tab}`;
    const sheet = sheets.get(place) ?? doors.open(spreadsheetId, tab);
    sheets.set(place, sheet);
    return sheet;
  };
}
