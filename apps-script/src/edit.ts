import { actionByTitle } from '../../contract/modes.ts';
import { plainText, statusOf } from '../../contract/status.ts';
import type { EditEvent, SyncTab } from '../../contract/sync.ts';
import { RUNDOWN_COLUMNS } from '../../release-sheet-template/rundown.ts';
import { concerned, deliver, type Edited, isAsked } from './deliver.ts';
import { follow } from './follow.ts';
import { aboutOf, type Edit } from './may-matter.ts';
import type { SheetRecord } from './memory.ts';
import type { Ports } from './ports.ts';
import { readLines, readPicks, readSteps } from './read-sheet.ts';
import { says } from './sentences.ts';
import { blocks } from './sheet/cell-runs.ts';
import {
  type Columns,
  cellText,
  type Headers,
  isStep,
  OWN_COLUMNS,
  PLAN_COLUMNS,
  type Row,
  RUNDOWN_TAB,
  type Rundown,
  readBoard,
  readHeaders,
  readRundown,
} from './sheet/rundown-tab.ts';
import { type ReleaseSheet, readGrid, type SheetTab } from './sheet/spreadsheet.ts';
import { newSession, type Session, type World } from './sync.ts';
import { answerUnclaimed, answerUnclaimedPicks } from './unclaimed.ts';

/** Somebody edited a release sheet. An edit that cannot matter costs nothing; one of a board waits for the tick. */

/** What runs is followed for so long; then the tick goes on, one look a minute. */
const FOLLOW_MS = 120_000;

export interface EditedTab {
  readonly sheet: ReleaseSheet;
  readonly tab: SheetTab;
  readonly edit: Edit;
  /** When the event was seen. Milliseconds since the epoch. */
  readonly seenAt: number;
}

export function onEdit(ports: Ports, sheet: ReleaseSheet, tab: SheetTab, edit: Edit): void {
  const here = { sheet, tab, edit, seenAt: ports.now() };
  switch (aboutOf(edit)) {
    case 'nothing':
      return;
    case 'headers':
      onHeaders(ports, here);
      return;
    case 'steps':
      onSteps(ports, here);
      return;
    case 'picks':
      onPicks(ports, here);
      return;
    case 'board':
      ports.memory.mark(sheet.id, here.seenAt);
  }
}

const isRundown = (headers: Headers): boolean => headers.ok || headers.isOurs;

/** Who broke a header must read why; who put it right again must not read it any more. */
function onHeaders(ports: Ports, { sheet, tab, edit, seenAt }: EditedTab): void {
  const texts = tab.headers();
  const headers = readHeaders([texts]);
  if (!isRundown(headers)) return;
  ports.memory.mark(sheet.id, seenAt);
  const known = RUNDOWN_COLUMNS.find(
    ({ header }) => plainText(header) === plainText(cellText(texts[edit.firstColumn])),
  );
  if (!headers.ok) tab.note(1, edit.firstColumn, headers.message);
  else if (known) tab.note(1, edit.firstColumn, known.note ?? '');
}

function onSteps(ports: Ports, here: EditedTab): void {
  const { sheet, tab, edit, seenAt } = here;
  if (edit.tabName !== RUNDOWN_TAB && !isRundown(readHeaders([tab.headers()]))) return;
  const values = tab.values();
  const headers = readHeaders(values);
  if (!headers.ok) {
    if (headers.isOurs) tellBroken(here, values, headers);
    return;
  }
  const covered = coveredBy(edit, headers.columns);
  const matters = mattersTo(edit, covered, values);
  if (matters === 'mark') ports.memory.mark(sheet.id, seenAt);
  if (matters !== 'sync') return;

  const memory = ports.memory.load();
  const reading = readRundown(readGrid(tab, values));
  if (!reading.ok) return;
  const touched = inRange(reading.rundown.rows, edit);
  if (
    !isRundownOf(
      ports,
      here,
      memory.sheets.find(({ id }) => id === sheet.id),
      reading.rundown,
      touched,
    )
  )
    return;

  const world: World = { connections: memory.connections };
  const own = covered.status ? answerUnclaimed(ports, world, touched) : [];
  const edited = touched.filter(isStep).map((row): Edited => ({ tab: 'rundown', row }));
  const isLettingIn = covered.status && touched.some(isEnablingAllowlist);
  const lines = () => (isLettingIn ? { allowlist: readLines(ports, sheet) } : {});
  const read = () => ({ readAt: ports.now(), ...readSteps(tab), ...lines() });
  const session = newSession(sheet, tab.id, read, { readAt: seenAt, steps: reading.rundown.rows, ...lines() });
  const event = eventOf(ports, here, 'rundown', covered);
  carryOut(ports, world, { session, event, edited, own, columns: reading.rundown.columns, here });
}

const isEnablingAllowlist = (row: Row): boolean =>
  statusOf(row.status) === 'Go' && actionByTitle(plainText(row.action)) === 'enable-allowlist';

interface Work {
  readonly session: Session;
  readonly event: EditEvent;
  readonly edited: readonly Edited[];
  readonly own: Parameters<typeof deliver>[2]['own'];
  readonly columns: Columns;
  readonly here: EditedTab;
}

/** From here on the next minute knows of it, whatever happens to this execution. */
function carryOut(ports: Ports, world: World, { session, event, edited, own, columns, here }: Work): void {
  ports.memory.mark(here.sheet.id, here.seenAt);
  const going = edited.filter((one) => isAsked(one) && event.coversStatus && concerned(world, [one]).length > 0);
  const cells = going.map(({ row }) => ({ row: row.row, column: columns.result, value: says.sending }));
  for (const { row, column, values } of blocks(cells)) here.tab.write(row, column, values);
  deliver(ports, world, { session, event, edited, own });
  follow(ports, world, [session], here.seenAt + FOLLOW_MS);
}

function onPicks(ports: Ports, here: EditedTab): void {
  const { sheet, tab, edit, seenAt } = here;
  const board = readBoard(tab.values());
  const picked = board && coversColumn(edit, board.columns.action) ? inRange(board.rows, edit) : [];
  const asked = picked.filter(({ action }) => action.trim() !== '');
  if (!board || asked.length === 0) {
    ports.memory.mark(sheet.id, seenAt);
    return;
  }
  const memory = ports.memory.load();
  const record = memory.sheets.find(({ id }) => id === sheet.id);
  if (!record) {
    for (const { row } of asked) tab.write(row, board.columns.result, [[says.notRegistered]]);
    return;
  }
  const world: World = { connections: memory.connections };
  const own = answerUnclaimedPicks(ports, world, asked);
  const read = () => ({ readAt: ports.now(), ...readPicks(tab) });
  // Only the tab Services is written: it is found by its name.
  const session = newSession(sheet, record.tabId ?? -1, read, { readAt: seenAt, picks: board.rows });
  const edited = asked.map((row): Edited => ({ tab: 'services', row }));
  const event = eventOf(ports, here, 'services', {
    status: true,
    plan: false,
    own: false,
    typedAt: board.columns.action,
  });
  carryOut(ports, world, { session, event, edited, own, columns: board.columns, here });
}

interface Covered {
  readonly status: boolean;
  readonly plan: boolean;
  readonly own: boolean;
  /** The column that what was typed counts for. */
  readonly typedAt: number;
}

const coversColumn = ({ firstColumn, lastColumn }: Edit, column: number): boolean =>
  firstColumn <= column && column <= lastColumn;

const coveredBy = (edit: Edit, columns: Rundown['columns']): Covered => ({
  status: coversColumn(edit, columns.status),
  plan: PLAN_COLUMNS.some((name) => coversColumn(edit, columns[name])),
  own: OWN_COLUMNS.some((name) => coversColumn(edit, columns[name])),
  typedAt: columns.status,
});

const inRange = <R extends { readonly row: number }>(rows: readonly R[], { firstRow, lastRow }: Edit): R[] =>
  rows.filter(({ row }) => row >= firstRow && row <= lastRow);

/** Whether an edit must be heard at once, within a minute, or not at all. */
function mattersTo(edit: Edit, { status, plan, own }: Covered, values: unknown[][]): 'sync' | 'mark' | 'nothing' {
  if (!status && !plan) return own ? 'mark' : 'nothing';
  // What cells hold is enough to tell; what people see of them costs another call.
  const rough = readRundown({ values, shown: values.map((line) => line.map(cellText)) });
  if (!rough.ok) return 'nothing';
  const { rows } = rough.rundown;
  const touched = inRange(rows, edit);
  if (status && touched.some(saysSomething)) return 'sync';
  if (plan && touched.some((row) => mayMove(row, rows))) return 'sync';
  return plan || touched.some(isStep) ? 'mark' : 'nothing';
}

/** Planned and Skipped ask for nothing, where nothing waits or runs. */
function saysSomething(row: Row): boolean {
  const word = statusOf(row.status);
  if (!isStep(row)) return word === 'Go';
  return row.operation !== '' || !(word === 'Planned' || word === 'Skipped' || row.status.trim() === '');
}

/** A step that waits or runs; or one that opens what an earlier step has closed: then the public is told another time. */
function mayMove(row: Row, rows: readonly Row[]): boolean {
  if (!isStep(row)) return false;
  if (statusOf(row.status) === 'Scheduled' || row.operation !== '') return true;
  const isClosed = () => rows.some((other) => ['Running', 'Unproven', 'Done'].includes(statusOf(other.status) ?? ''));
  return actionByTitle(plainText(row.action)) === 'exit' && isClosed();
}

function eventOf(
  ports: Ports,
  { edit: { user, typed, firstColumn }, seenAt }: EditedTab,
  tab: SyncTab,
  { status, plan, typedAt }: Covered,
): EditEvent {
  const isController = user.toLowerCase() === ports.controller().toLowerCase();
  return {
    tab,
    by: isController ? '' : user,
    ...(typed !== undefined && firstColumn === typedAt ? { typed } : {}),
    rows: [],
    coversStatus: status,
    coversPlan: plan,
    seenAt: new Date(seenAt).toISOString(),
  };
}

/**
 * A sheet has one rundown, known by its tab's id: a second tab with our headers is a duplicate, whatever it is called, and
 * says so.
 */
function isRundownOf(
  ports: Ports,
  { sheet, tab }: EditedTab,
  record: SheetRecord | undefined,
  { columns }: Rundown,
  touched: readonly Row[],
): boolean {
  const tell = (result: string) => {
    for (const row of touched.filter((one) => isAsked({ tab: 'rundown', row: one }))) {
      tab.write(row.row, columns.result, [[result]]);
    }
    return false;
  };
  if (!record) return tell(says.notRegistered);
  if (record.tabId === tab.id) return true;
  if (record.tabId === undefined) {
    const named = sheet.tabNamed(RUNDOWN_TAB);
    if (named && named.id !== tab.id) return tell(says.otherTab(RUNDOWN_TAB));
    ports.memory.putSheet({ ...record, tabId: tab.id });
    return true;
  }
  const rundown = sheet.tabWithId(record.tabId);
  if (!rundown) console.error(`The release sheet ${sheet.id}: its rundown tab is gone.`);
  return tell(rundown ? says.otherTab(rundown.name()) : says.goneTab);
}

/** Nothing can be run; who set Go must read why. */
function tellBroken({ tab, edit }: EditedTab, values: unknown[][], headers: Headers & { readonly ok: false }): void {
  const { firstRow, firstColumn, lastColumn } = edit;
  if (firstRow === 1) tab.note(1, firstColumn, headers.message);
  const last = Math.min(edit.lastRow, values.length);
  for (let row = Math.max(2, firstRow); row <= last; row += 1) {
    const cells = (values[row - 1] ?? []).slice(firstColumn, lastColumn + 1);
    if (!cells.some((cell) => ['Go', 'Scheduled'].includes(statusOf(cellText(cell)) ?? ''))) continue;
    if (headers.resultColumn === undefined) tab.note(row, firstColumn, headers.message);
    else tab.write(row, headers.resultColumn, [[headers.message]]);
  }
}
