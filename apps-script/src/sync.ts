import * as z from 'zod/mini';
import { type ServiceNames, type SyncAnswer, syncAnswer } from '../../contract/sync-answer.ts';
import type { SyncRequest } from '../../contract/sync-request.ts';
import type { Answer, ApiClient } from './api/client.ts';
import type { Connection } from './api/connection.ts';
import { type Answers, applyAnswers } from './apply-writes.ts';
import { allowedRows, keysOf } from './check-answer.ts';
import type { Wanted } from './own-answers.ts';
import type { Ports } from './ports.ts';
import type { ReleaseSheet } from './sheet/spreadsheet.ts';
import { type Facts, type SheetRows, syncRequest } from './sync-request.ts';

/** One exchange after the other with the environments: what was read goes out, what comes back is written. */

/** One release sheet in this execution. */
export interface Session {
  readonly sheet: ReleaseSheet;
  /** Of the rundown. */
  readonly tabId: number;
  /** Reads it once more. @throws Error - It cannot be read. */
  read(): SheetRows;
  rows: SheetRows;
  /** By environment: what it was sent. */
  readonly sent: Map<string, Set<string>>;
  /** By environment: its last answer, and when it asked to be called again. */
  readonly heard: Map<string, { readonly answer: SyncAnswer; readonly nextAt: number }>;
  /** A row said otherwise than its answer: it must be read again before anything else. */
  isChanged: boolean;
  /** How often it was read again for that. */
  rereads: number;
}

export const newSession = (sheet: ReleaseSheet, tabId: number, read: () => SheetRows, rows: SheetRows): Session => ({
  ...{ sheet, tabId, read, rows },
  ...{ sent: new Map(), heard: new Map(), isChanged: false, rereads: 0 },
});

/** The environments as this execution knows them: answers tell their names anew. */
export interface World {
  connections: readonly Connection[];
  /** They were asked for their names in this execution. */
  isRefreshed?: boolean;
}

export interface Ask {
  readonly session: Session;
  readonly connection: Connection;
  readonly environment: string;
  readonly request: SyncRequest;
  /** The same bytes on every resend. */
  readonly body: string;
}

export function askFor(
  { connections }: World,
  session: Session,
  connection: Connection,
  facts: Omit<Facts, 'sheet'>,
  rows: SheetRows = session.rows,
): Ask {
  const { sheet } = session;
  const about = { name: sheet.name(), timeZone: sheet.timeZone(), locale: sheet.locale() };
  const request = syncRequest(connections, connection, rows, { ...facts, sheet: about });
  return { session, connection, environment: connection.environment, request, body: JSON.stringify(request) };
}

/** Asks how it goes on, without rows. */
export function pollFor(ports: Ports, world: World, session: Session, connection: Connection): Ask {
  const facts = { syncId: ports.newSyncId(), cause: 'poll' } as const;
  return askFor(world, session, connection, facts, { readAt: ports.now() });
}

export type Outcome =
  | { readonly kind: 'answer'; readonly answer: SyncAnswer }
  /** Newer rows are known there: nothing was done with these. */
  | { readonly kind: 'read-again' }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'denied'; readonly why: string }
  | { readonly kind: 'unreachable'; readonly why: string };

export interface Told {
  readonly ask: Ask;
  readonly outcome: Outcome;
}

/** All at once, whatever sheets and environments they are of. Names that came with the answers are kept. */
export function send(ports: Ports, world: World, asks: readonly Ask[]): Told[] {
  const answers = ports.api.ask(
    asks.map(({ session, connection, body }) => ({
      connection,
      method: 'post',
      path: `/rundowns/${session.sheet.id}/sync`,
      body,
    })),
  );
  const told = asks.map((ask, at): Told => ({ ask, outcome: outcomeOf(ask, answers[at] as Answer) }));
  for (const { ask, outcome } of told) remember(ports, ask, outcome);
  learnNames(ports, world, told);
  return told;
}

const READ_AGAIN = 'READ_AGAIN';

function outcomeOf({ environment }: Ask, answer: Answer): Outcome {
  if (answer.kind === 'problem') return answer.code === READ_AGAIN ? { kind: 'read-again' } : answer;
  if (answer.kind !== 'ok') return answer;
  const parsed = z.safeParse(syncAnswer, answer.body);
  if (!parsed.success) return { kind: 'unreachable', why: `the answer of ${environment} was not understood` };
  if (parsed.data.environment === environment) return { kind: 'answer', answer: parsed.data };
  return { kind: 'unreachable', why: `${environment} answered as ${parsed.data.environment}` };
}

function remember(ports: Ports, { session, environment, request }: Ask, outcome: Outcome): void {
  const sent = session.sent.get(environment) ?? new Set();
  for (const key of keysOf(request)) sent.add(key);
  session.sent.set(environment, sent);
  if (outcome.kind === 'read-again') return;
  if (outcome.kind !== 'answer') {
    console.warn(`${environment}: ${outcome.kind === 'problem' ? outcome.message : outcome.why}`);
    return;
  }
  // What a poll leaves out is as it was told before.
  const banner = { ...session.heard.get(environment)?.answer.banner, ...outcome.answer.banner };
  const answer = { ...outcome.answer, banner };
  session.heard.set(environment, { answer, nextAt: ports.now() + answer.again.afterMs });
  for (const { row = '', message } of answer.ignored) {
    console.warn(`${environment} did not understand row ${row} of ${session.sheet.id}: ${message}`);
  }
}

function learnNames(ports: Ports, world: World, told: readonly Told[]): void {
  const fresh = new Map<string, ServiceNames>();
  for (const { ask, outcome } of told) {
    if (outcome.kind === 'answer' && outcome.answer.names) fresh.set(ask.environment, outcome.answer.names);
  }
  keepNames(ports, world, fresh);
}

/** Asks every environment anew what it has: a Service that nobody knows may be new. */
export function refreshNames(ports: Ports, world: World): void {
  if (world.isRefreshed) return;
  world.isRefreshed = true;
  keepNames(ports, world, namesTold(ports.api.services(world.connections)));
}

/** By environment. Without a hash the next answer tells them once more. */
export const namesTold = (answers: ReturnType<ApiClient['services']>): ReadonlyMap<string, ServiceNames> =>
  new Map(
    answers.map(({ environment, told }) => {
      const services = told.services.map(({ service, title }) => ({ name: service, title }));
      const groups = told.groups.map(({ group, title, services: members }) => ({
        name: group,
        title,
        services: members,
      }));
      return [environment, { hash: '', services, groups }];
    }),
  );

export function keepNames(ports: Ports, world: World, fresh: ReadonlyMap<string, ServiceNames>): void {
  ports.memory.putNames(fresh);
  world.connections = world.connections.map((one) => ({ ...one, names: fresh.get(one.environment) ?? one.names }));
}

/** Writes what came back for one sheet. Never throws: one sheet must not hold up the others. */
export function applyTold(
  ports: Ports,
  session: Session,
  told: readonly Told[],
  own: readonly Wanted[] = [],
): ReturnType<typeof applyAnswers> {
  const { sheet, tabId } = session;
  const answers = told.flatMap(({ ask, outcome }): Answers[] => {
    if (outcome.kind !== 'answer') return [];
    const { environment, sequence } = outcome.answer;
    return [
      { environment, sequence, rows: allowedRows(outcome.answer, session.sent.get(ask.environment) ?? new Set()) },
    ];
  });
  try {
    const applied = applyAnswers(ports, sheet, tabId, [...answers, { environment: '', rows: own }]);
    for (const { basis, cells } of applied?.gone ?? []) {
      const ids = [...new Set([...basis.was.map(({ operation }) => operation), cells.operation ?? ''])].join(' ');
      console.warn(`${sheet.id}: step ${basis.step} (${basis.action} of ${basis.service}) has no row any more. ${ids}`);
    }
    // Without the lock nothing was written: it is read and sent again like a row that changed.
    session.isChanged ||= applied?.isChanged ?? true;
    return applied;
  } catch (error) {
    console.error(`The release sheet ${sheet.id} could not be written: ${(error as Error).message}`);
    return undefined;
  }
}
