import { RELEASE_ACTIONS, RELEASES_TAB, type ReleaseAction } from '../../../release-sheet-template/control.ts';
import { RELEASE_SHEET, TEMPLATE_VERSION } from '../../../release-sheet-template/template.ts';
import type { Doors } from '../doors.ts';
import { PICKS_TAB } from '../entry-record.ts';
import { knownOf, namesOf } from '../known-services.ts';
import { refresh } from '../loop.ts';
import { cellText, hasStatus, isOurs, OWN_COLUMNS, type OwnCells, type Row, RUNDOWN_TAB } from '../rundown.ts';
import { openRundown, readingOf, type TabSheet } from '../sheet.ts';
import type { Memory } from '../store.ts';
import { applyTabs, keptOutBy, readHeartbeat, writeHeartbeat } from './build-sheet.ts';
import { MOST_SHEETS, settleTriggers } from './triggers.ts';

/** The tab Releases of the control spreadsheet, worked like a rundown: pick an Action, set Status to Go. */

export interface ControlEdit {
  readonly tab: TabSheet;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Zero-based. */
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly user: string;
}

interface Columns {
  readonly release: number;
  readonly action: number;
  readonly sheet: number;
  readonly status: number;
  readonly result: number;
  readonly by: number;
  readonly at: number;
}

type Release = { readonly row: number; readonly name: string; readonly action: string; readonly url: string };

/** The first look at a new sheet, before any tick. */
const FIRST_BEAT_MS = 90 * 60_000;

export function onControlEdit(doors: Doors, edit: ControlEdit): void {
  const values = edit.tab.read();
  const columns = columnsOf(values[0] ?? []);
  if (!columns || columns.status < edit.firstColumn || columns.status > edit.lastColumn) return;
  for (let row = Math.max(2, edit.firstRow); row <= Math.min(edit.lastRow, values.length); row += 1) {
    const claimed = claimRelease(doors, edit, columns, row);
    if (!claimed) continue;
    const answer = (status: string, result: string) => {
      edit.tab.write(row, columns.status, [[status]]);
      edit.tab.write(row, columns.result, [[result]]);
      edit.tab.write(row, columns.at, [[new Date(doors.now())]]);
      edit.tab.flush();
    };
    try {
      answer(
        'Done',
        carryOut(
          doors,
          claimed,
          (url) => {
            edit.tab.write(row, columns.sheet, [[url]]);
            edit.tab.flush();
          },
          edit.user,
        ),
      );
    } catch (error) {
      answer('Failed', `${(error as Error).message} Nothing more was done. Set Go again when that is mended.`);
    }
  }
}

function columnsOf(headers: readonly unknown[]): Columns | undefined {
  const place = (header: string) => headers.findIndex((one) => cellText(one).toLowerCase() === header.toLowerCase());
  const [release, action, sheet, status, result, by, at] = RELEASES_TAB.columns.map(({ header }) => place(header));
  const found = { release, action, sheet, status, result, by, at } as Columns;
  return Object.values(found).every((one) => one >= 0) ? found : undefined;
}

/** Under the lock, so that an event that comes twice makes one sheet. */
function claimRelease(doors: Doors, { tab, user }: ControlEdit, columns: Columns, row: number): Release | undefined {
  return doors.locked(() => {
    tab.flush();
    const cells = tab.read()[row - 1] ?? [];
    if (cellText(cells[columns.status]).toLowerCase() !== 'go') return undefined;
    const name = cellText(cells[columns.release]);
    const release = { row, name, action: cellText(cells[columns.action]), url: cellText(cells[columns.sheet]) };
    tab.write(row, columns.status, [['Running']]);
    tab.write(row, columns.result, [['Working on it: this takes up to a minute.']]);
    tab.write(row, columns.by, [[user]]);
    tab.flush();
    return release;
  });
}

function carryOut(doors: Doors, release: Release, tellUrl: (url: string) => void, user: string): string {
  const action = RELEASE_ACTIONS.find((one) => one.toLowerCase() === release.action.toLowerCase());
  if (!action) throw new Error(`Choose an Action: ${RELEASE_ACTIONS.join(', ')}.`);
  return ACTIONS[action](doors, release, tellUrl, user);
}

const ID_IN_URL = /\/spreadsheets\/d\/([A-Za-z0-9_-]+)/;

/** @throws Error - There is no address, or it cannot be opened. */
function open(url: string): GoogleAppsScript.Spreadsheet.Spreadsheet {
  const id = ID_IN_URL.exec(url)?.[1];
  if (!id) throw new Error(`"${url}" is no address of a Google Sheet. Put its whole https address into Sheet.`);
  try {
    return SpreadsheetApp.openById(id);
  } catch {
    throw new Error(`The sheet cannot be opened. Share it with ${Session.getEffectiveUser().getEmail()} as an editor.`);
  }
}

/** @throws Error - As open() does; or the script may not write where it must. */
function openToWrite(url: string): GoogleAppsScript.Spreadsheet.Spreadsheet {
  const spreadsheet = open(url);
  const locked = keptOutBy(spreadsheet, RELEASE_SHEET);
  if (locked.length > 0) {
    throw new Error(
      `Drawbridge may not write where that sheet is protected: ${locked.join(', ')}. Choose Copy instead, and it ` +
        'makes a copy of its own; or delete these under Data, Protect sheets and ranges.',
    );
  }
  return spreadsheet;
}

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

function build(doors: Doors, memory: Memory, spreadsheet: Spreadsheet): void {
  const known = knownOf(refresh(doors, memory.connections));
  const operators = [...new Set(known.services.flatMap((service) => service.operators))];
  // Who may not open the sheet cannot be allowed to write into a part of it.
  if (operators.length > 0) spreadsheet.addEditors(operators);
  applyTabs(spreadsheet, RELEASE_SHEET, { services: namesOf(known), operators });
}

const isLive = ({ sheets }: Memory, spreadsheet: Spreadsheet): boolean =>
  sheets.some(({ id }) => id === spreadsheet.getId());

/** @returns How many steps of another sheet's night were set back. */
function cleared(memory: Memory, spreadsheet: Spreadsheet): number {
  const isAnothers = readHeartbeat(spreadsheet)?.madeFor !== spreadsheet.getId();
  return isAnothers && !isLive(memory, spreadsheet) ? clearOldNight(spreadsheet) : 0;
}

const beatFirst = (doors: Doors, spreadsheet: Spreadsheet): void =>
  writeHeartbeat(spreadsheet, new Date(doors.now() + FIRST_BEAT_MS), TEMPLATE_VERSION);

/** @throws Error - There is no room for one more. */
function register(doors: Doors, memory: Memory, spreadsheet: Spreadsheet): void {
  const id = spreadsheet.getId();
  const others = memory.sheets.filter((sheet) => sheet.id !== id);
  if (others.length >= MOST_SHEETS) {
    throw new Error(
      `There are ${others.length} live release sheets, the most that a Google account allows. Retire one.`,
    );
  }
  const known = memory.sheets.find((sheet) => sheet.id === id);
  const blank = { watchFrom: 0, watchTo: 0, connectedUntil: 0, told: '', toldAt: 0, registeredAt: doors.now() };
  doors.store.putSheet({ ...blank, ...known, id, name: spreadsheet.getName() });
  beatFirst(doors, spreadsheet);
  settleTriggers({ control: memory.control, sheets: [...others.map((sheet) => sheet.id), id] });
}

type Act = (doors: Doors, release: Release, tellUrl: (url: string) => void, user: string) => string;

const ACTIONS: Readonly<Record<ReleaseAction, Act>> = {
  Create(doors, { name, url }, tellUrl, user) {
    const memory = doors.store.load();
    if (url === '' && name === '') throw new Error('Write a name into Release.');
    // An execution may have died in the middle of it: then its sheet is built to the end.
    const spreadsheet = url === '' ? SpreadsheetApp.create(name) : openToWrite(url);
    tellUrl(spreadsheet.getUrl());
    cleared(memory, spreadsheet);
    build(doors, memory, spreadsheet);
    if (user !== '') spreadsheet.addEditors([user]);
    register(doors, memory, spreadsheet);
    return 'The sheet is made and connected. Open its address.';
  },
  Copy(doors, { name, url }, tellUrl, user) {
    const memory = doors.store.load();
    if (name === '') throw new Error('Write a name into Release.');
    const spreadsheet = open(url).copy(name);
    const count = cleared(memory, spreadsheet);
    build(doors, memory, spreadsheet);
    if (user !== '') spreadsheet.addEditors([user]);
    register(doors, memory, spreadsheet);
    // Last: an execution that dies before leaves a copy that nobody refers to, and the address that it was made from.
    tellUrl(spreadsheet.getUrl());
    return `The copy is made and connected.${setBack(count)} Open its address.`;
  },
  Register(doors, { url }) {
    const memory = doors.store.load();
    const spreadsheet = openToWrite(url);
    const count = cleared(memory, spreadsheet);
    build(doors, memory, spreadsheet);
    register(doors, memory, spreadsheet);
    return `The sheet is connected.${setBack(count)}`;
  },
  Update(doors, { url }) {
    const memory = doors.store.load();
    const spreadsheet = openToWrite(url);
    build(doors, memory, spreadsheet);
    if (isLive(memory, spreadsheet)) beatFirst(doors, spreadsheet);
    const rest = isLive(memory, spreadsheet) ? '' : ' It is not connected: choose Register, or Copy.';
    return `The sheet is up to template ${TEMPLATE_VERSION}; what people wrote is as it was.${rest}`;
  },
  Retire(doors, { url }) {
    const memory = doors.store.load();
    const id = ID_IN_URL.exec(url)?.[1] ?? '';
    const alive = memory.entries.filter((entry) => entry.spreadsheetId === id);
    if (alive.length > 0) {
      const steps = [...new Set(alive.map(({ step }) => step))].join(', ');
      throw new Error(`Step ${steps} is armed or running. Disarm it, or wait for its end.`);
    }
    retire(doors, memory, id);
    return 'The sheet is let go of: nothing that is set in it is run any more.';
  },
};

const setBack = (count: number): string =>
  count === 0 ? '' : ` ${count === 1 ? '1 step was' : `${count} steps were`} set back to Planned.`;

/** Lets go of a sheet, and lets its banner say so. */
export function retire(doors: Doors, memory: Memory, id: string): void {
  doors.store.removeSheet(id);
  try {
    doors.open(id).beat(new Date(doors.now()));
  } catch (error) {
    // One that was deleted has no banner.
    console.warn(`The release sheet ${id}: ${(error as Error).message}`);
  }
  console.log(`The release sheet ${id} is let go of.`);
  settleTriggers({
    control: memory.control,
    sheets: memory.sheets.map((sheet) => sheet.id).filter((one) => one !== id),
  });
}

/**
 * What a copy brought along of the night that it was copied from: nothing of it may run or be taken for true.
 * @returns How many steps were set back.
 */
function clearOldNight(spreadsheet: Spreadsheet): number {
  const steps = clearRows(spreadsheet, RUNDOWN_TAB, (row) => {
    const isOld = row.operation !== '' || hasStatus(row, 'Go', 'Scheduled', 'Running');
    return isOld || (isOurs(row) && hasStatus(row, 'Done', 'Failed', 'Unproven')) ? { status: 'Planned' } : undefined;
  });
  clearRows(spreadsheet, PICKS_TAB, (row) =>
    row.action !== '' || row.operation !== '' || row.status !== '' ? { pick: '' } : undefined,
  );
  return steps;
}

function clearRows(
  spreadsheet: Spreadsheet,
  tab: typeof RUNDOWN_TAB | typeof PICKS_TAB,
  after: (row: Row) => OwnCells | undefined,
): number {
  if (!spreadsheet.getSheetByName(tab)) return 0;
  const sheet = openRundown(spreadsheet.getId(), tab === PICKS_TAB ? tab : undefined);
  const reading = readingOf(sheet);
  if (!reading.ok) throw new Error(reading.message);
  const { rows, columns } = reading.rundown;
  const blank: OwnCells = Object.fromEntries(OWN_COLUMNS.map((column) => [column, '']));
  const old = rows.flatMap((row) => {
    const cells = after(row);
    return cells ? [{ row, cells }] : [];
  });
  for (const { row, cells } of old) sheet.writeOwn(row, columns, { ...blank, ...cells });
  sheet.flush();
  return old.length;
}
