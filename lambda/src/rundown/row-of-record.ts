import type { StepRecord } from '../model/rundown-record.ts';
import { withoutPast } from './plan/another-step.ts';
import { pickedRow, type Row, rundownRow } from './plan/row.ts';

/** A step's row as it was last read, with our cells as they were decided. */
export function rowOfRecord(record: StepRecord): Row {
  const { tab, seen, decided } = record;
  const { result, started, finished, by } = decided;
  const row = { ...seen, result, started, finished, by };
  return tab === 'services' ? pickedRow(row) : withoutPast(rundownRow(row), record);
}

/** With the Status that was decided too: what the row may not have been told yet. */
export function rowAsDecided(record: StepRecord): Row {
  const { seen, decided, isAnswered } = record;
  return rowOfRecord(isAnswered ? { ...record, seen: { ...seen, status: decided.status } } : record);
}
