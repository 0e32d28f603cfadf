import * as z from 'zod/mini';
import { type AuditEntry, auditEntry } from '../../../contract/audit.ts';
import { type ServicesResponse, servicesResponse } from '../../../contract/services.ts';
import { ALLOWLIST_TAB } from '../../../release-sheet-template/allowlist.ts';
import { AUDIT_TAB } from '../../../release-sheet-template/audit.ts';
import { SERVICES_TAB } from '../../../release-sheet-template/services.ts';
import type { Connection } from '../connections.ts';
import type { Doors } from '../doors.ts';
import { knownOf, namesOf } from '../known-services.ts';
import { formatPlanned } from '../loop.ts';
import type { Row } from '../rundown.ts';
import { type RundownSheet, readingOf, type TabSheet } from '../sheet.ts';
import type { Memory, SheetRecord } from '../store.ts';
import { checkAllowlistTab, latestListOf } from './allowlist-tab.ts';
import { type AuditInputs, type ToldAudit, writeAudit } from './audit-tab.ts';
import { type BoardsRecord, FRESH_RECORD } from './record.ts';
import { type Answers, writeServices } from './services-tab.ts';

/** The boards of release sheets: Services, Allowlist and Audit, made up from what the APIs tell. */

const MINUTE_MS = 60_000;
/** Between two looks: while something runs, in a sheet's own night, and at rest. */
const OFTEN_MS = MINUTE_MS;
const NEAR_MS = 5 * MINUTE_MS;
const SELDOM_MS = 60 * MINUTE_MS;
/** A board may be counted on for so much longer than it is meant to last: ticks come late. */
const SLACK_MS = 10 * MINUTE_MS;
const LONG_SLACK_MS = 30 * MINUTE_MS;
/** What runs for longer than this is looked at as seldom as everything else. */
const BUSY_MS = 10 * MINUTE_MS;
/** Making up a board takes a second or two, and an execution has other things to do. */
const MOST_AT_ONCE = 6;

const isNear = ({ watchFrom, watchTo }: SheetRecord, now: number): boolean => watchFrom <= now && now <= watchTo;

const isBusy = ({ entries }: Memory, id: string, now: number): boolean =>
  entries.some(({ spreadsheetId, phase, at }) => spreadsheetId === id && phase === 'sent' && now - at < BUSY_MS);

/** Those whose boards are to be made up now; known from memory alone. */
export function sheetsWithDueBoards(memory: Memory, now: number): string[] {
  const isDue = (sheet: SheetRecord): boolean => {
    const { id } = sheet;
    const record = memory.boards(id);
    if (!record) return false;
    const isNews = isBusy(memory, id, now) || memory.isBoardEdited(id) || memory.notes(id).length > 0;
    // Its night may have begun, or been moved to now, since it was last looked at.
    const isNewlyNear = isNear(sheet, now) && record.dueAt > now + NEAR_MS;
    return isNews || isNewlyNear || record.dueAt <= now;
  };
  const dueAt = (id: string) => memory.boards(id)?.dueAt ?? 0;
  const due = memory.sheets.filter(isDue).map(({ id }) => id);
  return due.sort((a, b) => dueAt(a) - dueAt(b));
}

/** Those whose boards were never made up, if they have any. */
export function sheetsWithNewBoards(doors: Doors, memory: Memory, ids: readonly string[]): string[] {
  return ids.filter((id) => {
    if (memory.boards(id)) return false;
    try {
      return doors.openTab(id, SERVICES_TAB.name) !== undefined;
    } catch {
      return false;
    }
  });
}

/** Those that something which happened in one of them is news for: it, and the others whose night it is. */
export function sheetsConcerned({ sheets }: Memory, ids: readonly string[], now: number): string[] {
  const near = sheets.filter((sheet) => isNear(sheet, now)).map(({ id }) => id);
  return [...new Set([...ids, ...near])];
}

interface Tabs {
  readonly services?: TabSheet | undefined;
  readonly allowlist?: TabSheet | undefined;
  readonly audit?: TabSheet | undefined;
}

/**
 * Makes up the boards of these sheets, the first ones first. What fails here is only logged: no operation may suffer from
 * it, and the next look makes it good.
 */
export function refreshBoards(doors: Doors, ids: readonly string[]): void {
  if (ids.length === 0) return;
  try {
    const memory = doors.store.load();
    const live = ids.flatMap((id) => memory.sheets.find((sheet) => sheet.id === id) ?? []).slice(0, MOST_AT_ONCE);
    const opened = live.flatMap((sheet) => {
      const tabs = openTabs(doors, memory, sheet);
      return tabs ? [{ sheet, tabs }] : [];
    });
    if (opened.length === 0) return;
    const at = doors.now();
    const told = askAll(
      doors,
      memory,
      opened.map(({ sheet }) => sheet.id),
    );
    for (const { sheet, tabs } of opened) {
      logging(sheet.id, () => refreshOne(doors, memory, { sheet, tabs, at, told }));
    }
  } catch (error) {
    console.error(`The boards: ${(error as Error).message}`);
  }
}

function logging(id: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    console.error(`The boards of the release sheet ${id}: ${(error as Error).message}`);
  }
}

/** @returns undefined if it has none of them, or cannot be opened. */
function openTabs(doors: Doors, memory: Memory, { id }: SheetRecord): Tabs | undefined {
  const record = memory.boards(id);
  try {
    const open = (name: string) => doors.openTab(id, name);
    // An audit that was there and is gone is made again, with all that belongs to it.
    if (record && !open(AUDIT_TAB.name)) {
      const known = knownOf(memory.connections);
      const operators = [...new Set(known.services.flatMap((service) => service.operators))];
      doors.buildTabs(id, { services: namesOf(known), operators });
    }
    const tabs = {
      services: open(SERVICES_TAB.name),
      allowlist: open(ALLOWLIST_TAB.name),
      audit: open(AUDIT_TAB.name),
    };
    return tabs.services || tabs.allowlist || tabs.audit ? tabs : undefined;
  } catch (error) {
    console.error(`The release sheet ${id} cannot be opened: ${(error as Error).message}`);
    // Not again in the next minute.
    if (record) doors.store.putBoards(id, { ...record, dueAt: doors.now() + SELDOM_MS });
    return undefined;
  }
}

interface ToldAll {
  readonly services: Answers;
  readonly audits: readonly ToldAudit[];
}

/** All environments at once, what they are and what happened in them. */
function askAll({ api }: Doors, memory: Memory, ids: readonly string[]): ToldAll {
  const { connections } = memory;
  const answers = api.read([
    ...connections.map((connection) => ({ connection, method: 'get' as const, path: '/services' })),
    ...connections.map((connection) => ({
      connection,
      method: 'get' as const,
      path: auditPath(memory, ids, connection),
    })),
  ]);
  const responses = connections.flatMap((_connection, index): ServicesResponse[] => {
    const parsed = z.safeParse(servicesResponse, answers[index]);
    return parsed.success ? [parsed.data] : [];
  });
  const audits = connections.map(
    ({ environment }, index): ToldAudit => ({ environment, entries: entriesOf(answers[connections.length + index]) }),
  );
  return { services: { responses, areAll: responses.length === connections.length }, audits };
}

/** From when on the one that has asked least recently needs it; everything, if one of them is to be written anew. */
function auditPath(memory: Memory, ids: readonly string[], { environment }: Connection): string {
  const times = ids.flatMap((id): string[] => {
    const record = memory.boards(id);
    const since = record?.since[environment];
    if (!record || since === undefined || isWhole(memory, id)) return [''];
    return [since, ...Object.values(record.testersIn)];
  });
  const [first = ''] = times.sort();
  return first === '' ? '/audit' : `/audit?since=${encodeURIComponent(first)}`;
}

/** Nothing is known of its audit tab, or somebody wrote into it. */
const isWhole = (memory: Memory, id: string): boolean =>
  memory.boards(id)?.audit === undefined || memory.isBoardEdited(id);

const auditAnswer = z.object({ entries: z.array(z.unknown()) });

/** An entry of a kind that is not known here must not hide the others. */
function entriesOf(answer: unknown): AuditEntry[] | undefined {
  const parsed = z.safeParse(auditAnswer, answer);
  if (!parsed.success) return undefined;
  return parsed.data.entries.flatMap((one) => {
    const entry = z.safeParse(auditEntry, one);
    if (!entry.success) console.error(`An audit entry was not understood: ${JSON.stringify(one).slice(0, 200)}`);
    return entry.success ? [entry.data] : [];
  });
}

interface Refresh {
  readonly sheet: SheetRecord;
  readonly tabs: Tabs;
  readonly at: number;
  readonly told: ToldAll;
}

function refreshOne(doors: Doors, memory: Memory, { sheet, tabs, at, told }: Refresh): void {
  const { id } = sheet;
  const isEdited = memory.isBoardEdited(id);
  // Before anything is read: who writes into it from now on marks it anew.
  if (isEdited) doors.store.clearBoardEdited(id);
  const rundown = once(() => doors.open(id));
  const rows = once(() => rowsOf(rundown()));
  const busy = isBusy(memory, id, at);
  const areServicesWritten =
    !tabs.services ||
    writeServices(doors, tabs.services, told.services, {
      at,
      goodUntil: at + goodFor(sheet, busy, at),
      spreadsheetId: id,
      nameOf: (other) => memory.sheets.find((one) => one.id === other)?.name ?? other,
      formatTime: (iso) => formatPlanned(doors, rundown().timeZone())(iso),
    });
  const testersIn = testersInOf(id, told, memory.boards(id) ?? FRESH_RECORD);
  const isChecked =
    !tabs.allowlist ||
    checkAllowlistTab(doors, tabs.allowlist, {
      known: knownOf(memory.connections),
      lists: latestListOf(Object.keys(testersIn), allEntries(told)),
      rows,
    });
  const settled = doors.locked(() => {
    // As others left it: they may have written into the audit since.
    const record = doors.store.load().boards(id) ?? FRESH_RECORD;
    const written = tabs.audit && writeAudit(tabs.audit, auditInputs(memory, { sheet, tabs, at, told }, record, rows));
    const isSoon = !areServicesWritten || !isChecked || written?.isForged === true;
    const wait = isSoon ? OFTEN_MS : waitOf(sheet, busy || written?.isOpen === true, at);
    doors.store.putBoards(id, { ...(written?.record ?? record), testersIn, dueAt: at + wait });
    return written?.settled ?? [];
  });
  // They are remembered with the record now: an execution that dies before this tells them once more.
  if (settled) doors.store.removeNotes(settled);
  else if (isEdited) doors.store.markBoardEdited(id);
}

const goodFor = (sheet: SheetRecord, busy: boolean, at: number): number =>
  waitOf(sheet, busy, at) < SELDOM_MS ? NEAR_MS + SLACK_MS : SELDOM_MS + LONG_SLACK_MS;

/** Until the next look; its night may begin before an hour has passed. */
function waitOf(sheet: SheetRecord, busy: boolean, at: number): number {
  if (busy) return OFTEN_MS;
  if (isNear(sheet, at)) return NEAR_MS;
  const toNight = sheet.watchFrom - at;
  return toNight > 0 ? Math.min(SELDOM_MS, Math.max(OFTEN_MS, toNight)) : SELDOM_MS;
}

const auditInputs = (
  memory: Memory,
  { sheet: { id }, at, told }: Refresh,
  record: BoardsRecord,
  rundown: () => readonly Row[],
): AuditInputs => ({
  spreadsheetId: id,
  record,
  told: told.audits,
  notes: memory.notes(id),
  entries: memory.entries.filter(({ spreadsheetId }) => spreadsheetId === id),
  isWhole: isWhole(memory, id) && told.audits.every(({ entries }) => entries !== undefined),
  now: at,
  rundown,
});

const allEntries = ({ audits }: ToldAll): AuditEntry[] => audits.flatMap(({ entries = [] }) => entries);

/** The services that this sheet holds and whose testers are in; one whose environment did not answer stays as it was. */
function testersInOf(id: string, told: ToldAll, { testersIn }: BoardsRecord): Record<string, string> {
  const all = told.services.responses.flatMap(({ services }) => services);
  const gone = Object.entries(testersIn).filter(([name]) => !all.some(({ service }) => service === name));
  const here = all
    .filter(({ mode, holder }) => mode === 'maintenance-allowlist' && holder?.spreadsheetId === id)
    .map(({ service, since = '' }) => [service, testersIn[service] ?? since] as const);
  return Object.fromEntries([...gone, ...here]);
}

function rowsOf(sheet: RundownSheet): readonly Row[] {
  const reading = readingOf(sheet);
  return reading.ok ? reading.rundown.rows : [];
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
