import { targetName } from '../../../config/names.ts';
import type { ServiceConfig } from '../../../config/schema.ts';
import { canonicalEntries, liveEntries } from '../../../contract/allowlist.ts';
import { MOVES } from '../../../contract/modes.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import { withKeptTargets } from '../model/known-environment.ts';
import { isSameJson } from '../model/same-json.ts';
import { NO_PROOF, type ServiceState } from '../model/service-state.ts';
import { stableJson } from '../model/stable-json.ts';
import { sourceWords } from '../words/operation-words.ts';
import type { CheckedRequest } from './checks.ts';

/**
 * The wanted state that a checked request leads to. Pure. *Already so* keeps the revision: then nothing has to be written
 * to WAF, and only the proof is made afresh. What is kept is what was asked; when it was armed is the rundown's to know.
 *
 * @param now - Milliseconds since the epoch.
 * @param isForeign - What WAF holds is not of our making, whatever it says: never *already so*.
 */
export function nextState(
  inConfig: ServiceConfig,
  state: ServiceState,
  { armedAt, ...request }: CheckedRequest,
  now: number,
  isForeign = false,
): ServiceState {
  const service = withKeptTargets(inConfig, state);
  const wanted = wantedBy(state, request);
  const changed = isForeign || !isSameJson(wanted, parametersOf(state, now));
  const isNewMode = state.mode !== wanted.mode;
  const committedAt = new Date(now).toISOString();
  return {
    ...state,
    ...wanted,
    revision: changed ? state.revision + 1 : state.revision,
    since: isNewMode ? committedAt : state.since,
    by: isNewMode ? request.requestedBy : state.by,
    holder: holderAfter(state, request),
    kept: wanted.mode === 'normal' ? state.kept : service,
    operation: {
      request,
      fingerprint: stableJson(request),
      committedAt,
      changed,
    },
    ...(armedAt === undefined ? exitedBy(request, committedAt) : {}),
    ...evidenceFor(service, state, changed),
    // A person has decided: what was contested until now is theirs again.
    drift: [],
    repairing: undefined,
    missed: undefined,
    seen: undefined,
    repairPause: undefined,
  };
}

/** What finds everything already so waits for the proof that is under way; after that it is proven afresh. */
function evidenceFor(service: ServiceConfig, state: ServiceState, changed: boolean) {
  const isUnderWay = !changed && state.evidence > 0 && state.proof.state !== 'verified';
  if (isUnderWay) return {};
  const isProbed = service.targets.some(({ verification }) => verification !== 'none');
  return {
    evidence: state.evidence + 1,
    acceptedAt: undefined,
    targets: service.targets.map((target) => ({ target: targetName(target), state: 'pending' as const })),
    proof: isProbed ? NO_PROOF : { ...NO_PROOF, state: 'none' as const },
  };
}

/** A person who opens a service means it: what was armed for it before is not run any more. */
function exitedBy({ action, requestedBy, source }: OperationRequest, at: string) {
  if (action !== 'exit') return {};
  const { spreadsheetId } = source;
  return { exited: { at, by: requestedBy, where: sourceWords(source), ...(spreadsheetId ? { spreadsheetId } : {}) } };
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
  const { spreadsheetId, step, kind } = source;
  return { by: requestedBy, spreadsheetId, step, ...(kind === 'slack' || kind === 'chat-channel' ? { kind } : {}) };
}
