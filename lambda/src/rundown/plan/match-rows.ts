import { planKey } from '../../../../contract/sync.ts';
import type { StepRecord } from '../../model/rundown-record.ts';
import { showsWhatItRan } from './another-step.ts';
import type { Row } from './row.ts';

/**
 * Which row is which step: by its operation id, else by its plan columns, never by what other columns say; but of one that
 * was changed into another step, by our own words in Result, which quote the operation. Pure.
 */

export interface Matched {
  readonly row?: Row;
  readonly record?: StepRecord;
}

type Fits = (row: Row, record: StepRecord) => boolean;

const planOf = ({ seen, tab }: StepRecord): string => planKey(tab === 'services' ? { ...seen, action: '' } : seen);
const idOf = ({ decided }: StepRecord): string => decided.operation;

const sameTab: Fits = (row, record) => row.tab === record.tab;
const sameId: Fits = (row, record) => sameTab(row, record) && row.operation !== '' && row.operation === idOf(record);
const sameWish: Fits = (row, record) =>
  sameTab(row, record) && row.service === record.seen.service && row.action === record.seen.action;

/**
 * The best fit first. A row that shows the id of a step that stands elsewhere keeps its own step: an id can be pasted.
 */
export function matchRows(rows: readonly Row[], records: readonly StepRecord[]): Matched[] {
  const plans = new Map(records.map((record) => [record, planOf(record)]));
  const samePlan: Fits = (row, record) => sameTab(row, record) && row.plan === plans.get(record);
  const pairs = new Map<Row, StepRecord>();
  const taken = new Set<StepRecord>();
  const isFree = (record: StepRecord) => !taken.has(record);
  const pair = (row: Row, record: StepRecord) => {
    pairs.set(row, record);
    taken.add(record);
  };
  const rowsLeft = () => rows.filter((row) => !pairs.has(row));
  const fitting = (row: Row, fits: Fits) => records.filter((record) => isFree(record) && fits(row, record));

  /** Where several fit, the one that was read at this place. */
  const pairAll = (fits: Fits) => {
    for (const row of rowsLeft()) {
      const here = fitting(row, fits).find(({ seen }) => seen.row === row.row);
      if (here) pair(row, here);
    }
    for (const row of rowsLeft()) {
      const [first] = fitting(row, fits);
      if (first) pair(row, first);
    }
  };
  pairAll((row, record) => sameId(row, record) && samePlan(row, record));
  pairAll((row, record) => samePlan(row, record) && row.operation === '' && idOf(record) === '');
  // Its plan was edited: nothing else there plans what it plans now.
  pairAll((row, record) => sameId(row, record) && fitting(row, samePlan).length === 0);
  pairAll(samePlan);
  pairAll(sameId);
  pairAll((row, record) => sameTab(row, record) && showsWhatItRan(row, record));
  // A Planned start that is computed anew with each reading: the one step there that wants the same.
  for (const row of rowsLeft()) {
    const [alike, ...others] = fitting(row, sameWish);
    if (!alike || others.length > 0) continue;
    if (rowsLeft().every((other) => other === row || !sameWish(other, alike))) pair(row, alike);
  }
  return [
    ...rows.map((row): Matched => ({ row, record: pairs.get(row) })),
    ...records.filter(isFree).map((record): Matched => ({ record })),
  ];
}

/** Rows that show the same operation, by its id. */
export function copiedIds(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const byId = new Map<string, Row[]>();
  for (const row of rows) if (row.operation !== '') byId.set(row.operation, [...(byId.get(row.operation) ?? []), row]);
  return new Map([...byId].filter(([, twins]) => twins.length > 1));
}
