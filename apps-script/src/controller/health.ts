import { HEALTH_TAB } from '../../../release-sheet-template/control.ts';
import { RUNDOWN_TAB } from '../../../release-sheet-template/rundown.ts';
import { SERVICES_TAB } from '../../../release-sheet-template/services.ts';
import { NOT_CONNECTED } from '../../../release-sheet-template/tab.ts';
import { RELEASE_SHEET } from '../../../release-sheet-template/template.ts';
import type { Memory, SheetRecord } from '../memory.ts';
import type { Ports } from '../ports.ts';
import { rundownTab } from '../read-sheet.ts';
import { readHeaders } from '../sheet/rundown-tab.ts';
import { releaseSheet, sheetTab, sheetWithId } from '../sheet/spreadsheet.ts';
import { bannersOf, keptOutBy, readHeartbeat } from './build-sheet.ts';
import { requireOwner } from './ownership.ts';
import { type Readers, readersOf } from './sharing.ts';
import { findTriggers, MOST_TRIGGERS } from './triggers.ts';

/** What is wrong with the controller and its sheets, and how to fix it. */

interface Check {
  readonly check: string;
  readonly isGood: boolean;
  readonly found: string;
  readonly remedy?: string;
}

/** A sheet is synced once an hour at least; a trigger of every minute comes late, but not that late. */
const OVERDUE_MS = 5 * 60_000;

/** @throws Error - Somebody else than the owner runs it, or nothing is installed. */
export function checkHealth(ports: Ports): void {
  requireOwner(ports);
  const memory = ports.memory.load();
  if (memory.control === '') throw new Error('Run install() first: it makes the control spreadsheet.');
  const checks = [
    ofOwner(ports.controller()),
    ofAdmins(memory),
    ...ofTriggers(memory),
    ...ofConnections(ports, memory),
    ofMinutes(memory, ports.now()),
    ...memory.sheets.flatMap(ofSheet),
    ...ofReaders(memory),
  ];
  write(memory.control, checks, new Date(ports.now()));
  for (const { check, isGood, found, remedy = '' } of checks) {
    if (!isGood) console.warn(`${check}: ${found} ${remedy}`);
  }
  console.log(`${checks.filter(({ isGood }) => isGood).length} of ${checks.length} checks are good.`);
}

function write(control: string, checks: readonly Check[], at: Date): void {
  const sheet = SpreadsheetApp.openById(control).getSheetByName(HEALTH_TAB.name);
  if (!sheet) throw new Error(`The control spreadsheet has no tab ${HEALTH_TAB.name}: run install() again.`);
  const tab = sheetTab(sheet);
  const rows = checks.map(({ check, isGood, found, remedy = '' }) => [
    check,
    isGood ? 'Good' : 'Fix',
    found,
    remedy,
    at,
  ]);
  const before = tab.values().length - 1;
  const blank = HEALTH_TAB.columns.map(() => '');
  tab.write(2, 0, [...rows, ...Array.from({ length: Math.max(0, before - rows.length) }, () => blank)]);
  SpreadsheetApp.flush();
}

/** Google tells who edited only within one Workspace domain; to a consumer account it names nobody. */
function ofOwner(owner: string): Check {
  const check = 'Owner';
  if (!/@(gmail|googlemail)\.com$/i.test(owner)) return { check, isGood: true, found: `${owner} owns the script.` };
  const found = `${owner} is a consumer account: Google does not report to it who set a step, so nothing can be run.`;
  const remedy =
    'Let an account of the operators’ Workspace domain own the script, then connect() and install() there.';
  return { check, isGood: false, found, remedy };
}

function ofAdmins({ admins }: Memory): Check {
  const check = 'Administrators';
  if (admins.length > 0) return { check, isGood: true, found: `${admins.join(', ')}.` };
  const remedy = 'List them in drawbridge.config.ts, then connect() with what npm run connect prints.';
  return { check, isGood: false, found: 'None is listed: nobody can make or retire a release sheet.', remedy };
}

function ofTriggers({ control, sheets }: Memory): Check[] {
  const { missing, superfluous, total } = findTriggers({ control, sheets: sheets.map(({ id }) => id) });
  const remedy = 'Run install().';
  return [
    missing.length === 0
      ? { check: 'Triggers', isGood: true, found: 'All are there.' }
      : { check: 'Triggers', isGood: false, found: `${missing.length} missing: ${missing.join(', ')}.`, remedy },
    superfluous === 0
      ? { check: 'Triggers twice', isGood: true, found: 'None.' }
      : { check: 'Triggers twice', isGood: false, found: `${superfluous} too many: edits would run twice.`, remedy },
    {
      check: 'Room for triggers',
      isGood: total < MOST_TRIGGERS,
      found: `${total} of ${MOST_TRIGGERS} are used.`,
      ...(total < MOST_TRIGGERS ? {} : { remedy: 'Retire a release sheet in the tab Releases.' }),
    },
  ];
}

function ofConnections(ports: Ports, { connections }: Memory): Check[] {
  if (connections.length === 0) {
    const remedy = 'Run connect() with what npm run connect prints.';
    return [{ check: 'Connections', isGood: false, found: 'No environment is connected.', remedy }];
  }
  const before = ports.now();
  const answered = ports.api.services(connections);
  const took = ports.now() - before;
  return connections.map(({ environment }): Check => {
    const told = answered.find((one) => one.environment === environment)?.told;
    const check = `Connection ${environment}`;
    if (told)
      return { check, isGood: true, found: `Answers with ${told.services.length} services (${took} ms for all).` };
    const remedy = 'Run npm run doctor for it; if its secret was changed, connect() again.';
    return { check, isGood: false, found: 'Did not answer GET /services.', remedy };
  });
}

/** What was to be synced and was not shows that nobody wakes up any more. */
function ofMinutes({ sheets, synced }: Memory, now: number): Check {
  const check = 'Minute trigger';
  const late = sheets.filter(({ id }) => synced(id).syncedAt > 0 && synced(id).nextSyncAt < now - OVERDUE_MS);
  if (late.length === 0) return { check, isGood: true, found: `${sheets.length} sheets are synced in time.` };
  const names = late.map(({ name }) => name).join(', ');
  const remedy = 'Open the executions of onMinute in the script editor; run install().';
  return { check, isGood: false, found: `Overdue for more than five minutes: ${names}.`, remedy };
}

function ofSheet({ id, name, tabId }: SheetRecord): Check[] {
  const check = `Sheet ${name}`;
  const bad = (found: string, remedy: string): Check[] => [{ check, isGood: false, found, remedy }];
  const update = 'Set Update to Go in the tab Releases.';
  try {
    const spreadsheet = SpreadsheetApp.openById(id);
    const tab = rundownTab(releaseSheet(spreadsheet), tabId);
    if (!tab) return bad('The tab that was its rundown is gone: nothing set in it is run.', update);
    const headers = readHeaders(tab.values());
    if (!headers.ok) return bad(headers.message, 'Fix its header.');
    if (readHeartbeat(spreadsheet)?.madeFor !== id) {
      return bad('Its hidden tab Drawbridge is gone or another sheet’s: the banner tells nothing true.', update);
    }
    const wrong = bannersOf(spreadsheet, [{ name: RUNDOWN_TAB.name, id: tab.id }, SERVICES_TAB]).filter(
      ({ shows }) => shows === '' || shows === NOT_CONNECTED,
    );
    if (wrong.length > 0) {
      const shown = wrong.map(({ name: one, shows }) => `${one}: ${shows || 'no banner'}`).join('; ');
      return bad(`Its banner does not say Connected (${shown}).`, `${update} If it stays, look at Minute trigger.`);
    }
    const missing = RELEASE_SHEET.filter(
      ({ name: one }) => one !== RUNDOWN_TAB.name && !spreadsheet.getSheetByName(one),
    );
    if (missing.length > 0) return bad(`It has no tab ${missing.map((one) => one.name).join(', ')}.`, update);
    const locked = keptOutBy(spreadsheet, RELEASE_SHEET);
    if (locked.length > 0) {
      const remedy = `Delete these in it, under Data, Protect sheets and ranges; then: ${update}`;
      return bad(`Drawbridge may not write where it is protected: ${locked.join(', ')}.`, remedy);
    }
    const sheet = sheetWithId(spreadsheet, tab.id);
    const locks = sheet?.getProtections(SpreadsheetApp.ProtectionType.RANGE).filter((one) => !one.isWarningOnly());
    if (!locks || locks.length === 0) {
      return bad('Everybody who can edit it may set Status: its protection is gone.', update);
    }
    return [{ check, isGood: true, found: 'Headers, banner and protection are right.' }];
  } catch (error) {
    const remedy = 'Share it with the owner again, or set Retire to Go in the tab Releases.';
    return bad(`It cannot be opened: ${(error as Error).message}`, remedy);
  }
}

/** Anybody with the link of a release sheet reads who closes what, and when. */
function ofReaders({ control, sheets }: Memory): Check[] {
  const all = [{ id: control, name: 'The control spreadsheet' }, ...sheets];
  const readers = readersOf(all.map(({ id }) => id));
  const named = (who: Readers) => all.filter((_sheet, at) => readers[at] === who).map(({ name }) => name);
  const [open, unknown] = [named('anybody'), named('unknown')];
  const check = 'Open by link';
  if (open.length > 0) {
    const found = `Everybody with the link can read: ${open.join(', ')}.`;
    return [{ check, isGood: false, found, remedy: 'In that sheet, under Share, set General access to Restricted.' }];
  }
  if (unknown.length > 0) {
    const found = `Could not be checked: ${unknown.join(', ')}.`;
    return [{ check, isGood: false, found, remedy: 'Open its link in a private window: Google must ask to sign in.' }];
  }
  return [{ check, isGood: true, found: 'None: Google asks everybody to sign in.' }];
}
