import type { ServiceConfig } from '../../../config/schema.ts';
import { ProblemError } from '../../../contract/problem.ts';
import { AUTHORITY_MS } from '../../../contract/sync.ts';
import type { Intent, RundownRecord, StepRecord } from '../model/rundown-record.ts';
import { commitOperation } from '../operate/commit-operation.ts';
import { convergeService } from '../operate/converge-service.ts';
import type { RundownDependencies } from './dependencies.ts';

/**
 * Commits the operations that a rundown's intents ask for, one after the other, then brings their services to it. One that
 * is refused does not cancel the others. What cannot be committed now is left to the next tick.
 *
 * @param convergeMs - How long WAF is waited for; the reconciler and the polls drive on what is left.
 */
export async function startIntents(
  deps: RundownDependencies,
  rundown: RundownRecord,
  { convergeMs }: { readonly convergeMs: number },
): Promise<void> {
  const committed = new Set<string>();
  for (const step of rundown.steps) {
    for (const intent of Object.values(step.intents)) {
      if (isSpent(intent, deps.now())) continue;
      if (await startOne(deps, rundown, step, intent)) committed.add(intent.service);
    }
  }
  const services = deps.config.services.filter(({ name }) => committed.has(name));
  await Promise.all(services.map((service) => converge(deps, service, convergeMs)));
}

/** A Go is somebody's for two minutes, also when another execution finishes it. */
export const isSpent = ({ seenAt }: Intent, now: number): boolean => now - Date.parse(seenAt) > AUTHORITY_MS;

/** @returns Whether it was committed. */
async function startOne(
  deps: RundownDependencies,
  { sheet }: RundownRecord,
  step: StepRecord,
  intent: Intent,
): Promise<boolean> {
  const { spreadsheetId } = sheet;
  const { seenAt, step: name, allowlist, ...asked } = intent;
  const request = {
    ...asked,
    ...(allowlist ? { allowlist: [...allowlist] } : {}),
    requestedAt: seenAt,
    source: { kind: 'sheet' as const, spreadsheetId, step: name },
  };
  const facts = { operationId: intent.operationId, service: intent.service, action: intent.action };
  try {
    await commitOperation(deps, { ...request, intent: { spreadsheetId, stepKey: step.key } });
    deps.log('info', 'operation', { ...facts, requestedBy: intent.requestedBy });
    return true;
  } catch (error) {
    if (error instanceof ProblemError) {
      deps.log('warn', 'refused', { ...facts, requestedBy: intent.requestedBy, code: error.code });
      return false;
    }
    const { name: kind, message, stack } = error as Error;
    deps.log('error', 'not committed', { ...facts, name: kind, message, stack });
    return false;
  }
}

async function converge(deps: RundownDependencies, service: ServiceConfig, convergeMs: number): Promise<void> {
  try {
    await convergeService(deps, service, { convergeMs });
  } catch (error) {
    // It is committed: the reconciler drives it on.
    deps.log('error', 'not converged', { service: service.name, message: (error as Error).message });
  }
}
