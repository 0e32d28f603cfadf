import { retireSheet } from './controller/retire-sheet.ts';
import { follow } from './follow.ts';
import type { Memory, SheetRecord, Synced } from './memory.ts';
import { afterSync, isDue, isSpent, type Relevant, relevantAnswers, runtimeAfter, wantsTables } from './next-sync.ts';
import type { Ports } from './ports.ts';
import { letsIn, readLines, readPicks, readSteps, rundownTab, servicesTab } from './read-sheet.ts';
import { letGo } from './retire.ts';
import type { ReleaseSheet } from './sheet/spreadsheet.ts';
import { applyTold, askFor, newSession, type Session, send, type World } from './sync.ts';
import type { SheetRows } from './sync-request.ts';
import { answerUnclaimed, answerUnclaimedPicks } from './unclaimed.ts';
import { writeTables } from './write-tables.ts';

/** A minute passed: syncs the sheets whose time it is, and waits within the minute for what falls due in it. */

/** The next tick comes after a minute. */
const FOLLOW_MS = 50_000;
const MINUTE_MS = 60_000;
/** How often the tab Allowlist is read when nobody was heard to edit it. */
const LINES_EVERY_MINUTES = 5;
/** A sheet that cannot be opened or read. */
const BROKEN_MS = 5 * MINUTE_MS;

/** With nothing due it costs one service call. */
export function onTick(ports: Ports): void {
  const startedAt = ports.now();
  const memory = finishRetiring(ports, ports.memory.load());
  const due = memory.sheets.filter(({ id }) => isDue(memory.synced(id), memory.markedAt(id), startedAt));
  if (due.length === 0) return;
  const world: World = { connections: memory.connections };
  const isFull = Math.floor(startedAt / MINUTE_MS) % LINES_EVERY_MINUTES === 0;
  const synced = new Map<string, Synced>();
  const sessions = due.flatMap((record) => {
    const isMarked = memory.markedAt(record.id) > memory.synced(record.id).syncedAt;
    const session = begin(ports, record, isFull || isMarked);
    if (session) return [session];
    synced.set(record.id, { ...memory.synced(record.id), syncedAt: startedAt, nextSyncAt: startedAt + BROKEN_MS });
    return [];
  });
  syncAll(ports, world, sessions);
  if (!isSpent(memory.runtime, startedAt)) follow(ports, world, sessions, startedAt + FOLLOW_MS);
  for (const [id, one] of settle(ports, world, memory, sessions)) synced.set(id, one);
  ports.memory.putSynced(synced, runtimeAfter(memory.runtime, startedAt, ports.now()));
}

/** Sheets whose execution died while the environments were told. @returns What is remembered besides. */
function finishRetiring(ports: Ports, memory: Memory): Memory {
  const retiring = memory.sheets.filter(({ retiredBy }) => retiredBy !== undefined);
  for (const record of retiring) {
    try {
      retireSheet(ports, memory, record, record.retiredBy ?? '');
    } catch (error) {
      console.error(`The release sheet ${record.name} (${record.id}): ${(error as Error).message}`);
    }
  }
  return retiring.length === 0 ? memory : ports.memory.load();
}

/** One sheet that was deleted or locked away must not hold up the others. */
function begin(ports: Ports, record: SheetRecord, withLines: boolean): Session | undefined {
  try {
    const sheet = ports.open(record.id);
    const tab = rundownTab(sheet, record.tabId);
    if (!tab) throw new Error('its rundown tab is gone: set Update to Go in the tab Releases');
    if (record.tabId === undefined) ports.memory.putSheet({ ...record, tabId: tab.id });
    const read = (): SheetRows => {
      const rows = { readAt: ports.now(), ...readSteps(tab), ...readPicks(servicesTab(sheet)) };
      // A step that runs by the clock takes the allowlist as it is then.
      const isWanted = withLines || rows.steps.some((row) => letsIn(row, 'Scheduled'));
      return isWanted ? { ...rows, ...readLines(ports, sheet) } : rows;
    };
    return newSession(sheet, tab.id, read, read());
  } catch (error) {
    console.error(`The release sheet ${record.name} (${record.id}): ${(error as Error).message}`);
    return undefined;
  }
}

/** Every environment hears every sheet: one whose rows are all gone must hear that too. */
function syncAll(ports: Ports, world: World, sessions: readonly Session[]): void {
  const own = new Map(
    sessions.map((session) => {
      const { steps = [], picks = [] } = session.rows;
      return [session, [...answerUnclaimed(ports, world, steps), ...answerUnclaimedPicks(ports, world, picks)]];
    }),
  );
  const asks = sessions.flatMap((session) =>
    world.connections.map((one) => askFor(world, session, one, { syncId: ports.newSyncId(), cause: 'tick' })),
  );
  const told = send(ports, world, asks);
  for (const session of sessions) {
    const answers = told.filter(({ ask }) => ask.session === session);
    applyTold(ports, session, answers, own.get(session));
  }
}

/** What is left to do for each sheet when its syncs are over, and what is remembered of them. */
function settle(ports: Ports, world: World, memory: Memory, sessions: readonly Session[]): Map<string, Synced> {
  const now = ports.now();
  const relevant = new Map(sessions.map((session) => [session, relevantAnswers(world.connections, session)]));
  const retired = sessions.filter((session) => {
    const { answers, areAll } = relevant.get(session) as Relevant;
    return areAll && answers.length > 0 && answers.every((answer) => answer.retired);
  });
  const left = memory.sheets.filter(({ id }) => !retired.some(({ sheet }) => sheet.id === id));
  for (const { sheet } of retired) letGo(ports, { ...memory, sheets: left }, sheet.id);
  const live = sessions.filter((session) => !retired.includes(session));

  const stale = live.filter(({ sheet: { id }, heard }) =>
    wantsTables(
      memory.synced(id),
      [...heard.values()].map(({ answer }) => answer),
      memory.markedAt(id),
      now,
    ),
  );
  const written = writeTables(
    ports,
    world,
    stale.map(({ sheet }) => sheet),
  );
  const isOverBudget = isSpent(memory.runtime, now);
  return new Map(
    live.map((session) => {
      const { sheet } = session;
      const before = memory.synced(sheet.id);
      const after = afterSync(before, session, relevant.get(session) as Relevant, isOverBudget, now);
      renewHeartbeat(sheet, before, after);
      const tables = written.get(sheet.id);
      if (!tables) return [sheet.id, after];
      const versions = Object.fromEntries(tables.map(({ environment, version }) => [environment, version]));
      return [sheet.id, { ...after, tables: { ...after.tables, ...versions }, tablesAt: now }];
    }),
  );
}

/** A banner that cannot be written holds up nothing. */
function renewHeartbeat(sheet: ReleaseSheet, before: Synced, { connectedUntil, now }: Synced): void {
  const { text, step, at } = now;
  const isNews = JSON.stringify(now) !== JSON.stringify(before.now);
  try {
    sheet.writeHeartbeat({
      ...(connectedUntil === before.connectedUntil ? {} : { until: new Date(connectedUntil) }),
      ...(isNews ? { now: text, nextStep: step, nextAt: at === '' ? '' : new Date(at) } : {}),
    });
  } catch (error) {
    console.error(`The banner of the release sheet ${sheet.id}: ${(error as Error).message}`);
  }
}
