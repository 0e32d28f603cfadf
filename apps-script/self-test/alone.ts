import type { Doors } from '../../doors.ts';
import type { AloneId, Finding } from './judge.ts';
import { aloneSheet, onlyLetIn, tickCell } from './scratch.ts';

/** What the script can see of the platform without anybody. */

type Spreadsheet = GoogleAppsScript.Spreadsheet.Spreadsheet;

export interface AloneOptions extends Pick<Doors, 'now' | 'sleep'> {
  /** When the trigger of every minute fired, told by another way than the sheet. */
  ticks(): readonly number[];
}

const saw = (value: boolean | string): Finding => ({ saw: value });

export function lookAlone(spreadsheet: Spreadsheet, options: AloneOptions): Record<AloneId, Finding> {
  return {
    // First: what this execution has not read yet, it cannot have kept.
    readsCachedUntilFlush: cachedReads(spreadsheet, options),
    dateCellReadsAs: dateCell(spreadsheet),
    scriptWriteObeysValidation: rejectedWrite(spreadsheet),
    skippedHourReadsAs: wallTime(spreadsheet, SKIPPED),
    repeatedHourReadsAs: wallTime(spreadsheet, REPEATED),
  };
}

/** A tick comes each minute, and late. */
const LONGEST_WAIT_MS = 150_000;
const LOOK_MS = 1_000;

/** Reads a cell, waits until a tick has written it and said so elsewhere, and reads it again. */
function cachedReads(spreadsheet: Spreadsheet, { ticks, now, sleep }: AloneOptions): Finding {
  const newest = () => Math.max(0, ...ticks());
  const cell = tickCell(spreadsheet);
  const first = Number(cell.getValue());
  const until = now() + LONGEST_WAIT_MS;
  // A tick that wrote before the first look, and said so after it, proves nothing.
  while (newest() <= first && now() < until) sleep(LOOK_MS);
  if (newest() <= first) return { unknown: 'no tick came while it was waited for' };
  const again = Number(cell.getValue());
  SpreadsheetApp.flush();
  const flushed = Number(cell.getValue());
  if (flushed === first) return { unknown: 'even after a flush the cell was read as before' };
  return saw(again === first);
}

/** As a person would type them, in the sheet's zone. */
const DATE = '2026-11-22 02:00';
/** At this night's 02:00 the clocks go to 03:00. */
const SKIPPED = {
  wall: '2026-03-29 02:30',
  readings: { [Date.UTC(2026, 2, 29, 1, 30)]: 'later', [Date.UTC(2026, 2, 29, 0, 30)]: 'earlier' },
};
/** At this night's 03:00 they go to 02:00. */
const REPEATED = {
  wall: '2026-10-25 02:30',
  readings: { [Date.UTC(2026, 9, 25, 0, 30)]: 'first', [Date.UTC(2026, 9, 25, 1, 30)]: 'second' },
};

function typed(spreadsheet: Spreadsheet, text: string): unknown {
  const cell = aloneSheet(spreadsheet).getRange('B1');
  cell.setValue(text);
  SpreadsheetApp.flush();
  return cell.getValue();
}

function dateCell(spreadsheet: Spreadsheet): Finding {
  const value = typed(spreadsheet, DATE);
  if (value instanceof Date) return saw('Date');
  if (typeof value === 'number') return saw('number');
  return { unknown: `the date was not taken for one: it reads as "${String(value)}"` };
}

function wallTime(spreadsheet: Spreadsheet, { wall, readings }: typeof SKIPPED): Finding {
  const value = typed(spreadsheet, wall);
  if (!(value instanceof Date)) return { unknown: 'dates do not read as instants' };
  const reading = readings[value.getTime()];
  return reading === undefined ? { unknown: `${wall} reads as ${value.toISOString()}` } : saw(reading);
}

function rejectedWrite(spreadsheet: Spreadsheet): Finding {
  const sheet = aloneSheet(spreadsheet);
  onlyLetIn(sheet, 1, 3, ['choice']);
  SpreadsheetApp.flush();
  try {
    sheet.getRange(1, 3).setValue('no choice');
    SpreadsheetApp.flush();
    return saw(false);
  } catch {
    return saw(true);
  }
}
