import { isReached } from '../../../../contract/status.ts';
import type { DecidedCells, SheetRecord, StepRecord } from '../../model/rundown-record.ts';
import { stepMessages } from '../../words/step-words.ts';
import { wasDone } from './off-plan.ts';
import { plannedWords } from './wall-time.ts';

/** A Go that is not run changes nothing: the row says again what it said before (decision 11). Pure. */
export function putBack(
  { timeZone }: Pick<SheetRecord, 'timeZone'>,
  record: Pick<StepRecord, 'armed' | 'decided' | 'run' | 'tab' | 'afterwards' | 'ranAs'>,
  result: string,
): Partial<DecidedCells> {
  const { armed, decided, tab, afterwards, ranAs } = record;
  if (armed) {
    const when = plannedWords(Date.parse(armed.at), timeZone);
    return { status: 'Scheduled', result: `${result} ${stepMessages.staysArmed(when)}` };
  }
  if (tab === 'services') return { status: '', result };
  if (wasDone(record as StepRecord) && (isReached(decided.status) || afterwards)) {
    return { status: decided.status, result: stepMessages.staysDone(result, decided.result) };
  }
  return { status: 'Planned', result: ranAs ? stepMessages.staysDone(result, ranAs.said) : result };
}
