import { ProblemError } from '../../../contract/problem.ts';
import { AUTHORITY_MS } from '../../../contract/sync.ts';
import type { OperationRecord } from '../model/operation-record.ts';
import type { Intent, RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { commitOperation } from '../operate/commit-operation.ts';
import { driveAsked } from '../operate/drive.ts';
import type { RundownDependencies } from './dependencies.ts';
import { requestOf } from './plan/intent-request.ts';

/**
 * Commits the operations that a rundown's intents ask for, one after the other, then brings their services to it. One that
 * is refused does not cancel the others. What cannot be committed now is left to the next tick.
 *
 * @param convergeMs - How long WAF is waited for.
 */
export async function startIntents(
  deps: RundownDependencies,
  rundown: RundownRecord,
  { convergeMs }: { readonly convergeMs: number },
): Promise<void> {
  const committed = new Map<string, OperationRecord>();
  for (const step of rundown.steps) {
    for (const intent of Object.values(step.intents)) {
      if (isSpent(intent, deps.now())) continue;
      const record = await startOne(deps, rundown, step, intent);
      if (record) committed.set(intent.service, record);
    }
  }
  const asked = deps.config.services.flatMap((service) => {
    const record = committed.get(service.name);
    return record ? [{ service, onlyPending: record.changed }] : [];
  });
  await driveAsked(deps, asked, deps.now() + convergeMs).catch((error: Error) =>
    deps.log('error', 'not converged', { message: error.message }),
  );
}

/** A Go is somebody's for two minutes, also when another execution finishes it. */
export const isSpent = ({ seenAt }: Intent, now: number): boolean => now - Date.parse(seenAt) > AUTHORITY_MS;

/** @returns The operation, if it is committed. */
async function startOne(
  deps: RundownDependencies,
  { sheet }: RundownRecord,
  step: StepRecord,
  intent: Intent,
): Promise<OperationRecord | undefined> {
  const { spreadsheetId } = sheet;
  const request = requestOf(intent, spreadsheetId);
  const facts = { operationId: intent.operationId, service: intent.service, action: intent.action };
  try {
    const record = await commitOperation(deps, { ...request, intent: { spreadsheetId, stepKey: step.key } });
    deps.log('info', 'operation', { ...facts, requestedBy: intent.requestedBy });
    return record;
  } catch (error) {
    if (error instanceof ProblemError) {
      deps.log('warn', 'refused', { ...facts, requestedBy: intent.requestedBy, code: error.code });
      return undefined;
    }
    const { name: kind, message, stack } = error as Error;
    deps.log('error', 'not committed', { ...facts, name: kind, message, stack });
    return undefined;
  }
}
