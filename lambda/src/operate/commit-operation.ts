import { titleIn, titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import { ProblemError, problem } from '../../../contract/problem.ts';
import { asItStands, currentOperation, type OperationRecord, type StoredOperation } from '../model/operation-record.ts';
import type { ServiceState } from '../model/service-state.ts';
import { stableJson } from '../model/stable-json.ts';
import { UNKNOWN_SERVICE } from '../store/audit.ts';
import { type IntentPlace, intentWrites, operationWrites } from '../store/operations.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';
import { auditOf } from '../words/operation-report.ts';
import { refusalMessages } from '../words/refusal-words.ts';
import { type CheckedRequest, firstObjection, unknownService } from './checks.ts';
import { nextState } from './next-state.ts';

export type CommitDependencies = Pick<ConvergeDependencies, 'config' | 'store' | 'now' | 'sleep' | 'random'>;

/** How a rundown asks: its step keeps the intent until the operation is committed. */
export interface CommitRequest extends CheckedRequest {
  readonly intent?: IntentPlace;
}

/**
 * Checks an operation and commits it: the wanted state, the operation, its audit entry and the intent that it came from,
 * in one transaction. Nothing is written to WAF.
 *
 * @returns The operation as it stands; an id that is known is answered with what it came to.
 * @throws ProblemError - It was refused, now or earlier. ID_REUSED - The id is another operation's. TRY_AGAIN - Others
 *   keep changing the service; nothing is known to be written.
 */
export async function commitOperation(deps: CommitDependencies, asked: CommitRequest): Promise<OperationRecord> {
  const { intent, ...request } = asked;
  const { armedAt: _armedAt, ...body } = request;
  const service = serviceOf(deps, request);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const [known, state] = await Promise.all([
      deps.store.operation(request.operationId),
      service && deps.store.state(service.name),
    ]);
    if (known) return sameOperation(known, body);
    if (!service || !state) {
      const objection = unknownService(deps.config, request.service);
      return refuse(deps, body, UNKNOWN_SERVICE, objection, intent);
    }
    const objection = firstObjection({ request, environment: deps.config, service, state, now: deps.now() });
    if (objection) return refuse(deps, body, service.name, objection, intent, state);
    const record = await tryCommit(deps, service, state, request, intent);
    if (record) return record;
    await deps.sleep(PAUSE_MS * (attempt + deps.random()));
  }
  throw problem('TRY_AGAIN', refusalMessages.busy(titleIn(deps.config, request.service)));
}

const MOST_ATTEMPTS = 8;
const PAUSE_MS = 60;

export const serviceOf = (
  { config }: Pick<CommitDependencies, 'config'>,
  { service }: OperationRequest,
): ServiceConfig | undefined => config.services.find(({ name }) => name === service);

function sameOperation(known: OperationRecord, request: OperationRequest): OperationRecord {
  if (known.fingerprint !== stableJson(request)) {
    const { operationId } = request;
    throw problem('ID_REUSED', refusalMessages.idReused(operationId), { field: 'operationId', operationId });
  }
  if (known.problem) throw new ProblemError(known.problem);
  return known;
}

/** @returns undefined if the state changed meanwhile, or the operation is known by now. */
async function tryCommit(
  deps: CommitDependencies,
  service: ServiceConfig,
  state: ServiceState,
  request: CheckedRequest,
  intent: CommitRequest['intent'],
): Promise<OperationRecord | undefined> {
  const next = nextState(service, state, request, deps.now());
  const record = currentOperation(next, service.name) as OperationRecord;
  const writes = [...operationWrites(record, titleOf(service)), ...intentWrites(request.operationId, intent)];
  const written = await deps.store.put(service.name, state, next, writes);
  if (written) return record;
  if (intent && !(await isIntended(deps, intent, request.operationId))) throw givenUp(request.operationId);
  return undefined;
}

async function isIntended({ store }: CommitDependencies, intent: IntentPlace, operationId: string): Promise<boolean> {
  return (await store.operation(operationId)) !== undefined || store.isIntended(intent, operationId);
}

const givenUp = (operationId: string) => problem('STALE_REQUEST', refusalMessages.notAskedAnyMore, { operationId });

/**
 * The refusal is the stored answer of this id from now on.
 * @returns The same request, if it was committed beside this one. Anything else is thrown.
 */
async function refuse(
  deps: CommitDependencies,
  request: OperationRequest,
  service: string,
  objection: ProblemError,
  intent: CommitRequest['intent'],
  state?: ServiceState,
): Promise<OperationRecord> {
  const { operationId } = request;
  const refusal: StoredOperation = {
    operationId,
    service: request.service,
    fingerprint: stableJson(request),
    request,
    revision: state?.revision ?? 0,
    changed: false,
    evidence: 0,
    problem: { ...objection.problem, operationId },
  };
  const at = new Date(deps.now()).toISOString();
  const audit = { ...auditOf(asItStands(refusal), request.service, at), service };
  const stored = await deps.store.refuse(refusal, audit, intentWrites(operationId, intent));
  if (!stored) throw givenUp(operationId);
  if (stored.problem) throw new ProblemError(stored.problem);
  return stored;
}
