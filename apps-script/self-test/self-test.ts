import type { Doors } from '../doors.ts';
import { fromJson } from '../json.ts';
import { refuseStrangers } from './ownership.ts';
import { lookAlone } from './self-test/alone.ts';
import { type HeardEdit, judge } from './self-test/judge.ts';
import {
  aloneSheet,
  createScratch,
  furnish,
  noteHeard,
  readScratch,
  tickCell,
  writeVerdict,
} from './self-test/scratch.ts';
import { STEPS_TAB, WATCHED_TABS } from './self-test/steps.ts';

/** How the real platform behaves, recorded on a scratch sheet: what the local runtime believes can be held against it. */

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

/** In the owner's User Properties. */
const SCRATCH = 'selftest:sheet';
const TICKS = 'selftest:ticks';
const MOST_TICKS = 100;

/** Both are temporary. */
const HANDLERS = { edit: 'onSelfTestEdit', tick: 'onSelfTestTick' } as const;

const memory = () => PropertiesService.getUserProperties();
const triggersOf = (handler: string) =>
  ScriptApp.getProjectTriggers().filter((trigger) => trigger.getHandlerFunction() === handler);

/**
 * First it makes a scratch sheet with steps for people, and listens to it. Run again, it writes down what was seen, stops
 * listening, and names what is still unknown; run once more, it listens on, for what is missing.
 *
 * @throws Error - A stranger runs it, or there are too many triggers.
 */
export function selfTest(doors: Doors): void {
  refuseStrangers(doors);
  const scratch = openScratch();
  if (scratch && triggersOf(HANDLERS.edit).length > 0) finish(doors, scratch);
  else begin(doors, scratch);
}

/** @returns undefined if there is none, or it was thrown away. */
function openScratch(): Spreadsheet | undefined {
  const id = memory().getProperty(SCRATCH);
  if (!id) return undefined;
  try {
    return SpreadsheetApp.openById(id);
  } catch {
    return undefined;
  }
}

function begin({ controller }: Doors, known: Spreadsheet | undefined): void {
  stopListening();
  const spreadsheet = known ?? createScratch();
  if (!known) {
    memory().setProperty(SCRATCH, spreadsheet.getId());
    memory().deleteProperty(TICKS);
  }
  furnish(spreadsheet);
  ScriptApp.newTrigger(HANDLERS.tick).timeBased().everyMinutes(1).create();
  // Last: where it is there, everything is.
  ScriptApp.newTrigger(HANDLERS.edit).forSpreadsheet(spreadsheet.getId()).onEdit().create();
  aloneSheet(spreadsheet).getRange(1, 1).setValue('A script wrote this.');
  SpreadsheetApp.flush();
  console.log(
    `Open ${spreadsheet.getUrl()} and do what the tab ${STEPS_TAB} says, in any order. Share it as an editor with a ` +
      `colleague, and with somebody whose address is of another domain than ${controller()}. ` +
      'Then wait five minutes and run selfTest() again: it takes up to three minutes.',
  );
}

function finish(doors: Doors, spreadsheet: Spreadsheet): void {
  const seen = readScratch(spreadsheet);
  const alone = lookAlone(spreadsheet, { ...doors, ticks });
  const verdict = judge({ ...seen, owner: doors.controller(), ticks: ticks(), alone });
  writeVerdict(spreadsheet, verdict);
  stopListening();
  console.log(JSON.stringify(verdict.recording));
  for (const { id, why } of verdict.unknown) console.log(`Unknown: ${id}: ${why}.`);
  if (verdict.unknown.length > 0) {
    console.log(`Run selfTest() again to go on with the missing steps in ${spreadsheet.getUrl()}.`);
    return;
  }
  memory().deleteProperty(SCRATCH);
  memory().deleteProperty(TICKS);
  console.log('Nothing is unknown any more. The scratch sheet can be thrown away.');
}

/** The edit trigger goes last: while it is there, running selfTest() again finishes this. */
function stopListening(): void {
  for (const trigger of [...triggersOf(HANDLERS.tick), ...triggersOf(HANDLERS.edit)]) ScriptApp.deleteTrigger(trigger);
}

function ticks(): number[] {
  const all = fromJson(memory().getProperty(TICKS) ?? undefined);
  return Array.isArray(all) ? all.filter((at) => typeof at === 'number') : [];
}

/** Temporary trigger: writes down what an event carried. */
export function hearEdit(source: Spreadsheet, edit: HeardEdit): void {
  // Its own writing must not be heard, should the platform tell of it.
  if (WATCHED_TABS.includes(edit.tab)) noteHeard(source, edit);
}

/** Temporary trigger: leaves its time in the sheet, and says so elsewhere when it is there. */
export function hearTick({ now }: Pick<Doors, 'now'>): void {
  const scratch = openScratch();
  if (!scratch) return;
  const at = now();
  tickCell(scratch).setValue(at);
  SpreadsheetApp.flush();
  memory().setProperty(TICKS, JSON.stringify([...ticks(), at].slice(-MOST_TICKS)));
}
