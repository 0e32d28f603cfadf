import type { Claim, Tell } from './claim.ts';
import type { Connection } from './connections.ts';
import type { Doors } from './doors.ts';
import { createEntry, type OutboxEntry } from './entry-record.ts';
import { type Authority, type Effect, type KnownService, namesOf, plan } from './plan.ts';
import type { Rundown } from './rundown.ts';
import { says } from './sentences.ts';
import type { OpenSheet, RundownSheet } from './sheet.ts';
import type { Memory } from './store.ts';

/** What both kinds of wake-up share (DESIGN D3): plan from one read, and turn the effects into work. */

export interface Planned {
  readonly effects: readonly Effect[];
  readonly services: readonly KnownService[];
  readonly connections: readonly Connection[];
}

/** A service that is not known may be new: the APIs are asked once before anybody is told that it does not exist. */
export function planSheet(
  doors: Doors,
  memory: Memory,
  spreadsheetId: string,
  rundown: Rundown,
  authority?: Authority,
): Planned {
  const entries = memory.entries.filter((entry) => entry.spreadsheetId === spreadsheetId);
  const inputs = { rundown, entries, authority, controller: doors.controller(), now: doors.now() };
  const services = servicesOf(memory.connections);
  const effects = plan({ ...inputs, services });
  if (!effects.some(({ kind }) => kind === 'unknown-service')) {
    return { effects, services, connections: memory.connections };
  }
  const connections = refresh(doors, memory.connections);
  const fresh = servicesOf(connections);
  return { effects: plan({ ...inputs, services: fresh }), services: fresh, connections };
}

function refresh({ api, store }: Doors, connections: readonly Connection[]): readonly Connection[] {
  const told = api.services(connections).map(({ connection, services }) => ({ ...connection, services }));
  store.putConnections(told);
  return connections.map((old) => told.find(({ environment }) => environment === old.environment) ?? old);
}

export const servicesOf = (connections: readonly Connection[]): KnownService[] =>
  connections.flatMap(({ environment, services }) => services.map((service) => ({ ...service, environment })));

export function tellsOf({ effects, services }: Planned): Tell[] {
  return effects.flatMap((effect): Tell[] => {
    if (effect.kind === 'tell') return [effect];
    if (effect.kind !== 'unknown-service') return [];
    const result = says.unknownService(effect.row.service, namesOf(services));
    return [{ row: effect.row, cells: { status: 'Failed', result } }];
  });
}

export function claimsOf(doors: Doors, spreadsheetId: string, { effects }: Planned): Claim[] {
  return effects.flatMap((effect): Claim[] => {
    if (effect.kind === 'resume') return [{ row: effect.row, entry: effect.entry }];
    if (effect.kind !== 'start') return [];
    const { row, service, action, requestedBy } = effect;
    const { step, plannedStart } = row;
    const asked = { step, plannedStart, service: row.service, action: row.action };
    const facts = { id: doors.newId(), environment: service.environment, spreadsheetId, requestedBy, at: doors.now() };
    return [{ row, entry: createEntry({ ...facts, ...asked, request: { service: service.name, action } }) }];
  });
}

export const forgottenOf = ({ effects }: Planned): OutboxEntry[] =>
  effects.flatMap((effect) => (effect.kind === 'forget' ? [effect.entry] : []));

/** Opening a spreadsheet is slow: once for each execution. */
export function opener(doors: Doors, known: ReadonlyMap<string, RundownSheet> = new Map()): OpenSheet {
  const sheets = new Map(known);
  return (spreadsheetId) => {
    const sheet = sheets.get(spreadsheetId) ?? doors.open(spreadsheetId);
    sheets.set(spreadsheetId, sheet);
    return sheet;
  };
}
