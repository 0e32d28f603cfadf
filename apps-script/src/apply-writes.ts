import { plainText } from '../../contract/status.ts';
import { planKey, type RowAnswer } from '../../contract/sync.ts';
import { SERVICES_TAB } from '../../release-sheet-template/services.ts';
import type { Ports } from './ports.ts';
import { says } from './sentences.ts';
import { runs } from './sheet/cell-runs.ts';
import { type AnyRow, findPick, findRow, saysAsAnswered } from './sheet/find-row.ts';
import {
  type Board,
  type CellValue,
  type Columns,
  cellText,
  isDate,
  isStep,
  OWN_COLUMNS,
  type OwnCells,
  type Row,
  readBoard,
  readRundown,
} from './sheet/rundown-tab.ts';
import { type ReleaseSheet, readGrid, type SheetTab } from './sheet/spreadsheet.ts';

/** Writes what was answered into the rows that it was answered for, wherever those are by now. */

export interface Wanted extends RowAnswer {
  /** Only a row whose Result says this is written; any other is left alone, and that is no change. */
  readonly onlyOver?: string;
}

export interface Answers {
  /** Blank for what the script itself answers. */
  readonly environment: string;
  readonly sequence?: number;
  readonly rows: readonly Wanted[];
}

export interface Applied {
  /** A row says otherwise by now: it is to be read and sent again. */
  readonly isChanged: boolean;
  /** Their rows are nowhere. */
  readonly gone: readonly RowAnswer[];
}

type Context = Pick<Ports, 'memory' | 'locked' | 'formatTime'>;

/**
 * Under the script lock, never across HTTP: an answer that is older than the one applied last is left out; the others are
 * written, checked, and undone where they ended up in another row.
 *
 * @returns undefined if the lock could not be had: nothing was written.
 */
export function applyAnswers(
  ports: Context,
  sheet: ReleaseSheet,
  tabId: number,
  answers: readonly Answers[],
): Applied | undefined {
  if (!answers.some(({ rows }) => rows.length > 0)) return { isChanged: false, gone: [] };
  return ports.locked(() => {
    sheet.flush();
    const rows = newest(ports, sheet.id, answers);
    const of = (tab: RowAnswer['tab']) => rows.filter((one) => one.tab === tab);
    const wall = (at: Date) => ports.formatTime(at, sheet.timeZone());
    const results = [
      applyTo(rundownTarget(sheet, tabId, wall), of('rundown')),
      applyTo(boardTarget(sheet, wall), of('services')),
    ];
    return { isChanged: results.some((one) => one.isChanged), gone: results.flatMap(({ gone }) => gone) };
  });
}

/** The sequence is kept first: an answer that comes late is never written over this one, whatever happens to us now. */
function newest({ memory }: Context, id: string, answers: readonly Answers[]): Wanted[] {
  const numbered = answers.filter(({ sequence, rows }) => sequence !== undefined && rows.length > 0);
  const last = numbered.length > 0 ? memory.sequences(id) : new Map<string, number>();
  const isOld = ({ environment, sequence }: Answers) =>
    sequence !== undefined && sequence < (last.get(environment) ?? Number.NEGATIVE_INFINITY);
  const fresh = numbered.filter((one) => !isOld(one) && one.sequence !== last.get(one.environment));
  memory.putSequences(id, new Map(fresh.map(({ environment, sequence }) => [environment, sequence as number])));
  return answers.filter((one) => !isOld(one)).flatMap(({ rows }) => rows);
}

interface Read<R extends AnyRow> {
  readonly columns: Columns;
  readonly rows: readonly R[];
}

/** A tab with rows that answers are for. */
interface Target<R extends AnyRow> {
  open(): SheetTab | undefined;
  read(tab: SheetTab): Read<R> | undefined;
  find(rows: readonly R[], answer: RowAnswer): R | undefined;
  /** Equal for rows that are the same step, whatever our cells say. */
  planOf(row: R): string;
  isBlank(row: R): boolean;
  flush(): void;
  wall(at: Date): string;
}

function rundownTarget(sheet: ReleaseSheet, tabId: number, wall: (at: Date) => string): Target<Row> {
  return {
    open: () => sheet.tabWithId(tabId),
    read(tab) {
      const reading = readRundown(readGrid(tab));
      return reading.ok ? reading.rundown : undefined;
    },
    find: findRow,
    planOf: planKey,
    isBlank: (row) => !isStep(row) && row.step === '' && row.plannedStart.text === '',
    flush: sheet.flush,
    wall,
  };
}

type BoardRow = Board['rows'][number];

function boardTarget(sheet: ReleaseSheet, wall: (at: Date) => string): Target<BoardRow> {
  return {
    open: () => sheet.tabNamed(SERVICES_TAB.name),
    read: (tab) => readBoard(tab.values()),
    find: findPick,
    planOf: ({ service }) => plainText(service),
    isBlank: ({ service }) => service === '',
    flush: sheet.flush,
    wall,
  };
}

interface Write<R extends AnyRow> {
  readonly answer: Wanted;
  readonly row: R;
  readonly cells: OwnCells;
}

/** A sort can move rows between our read and our write: what ended up elsewhere is undone, and tried once more. */
const MOST_ATTEMPTS = 2;

function applyTo<R extends AnyRow>(target: Target<R>, answers: readonly Wanted[]): Applied {
  const tab = answers.length > 0 ? target.open() : undefined;
  // Of a tab that was deleted there is nothing to be read again.
  if (!tab) return { isChanged: false, gone: answers };
  const gone: RowAnswer[] = [];
  let isChanged = false;
  let left = answers;
  for (let attempt = 0; attempt < MOST_ATTEMPTS && left.length > 0; attempt += 1) {
    const before = target.read(tab);
    // Nor of one that has lost its headers.
    if (!before) return { isChanged: false, gone: left };
    const writes: Write<R>[] = [];
    for (const answer of left) {
      const row = target.find(before.rows, answer);
      if (answer.onlyOver !== undefined && cellText(row?.own.result) !== answer.onlyOver) continue;
      if (!row) gone.push(answer);
      else if (saysAsAnswered(row, answer)) writes.push({ answer, row, cells: changedCells(row, answer, target.wall) });
      else isChanged ||= answer.onlyOver === undefined;
    }
    const changing = writes.filter(({ cells }) => Object.keys(cells).length > 0);
    const { missed, hasStrayed } = writeAll(target, tab, before, changing);
    left = missed;
    // An undoing can miss, too: what the rows say now is to be heard.
    isChanged ||= hasStrayed;
  }
  return { isChanged: isChanged || left.length > 0, gone };
}

interface Checked {
  /** Their rows had moved. */
  readonly missed: readonly Wanted[];
  /** Something ended up in another row, and was undone there. */
  readonly hasStrayed: boolean;
}

function writeAll<R extends AnyRow>(
  target: Target<R>,
  tab: SheetTab,
  before: Read<R>,
  writes: readonly Write<R>[],
): Checked {
  for (const { row, cells } of writes) writeCells(tab, before.columns, row, cells);
  if (writes.length > 0) target.flush();
  // What a sentence says in a wrong row is put right at the next reading; a Status or an id there could start something.
  const checked = writes.filter(({ cells }) => cells.status !== undefined || cells.operation !== undefined);
  const after = checked.length > 0 ? target.read(tab) : undefined;
  return after ? undoStrays(target, tab, before, after, checked) : { missed: [], hasStrayed: false };
}

function writeCells(tab: SheetTab, columns: Columns, row: AnyRow, cells: OwnCells): void {
  for (const { first, values } of runs(columns, cells, row.own)) tab.write(row.row, first, [values]);
}

function undoStrays<R extends AnyRow>(
  target: Target<R>,
  tab: SheetTab,
  before: Read<R>,
  after: Read<R>,
  writes: readonly Write<R>[],
): Checked {
  const { planOf } = target;
  const missed: Wanted[] = [];
  let hasStrayed = false;
  // Several rows may be told the same.
  const isToldSo = (one: R) => writes.some(({ row, cells }) => planOf(one) === planOf(row) && shows(one, cells));
  for (const { answer, row, cells } of writes) {
    const isMeant = (one: R) => planOf(one) === planOf(row);
    for (const stray of after.rows.filter((one) => !isMeant(one) && !isToldSo(one) && shows(one, cells))) {
      const was = ownBefore(target, before, stray);
      if (!was || shows(was, cells)) continue;
      writeCells(tab, after.columns, stray, was.own);
      hasStrayed = true;
    }
    const isThere = after.rows.some((one) => shows(one, cells) && (isMeant(one) || !ownBefore(target, before, one)));
    if (!isThere) missed.push(answer);
  }
  if (hasStrayed) target.flush();
  return { missed, hasStrayed };
}

const shows = (row: AnyRow, cells: OwnCells): boolean =>
  OWN_COLUMNS.every(
    (name) => cells[name] === undefined || isDate(cells[name]) || isSameText(row.own[name], cells[name]),
  );

const isSameText = (cell: CellValue, wanted: CellValue | undefined): boolean => cellText(cell) === cellText(wanted);

/**
 * What a row said that we wrote into by mistake. One that nobody knows from before is a step whose plan was edited
 * meanwhile, and no stray.
 */
function ownBefore<R extends AnyRow>({ planOf, isBlank }: Target<R>, before: Read<R>, row: R): AnyRow | undefined {
  const [was] = before.rows
    .filter((one) => planOf(one) === planOf(row))
    .sort((a, b) => Math.abs(a.row - row.row) - Math.abs(b.row - row.row));
  if (was || !isBlank(row)) return was;
  return { ...row, own: { status: '', result: '', started: '', finished: '', by: '', operation: '' } };
}

/** Only what differs: a time by what the clocks of the sheet show, as a cell keeps no more of it. */
function changedCells(row: AnyRow, { basis, cells }: Wanted, wall: (at: Date) => string): OwnCells {
  const changed: OwnCells = Object.fromEntries(
    OWN_COLUMNS.flatMap((name) => {
      const text = cells[name];
      if (text === undefined) return [];
      const wanted = name === 'started' || name === 'finished' ? timeCell(text) : text;
      return isSame(row.own[name], wanted, wall) ? [] : [[name, wanted]];
    }),
  );
  // What was picked since is somebody's next wish.
  const isPicked = row.action !== '' && plainText(row.action) === plainText(basis.action);
  return cells.pick !== undefined && isPicked ? { ...changed, pick: '' } : changed;
}

const SECOND_MS = 1_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T.*Z$/;

function timeCell(text: string): CellValue {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? text : new Date(Math.floor(at / SECOND_MS) * SECOND_MS);
}

function isSame(cell: CellValue, wanted: CellValue, wall: (at: Date) => string): boolean {
  if (isDate(cell) && isDate(wanted)) return wall(cell) === wall(wanted);
  return !isDate(cell) && !isDate(wanted) && isSameText(cell, wanted);
}

/** Every open step of a service whose running step lost its row says so: nobody must think that nothing runs. */
export function runsElsewhere(rows: readonly Row[], { basis, cells }: RowAnswer): Wanted[] {
  const { operation = '' } = cells;
  if (operation === '') return [];
  const result = says.runsElsewhere(basis.action, basis.service, operation);
  const isOpen = ({ status }: Row) => !['Done', 'Skipped', 'Failed'].includes(status);
  return rows
    .filter((row) => isStep(row) && isOpen(row) && plainText(row.service) === plainText(basis.service))
    .filter((row) => row.result !== result)
    .map((row) => answerTo(row, { result }));
}

/** What the script itself says in a row of the rundown. */
export const answerTo = (row: Row, cells: RowAnswer['cells']): Wanted => ({
  tab: 'rundown',
  basis: {
    row: row.row,
    step: row.step,
    plannedStart: row.plannedStart,
    service: row.service,
    action: row.action,
    was: [{ status: row.status, operation: row.operation }],
  },
  cells,
});

export const answerToPick = (row: BoardRow, cells: RowAnswer['cells']): Wanted => ({
  tab: 'services',
  basis: {
    row: row.row,
    step: '',
    plannedStart: { text: '' },
    service: row.service,
    action: row.action,
    was: [{ status: row.status, operation: row.operation }],
  },
  cells,
});
