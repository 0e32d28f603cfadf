import type { AnswerCells, RowAnswer } from '../../../contract/sync-answer.ts';
import { isRunning, type StepRecord } from '../model/rundown-record.ts';
import type { Row } from './plan/row.ts';

/** From what was decided to the cells that the script should write. Pure. */

/** The order is the script's: the id first, Status last. */
const COLUMNS = ['operation', 'by', 'started', 'finished', 'result', 'status'] as const;

/** @param row - As it was just read; undefined for a poll, which reads none. */
export function rowAnswer(record: StepRecord, row: Row | undefined): RowAnswer | undefined {
  if (!record.isAnswered || record.missingSince !== undefined) return undefined;
  const { seen, decided, told, tab, unattributed, run } = record;
  const cells: { -readonly [K in keyof AnswerCells]: AnswerCells[K] } = {};
  for (const column of COLUMNS) {
    // Its event may still come: until then Status stays what somebody set.
    if (column === 'status' && unattributed) continue;
    if (row && isSame(row[column], decided[column])) continue;
    cells[column] = decided[column];
  }
  const isToBeEmptied = !isRunning(record) || run?.notRehearsed === seen.action;
  if (tab === 'services' && seen.action !== '' && isToBeEmptied && !unattributed) cells.pick = '';
  if (Object.keys(cells).length === 0) return undefined;
  const { row: number, step, plannedStart, service, action } = seen;
  const was = [{ status: seen.status, operation: seen.operation }, ...told];
  return { tab, basis: { row: number, step, plannedStart, service, action, was }, cells };
}

/** A cell keeps no more of a time than its seconds. */
function isSame(there: string, wanted: string): boolean {
  if (there === wanted) return true;
  const [one, other] = [Date.parse(there), Date.parse(wanted)];
  const areTimes = /^\d{4}-\d{2}-\d{2}T/.test(there) && /^\d{4}-\d{2}-\d{2}T/.test(wanted);
  return areTimes && Math.abs(one - other) < 1_000;
}

/** With what this answer tells it to say: the next answer may find either. */
export function withTold(record: StepRecord): StepRecord {
  const { decided, told, seen } = record;
  const pair = { status: decided.status, operation: decided.operation };
  // What was read already stands there.
  if (pair.status === seen.status && pair.operation === seen.operation) return record;
  const isKnown = told.some(({ status, operation }) => status === pair.status && operation === pair.operation);
  return isKnown ? record : { ...record, told: [...told, pair].slice(-MOST_TOLD) };
}

/** Running, Unproven, Done: a step goes through no more between two readings. */
const MOST_TOLD = 4;
