import { ALLOWLIST_TAB } from '../../../release-sheet-template/allowlist.ts';
import { AUDIT_TAB } from '../../../release-sheet-template/audit.ts';
import { SERVICES_TAB } from '../../../release-sheet-template/services.ts';
import type { Doors } from '../doors.ts';
import { knownOf, namesOf } from '../known-services.ts';
import { formatPlanned } from '../loop.ts';
import type { Row } from '../rundown.ts';
import { type RundownSheet, readingOf, type TabSheet } from '../sheet.ts';
import type { Memory, SheetRecord } from '../store.ts';
import { checkAllowlistTab, latestListOf } from './allowlist-tab.ts';
import { type AuditInputs, writeAudit } from './audit-tab.ts';
import { goodFor, isBusy, OFTEN_MS, SELDOM_MS, waitOf } from './due.ts';
import { type BoardsRecord, FRESH_RECORD } from './record.ts';
import { writeServices } from './services-tab.ts';
import { allEntries, askAll, isWhole, type ToldAll } from './told.ts';

/** The boards of release sheets: Services, Allowlist and Audit, made up from what the APIs tell. */

/** Making up a board takes a second or two, and an execution has other things to do. */
const MOST_AT_ONCE = 6;

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
