import { problem } from '../../../contract/problem.ts';
import type { StepRecord } from '../model/rundown-record.ts';
import { stepMessages } from '../words/step-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { noteEntry } from './note-entry.ts';

const MOST_ATTEMPTS = 6;

/** Disarms everything in a release sheet: nothing that is set in it will run. What runs is driven on. Safe to repeat. */
export const retire = (deps: RundownDependencies, spreadsheetId: string, by: string): Promise<void> =>
  disarmAll(deps, spreadsheetId, { by, message: stepMessages.noteRetired, isRetired: true });

export interface DisarmAll {
  readonly by: string;
  readonly message: string;
  readonly isRetired: boolean;
}

export async function disarmAll(
  deps: RundownDependencies,
  spreadsheetId: string,
  { by, message, isRetired }: DisarmAll,
): Promise<void> {
  const at = new Date(deps.now()).toISOString();
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const before = await deps.rundowns.load(spreadsheetId);
    const armed = before.steps.filter((step) => step.armed !== undefined);
    if (armed.length === 0 && (!isRetired || before.sheet.retiredAt !== undefined)) return;
    const steps = before.steps.map((step) => (step.armed ? disarmed(step, message) : step));
    const sheet = { ...before.sheet, ...(isRetired ? { retiredAt: at } : {}) };
    const audit = armed.map((step, index) =>
      noteEntry(
        { kind: 'disarmed', who: by, message, plannedAt: step.armed?.at as string },
        step,
        before.sheet,
        deps.now(),
        index,
      ),
    );
    if (await deps.rundowns.commit(before, { sheet, steps }, audit)) return;
    await deps.sleep(50 * (attempt + deps.random()));
  }
  throw problem('TRY_AGAIN', 'Others keep changing this release sheet just now. Try again in a moment.');
}

const disarmed = (step: StepRecord, message: string): StepRecord => ({
  ...step,
  armed: undefined,
  isAnswered: true,
  decided: { ...step.decided, status: 'Planned', result: message, operation: '', by: '' },
});
