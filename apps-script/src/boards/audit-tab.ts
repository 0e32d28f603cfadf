import type { AuditEntry } from '../../../contract/audit.ts';
import type { OutboxEntry } from '../entry-record.ts';
import type { CellValue, Row } from '../rundown.ts';
import type { TabSheet } from '../sheet.ts';
import {
  type AuditLine,
  type AuditTab,
  concerns,
  hasEnded,
  keyOf,
  lineOf,
  lineOfNote,
  readAudit,
  sumOf,
  touchedBy,
} from './audit-lines.ts';
import { type BoardsRecord, keptNotes, type SheetNote } from './record.ts';
import { isDate } from './services-board.ts';

/** What an environment has told; undefined if it did not answer. */
export interface ToldAudit {
  readonly environment: string;
  readonly entries: readonly AuditEntry[] | undefined;
  /** There are older ones, too many to tell. */
  readonly isCut: boolean;
}

export interface AuditInputs {
  readonly spreadsheetId: string;
  readonly record: BoardsRecord;
  readonly told: readonly ToldAudit[];
  readonly notes: readonly SheetNote[];
  /** What the outbox has of this sheet. */
  readonly entries: readonly OutboxEntry[];
  /** Everything that there is was asked for: the tab may be written anew. */
  readonly isWhole: boolean;
  readonly now: number;
  rundown(): readonly Row[];
}

export interface AuditWritten {
  readonly record: BoardsRecord;
  /** In the tab now, or not true. */
  readonly settled: readonly SheetNote[];
  /** Something happened that has not ended yet. */
  readonly isOpen: boolean;
  /** Somebody wrote into the tab: it has to be asked for as a whole. */
  readonly isForged: boolean;
}

/** What an API may still write with a time that has passed. */
const OVERLAP_MS = 15 * 60_000;

/**
 * Adds what has happened and ended to the tab Audit, or writes the tab anew from what the APIs know. Under the script
 * lock only: what a line is known by is looked up in the tab, so it is safe to repeat.
 */
export function writeAudit(tab: TabSheet, inputs: AuditInputs): AuditWritten {
  const { spreadsheetId, record, told, now, isWhole } = inputs;
  const entries = told.flatMap((one) => one.entries ?? []);
  const touched = touchedBy(entries, spreadsheetId, record.touched);
  const own = entries.filter((entry) => concerns(entry, { spreadsheetId, touched }));
  const ended = own.filter((entry) => hasEnded(entry, now));
  const since = Object.assign({}, record.since, ...told.map((one) => cursorOf(one, own, now)));
  const notes = inputs.notes.filter((note) => isReal(note, inputs, entries));

  tab.flush();
  const before = readAudit(tab.read());
  // Somebody broke its header: nothing is lost, and it is told when that is mended.
  if (!before) return { record, settled: [], isOpen: false, isForged: false };
  const isForged = !isAsLeft(before, record);
  const isAnew = isForged && isWhole;
  const known = isAnew ? [...record.notes, ...notes] : notes;
  const lines = [...(isAnew ? beyondReach(before, told) : []), ...linesOf(known, ended, inputs)];
  const there = new Set(isAnew ? [] : before.lines.map(keyOf));
  const fresh = uniqueOf(lines).filter((line) => !there.has(keyOf(line)));
  const after = write(tab, before, fresh, isAnew);
  // What somebody wrote is not taken for ours: it stays forged until the tab is written anew.
  const audit = isForged && !isAnew ? undefined : { lines: after.lines.length, sum: sumOf(after.lines) };
  return {
    record: { ...record, since, touched, notes: keptNotes([...record.notes, ...notes]), audit },
    settled: inputs.notes,
    isOpen: ended.length < own.length,
    isForged: isForged && !isAnew,
  };
}

/** Lines that are too old for an API to tell them again are kept as they are. */
function beyondReach({ lines }: AuditTab, told: readonly ToldAudit[]): AuditLine[] {
  const full = told.flatMap(({ entries = [], isCut }) => (isCut ? entries.map(({ at }) => Date.parse(at)) : []));
  const oldest = Math.min(...full);
  return full.length === 0 ? [] : lines.filter(({ at }) => isDate(at) && at.getTime() < oldest);
}

const isAsLeft = ({ lines }: AuditTab, { audit }: BoardsRecord): boolean =>
  audit !== undefined && audit.lines === lines.length && audit.sum === sumOf(lines);

function linesOf(notes: readonly SheetNote[], ended: readonly AuditEntry[], { rundown }: AuditInputs): AuditLine[] {
  if (notes.length === 0 && ended.length === 0) return [];
  const rows = rundown();
  const lines = [...notes.map(lineOfNote), ...ended.map((entry) => lineOf(entry, rows))];
  return lines.sort((a, b) => Number(a.at) - Number(b.at));
}

const uniqueOf = (lines: readonly AuditLine[]): AuditLine[] => [
  ...new Map(lines.map((line) => [keyOf(line), line])).values(),
];

/** @returns The tab as it says now: cells may keep what was written in their own way. */
function write(tab: TabSheet, before: AuditTab, fresh: readonly AuditLine[], isAnew: boolean): AuditTab {
  if (fresh.length === 0 && !isAnew) return before;
  const names = Object.keys(before.columns) as (keyof AuditLine)[];
  const inOrder = names.sort((a, b) => before.columns[a] - before.columns[b]);
  const blank = isAnew ? Math.max(0, before.next - 2 - fresh.length) : 0;
  const first = isAnew ? 2 : before.next;
  // People may have put columns of their own between ours: each run of neighbours is one call.
  for (const run of neighbours(inOrder, before)) {
    const cells = fresh.map((line) => run.map((name): CellValue => line[name]));
    const empty = Array.from({ length: blank }, () => run.map((): CellValue => ''));
    tab.write(first, before.columns[run[0] as keyof AuditLine], [...cells, ...empty]);
  }
  tab.flush();
  return readAudit(tab.read()) ?? before;
}

function neighbours(names: readonly (keyof AuditLine)[], { columns }: AuditTab): (keyof AuditLine)[][] {
  const runs: (keyof AuditLine)[][] = [];
  for (const name of names) {
    const last = runs[runs.length - 1];
    if (last && columns[last[last.length - 1] as keyof AuditLine] + 1 === columns[name]) last.push(name);
    else runs.push([name]);
  }
  return runs;
}

/** From when on an environment is asked the next time: what has not ended yet must be told again. */
function cursorOf(
  { environment, entries }: ToldAudit,
  own: readonly AuditEntry[],
  now: number,
): Record<string, string> {
  if (!entries) return {};
  const open = own.filter((entry) => entries.includes(entry) && !hasEnded(entry, now)).map(({ at }) => Date.parse(at));
  const newest = entries.length === 0 ? [] : [Math.max(...entries.map(({ at }) => Date.parse(at)))];
  if (open.length === 0 && newest.length === 0) return {};
  return { [environment]: new Date(Math.min(...open, ...newest) - OVERLAP_MS).toISOString() };
}

/** A step that was armed twice by an event that came twice was armed once: the other arming is forgotten by now. */
function isReal({ id, what }: SheetNote, { notes, entries }: AuditInputs, told: readonly AuditEntry[]): boolean {
  if (what !== 'Armed') return true;
  return (
    entries.some((entry) => entry.id === id || entry.rowId === id) ||
    notes.some((note) => note.id === id && note.what !== 'Armed') ||
    told.some(({ operationId }) => operationId === id || operationId.startsWith(`${id}_`))
  );
}
