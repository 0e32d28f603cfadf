import { claim } from './claim.ts';
import type { Connection } from './connections.ts';
import type { Doors } from './doors.ts';
import { driveOn, sendAndWatch } from './drive.ts';
import { createEntry, type OutboxEntry } from './entry-record.ts';
import { GIVE_UP_MS } from './outcome.ts';
import { type Authority, type Effect, findService, type KnownService, plan, unknownServiceMessage } from './plan.ts';
import { hasStatus, isOurs, type Rundown, readRundown } from './rundown.ts';
import type { RundownSheet } from './sheet.ts';
import type { Memory } from './store.ts';

/** The loop of DESIGN D3, for both kinds of wake-up: read once, plan, claim, send, write back. */

/** A Go whose event has not come after this long will never be anybody's. */
const UNSEEN_MS = 60_000;

export interface Edit {
  readonly spreadsheetId: string;
  readonly sheet: RundownSheet;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Zero-based. */
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly user: string;
}

/** Somebody edited the rundown. An edit that cannot matter costs one read. */
export function onEdit(doors: Doors, edit: Edit): void {
  const { sheet } = edit;
  const values = sheet.read();
  const reading = readRundown(values);
  if (!reading.ok) {
    tellBrokenHeaders(edit, values, reading);
    return;
  }
  const { rundown } = reading;
  const isStatusCovered = edit.firstColumn <= rundown.columns.status && rundown.columns.status <= edit.lastColumn;
  if (!isStatusCovered || !rundown.rows.some((row) => concerns(edit, row))) return;

  const memory = doors.store.load();
  const authority: Authority = { firstRow: edit.firstRow, lastRow: edit.lastRow, user: edit.user };
  const { effects, services, connections } = planWithServices(doors, memory, edit.spreadsheetId, rundown, authority);
  const entries = newEntries(doors, edit.spreadsheetId, effects);
  // First of all: from here on the next wake-up can finish it, whatever happens to this one.
  doors.store.putEntries(entries);
  tell(sheet, rundown, effects, services);
  const claimed = claim(doors, sheet, entries) ?? [];
  sendAndWatch(doors, { ...memory, connections }, sheet, claimed);
}

const concerns = (edit: Edit, row: Rundown['rows'][number]): boolean =>
  row.number >= edit.firstRow &&
  row.number <= edit.lastRow &&
  (hasStatus(row, 'Go') || row.operation !== '' || (isOurs(row) && hasStatus(row, 'Running')));

/** A minute passed: what was left behind is finished, and a Go that nobody set is put back. */
export function onTick(doors: Doors): void {
  const memory = doors.store.load();
  const minute = Math.floor(doors.now() / 60_000);
  const turn = memory.sheets.length > 0 ? memory.sheets[minute % memory.sheets.length] : undefined;
  const busy = memory.entries.map(({ spreadsheetId }) => spreadsheetId);
  const wanted = [...new Set([...busy, ...(turn === undefined ? [] : [turn])])];
  for (const spreadsheetId of wanted) {
    try {
      tickSheet(doors, memory, spreadsheetId);
    } catch (error) {
      // One sheet that was deleted or locked away must not hold up the others.
      console.error(`${spreadsheetId}: ${(error as Error).message}`);
    }
  }
}

function tickSheet(doors: Doors, memory: Memory, spreadsheetId: string): void {
  const sheet = doors.open(spreadsheetId);
  const mine = memory.entries.filter((entry) => entry.spreadsheetId === spreadsheetId);
  const reading = readRundown(sheet.read());
  if (reading.ok) {
    const { rundown } = reading;
    const { effects } = planWithServices(doors, memory, spreadsheetId, rundown, undefined);
    const left = effects.flatMap((effect) => (effect.kind === 'resume' ? [effect.entry] : []));
    sendAndWatch(doors, memory, sheet, claim(doors, sheet, left) ?? []);
    answerUnseen(doors, memory, sheet, spreadsheetId, rundown, effects);
    const adopted = strays(doors, memory, spreadsheetId, rundown);
    doors.store.putEntries(adopted);
    driveOn(doors, memory, sheet, [...mine.filter((entry) => !left.includes(entry)), ...adopted]);
  } else driveOn(doors, memory, sheet, mine);
}

interface Planned {
  readonly effects: Effect[];
  readonly services: KnownService[];
  readonly connections: readonly Connection[];
}

/** A service that is not known may be new: the APIs are asked once before anybody is told that it does not exist. */
function planWithServices(
  doors: Doors,
  memory: Memory,
  spreadsheetId: string,
  rundown: Rundown,
  authority: Authority | undefined,
): Planned {
  const entries = memory.entries.filter((entry) => entry.spreadsheetId === spreadsheetId);
  const inputs = { rundown, entries, authority, owner: memory.owner, now: doors.now() };
  const services = servicesOf(memory.connections);
  const effects = plan({ ...inputs, services });
  if (!effects.some(({ kind }) => kind === 'unknown-service'))
    return { effects, services, connections: memory.connections };
  const connections = refresh(doors, memory.connections);
  const fresh = servicesOf(connections);
  return { effects: plan({ ...inputs, services: fresh }), services: fresh, connections };
}

function refresh({ api, store }: Doors, connections: readonly Connection[]): readonly Connection[] {
  const told = api.services(connections).map(({ connection, services }) => ({ ...connection, services }));
  if (told.length > 0) store.putConnections(told);
  return connections.map((old) => told.find(({ environment }) => environment === old.environment) ?? old);
}

const servicesOf = (connections: readonly Connection[]): KnownService[] =>
  connections.flatMap(({ environment, services }) => services.map((service) => ({ ...service, environment })));

function newEntries(doors: Doors, spreadsheetId: string, effects: readonly Effect[]): OutboxEntry[] {
  return effects.flatMap((effect) => {
    if (effect.kind === 'resume') return [effect.entry];
    if (effect.kind !== 'start') return [];
    const { row, service, action, requestedBy } = effect;
    const { step, plannedStart } = row;
    const asked = { service: row.service, action: row.action };
    const facts = {
      id: doors.newId(),
      environment: service.environment,
      spreadsheetId,
      step,
      plannedStart,
      requestedBy,
      at: doors.now(),
    };
    return [createEntry({ ...facts, ...asked, request: { service: service.name, action } })];
  });
}

function tell(
  sheet: RundownSheet,
  { columns }: Rundown,
  effects: readonly Effect[],
  services: readonly KnownService[],
): void {
  for (const effect of effects) {
    if (effect.kind === 'tell') {
      const { row, status, message } = effect;
      sheet.writeOwn(row.number, columns, status ? { status, result: message } : { result: message });
    }
    if (effect.kind === 'unknown-service') {
      sheet.writeOwn(effect.row.number, columns, {
        status: 'Failed',
        result: unknownServiceMessage(effect.row, services),
      });
    }
  }
}

/** A Go that nobody was seen to set gets a minute for its event to come, then it goes back. */
function answerUnseen(
  doors: Doors,
  memory: Memory,
  sheet: RundownSheet,
  spreadsheetId: string,
  { columns }: Rundown,
  effects: readonly Effect[],
): void {
  const before = memory.unseen(spreadsheetId);
  const rows = effects.flatMap((effect) => (effect.kind === 'unseen' ? [effect.row] : []));
  const now = doors.now();
  const after = Object.fromEntries(rows.map(({ identity }) => [identity, before[identity] ?? now]));
  const due = rows.filter(({ identity }) => now - (after[identity] as number) >= UNSEEN_MS);
  for (const row of due) {
    sheet.writeOwn(row.number, columns, {
      status: 'Planned',
      result: 'Nothing was run: Drawbridge did not see who set this to Go. Set it to Go again.',
    });
    delete after[row.identity];
  }
  if (JSON.stringify(after) !== JSON.stringify(before)) doors.store.putUnseen(spreadsheetId, after);
}

/** Running rows whose operation the outbox does not know. Whatever happened, the API knows how it stands. */
function strays(doors: Doors, memory: Memory, spreadsheetId: string, { rows }: Rundown): OutboxEntry[] {
  const services = servicesOf(memory.connections);
  return rows.flatMap((row) => {
    const { operation: id, step, plannedStart } = row;
    const service = findService(services, row.service);
    const isStray =
      id !== '' && hasStatus(row, 'Running', 'Unproven') && !memory.entries.some((entry) => entry.id === id);
    // Asked again last of all: an execution may have claimed it since everything was read.
    if (!isStray || !service || doors.store.hasEntry(id)) return [];
    const asked = { service: row.service, action: row.action, requestedBy: String(row.own.by) };
    // As old as a request can be: what the API does not know by now was never run.
    const at = doors.now() - GIVE_UP_MS - 1;
    return [{ id, environment: service.environment, spreadsheetId, step, plannedStart, ...asked, body: '', at }];
  });
}

function tellBrokenHeaders(
  edit: Edit,
  values: readonly unknown[][],
  reading: { message: string; resultColumn?: number },
): void {
  const last = Math.min(edit.lastRow, values.length);
  for (let row = Math.max(2, edit.firstRow); row <= last; row += 1) {
    const cells = (values[row - 1] ?? []).slice(edit.firstColumn, edit.lastColumn + 1);
    if (!cells.some((cell) => String(cell).trim().toLowerCase() === 'go')) continue;
    if (reading.resultColumn === undefined) edit.sheet.note(row, edit.firstColumn, reading.message);
    else edit.sheet.writeCell(row, reading.resultColumn, reading.message);
  }
}
