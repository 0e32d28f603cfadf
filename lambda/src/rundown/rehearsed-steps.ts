import { planKey } from '../../../contract/sync.ts';
import { hasIntents, isRunning, type StepRecord } from '../model/rundown-record.ts';
import { rehearsalMessages } from '../words/rehearsal-words.ts';
import { stepMessages } from '../words/step-words.ts';
import { cellsOf } from './plan/apply-effects.ts';
import { hasWord } from './plan/row.ts';
import { plannedWords } from './plan/wall-time.ts';
import { rowAsDecided, rowOfRecord } from './row-of-record.ts';

/** What rehearsals say in the rows of steps, and for how long. Only ever in Result. Pure. */

/** Nothing real stands there, or is about to. */
function mayBeTold(step: StepRecord): boolean {
  if (isRunning(step) || hasIntents(step) || step.unattributed || step.missingSince !== undefined) return false;
  const row = rowAsDecided(step);
  return row.word === undefined || hasWord(row, 'Planned', 'Scheduled', 'Failed');
}

/** @param said - What would happen. */
export function withRehearsed(step: StepRecord, said: string, at: string, timeZone: string): StepRecord {
  if (!mayBeTold(step)) return step;
  const cells = step.isAnswered ? step.decided : cellsOf(rowOfRecord(step));
  const { rehearsed } = step;
  const stood = rehearsalMessages.isOne(cells.result) ? '' : cells.result;
  const before = rehearsed?.said === cells.result ? rehearsed.before : stood;
  const result = withWhatStands(step, said, before, timeZone);
  return {
    ...step,
    decided: { ...cells, result },
    isAnswered: true,
    // What was asked there is read no more: the next Go is asked anew.
    question: undefined,
    rehearsed: { at, said: result, before, plan: planOf(step), status: cells.status },
  };
}

/** What was picked in the tab Services is answered there. */
export function withPickRehearsed(step: StepRecord, said: string, at: string): StepRecord {
  const { status } = step.decided;
  return {
    ...step,
    decided: { ...step.decided, result: said },
    rehearsal: undefined,
    rehearsed: { at, said, before: '', plan: planOf(step), status },
  };
}

/** A pick is emptied once it is answered: its row stands for the service alone. */
const planOf = ({ tab, seen }: StepRecord): string => (tab === 'services' ? seen.service : planKey(seen));

/** What people must not lose sight of: that it is armed, why it failed, or what it ran as another step. */
function withWhatStands({ armed, seen, ranAs }: StepRecord, said: string, before: string, timeZone: string): string {
  if (armed) return `${said} ${stepMessages.staysArmed(plannedWords(Date.parse(armed.at), timeZone))}`;
  return seen.status === 'Failed' || ranAs ? rehearsalMessages.before(said, before) : said;
}

/** Once something real has run in the sheet, or the step is another one by now, its Result says again what it said before. */
export function withoutOldRehearsals(steps: readonly StepRecord[]): StepRecord[] {
  const lastRun =
    steps
      .flatMap(({ run }) => run?.startedAt ?? [])
      .sort()
      .at(-1) ?? '';
  return steps.map((step) => {
    const { rehearsed, decided } = step;
    if (!rehearsed) return step;
    const isStanding = decided.result === rehearsed.said;
    const isSame = planOf(step) === rehearsed.plan && decided.status === rehearsed.status;
    if (isStanding && isSame && lastRun <= rehearsed.at) return step;
    const result = isStanding ? rehearsed.before : decided.result;
    return { ...step, decided: { ...decided, result }, rehearsed: undefined };
  });
}
