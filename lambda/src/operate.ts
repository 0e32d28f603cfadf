import { canonicalAllowlist } from '../../contract/allowlist.ts';
import { type ServiceConfig, targetName, titleOf } from '../../contract/config.ts';
import { MOVES } from '../../contract/modes.ts';
import type { Operation, OperationRequest } from '../../contract/operation.ts';
import { type ProblemError, ProblemError as Problems, problem } from '../../contract/problem.ts';
import { firstObjection, unknownService } from './checks.ts';
import { type ConvergeDependencies, convergeTarget } from './converge.ts';
import { asOfNow, auditOf, currentRecord, overtakenRecord, report } from './current.ts';
import { fingerprint } from './fingerprint.ts';
import { NEVER_OPERATED, NO_PROOF, type OperationRecord, type ServiceState } from './state.ts';
import { UNKNOWN_SERVICE } from './state-store.ts';

/** The one door through which a mode is set, whoever asks (DESIGN D4, D11). */
export type OperateDependencies = ConvergeDependencies;

/** The caller waits about 20 s; what is still pending then is driven on by the reconciler. */
const CONVERGE_MS = 14_000;
const MOST_COMMIT_ATTEMPTS = 8;
const COMMIT_PAUSE_MS = 60;
const MOST_SHARERS = 20;

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
  if (known?.state === 'refused' && known.problem) throw new Problems(known.problem);
  if (!service) return refuse(deps, request, NEVER_OPERATED, unknownService(deps.config, request.service));

  const state = await deps.store.state(service.name);
  const mine = known && asOfNow(known, state);
  if (!mine || mine.state === 'received') await commit(deps, service, request);
  else if (mine.state !== 'pending') return report(mine, titleOf(service));
  return drive(deps, service, request.operationId);
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
  return report({ ...(currentRecord(next, service.name) as OperationRecord), state: 'pending' }, titleOf(service));
}

/** The refusal is the stored answer of this id from now on. */
async function refuse(
  { store, now }: OperateDependencies,
  request: OperationRequest,
  state: ServiceState,
  objection: ProblemError,
): Promise<never> {
  const refusal = { ...objection.problem, operationId: request.operationId };
  const { version, revision } = state;
  const record: OperationRecord = { ...received(request), state: 'refused', problem: refusal, version, revision };
  const isUnknown = refusal.code === 'UNKNOWN_SERVICE';
  const audit = auditOf(record, request.service, new Date(now()).toISOString());
  await store.putRecord(record, isUnknown ? { ...audit, service: UNKNOWN_SERVICE } : audit);
  throw new Problems(refusal);
}

/** Check against what is, then commit on condition that it still is. */
async function commit(deps: OperateDependencies, service: ServiceConfig, request: OperationRequest): Promise<void> {
  const { store, config: environment, now, sleep, random } = deps;
  for (let attempt = 0; attempt < MOST_COMMIT_ATTEMPTS; attempt += 1) {
    const state = await store.state(service.name);
    if (state.operation?.request.operationId === request.operationId) return;
    const objection = firstObjection({ request, environment, service, state, now: now() });
    if (objection) await refuse(deps, request, state, objection);
    const next = nextState(service, state, request, now());
    // What the item still holds of the operation before the last must be written before it is forgotten.
    await recordOvertaken(deps, service, state);
    const overtaken = overtakenRecord(state, service.name, next);
    if (await store.putState(service.name, { ...next, overtaken })) return;
    await sleep(COMMIT_PAUSE_MS * (attempt + random()));
  }
  throw problem(
    'TRY_AGAIN',
    `Others keep changing ${titleOf(service)}. Nothing was changed by this; it is tried again.`,
  );
}

async function recordOvertaken(
  { store, now }: OperateDependencies,
  service: ServiceConfig,
  { overtaken }: ServiceState,
) {
  if (overtaken) await store.putRecord(overtaken, auditOf(overtaken, titleOf(service), new Date(now()).toISOString()));
}

/** The wanted state that a request leads to. *Already so* keeps the revision: then nothing has to be written to WAF. */
export function nextState(
  service: ServiceConfig,
  state: ServiceState,
  request: OperationRequest,
  now: number,
): ServiceState {
  const { action, requestedBy, source } = request;
  const mode = MOVES[action].to;
  const plannedEnd = mode === 'normal' ? undefined : (request.plannedEnd ?? state.plannedEnd);
  const allowlist =
    mode === 'maintenance-allowlist' ? canonicalAllowlist([...service.allowlist, ...(request.allowlist ?? [])]) : [];
  const committedAt = new Date(now).toISOString();
  const changed = !(
    state.mode === mode &&
    state.plannedEnd === plannedEnd &&
    fingerprint(state.allowlist) === fingerprint(allowlist)
  );
  const holder = { by: requestedBy, spreadsheetId: source.spreadsheetId, step: source.step };
  const mustHold = state.mode === 'normal' || request.takeOver;
  return {
    ...state,
    revision: changed ? state.revision + 1 : state.revision,
    mode,
    plannedEnd,
    allowlist,
    since: changed && state.mode !== mode ? committedAt : state.since,
    by: changed && state.mode !== mode ? requestedBy : state.by,
    holder: mode === 'normal' ? undefined : mustHold ? holder : state.holder,
    operation: {
      request,
      fingerprint: fingerprint(request),
      committedAt,
      changed,
      sharers: changed ? [] : sharersOf(state),
    },
    targets: service.targets.map((target) => ({ target: targetName(target), state: 'pending' })),
    proof: service.targets.every(({ verification }) => verification === 'none')
      ? { ...NO_PROOF, state: 'none' }
      : NO_PROOF,
    drift: changed ? [] : state.drift,
  };
}

/** Who will share the proof of an operation that finds everything already so. */
function sharersOf({ operation, proof }: ServiceState): string[] {
  if (!operation || proof.state === 'verified') return [];
  return [...(operation.sharers ?? []), operation.request.operationId].slice(-MOST_SHARERS);
}

/**
 * Brings all targets to the desired state, in parallel, and writes down how far that came.
 * @returns The operation as it stands now, which may be superseded by then.
 */
async function drive(deps: OperateDependencies, service: ServiceConfig, operationId: string): Promise<Operation> {
  const state = await converge(deps, service);
  const stored = await deps.store.operation(operationId);
  const record = stored && asOfNow(stored, state);
  if (!record) throw new Error(`the reserved operation ${operationId} vanished`);
  return report(record, titleOf(service));
}

/** @returns The state as it is stored after all targets were tried. */
export async function converge(deps: OperateDependencies, service: ServiceConfig): Promise<ServiceState> {
  const { now } = deps;
  const deadline = now() + CONVERGE_MS;
  const results = await Promise.all(service.targets.map((target) => convergeTarget(deps, service, target, deadline)));
  const next = await change(deps, service, (state) => {
    const targets = state.targets.map((known) => {
      const result = results.find(({ target, revision }) => target === known.target && revision === state.revision);
      if (!result || known.state === 'accepted') return known;
      const { revision: _revision, wrote: _wrote, ...told } = result;
      return told;
    });
    const isAccepted = targets.every((target) => target.state === 'accepted');
    const acceptedAt = state.operation?.acceptedAt ?? (isAccepted ? new Date(now()).toISOString() : undefined);
    return { ...state, targets, operation: state.operation && { ...state.operation, acceptedAt } };
  });
  await recordCurrent(deps, service, next);
  return next;
}

/** Writes the embedded operation, and the one it overtook, with their audit entries, as far as they have come. */
export async function recordCurrent(
  deps: OperateDependencies,
  service: ServiceConfig,
  state: ServiceState,
): Promise<void> {
  await recordOvertaken(deps, service, state);
  const record = currentRecord(state, service.name);
  if (!record) return;
  const at = new Date(deps.now()).toISOString();
  if (record.state === 'verified') await recordSharers(deps, service, state, at);
  await deps.store.putRecord(record, auditOf(record, titleOf(service), at));
}

async function recordSharers({ store }: OperateDependencies, service: ServiceConfig, state: ServiceState, at: string) {
  for (const id of state.operation?.sharers ?? []) {
    const stored = await store.operation(id);
    if (!stored) continue;
    const record = { ...asOfNow(stored, state), version: state.version };
    await store.putRecord(record, auditOf(record, titleOf(service), at));
  }
}

/** Changes what is known of a service, on top of whatever others wrote meanwhile. */
export async function change(
  { store, sleep, random }: OperateDependencies,
  service: ServiceConfig,
  apply: (state: ServiceState) => ServiceState,
): Promise<ServiceState> {
  for (let attempt = 0; attempt < MOST_COMMIT_ATTEMPTS; attempt += 1) {
    const state = await store.state(service.name);
    const next = apply(state);
    if (next === state) return state;
    const stored = await store.putState(service.name, next);
    if (stored) return stored;
    await sleep(COMMIT_PAUSE_MS * (attempt + random()));
  }
  throw problem('TRY_AGAIN', `Others keep changing ${titleOf(service)}. Its targets are driven on every minute.`);
}
