import { problem } from '../../../contract/problem.ts';
import { allDone } from '../model/all-done.ts';
import { hasIntents, isRehearsing, isRunning, type StepRecord } from '../model/rundown-record.ts';
import { stepMessages } from '../words/step-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { noteEntry } from './note-entry.ts';
import { untilCommitted } from './until-committed.ts';

export interface Disarmed {
  /** How many release sheets had armed steps. */
  readonly sheets: number;
  readonly steps: number;
}

/** Disarms every step of every release sheet; their rows say so at the next sync. Safe to repeat. */
export async function disarmAll(
  deps: RundownDependencies,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<Disarmed> {
  const waiting = await deps.rundowns.waiting();
  const message = stepMessages.disarmedForAll(by, reason);
  const counts = await allDone(waiting.map(({ spreadsheetId }) => disarmSheet(deps, spreadsheetId, { by, message })));
  return {
    sheets: counts.filter((count) => count > 0).length,
    steps: counts.reduce((sum, count) => sum + count, 0),
  };
}

/**
 * Nothing that is set in a retired release sheet will run. Safe to repeat.
 * @throws ProblemError STEP_RUNNING - Nobody asks after a retired sheet, so a row would go on saying that it runs.
 */
export async function retire(deps: RundownDependencies, spreadsheetId: string, by: string): Promise<void> {
  await disarmSheet(deps, spreadsheetId, { by, message: stepMessages.noteRetired, isRetired: true });
}

interface Disarming {
  readonly by: string;
  readonly message: string;
  readonly isRetired?: boolean;
}

/** @returns How many steps were armed. */
function disarmSheet(
  deps: RundownDependencies,
  spreadsheetId: string,
  { by, message, isRetired = false }: Disarming,
): Promise<number> {
  const at = new Date(deps.now()).toISOString();
  return untilCommitted(deps, 'Try again in a moment.', async () => {
    const before = await deps.rundowns.load(spreadsheetId);
    if (isRetired) requireNothingRuns(before.steps);
    const armed = before.steps.filter((step) => step.armed !== undefined);
    if (armed.length === 0 && (!isRetired || before.sheet.retiredAt !== undefined)) return 0;
    const left = isRetired ? before.steps.map(givenUp) : before.steps;
    const steps = left.map((step) => (step.armed ? disarmed(step, message) : step));
    const sheet = isRetired ? { ...before.sheet, retiredAt: at, heardAt: at } : before.sheet;
    const audit = armed.map((step, index) => {
      const note = { kind: 'disarmed' as const, who: by, message, plannedAt: step.armed?.at as string };
      return noteEntry(note, step, before.sheet, deps.now(), index);
    });
    const rundown = await deps.rundowns.commit(before, { sheet, steps }, audit);
    return rundown && armed.length;
  });
}

const disarmed = (step: StepRecord, message: string): StepRecord => ({
  ...step,
  armed: undefined,
  isAnswered: true,
  decided: { ...step.decided, status: 'Planned', result: message, operation: '', by: '' },
});

/** Under the condition of the commit: what is started meanwhile is seen by its next attempt. */
function requireNothingRuns(steps: readonly StepRecord[]): void {
  const running = steps.filter(
    (step) => hasIntents(step) || isRehearsing(step) || (isRunning(step) && !isUnproven(step)),
  );
  if (running.length === 0) return;
  throw problem('STEP_RUNNING', stepMessages.notRetired(running.map(({ seen }) => seen)));
}

const isUnproven = ({ decided }: StepRecord): boolean => decided.status === 'Unproven';

/** Proof may come at any time, or never, and nobody will tell the row: it says until when it was asked for. */
const givenUp = (step: StepRecord): StepRecord =>
  isUnproven(step)
    ? {
        ...step,
        ...(step.run ? { run: { ...step.run, isOver: true } } : {}),
        decided: { ...step.decided, result: stepMessages.note(step.decided.result, stepMessages.noteNotFollowed) },
      }
    : step;
