import { plainText } from '../../contract/status.ts';
import { planKey } from '../../contract/sync.ts';
import type { RowAnswer } from '../../contract/sync-answer.ts';
import { SERVICES_TAB } from '../../release-sheet-template/services.ts';
import type { Wanted } from './own-answers.ts';
import type { Ports } from './ports.ts';
import { changedCells } from './sheet/changed-cells.ts';
import { type AnyRow, findPick, findRow, saysAsAnswered } from './sheet/find-row.ts';
import { type Board, cellText, isStep, type Row, readBoard, readRundown } from './sheet/rundown-tab.ts';
import { type ReleaseSheet, readGrid, type SheetTab } from './sheet/spreadsheet.ts';
import { writeCells } from './sheet/write-cells.ts';
import { type Checked, type Read, type Target, undoStrays, type Write } from './undo-strays.ts';

/** Writes what was answered into the rows that it was answered for, wherever those are by now. */

export interface Answers {
  /** Blank for what the script itself answers. */
  readonly environment: string;
  readonly sequence?: number;
  readonly rows: readonly Wanted[];
}

export interface Applied {
  /** A row says otherwise by now, or its answer was left out as older: it is to be read and sent again. */
  readonly isChanged: boolean;
  /** Their rows are nowhere. */
  readonly gone: readonly RowAnswer[];
}

type Context = Pick<Ports, 'memory' | 'locked' | 'formatTime' | 'now'>;

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
    const current = newest(ports, sheet.id, answers);
    const rows = current.flatMap((one) => one.rows);
    const of = (tab: RowAnswer['tab']) => rows.filter((one) => one.tab === tab);
    const wall = (at: Date) => ports.formatTime(at, sheet.timeZone());
    const results = [
      applyTo(rundownTarget(sheet, tabId, wall), of('rundown')),
      applyTo(boardTarget(sheet, wall), of('services')),
    ];
    const isOvertaken = answers.some((one) => one.rows.length > 0 && !current.includes(one));
    return {
      isChanged: isOvertaken || results.some((one) => one.isChanged),
      gone: results.flatMap(({ gone }) => gone),
    };
  });
}

/** The sequence is kept first: an answer that comes late is never written over this one, whatever happens to us now. */
function newest({ memory, now }: Context, id: string, answers: readonly Answers[]): readonly Answers[] {
  const numbered = answers.filter(({ sequence, rows }) => sequence !== undefined && rows.length > 0);
  const last = numbered.length > 0 ? memory.sequences(id, now()) : new Map<string, number>();
  const isOld = ({ environment, sequence }: Answers) =>
    sequence !== undefined && sequence < (last.get(environment) ?? Number.NEGATIVE_INFINITY);
  const fresh = numbered.filter((one) => !isOld(one) && one.sequence !== last.get(one.environment));
  memory.putSequences(id, new Map(fresh.map(({ environment, sequence }) => [environment, sequence as number])), now());
  return answers.filter((one) => !isOld(one));
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

/** What ended up in another row is undone, and tried once more. */
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
      const isSamePlan = row !== undefined && target.planOf(row) === target.planOf(answer.basis);
      if (!row) gone.push(answer);
      else if (saysAsAnswered(row, answer, isSamePlan))
        writes.push({ answer, row, cells: changedCells(row, answer, target.wall) });
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
