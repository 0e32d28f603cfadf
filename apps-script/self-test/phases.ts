import { callTimes } from './call-times.ts';
import { notebook } from './notebook.ts';
import {
  createScratch,
  furnish,
  isEveryStepDone,
  noteHeard,
  nowCell,
  readScratch,
  scriptsOwnSheet,
  tickCell,
  writeVerdict,
} from './scratch.ts';
import { STEPS_TAB, WATCHED_TABS } from './steps.ts';
import { checkUnattended } from './unattended-checks.ts';
import { type Finding, type HeardEdit, NOW_TICKS, SAME_TICK_MS, verdictOf } from './verdict.ts';

/**
 * How the real platform behaves, recorded on a scratch sheet: what the local runtime believes can be held against it.
 *
 * It needs one spare trigger, and takes that away again. First it hears the edits of people who do the steps; when they are
 * done, or half an hour has passed, the trigger is exchanged for one of every minute, which learns the rest by itself.
 */

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

const HANDLERS = { edit: 'onSelfTestEdit', tick: 'onSelfTestTick' } as const;
type Phase = keyof typeof HANDLERS;

/** Each phase ends by itself. */
const LONGEST_PHASE_MS = 30 * 60_000;
/** A tick comes each minute, and late. */
const LONGEST_WAIT_MS = 150_000;
const LOOK_MS = 1_000;
/** Which tick waits for the next one to write; by then the clock was watched without any writing. */
const WAITING_TICK = 2 * NOW_TICKS + 1;
const MOST_TICKS = WAITING_TICK + 4;

const triggersOf = (phase: Phase) =>
  ScriptApp.getProjectTriggers().filter((trigger) => trigger.getHandlerFunction() === HANDLERS[phase]);

/** One at a time: an account may have no more to spare. */
function listen(phase: Phase | undefined, spreadsheet: Spreadsheet): void {
  for (const one of ['edit', 'tick'] as const) for (const trigger of triggersOf(one)) ScriptApp.deleteTrigger(trigger);
  notebook.begin(Date.now());
  if (phase === 'edit') ScriptApp.newTrigger(HANDLERS.edit).forSpreadsheet(spreadsheet.getId()).onEdit().create();
  if (phase === 'tick') ScriptApp.newTrigger(HANDLERS.tick).timeBased().everyMinutes(1).create();
}

const isOver = (): boolean => Date.now() - notebook.since() > LONGEST_PHASE_MS;
const owner = (): string => Session.getEffectiveUser().getEmail();

/**
 * First it makes a scratch sheet with steps for people. Run again, it does not wait for steps that nobody did; run once
 * more after its end, it goes on with what is still unknown.
 */
export function runSelfTest(): void {
  ScriptApp.requireAllScopes(ScriptApp.AuthMode.FULL);
  const scratch = openScratch();
  if (scratch && triggersOf('tick').length > 0) {
    console.log(
      `It learns by itself, and ends ${WAITING_TICK + 1} minutes after it began. Its result: ${scratch.getUrl()}`,
    );
  } else if (scratch && triggersOf('edit').length > 0) watchClock(scratch);
  else hearPeople(scratch);
}

/** @returns undefined if there is none, or it was thrown away. */
function openScratch(): Spreadsheet | undefined {
  const id = notebook.sheet();
  if (id === '') return undefined;
  try {
    return SpreadsheetApp.openById(id);
  } catch {
    return undefined;
  }
}

function hearPeople(known: Spreadsheet | undefined): void {
  const spreadsheet = known ?? createScratch();
  if (!known) {
    notebook.clear();
    notebook.putSheet(spreadsheet.getId());
    // Before anything of it is set: this is what every new spreadsheet gets.
    notebook.putFacts({
      newSheetTimeZone: spreadsheet.getSpreadsheetTimeZone(),
      newSheetLocale: spreadsheet.getSpreadsheetLocale(),
    });
  }
  furnish(spreadsheet);
  notebook.putFindings(checkUnattended(spreadsheet));
  notebook.putFacts({ ...notebook.facts(), callMs: callTimes(spreadsheet) });
  // Last: where it is there, everything is.
  listen('edit', spreadsheet);
  scriptsOwnSheet(spreadsheet).getRange(1, 1).setValue('A script wrote this.');
  SpreadsheetApp.flush();
  console.log(
    `Open ${spreadsheet.getUrl()} and do what the tab ${STEPS_TAB} says within half an hour, in any order. Share it as an ` +
      'editor with a colleague, with one who may not open this script, and with somebody whose address is of another ' +
      `domain than ${owner()}. The rest it learns by itself; run selfTest() again if some steps cannot be done.`,
  );
}

/** Temporary trigger: writes down what an event carried. */
export function wasEdited(source: Spreadsheet, edit: HeardEdit): void {
  // Its own writing must not be heard, should the platform tell of it.
  if (WATCHED_TABS.includes(edit.tab) && !isOver()) noteHeard(source, edit);
  const isListening = triggersOf('edit').length > 0;
  if (isListening && (isOver() || isEveryStepDone(source))) watchClock(source);
}

function watchClock(spreadsheet: Spreadsheet): void {
  notebook.clearTicks();
  listen('tick', spreadsheet);
  console.log(`Nobody has to do anything more. In some ten minutes the result is in ${spreadsheet.getUrl()}.`);
}

/** Temporary trigger: watches the clock of the sheet, then whether an execution sees what another one has written. */
export function tickPassed(): void {
  const scratch = openScratch();
  if (!scratch) return;
  const now = Date.now();
  const last = notebook.ticks().pop() ?? 0;
  if (now - last < SAME_TICK_MS) return;
  const count = notebook.addTick(now);
  if (count <= 2 * NOW_TICKS) notebook.addShown(nowCell(scratch).getDisplayValue());
  if (count === NOW_TICKS) scratch.setRecalculationInterval(SpreadsheetApp.RecalculationInterval.MINUTE);
  if (count === WAITING_TICK) notebook.putCachedReads(cachedReads(scratch));
  if (count > WAITING_TICK) writeTick(scratch, now);
  const isLearnt = notebook.cachedReads() !== undefined;
  if (isLearnt || count >= MOST_TICKS || isOver()) finishOnce(scratch);
}

/** Ticks overlap: who comes second finds that it is over, and nothing left to report from. */
function finishOnce(scratch: Spreadsheet): void {
  const lock = LockService.getScriptLock();
  if (!lock.tryLock(LONGEST_WAIT_MS)) return;
  try {
    if (triggersOf('tick').length > 0) finish(scratch);
  } finally {
    SpreadsheetApp.flush();
    lock.releaseLock();
  }
}

function writeTick(scratch: Spreadsheet, at: number): void {
  tickCell(scratch).setValue(at);
  SpreadsheetApp.flush();
  notebook.putWroteAt(at);
}

/** Reads a cell, waits until the next tick has written it and said so elsewhere, and reads it again. */
function cachedReads(scratch: Spreadsheet): Finding {
  const cell = tickCell(scratch);
  const first = Number(cell.getValue());
  const until = Date.now() + LONGEST_WAIT_MS;
  while (notebook.wroteAt() <= first && Date.now() < until) Utilities.sleep(LOOK_MS);
  if (notebook.wroteAt() <= first) return { unknown: 'no tick came while it was waited for' };
  const again = Number(cell.getValue());
  SpreadsheetApp.flush();
  const flushed = Number(cell.getValue());
  if (flushed === first) return { unknown: 'even after a flush the cell was read as before' };
  return { saw: again === first };
}

function finish(scratch: Spreadsheet): void {
  const verdict = verdictOf({
    ...readScratch(scratch),
    owner: owner(),
    ticks: notebook.ticks(),
    shown: notebook.shown(),
    unattended: notebook.findings(),
    cachedReads: notebook.cachedReads() ?? { unknown: 'no tick came while it was waited for' },
  });
  const facts = { ...notebook.facts(), ...verdict.facts };
  writeVerdict(scratch, { ...verdict, facts });
  listen(undefined, scratch);
  console.log(JSON.stringify(verdict.recording));
  console.log(JSON.stringify(facts));
  for (const { id, why } of verdict.unknown) console.log(`Unknown: ${id}: ${why}.`);
  if (verdict.unknown.length > 0) {
    console.log(`Run selfTest() again to go on with the missing steps in ${scratch.getUrl()}.`);
    return;
  }
  notebook.clear();
  console.log('Nothing is unknown any more. The scratch sheet can be thrown away.');
}
