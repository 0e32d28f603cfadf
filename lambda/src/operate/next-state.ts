import { type ServiceConfig, targetName } from '../../../config/schema.ts';
import { canonicalEntries, liveEntries } from '../../../contract/allowlist.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import { NO_PROOF, type ServiceState } from '../model/service-state.ts';
import { fingerprint } from '../model/stable-json.ts';
import { overtakenRecord } from './report.ts';

/** So many operations at most wait for one proof; a service has one or two. */
const MOST_SHARERS = 20;

/**
 * The wanted state that a checked request leads to. Pure. *Already so* keeps the revision: then nothing has to be written
 * to WAF, and only the proof is made afresh.
 *
 * @param now - Milliseconds since the epoch.
 * @param isForeign - What WAF holds is not of our making, whatever it says: never *already so*.
 */
export function nextState(
  service: ServiceConfig,
  state: ServiceState,
  request: OperationRequest,
  now: number,
  isForeign = false,
): ServiceState {
  const wanted = wantedBy(state, request);
  const changed = isForeign || fingerprint(wanted) !== fingerprint(parametersOf(state, now));
  const isNewMode = state.mode !== wanted.mode;
  const committedAt = new Date(now).toISOString();
  const next: ServiceState = {
    ...state,
    ...wanted,
    revision: changed ? state.revision + 1 : state.revision,
    since: isNewMode ? committedAt : state.since,
    by: isNewMode ? request.requestedBy : state.by,
    holder: holderAfter(state, request),
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
    // A person has decided: what was contested until now is theirs again.
    drift: [],
    repairing: undefined,
    seen: undefined,
  };
  const overtaken = overtakenRecord(state, service.name, next);
  // Those that still wait for a proof go on waiting with the new operation.
  const isOver = changed || state.proof.state === 'verified';
  return { ...next, overtaken, overtakenSharers: isOver ? state.operation?.sharers : [] };
}

type Parameters = Pick<ServiceState, 'mode' | 'plannedEnd' | 'allowlist'>;

/** Whose time has ended is let in no more, even if nobody has taken them off the list yet. */
const parametersOf = ({ mode, plannedEnd, allowlist }: ServiceState, now: number): Parameters => ({
  mode,
  plannedEnd,
  allowlist: liveEntries(allowlist, now),
});

function wantedBy(state: ServiceState, request: OperationRequest): Parameters {
  const mode = MOVES[request.action].to;
  const plannedEnd = request.plannedEnd === undefined ? state.plannedEnd : new Date(request.plannedEnd).toISOString();
  return {
    mode,
    plannedEnd: mode === 'normal' ? undefined : plannedEnd,
    allowlist: mode === 'maintenance-allowlist' ? canonicalEntries(request.allowlist ?? []) : [],
  };
}

/** Who closes a service holds it until it is open again, or until somebody takes it over. */
function holderAfter(state: ServiceState, { action, requestedBy, source, takeOver }: OperationRequest) {
  if (MOVES[action].to === 'normal') return undefined;
  if (state.mode !== 'normal' && !takeOver) return state.holder;
  return { by: requestedBy, spreadsheetId: source.spreadsheetId, step: source.step };
}

/** Who will share the proof of an operation that finds everything already so. */
function sharersOf({ operation, proof }: ServiceState): string[] {
  if (!operation || proof.state === 'verified') return [];
  return [...(operation.sharers ?? []), operation.request.operationId].slice(-MOST_SHARERS);
}
