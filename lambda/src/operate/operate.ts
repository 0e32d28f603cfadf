import { titleOf } from '../../../config/names.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import { report } from '../words/operation-report.ts';
import { commitOperation, serviceOf } from './commit-operation.ts';
import { type DriveDependencies, driveAsked } from './drive.ts';
import { type RehearseDependencies, rehearse } from './rehearse.ts';

/** The one door through which a mode is set, for every caller: the sheet, a pipeline, or people with break-glass. */
export type OperateDependencies = DriveDependencies & RehearseDependencies;

/** The caller waits about 20 s. */
const CONVERGE_MS = 14_000;

/**
 * Runs one operation: checks it, commits the wanted state once, and brings every target to it.
 *
 * Safe to repeat with the same id, at any time and beside itself. Returning `accepted` means that WAF took the change
 * everywhere, not that it applies everywhere yet; only {@link verify} may say so.
 *
 * @throws ProblemError - It was refused; nothing was changed. The refusal is stored and audited.
 */
export async function operate(deps: OperateDependencies, request: OperationRequest): Promise<Operation> {
  if (request.dryRun) return rehearse(deps, request);
  const committed = await commitOperation(deps, request);
  const service = serviceOf(deps, request);
  if (!service) return report(committed, committed.service);
  // What was already so may not be what WAF holds by now: asking again has a reason.
  const isOpenQuestion = committed.state === 'pending' || (committed.state === 'accepted' && !committed.changed);
  const asked = { service, onlyPending: committed.changed };
  if (isOpenQuestion) await driveAsked(deps, [asked], deps.now() + CONVERGE_MS);
  const record = await deps.store.operation(request.operationId);
  if (!record) throw new Error(`the committed operation ${request.operationId} vanished`);
  return report(record, titleOf(service));
}
