import { type ServiceConfig, titleOf } from '../../../config/schema.ts';
import type { Operation, OperationRequest } from '../../../contract/operation.ts';
import { type Problem, ProblemError, problem } from '../../../contract/problem.ts';
import { NEVER_OPERATED, NO_PROOF, type OperationRecord, type ServiceState } from '../model/service-state.ts';
import { fingerprint } from '../model/stable-json.ts';
import { UNKNOWN_SERVICE } from '../store/state-store.ts';
import { change } from '../store/update-with-retry.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';
import { firstObjection, unknownService } from './checks.ts';
import { drive } from './converge-service.ts';
import { nextState } from './next-state.ts';
import { recordCurrent, recordOvertaken } from './records.ts';
import { asOfNow, auditOf, currentRecord, report } from './report.ts';

/** The one door through which a mode is set, whoever asks (DESIGN D4, D11). */
export type OperateDependencies = ConvergeDependencies;

/**
 * Runs one operation: checks it, commits the wanted state once, and brings every target to it.
 *
 * Safe to repeat with the same id, at any time and beside itself. Returning `accepted` means that WAF took the change
 * everywhere, not that it applies everywhere yet; only {@link verify} may say so.
 *
 * @throws ProblemError - It was refused; nothing was changed. The refusal is stored and audited.
 */
export async function operate(deps: OperateDependencies, request: OperationRequest): Promise<Operation> {
  const service = deps.config.services.find(({ name }) => name === request.service);
  if (request.dryRun) return rehearse(deps, service, request);

  const known = await deps.store.reserve(received(request));
  if (known && known.fingerprint !== fingerprint(request)) throw reused(request.operationId);
  if (known?.state === 'refused') throw await refusalOf(deps, known);
  if (!service) {
    const objection = unknownService(deps.config, request.service);
    const refusal = await refuse(deps, request, NEVER_OPERATED, objection);
    throw refusal ? await refusalOf(deps, refusal) : objection;
  }
  const earlier = known && (await asItStands(deps, service, known));
  if (!earlier || earlier.state === 'received') await commit(deps, service, request);
  else if (earlier.state !== 'pending') return report(earlier, titleOf(service));

  const state = await drive(deps, service);
  const stored = await deps.store.operation(request.operationId);
  if (!stored) throw new Error(`the reserved operation ${request.operationId} vanished`);
  return report(asOfNow(stored, state), titleOf(service));
}

/** An execution may have died between the commit and its record: then that is made good. */
async function asItStands(
  deps: OperateDependencies,
  service: ServiceConfig,
  stored: OperationRecord,
): Promise<OperationRecord> {
  const state = await deps.store.state(service.name);
  const record = asOfNow(stored, state);
  if (record.state !== stored.state) await recordCurrent(deps, service, state);
  return record;
}

const received = (request: OperationRequest): OperationRecord => ({
  operationId: request.operationId,
  service: request.service,
  fingerprint: fingerprint(request),
  state: 'received',
  version: 0,
  request,
  revision: 0,
  changed: false,
  targets: [],
  proof: NO_PROOF,
});

const reused = (operationId: string): ProblemError =>
  problem('ID_REUSED', `The operation ${operationId} exists with other content. A new operation needs a new id.`, {
    field: 'operationId',
    operationId,
  });

/** All checks, no trace. */
async function rehearse(deps: OperateDependencies, service: ServiceConfig | undefined, request: OperationRequest) {
  if (!service) throw unknownService(deps.config, request.service);
  const state = await deps.store.state(service.name);
  const objection = firstObjection({ request, environment: deps.config, service, state, now: deps.now() });
  if (objection) throw objection;
  const next = nextState(service, state, request, deps.now());
  const record = currentRecord(next, service.name) as OperationRecord;
  return report({ ...record, state: 'pending', committedAt: undefined }, titleOf(service));
}

/** Check against what is, then commit on condition that it still is. */
async function commit(deps: OperateDependencies, service: ServiceConfig, request: OperationRequest): Promise<void> {
  const { store, config: environment, now } = deps;
  let objection: ProblemError | undefined;
  const after = await change(deps, service, async (state) => {
    if (await isCommitted(deps, state, request)) return state;
    objection = firstObjection({ request, environment, service, state, now: now() });
    if (objection) return state;
    // What the item still holds of the operation before the last must be written before it is forgotten.
    await recordOvertaken({ store, now }, service, state);
    return nextState(service, state, request, now());
  });
  const refusal = objection && (await refuse(deps, request, after, objection));
  if (!refusal) return;
  // The same request may run beside itself, and have found nothing to object to a moment ago. From here on its commit
  // fails, as the state item is another one, and it finds the refusal.
  const settled = await change(deps, service, (state) => (isIn(state, request) ? state : { ...state }));
  if (!isIn(settled, request)) throw await refusalOf(deps, refusal);
}

const isIn = ({ operation, overtaken }: ServiceState, { operationId: id }: OperationRequest): boolean =>
  operation?.request.operationId === id || overtaken?.operationId === id;

/** By this execution, whose write's answer may have been lost, or by another one of the same request. */
async function isCommitted(
  deps: OperateDependencies,
  state: ServiceState,
  request: OperationRequest,
): Promise<boolean> {
  if (isIn(state, request)) return true;
  const record = await deps.store.operation(request.operationId);
  if (record?.state === 'refused') throw await refusalOf(deps, record);
  return record?.state !== 'received';
}

/**
 * The refusal is the stored answer of this id from now on; unless the same request, running beside this one, was
 * committed: then that counts.
 * @returns What is stored as the refusal, if it is one.
 */
async function refuse(
  deps: OperateDependencies,
  request: OperationRequest,
  { version, revision }: ServiceState,
  objection: ProblemError,
): Promise<OperationRecord | undefined> {
  const refusal = { ...objection.problem, operationId: request.operationId };
  const record: OperationRecord = { ...received(request), state: 'refused', problem: refusal, version, revision };
  const stored = await deps.store.putRefusal(record);
  return stored?.state === 'refused' ? stored : undefined;
}

/** Also of a refusal that was stored earlier: the execution that stored it may have died before its audit. */
async function refusalOf({ store, now }: OperateDependencies, record: OperationRecord): Promise<ProblemError> {
  const refusal = record.problem as Problem;
  const isUnknown = refusal.code === 'UNKNOWN_SERVICE';
  const audit = auditOf(record, record.service, new Date(now()).toISOString());
  await store.putAudit(isUnknown ? { ...audit, service: UNKNOWN_SERVICE } : audit, record.version);
  return new ProblemError(refusal);
}
