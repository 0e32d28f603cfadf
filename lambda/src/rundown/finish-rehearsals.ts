import type { AuditEntry } from '../../../contract/audit.ts';
import { DO_NOW_STEP } from '../../../contract/operation.ts';
import { ALL_STEPS } from '../../../contract/rehearsal.ts';
import { AUTHORITY_MS } from '../../../contract/sync.ts';
import type { Rehearsal, RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { rehearsalEntry } from '../operate/rehearse.ts';
import { rehearsalMessages } from '../words/rehearsal-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { noSteps, type RehearsalResult, rehearseRundown } from './rehearse-rundown.ts';
import { withPickRehearsed, withRehearsed } from './rehearsed-steps.ts';
import { untilCommitted } from './until-committed.ts';

/** An execution that has not told its rehearsal after so long has died. */
const LEFT_AFTER_MS = 20_000;

/** What the sync carries out that they were picked with; sent again, too. */
export const finishOwnRehearsals = (deps: RundownDependencies, rundown: RundownRecord, syncId: string): Promise<void> =>
  finishRehearsals(deps, rundown, (rehearsal) => rehearsal.syncId === syncId);

/** What a dead execution left. Any other is somebody else's: a real Go beside it must not wait for it. */
export const finishLeftRehearsals = (deps: RundownDependencies, rundown: RundownRecord): Promise<void> =>
  finishRehearsals(deps, rundown, ({ at }) => deps.now() - Date.parse(at) > LEFT_AFTER_MS);

/**
 * Carries out rehearsals that were picked and not told yet, and writes what came of each into the rundown with one audit
 * entry. Safe to repeat and to run twice: the first one that is committed counts.
 */
async function finishRehearsals(
  deps: RundownDependencies,
  rundown: RundownRecord,
  isMeant: (rehearsal: Rehearsal) => boolean,
): Promise<void> {
  for (const step of rundown.steps) {
    if (step.rehearsal && isMeant(step.rehearsal)) await finish(deps, rundown, step, step.rehearsal);
  }
}

async function finish(
  deps: RundownDependencies,
  rundown: RundownRecord,
  picked: StepRecord,
  rehearsal: Rehearsal,
): Promise<void> {
  const { spreadsheetId, timeZone } = rundown.sheet;
  const came = await attempt(deps, rundown, picked, rehearsal);
  const at = new Date(deps.now()).toISOString();
  const entry = entryOf(rehearsal, came, spreadsheetId, deps.now());
  // Not told by somebody else meanwhile, and nothing real was picked over it.
  const isOurs = (step: StepRecord) => step.key === picked.key && step.rehearsal?.id === rehearsal.id;
  await untilCommitted(deps, 'Send the same sync again.', async () => {
    const before = await deps.rundowns.load(spreadsheetId);
    if (!before.steps.some(isOurs)) return before;
    const steps = before.steps.map((step) => {
      if (isOurs(step)) return withPickRehearsed(step, came.result, at);
      const said = came.steps.get(step.key);
      return said === undefined ? step : withRehearsed(step, said, at, timeZone);
    });
    return deps.rundowns.commit(before, { sheet: before.sheet, steps }, [entry]);
  });
}

/** One that breaks, or comes too late, must not hold up what is real in its sheet. */
async function attempt(
  deps: RundownDependencies,
  rundown: RundownRecord,
  picked: StepRecord,
  rehearsal: Rehearsal,
): Promise<RehearsalResult> {
  const interrupted = { result: rehearsalMessages.interrupted, steps: noSteps };
  if (deps.now() - Date.parse(rehearsal.at) > AUTHORITY_MS) return interrupted;
  try {
    return await rehearseRundown(deps, rundown, picked, rehearsal);
  } catch (error) {
    deps.log('error', 'not rehearsed', { message: (error as Error).message });
    return interrupted;
  }
}

function entryOf(
  { id, service, what, requestedBy }: Rehearsal,
  { result, problem }: RehearsalResult,
  spreadsheetId: string,
  at: number,
): AuditEntry {
  const source = { kind: 'sheet' as const, spreadsheetId, step: DO_NOW_STEP };
  const asked = { operationId: id, requestedBy, source, ...(what === ALL_STEPS ? {} : { action: what }) };
  const entry = rehearsalEntry(asked, { service, revision: 0, message: result, at });
  return problem ? { ...entry, problem: { code: problem.code, message: problem.message } } : entry;
}
