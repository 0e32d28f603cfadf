import { HEALTH_TAB } from '../../../release-sheet-template/control.ts';
import { RELEASE_SHEET } from '../../../release-sheet-template/template.ts';
import type { Doors } from '../doors.ts';
import { readRundown } from '../rundown.ts';
import { tabSheet } from '../sheet.ts';
import type { Memory } from '../store.ts';
import { keptOutBy, readHeartbeat } from './build-sheet.ts';
import { requireOwner } from './ownership.ts';
import { type Readers, readersOf } from './sharing.ts';
import { lookAtTriggers, MOST_TRIGGERS } from './triggers.ts';

/** What is wrong with the controller and its sheets, and how to mend it. */

interface Check {
  readonly check: string;
  readonly isGood: boolean;
  readonly found: string;
  readonly remedy?: string;
}

/** A trigger of every minute that has not come for so long does not come any more. */
const CLOCK_TOLERANCE_MS = 60_000;

/** @throws Error - Somebody else than the owner runs it, or nothing is installed. */
export function checkHealth(doors: Doors): void {
  requireOwner(doors);
  const memory = doors.store.load();
  if (memory.control === '') throw new Error('Run install() first: it makes the control spreadsheet.');
  const checks = [
    ...ofTriggers(memory),
    ...ofConnections(doors, memory),
    ofOutbox(memory, doors.now()),
    ...memory.sheets.flatMap((sheet) => ofSheet(sheet.id, sheet.name)),
    ...ofReaders(memory),
  ];
  const tab = SpreadsheetApp.openById(memory.control).getSheetByName(HEALTH_TAB.name);
  if (!tab) throw new Error(`The control spreadsheet has no tab ${HEALTH_TAB.name}: run install() again.`);
  const at = new Date(doors.now());
  const rows = checks.map(({ check, isGood, found, remedy = '' }) => [
    check,
    isGood ? 'Good' : 'Mend',
    found,
    remedy,
    at,
  ]);
  const board = tabSheet(tab);
  const before = board.read().length - 1;
  const blank = HEALTH_TAB.columns.map(() => '');
  const filled = [...rows, ...Array.from({ length: Math.max(0, before - rows.length) }, () => blank)];
  board.write(2, 0, filled);
  board.flush();
  for (const { check, isGood, found, remedy = '' } of checks) {
    if (!isGood) console.warn(`${check}: ${found} ${remedy}`);
  }
  console.log(`${checks.filter(({ isGood }) => isGood).length} of ${checks.length} checks are good.`);
}

function ofTriggers({ control, sheets }: Memory): Check[] {
  const { missing, superfluous, total } = lookAtTriggers({ control, sheets: sheets.map(({ id }) => id) });
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

function ofConnections(doors: Doors, { connections }: Memory): Check[] {
  if (connections.length === 0) {
    const remedy = 'Run connect() with what ops/connect prints.';
    return [{ check: 'Connections', isGood: false, found: 'No environment is connected.', remedy }];
  }
  const before = doors.now();
  const answered = doors.api.services(connections);
  const took = doors.now() - before;
  return connections.map(({ environment }): Check => {
    const told = answered.find(({ connection }) => connection.environment === environment)?.told;
    const check = `Connection ${environment}`;
    if (told)
      return { check, isGood: true, found: `Answers with ${told.services.length} services (${took} ms for all).` };
    const remedy = 'Run ops/doctor for it; if its secret was changed, connect() again.';
    return { check, isGood: false, found: 'Did not answer GET /services.', remedy };
  });
}

/** What is armed and past its time shows that nobody wakes up any more. */
function ofOutbox({ entries }: Memory, now: number): Check {
  const late = entries.filter(({ phase, at }) => phase === 'armed' && at < now - CLOCK_TOLERANCE_MS);
  const check = 'Minute trigger';
  if (late.length === 0) return { check, isGood: true, found: `${entries.length} steps are armed or running.` };
  const steps = late.map(({ step }) => step).join(', ');
  const remedy = 'Look at the executions of onMinute in the script editor; run install().';
  return { check, isGood: false, found: `Step ${steps} is past its time and was not run.`, remedy };
}

function ofSheet(id: string, name: string): Check[] {
  const check = `Sheet ${name}`;
  const remedy = 'Mend it, or set Retire to Go in the tab Releases.';
  try {
    const spreadsheet = SpreadsheetApp.openById(id);
    const rundown = spreadsheet.getSheetByName('Rundown');
    if (!rundown) return [{ check, isGood: false, found: 'It has no tab Rundown.', remedy }];
    const reading = readRundown(tabSheet(rundown).read());
    if (!reading.ok) return [{ check, isGood: false, found: reading.message, remedy }];
    if (readHeartbeat(spreadsheet)?.madeFor !== id) {
      const found = 'Its hidden tab Drawbridge is gone or another sheet’s: the banner tells nothing true.';
      return [{ check, isGood: false, found, remedy: 'Set Update to Go in the tab Releases.' }];
    }
    const locked = keptOutBy(spreadsheet, RELEASE_SHEET);
    if (locked.length > 0) {
      const found = `Drawbridge may not write where it is protected: ${locked.join(', ')}.`;
      const mend = 'Delete these in it, under Data, Protect sheets and ranges; then set Update to Go in Releases.';
      return [{ check, isGood: false, found, remedy: mend }];
    }
    const locks = rundown.getProtections(SpreadsheetApp.ProtectionType.RANGE).filter((one) => !one.isWarningOnly());
    if (locks.length === 0) {
      const found = 'Everybody who can edit it may set Status: its protection is gone.';
      return [{ check, isGood: false, found, remedy: 'Set Update to Go in the tab Releases.' }];
    }
    return [{ check, isGood: true, found: `${reading.rundown.rows.length} rows, headers and protection are right.` }];
  } catch (error) {
    return [{ check, isGood: false, found: `It cannot be opened: ${(error as Error).message}`, remedy }];
  }
}

/** Whoever finds the link of a release sheet reads who closes what, and when. */
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
