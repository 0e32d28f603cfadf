import { titleIn, titleOf } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import type { AuditEntry } from '../../../contract/audit.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import { type ProblemError, problem } from '../../../contract/problem.ts';
import { allDone } from '../model/all-done.ts';
import type { KnownEnvironment } from '../model/known-environment.ts';
import { NO_PROOF } from '../model/service-state.ts';
import { askOnce } from '../proof/ask-once.ts';
import type { Probe } from '../proof/probe.ts';
import { UNKNOWN_SERVICE } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import { type ExamineDependencies, examineTarget } from '../waf/examine.ts';
import type { Pages } from '../waf/rules/pages.ts';
import { refusalMessages } from '../words/refusal-words.ts';
import { rehearsalMessages } from '../words/rehearsal-words.ts';
import { dateMinuteUtc } from '../words/times.ts';
import { unknownService } from './checks.ts';
import { foresee, isRefused } from './foresee.ts';
import { type Examined, factsOf } from './rehearsal-facts.ts';

export interface RehearseDependencies extends ExamineDependencies {
  readonly config: KnownEnvironment;
  readonly pages: Pages;
  readonly store: Pick<Store, 'state' | 'operation' | 'addAudit'>;
  readonly probe: Probe;
}

/** Within the time that a caller waits. */
const EXAMINE_MS = 12_000;

/**
 * Reads what an operation would write, and asks once each page that it would be probed at. Writes nothing.
 * @param withSets - The IP sets too: of a service whose testers would be let in.
 */
export async function examine(
  deps: ExamineDependencies & Pick<RehearseDependencies, 'probe'>,
  service: ServiceConfig,
  { withSets }: { readonly withSets: boolean },
): Promise<Examined> {
  const until = deps.now() + EXAMINE_MS;
  const [targets, pages] = await allDone([
    allDone(service.targets.map((target) => examineTarget(deps, service, target, { until, withSets }))),
    askOnce(deps.probe, service),
  ]);
  return { targets, pages };
}

/**
 * Rehearses one operation, for every door: anyone who may run it is told what it would come to. It is audited, and leaves no
 * other trace: no operation, no revision, no hold, nothing in WAF (decision 42).
 *
 * @throws ProblemError - It would be refused, with this.
 */
export async function rehearse(deps: RehearseDependencies, request: OperationRequest): Promise<Operation> {
  const service = deps.config.services.find(({ name }) => name === request.service);
  const known = await deps.store.operation(request.operationId);
  if (!service) return refuse(deps, request, UNKNOWN_SERVICE, unknownService(deps.config, request.service));
  if (known) return refuse(deps, request, service.name, idReused(request.operationId));
  const at = deps.now();
  const state = await deps.store.state(service.name);
  const foreseen = foresee(deps.config, { request, service, state, at });
  if (isRefused(foreseen)) return refuse(deps, request, service.name, foreseen);
  const examined = await examine(deps, foreseen.service, { withSets: request.action === 'enable-allowlist' });
  const facts = factsOf(foreseen, examined, deps);
  const message = rehearsalMessages.would(facts, { formatTime: dateMinuteUtc });
  const { revision } = state;
  await deps.store.addAudit(rehearsalEntry(request, { service: service.name, revision, message, at: deps.now() }));
  return {
    operationId: request.operationId,
    service: service.name,
    title: titleOf(service),
    action: request.action,
    mode: MOVES[request.action].to,
    state: 'pending',
    changed: facts.changed,
    revision,
    requestedBy: request.requestedBy,
    requestedAt: request.requestedAt,
    plannedEnd: request.plannedEnd,
    reason: request.reason,
    dryRun: true,
    faults: [...facts.faults],
    source: request.source,
    targets: [],
    proof: NO_PROOF,
    message,
  };
}

const idReused = (operationId: string): ProblemError =>
  problem('ID_REUSED', refusalMessages.idReused(operationId), { field: 'operationId', operationId });

async function refuse(
  deps: RehearseDependencies,
  request: OperationRequest,
  service: string,
  objection: ProblemError,
): Promise<never> {
  const { code } = objection;
  const { action } = request;
  const title = titleIn(deps.config, request.service);
  const message = rehearsalMessages.refused({ title, action, message: objection.message });
  const about = { service, revision: 0, message, at: deps.now() };
  await deps.store.addAudit({
    ...rehearsalEntry(request, about),
    problem: { code, message: objection.message },
  });
  throw objection;
}

/** What the audit tells of a rehearsal: who, when, of what, and what they were told. */
export const rehearsalEntry = (
  request: Pick<OperationRequest, 'operationId' | 'requestedBy' | 'source' | 'reason'> & Partial<OperationRequest>,
  { at, ...about }: Pick<AuditEntry, 'service' | 'revision' | 'message'> & { readonly at: number },
): AuditEntry => ({
  ...about,
  operationId: request.operationId,
  kind: 'rehearsal',
  ...(request.action ? { action: request.action } : {}),
  by: request.requestedBy,
  source: request.source,
  at: new Date(at).toISOString(),
  ...(request.reason ? { reason: request.reason } : {}),
});
