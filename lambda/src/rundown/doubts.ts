import { titleOf } from '../../../config/schema.ts';
import { isReached } from '../../../contract/status.ts';
import type { Doubt, StepRecord } from '../model/rundown-record.ts';
import type { ServiceState } from '../model/service-state.ts';
import { driftWords } from '../words/service-words.ts';
import { stepMessages } from '../words/step-words.ts';
import type { RundownDependencies } from './dependencies.ts';
import { clockWords } from './plan/wall-time.ts';

/**
 * What is found now stands in the rundown too: the row that set a service last is no green *Done* while that is bypassed,
 * contested, or cannot be read.
 */
export async function withDoubts(
  { store, config }: Pick<RundownDependencies, 'store' | 'config'>,
  steps: readonly StepRecord[],
  timeZone: string,
): Promise<StepRecord[]> {
  const names = new Set(
    steps.filter(mayBeDoubted).flatMap(({ run }) => run?.operations.map(({ service }) => service) ?? []),
  );
  if (names.size === 0) return [...steps];
  const states = await store.states([...names]);
  const titles = new Map(config.services.map((service) => [service.name, titleOf(service)]));
  return steps.map((step) => {
    if (!mayBeDoubted(step)) return step;
    const said = (step.run?.operations ?? []).flatMap(({ operationId, service }) =>
      doubtsOf(states.get(service), operationId, titles.get(service) ?? service, timeZone),
    );
    return doubted(step, said.join(' '));
  });
}

const mayBeDoubted = ({ run, decided, doubt, tab }: StepRecord): boolean =>
  tab === 'rundown' && run?.isOver === true && (isReached(decided.status) || doubt !== undefined);

/** Only of the operation that its service has now: what was set before that is not claimed any more. */
function doubtsOf(state: ServiceState | undefined, operationId: string, title: string, timeZone: string): string[] {
  if (!state || state.operation?.request.operationId !== operationId) return [];
  const found = state.drift.filter((drift) => drift.state !== 'repaired');
  if (found.length === 0) return [];
  const known = driftWords(found, (iso) => clockWords(iso, timeZone));
  return [stepMessages.doubted(title, state.mode, known.join(' '))];
}

/** Pure. @param said - Blank if there is nothing to doubt. */
export function doubted(step: StepRecord, said: string): StepRecord {
  const { doubt, decided, run } = step;
  const isOurs = doubt !== undefined && doubt.runId === run?.id && decided.status === 'Unproven';
  if (!isOurs && said === '') return doubt === undefined ? step : { ...step, doubt: undefined };
  if (isOurs && doubt.said === said) return step;
  const before = isOurs ? doubt.before : { status: decided.status, result: decided.result };
  if (said === '') return { ...step, doubt: undefined, decided: { ...decided, ...before } };
  // Somebody set it to another state meanwhile: that is theirs.
  if (!isOurs && !isReached(decided.status)) return { ...step, doubt: undefined };
  const next: Doubt = { runId: run?.id ?? '', said, before };
  const result = stepMessages.staysDone(said, before.result);
  return { ...step, doubt: next, decided: { ...decided, status: 'Unproven', result } };
}
