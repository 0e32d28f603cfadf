import { ALL_STEPS, rehearsalByTitle } from '../../contract/rehearsal.ts';
import type { SyncTab } from '../../contract/sync.ts';
import type { EditEvent } from '../../contract/sync-request.ts';
import { RUNDOWN_TAB } from '../../release-sheet-template/rundown.ts';
import { type Delivery, deliver, type Edited, isAsked } from './deliver.ts';
import { follow } from './follow.ts';
import { aboutOf, type Covered, coveredBy, coversColumn, type Edit, inRange, mattersTo } from './may-matter.ts';
import type { Ports } from './ports.ts';
import { letsIn, readLines, readPicks, readRest, readSteps } from './read-sheet.ts';
import { says } from './sentences.ts';
import { type Columns, isStep, readBoard, readHeaders, readRundown } from './sheet/rundown-tab.ts';
import { type ReleaseSheet, readGrid, type SheetTab } from './sheet/spreadsheet.ts';
import { writeBlocks } from './sheet/write-cells.ts';
import { newSession, type World } from './sync.ts';
import { claimOf } from './sync-request.ts';
import { type EditedTab, isRundown, isRundownOf, onHeaders, tellBroken } from './tell-where.ts';
import { answerUnclaimed, answerUnclaimedPicks, rehearseUnclaimed } from './unclaimed.ts';

/** Somebody edited a release sheet. An edit that cannot matter costs nothing; one of a board waits for the tick. */

/** What runs is followed for so long; then the tick goes on, one look a minute. */
const FOLLOW_MS = 120_000;

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

function onSteps(ports: Ports, here: EditedTab): void {
  const { sheet, tab, edit, seenAt } = here;
  if (edit.tabName !== RUNDOWN_TAB.name && !isRundown(readHeaders([tab.headers()]))) return;
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
  const record = memory.sheets.find(({ id }) => id === sheet.id);
  if (!isRundownOf(ports, here, record, reading.rundown, touched)) return;

  const world: World = { connections: memory.connections };
  const own = covered.status ? answerUnclaimed(ports, world, touched) : [];
  const edited = touched.filter(isStep).map((row): Edited => ({ tab: 'rundown', row }));
  const isLettingIn = covered.status && touched.some((row) => letsIn(row, 'Go'));
  const lines = () => (isLettingIn ? readLines(ports, sheet) : {});
  const read = () => ({ readAt: ports.now(), ...readSteps(tab), ...lines() });
  const session = newSession(sheet, tab.id, read, { readAt: seenAt, steps: reading.rundown.rows, ...lines() });
  const event = eventOf(ports, here, 'rundown', covered);
  carryOut(ports, world, { session, event, edited, own, columns: reading.rundown.columns, here });
}

interface Work extends Delivery {
  readonly columns: Columns;
  readonly here: EditedTab;
}

/** From here on the next minute knows of it, whatever happens to this execution. */
function carryOut(ports: Ports, world: World, { columns, here, ...delivery }: Work): void {
  ports.memory.mark(here.sheet.id, here.seenAt);
  const { session, event } = delivery;
  const isClaimed = ({ row }: Edited) => claimOf(world.connections, row) !== undefined;
  // An edit of a plan wants nothing run.
  const isGoing = (one: Edited) => event.coversStatus && isAsked(one) && isClaimed(one);
  const edited = delivery.edited.map((one): Edited => ({ ...one, isOnItsWay: isGoing(one) }));
  const going = edited.filter(({ isOnItsWay }) => isOnItsWay);
  const cells = going.map(({ row }) => ({ row: row.row, column: columns.result, value: says.sending }));
  writeBlocks(here.tab, cells);
  deliver(ports, world, { ...delivery, edited });
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
    const column = board.columns.result;
    writeBlocks(
      tab,
      asked.map(({ row }) => ({ row, column, value: says.notRegistered })),
    );
    return;
  }
  const world: World = { connections: memory.connections };
  // What rehearses all steps is told in their rows.
  const isOfAll = asked.some(({ action }) => rehearsalByTitle(action) === ALL_STEPS);
  const more = () => (isOfAll ? readRest(ports, sheet, record.tabId) : {});
  const read = () => ({ readAt: ports.now(), ...readPicks(tab), ...more() });
  // Without them only the tab Services is written: it is found by its name.
  const session = newSession(sheet, record.tabId ?? -1, read, { readAt: seenAt, picks: board.rows, ...more() });
  const own = [
    ...answerUnclaimedPicks(ports, world, asked),
    ...rehearseUnclaimed(ports, world, session.rows.steps ?? []),
  ];
  const edited = asked.map((row): Edited => ({ tab: 'services', row }));
  const event = eventOf(ports, here, 'services', {
    status: true,
    plan: false,
    own: false,
    typedAt: board.columns.action,
  });
  carryOut(ports, world, { session, event, edited, own, columns: board.columns, here });
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
