import type { ReleaseAction } from '../../../release-sheet-template/control.ts';
import { RUNDOWN_TAB } from '../../../release-sheet-template/rundown.ts';
import { RELEASE_SHEET, TEMPLATE_VERSION } from '../../../release-sheet-template/template.ts';
import type { Memory } from '../memory.ts';
import type { Ports } from '../ports.ts';
import { readHeaders } from '../sheet/rundown-tab.ts';
import { releaseSheet } from '../sheet/spreadsheet.ts';
import { keepNames, namesTold, type World } from '../sync.ts';
import { namesOf } from '../sync-request.ts';
import { applyTabs, keptOutBy, prepareHeartbeat, readHeartbeat, writeHeartbeat } from './build-sheet.ts';
import { clearOldNight } from './clear-old-night.ts';
import { retireSheet } from './retire-sheet.ts';
import { addEditors, requireReader } from './sharing.ts';
import { MOST_SHEETS, settleTriggers } from './triggers.ts';

/** What can be done with release sheets. Each answers in words, or throws in words. */

export interface Release {
  readonly name: string;
  readonly url: string;
  /** A listed administrator. */
  readonly user: string;
  /** An execution died once the row had the address of the new sheet, before that was connected. */
  readonly isMade: boolean;
  /** Writes the address of the new sheet into the row, and that it is made. */
  tellUrl(url: string): void;
}

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

/** The first sync comes with the next minute; until then its banner counts on this. */
const FIRST_BEAT_MS = 10 * 60_000;
const ID_IN_URL = /\/spreadsheets\/d\/([A-Za-z0-9_-]+)/;

export const RELEASE_WORK: Readonly<Record<ReleaseAction, (ports: Ports, release: Release) => string>> = {
  Create(ports, { name, url, user, tellUrl }) {
    const memory = ports.memory.load();
    if (url === '' && name === '') throw new Error('Write a name into Release.');
    requireRoom(memory, ID_IN_URL.exec(url)?.[1]);
    const known = askNames(ports, memory);
    // An execution may have died in the middle of it: then its sheet is built to the end, for those who can open it.
    const spreadsheet = url === '' ? newSpreadsheet(memory, name) : openToWrite(url);
    if (url === '') addEditors(spreadsheet, [user, ...known.operators]);
    tellUrl(spreadsheet.getUrl());
    clearIfAnothers(memory, spreadsheet);
    build(memory, spreadsheet, known);
    register(ports, memory, spreadsheet);
    return 'The sheet is made and connected. Open its address.';
  },
  Copy(ports, release) {
    const { name, url, user, isMade, tellUrl } = release;
    if (isMade) return RELEASE_WORK.Register(ports, release);
    const memory = ports.memory.load();
    if (name === '') throw new Error('Write a name into Release.');
    requireRoom(memory, undefined);
    const original = open(url);
    const readers = requireReader(original, user);
    const known = askNames(ports, memory);
    const spreadsheet = original.copy(name);
    setUp(memory, spreadsheet);
    const count = clearIfAnothers(memory, spreadsheet);
    build(memory, spreadsheet, known);
    // Nobody sees more through a copy than before.
    addEditors(spreadsheet, [user, ...known.operators.filter((one) => readers.includes(one.toLowerCase()))]);
    // Before it is live: an execution that dies before leaves a copy that nobody refers to, and the address of the original.
    tellUrl(spreadsheet.getUrl());
    register(ports, memory, spreadsheet);
    return `The copy is made and connected.${setBack(count)} Open its address.`;
  },
  Register(ports, { url }) {
    const memory = ports.memory.load();
    const spreadsheet = openToWrite(url);
    requireRoom(memory, spreadsheet.getId());
    const count = clearIfAnothers(memory, spreadsheet);
    build(memory, spreadsheet, askNames(ports, memory));
    register(ports, memory, spreadsheet);
    return `The sheet is connected.${setBack(count)}`;
  },
  Update(ports, { url }) {
    const memory = ports.memory.load();
    const spreadsheet = openToWrite(url);
    build(memory, spreadsheet, askNames(ports, memory));
    if (isLive(memory, spreadsheet)) register(ports, memory, spreadsheet);
    const rest = isLive(memory, spreadsheet) ? '' : ' It is not connected: choose Register, or Copy.';
    return `The sheet is up to template ${TEMPLATE_VERSION}; what people wrote is as it was.${rest}`;
  },
  Retire(ports, { url, user }) {
    const memory = ports.memory.load();
    const id = ID_IN_URL.exec(url)?.[1] ?? '';
    const record = memory.sheets.find((sheet) => sheet.id === id);
    if (!record) throw new Error('That sheet is not connected. Put the address of a connected one into Sheet.');
    retireSheet(ports, memory, record, user);
    return 'The sheet is retired: nothing set in it will run.';
  },
};

/** @throws Error - There is no address, or it cannot be opened. */
function open(url: string): Spreadsheet {
  const id = ID_IN_URL.exec(url)?.[1];
  if (!id) throw new Error(`"${url}" is no address of a Google Sheet. Put its whole https address into Sheet.`);
  try {
    return SpreadsheetApp.openById(id);
  } catch {
    throw new Error(`The sheet cannot be opened. Share it with ${Session.getEffectiveUser().getEmail()} as an editor.`);
  }
}

/** @throws Error - As open() does; or the script may not write where it must. */
function openToWrite(url: string): Spreadsheet {
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

function newSpreadsheet(memory: Memory, name: string): Spreadsheet {
  const spreadsheet = SpreadsheetApp.create(name);
  setUp(memory, spreadsheet);
  return spreadsheet;
}

/** Only of sheets that we make: a new one has whatever the account has. Its banner must turn without anybody's edit. */
function setUp({ control }: Memory, spreadsheet: Spreadsheet): void {
  const template = SpreadsheetApp.openById(control);
  spreadsheet.setSpreadsheetLocale(template.getSpreadsheetLocale());
  spreadsheet.setSpreadsheetTimeZone(template.getSpreadsheetTimeZone());
}

interface Known {
  readonly services: readonly string[];
  readonly operators: readonly string[];
}

function askNames(ports: Ports, memory: Memory): Known {
  const told = ports.api.services(memory.connections);
  const world: World = { connections: memory.connections };
  keepNames(ports, world, namesTold(told));
  const operators = told.flatMap(({ told: { services } }) => services.flatMap((service) => service.operators));
  return { services: namesOf(world.connections), operators: [...new Set(operators)] };
}

function build(memory: Memory, spreadsheet: Spreadsheet, known: Known): void {
  spreadsheet.setRecalculationInterval(SpreadsheetApp.RecalculationInterval.MINUTE);
  prepareHeartbeat(spreadsheet);
  applyTabs(spreadsheet, RELEASE_SHEET, { ...known, rundownTabId: rundownTabId(memory, spreadsheet) });
}

/** The tab that is remembered; else the one of that name; else one with our headers, whatever it is called. */
function rundownTabId({ sheets }: Memory, spreadsheet: Spreadsheet): number | undefined {
  const sheet = releaseSheet(spreadsheet);
  const known = sheets.find(({ id }) => id === sheet.id)?.tabId;
  if (known !== undefined && sheet.tabWithId(known)) return known;
  const named = sheet.tabNamed(RUNDOWN_TAB.name);
  return named?.id ?? sheet.tabs().find((tab) => readHeaders([tab.headers()]).ok)?.id;
}

const isLive = ({ sheets }: Memory, spreadsheet: Spreadsheet): boolean =>
  sheets.some(({ id }) => id === spreadsheet.getId());

/** @returns How many steps of another sheet's night were set back. */
function clearIfAnothers(memory: Memory, spreadsheet: Spreadsheet): number {
  const isAnothers = readHeartbeat(spreadsheet)?.madeFor !== spreadsheet.getId();
  if (!isAnothers || isLive(memory, spreadsheet)) return 0;
  return clearOldNight(releaseSheet(spreadsheet), rundownTabId(memory, spreadsheet));
}

/** @throws Error - There is no room for one more. */
function requireRoom({ sheets }: Memory, id: string | undefined): void {
  const others = sheets.filter((sheet) => sheet.id !== id);
  if (others.length < MOST_SHEETS) return;
  throw new Error(`There are ${others.length} live release sheets, the most that a Google account allows. Retire one.`);
}

function register(ports: Ports, memory: Memory, spreadsheet: Spreadsheet): void {
  const id = spreadsheet.getId();
  const others = memory.sheets.filter((sheet) => sheet.id !== id);
  const tabId = rundownTabId(memory, spreadsheet);
  ports.memory.putSheet({ id, name: spreadsheet.getName(), ...(tabId === undefined ? {} : { tabId }) });
  ports.memory.mark(id, ports.now());
  writeHeartbeat(spreadsheet, new Date(ports.now() + FIRST_BEAT_MS), id, TEMPLATE_VERSION);
  settleTriggers({ control: memory.control, sheets: [...others.map((sheet) => sheet.id), id] });
}

const setBack = (count: number): string =>
  count === 0 ? '' : ` ${count === 1 ? '1 step was' : `${count} steps were`} set back to Planned.`;
