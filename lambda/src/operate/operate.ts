import { type ServiceConfig, titleOf } from '../../../config/schema.ts';
import type { Operation, OperationRequest } from '../../../contract/operation.ts';
import { ProblemError, problem } from '../../../contract/problem.ts';
import { asItStands, currentOperation, type OperationRecord, type StoredOperation } from '../model/operation-record.ts';
import type { ServiceState } from '../model/service-state.ts';
import { stableJson } from '../model/stable-json.ts';
import { auditWrites, UNKNOWN_SERVICE } from '../store/audit.ts';
import { stepItemKey } from '../store/keys.ts';
import { operationWrite } from '../store/store.ts';
import type { Write } from '../store/table.ts';
import type { ConvergeDependencies } from '../waf/converge.ts';
import { auditOf, report } from '../words/operation-report.ts';
import { firstObjection, unknownService } from './checks.ts';
import { convergeService } from './converge-service.ts';
import { type CheckedRequest, nextState } from './next-state.ts';

/** The one door through which a mode is set, whoever asks: the sheet, a pipeline, or people with break-glass. */
export type OperateDependencies = ConvergeDependencies;

/** How a rundown asks: its step keeps the intent until the operation is committed. */
export interface CommitRequest extends OperationRequest {
  readonly intent?: { readonly spreadsheetId: string; readonly stepKey: string };
  /** Of a step that ran by the clock: what a person opened since is not closed behind them. */
  readonly armedAt?: string;
}

/**
 * Runs one operation: checks it, commits the wanted state once, and brings every target to it.
 *
 * Safe to repeat with the same id, at any time and beside itself. Returning `accepted` means that WAF took the change
 * everywhere, not that it applies everywhere yet; only {@link verify} may say so.
 *
 * @throws ProblemError - It was refused; nothing was changed. The refusal is stored and audited.
 */
export async function operate(deps: OperateDependencies, request: OperationRequest): Promise<Operation> {
  if (request.dryRun) return dryRun(deps, request);
  const committed = await commitOperation(deps, request);
  const service = serviceOf(deps, request);
  if (!service) return report(committed, committed.service);
  // What was already so may not be what WAF holds by now: whoever asks again has a reason to.
  const isOpenQuestion = committed.state === 'pending' || (committed.state === 'accepted' && !committed.changed);
  if (isOpenQuestion) await convergeService(deps, service, { onlyPending: committed.changed });
  const record = await deps.store.operation(request.operationId);
  if (!record) throw new Error(`the committed operation ${request.operationId} vanished`);
  return report(record, titleOf(service));
}

/**
 * Checks an operation and commits it: the wanted state, the operation, its audit entry and the intent that it came from,
 * in one transaction. Nothing is written to WAF.
 *
 * @returns The operation as it stands; an id that is known is answered with what it came to.
 * @throws ProblemError - It was refused, now or earlier. ID_REUSED - The id is another operation's. TRY_AGAIN - Others
 *   keep changing the service; nothing is known to be written.
 */
export async function commitOperation(deps: OperateDependencies, asked: CommitRequest): Promise<OperationRecord> {
  const { intent, ...request } = asked;
  const { armedAt: _armedAt, ...body } = request;
  const service = serviceOf(deps, request);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const known = await deps.store.operation(request.operationId);
    if (known) return sameOperation(known, body);
    if (!service) {
      const objection = unknownService(deps.config, request.service);
      return unlessRefused(await refuse(deps, body, UNKNOWN_SERVICE, objection, intent));
    }
    const state = await deps.store.state(service.name);
    const objection = firstObjection({ request, environment: deps.config, service, state, now: deps.now() });
    if (objection) return unlessRefused(await refuse(deps, body, service.name, objection, intent, state));
    const record = await tryCommit(deps, service, state, request, intent);
    if (record) return record;
    await deps.sleep(PAUSE_MS * (attempt + deps.random()));
  }
  throw problem(
    'TRY_AGAIN',
    `Others keep changing ${service ? titleOf(service) : request.service} just now. Send the same operation again: it runs once.`,
  );
}

const MOST_ATTEMPTS = 8;
const PAUSE_MS = 60;

function unlessRefused(answer: ProblemError | OperationRecord): OperationRecord {
  if (answer instanceof ProblemError) throw answer;
  return answer;
}

const serviceOf = ({ config }: OperateDependencies, { service }: OperationRequest): ServiceConfig | undefined =>
  config.services.find(({ name }) => name === service);

function sameOperation(known: OperationRecord, request: OperationRequest): OperationRecord {
  if (known.fingerprint !== stableJson(request)) {
    throw problem(
      'ID_REUSED',
      `The operation ${request.operationId} exists with other content. A new operation needs a new id.`,
      {
        field: 'operationId',
        operationId: request.operationId,
      },
    );
  }
  if (known.problem) throw new ProblemError(known.problem);
  return known;
}

/** @returns undefined if the state changed meanwhile, or the operation is known by now. */
async function tryCommit(
  deps: OperateDependencies,
  service: ServiceConfig,
  state: ServiceState,
  request: CheckedRequest,
  intent: CommitRequest['intent'],
): Promise<OperationRecord | undefined> {
  const { armedAt: _armedAt, ...body } = request;
  const next = nextState(service, state, request, deps.now());
  const record = currentOperation(withRequest(next, body), service.name) as OperationRecord;
  const title = titleOf(service);
  const entry = { ...auditOf(record, title, record.committedAt ?? ''), evidence: record.evidence, title };
  const { state: _state, targets: _targets, proof: _proof, acceptedAt: _at, supersededBy: _by, ...stored } = record;
  const writes = [operationWrite(stored), ...auditWrites(entry), ...intentWrites(request.operationId, intent)];
  const written = await deps.store.put(service.name, state, withRequest(next, body), writes);
  if (written) return record;
  if (intent && !(await isIntended(deps, intent, request.operationId))) throw givenUp(request.operationId);
  return undefined;
}

/** What is kept is what was asked; when it was armed is the rundown's to know. */
const withRequest = (state: ServiceState, request: OperationRequest): ServiceState => ({
  ...state,
  operation: state.operation && { ...state.operation, request, fingerprint: stableJson(request) },
});

/** Struck out of its step with the commit: nobody starts it twice, and what was given up is not started late. */
function intentWrites(operationId: string, intent: CommitRequest['intent']): Write[] {
  if (!intent) return [];
  const { spreadsheetId, stepKey } = intent;
  return [
    {
      update: stepItemKey(spreadsheetId, stepKey),
      unset: [['intents', operationId]],
      ifExists: [['intents', operationId]],
      add: { version: 1 },
      label: 'intent',
    },
  ];
}

async function isIntended(
  { store }: OperateDependencies,
  { spreadsheetId, stepKey }: NonNullable<CommitRequest['intent']>,
  operationId: string,
): Promise<boolean> {
  if (await store.operation(operationId)) return true;
  return store.isIntended(spreadsheetId, stepKey, operationId);
}

const givenUp = (operationId: string) =>
  problem('STALE_REQUEST', 'Its step does not ask for this any more. Nothing was changed.', { operationId });

/** The refusal is the stored answer of this id from now on; unless the same request, beside this one, was committed. */
async function refuse(
  deps: OperateDependencies,
  request: OperationRequest,
  service: string,
  objection: ProblemError,
  intent: CommitRequest['intent'],
  state?: ServiceState,
): Promise<ProblemError | OperationRecord> {
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
  if (!stored) return givenUp(operationId);
  return stored.problem ? new ProblemError(stored.problem) : stored;
}

/** All checks, no trace. */
async function dryRun(deps: OperateDependencies, request: OperationRequest): Promise<Operation> {
  const service = serviceOf(deps, request);
  if (!service) throw unknownService(deps.config, request.service);
  const state = await deps.store.state(service.name);
  const objection = firstObjection({ request, environment: deps.config, service, state, now: deps.now() });
  if (objection) throw objection;
  const next = nextState(service, state, request, deps.now());
  const record = currentOperation(next, service.name) as OperationRecord;
  return report({ ...record, state: 'pending', committedAt: undefined }, titleOf(service));
}
