import { chatCommands } from '../../../config/lets-through.ts';
import { titleOf } from '../../../config/names.ts';
import type { EnvironmentConfig, ServiceConfig } from '../../../config/schema.ts';
import { hasEnded, testerOf } from '../../../contract/allowlist.ts';
import { isLegal, MOVES } from '../../../contract/modes.ts';
import { FUTURE_REQUEST_MS, OLDEST_REQUEST_MS, type OperationRequest } from '../../../contract/operation.ts';
import { type ProblemError, problem } from '../../../contract/problem.ts';
import { isOrphaned, type KnownEnvironment } from '../model/known-environment.ts';
import { operatorsOf } from '../model/operators.ts';
import type { ServiceState } from '../model/service-state.ts';
import { refusalMessages } from '../words/refusal-words.ts';

/** Why a first-seen operation must not begin. Pure: each check returns the problem, or nothing. */

export type CheckedRequest = OperationRequest & {
  /** Of a step that ran by the clock: what a person opened since is not closed behind them. */
  readonly armedAt?: string;
};

export interface CheckInputs {
  readonly request: CheckedRequest;
  readonly environment: KnownEnvironment;
  readonly service: ServiceConfig;
  readonly state: ServiceState;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Check = (inputs: CheckInputs) => ProblemError | undefined;

/** A planned end further away than this is a typing error more often than a plan. */
const LONGEST_PLAN_MS = 30 * 24 * 60 * 60_000;

/** The first objection: who asks and when, then what it meets here, then its details. */
export const firstObjection: Check = (inputs) => {
  for (const check of [operator, requestTime, inConfig, openedSince, order, legalMove, holder, parameters]) {
    const objection = check(inputs);
    if (objection) return objection;
  }
  return undefined;
};

export const unknownService = ({ services }: EnvironmentConfig, name: string): ProblemError =>
  problem(
    'UNKNOWN_SERVICE',
    refusalMessages.unknownService(
      name,
      services.map((service) => service.name),
    ),
    {
      field: 'service',
    },
  );

const operator: Check = ({ request, environment, service }) => {
  // IAM has decided already: it let them call the route.
  if (request.source.kind === 'break-glass') return undefined;
  if (request.source.kind === 'chat-channel') return channelObjection(environment, request.action, request.source);
  const operators = operatorsOf(environment, service);
  if (operators.includes(request.requestedBy.toLowerCase())) return undefined;
  return problem('NOT_OPERATOR', refusalMessages.notOperator(request.requestedBy, titleOf(service), operators), {
    field: 'requestedBy',
  });
};

/** Nobody is known who asks: that this channel may, and for what, the config itself says in writing. */
function channelObjection(
  environment: EnvironmentConfig,
  action: OperationRequest['action'],
  { channel }: { readonly channel: string },
): ProblemError | undefined {
  const allowed = environment.chat?.channel === channel ? chatCommands(environment) : [];
  if (allowed.some((command) => command === action)) return undefined;
  return problem('NOT_OPERATOR', refusalMessages.channelMayNot(channel, action, allowed), { field: 'action' });
}

const requestTime: Check = ({ request: { requestedAt, source }, now }) => {
  const age = now - Date.parse(requestedAt);
  const field = { field: 'requestedAt' };
  if (age > OLDEST_REQUEST_MS) return problem('STALE_REQUEST', refusalMessages.stale(requestedAt, now, source), field);
  if (age < -FUTURE_REQUEST_MS) return problem('FUTURE_REQUEST', refusalMessages.future(requestedAt, now), field);
  return undefined;
};

/** What the config has lost is not closed again: nobody would be told to look after it. */
const inConfig: Check = ({ request: { action }, environment, service }) => {
  if (!isOrphaned(environment, service.name) || MOVES[action].to === 'normal') return undefined;
  return problem('ORPHANED', refusalMessages.orphaned(titleOf(service), action), { field: 'action' });
};

const parameters: Check = ({ request, service, now }) => {
  const { action, plannedEnd, allowlist } = request;
  if (plannedEnd !== undefined && MOVES[action].to === 'normal') {
    return wrongField('plannedEnd', refusalMessages.exitHasNoEnd);
  }
  const wrongEnd = plannedEnd === undefined ? undefined : wrongPlannedEnd(plannedEnd, now);
  if (wrongEnd) return wrongField('plannedEnd', wrongEnd);
  if (allowlist !== undefined && action !== 'enable-allowlist') {
    return wrongField('allowlist', refusalMessages.nobodyIsLetIn);
  }
  const testers = (allowlist ?? []).map(testerOf);
  const ended = testers.findIndex((tester) => hasEnded(tester, now));
  if (ended >= 0) {
    const { range = '', until = '' } = testers[ended] ?? {};
    return wrongField(`allowlist[${ended}].until`, refusalMessages.testerHasEnded(range, until));
  }
  if (action === 'enable-allowlist' && [...(allowlist ?? []), ...service.allowlist].length === 0) {
    return wrongField('allowlist', refusalMessages.allowlistIsEmpty(titleOf(service)));
  }
  return undefined;
};

/** @returns What is wrong with it, if anything. */
export function wrongPlannedEnd(plannedEnd: string, now: number): string | undefined {
  const ahead = Date.parse(plannedEnd) - now;
  if (ahead <= 0) return refusalMessages.endHasPassed(plannedEnd);
  return ahead > LONGEST_PLAN_MS ? refusalMessages.endIsFar(plannedEnd) : undefined;
}

const wrongField = (field: string, remedy: string): ProblemError =>
  problem('INVALID_FIELD', refusalMessages.wrongField(field, remedy), { field });

/** Two clocks and a request on its way: what was asked this shortly before an acceptance did not come after it. */
const OVERLAP_MS = 5_000;

/** By the server's clock: a caller's that is fast must not lock the others out, nor a late request undo what is newer. */
const order: Check = ({ request, state: { operation, mode }, service }) => {
  if (!operation || Date.parse(request.requestedAt) >= Date.parse(operation.committedAt) - OVERLAP_MS) return undefined;
  const { requestedBy: by, source } = operation.request;
  return problem('OVERTAKEN', refusalMessages.overtaken(titleOf(service), mode, { by, ...source }, request.source));
};

const holder: Check = ({ request, state, service }) =>
  request.takeOver ? undefined : heldByAnother(service, state, { requestedBy: request.requestedBy, ...request.source });

export function heldByAnother(
  service: ServiceConfig,
  { mode, holder: held }: ServiceState,
  asking: {
    readonly requestedBy: string;
    readonly spreadsheetId?: string;
    readonly step?: string;
    readonly kind?: string;
  },
): ProblemError | undefined {
  if (mode === 'normal' || !held) return undefined;
  // What a person holds, nobody in particular does not touch.
  const isOwn = asking.kind !== 'chat-channel' || held.kind === 'chat-channel';
  if (isOwn && held.spreadsheetId === asking.spreadsheetId) return undefined;
  const { requestedBy: by, step, kind } = asking;
  return problem('HELD_BY_OTHER', refusalMessages.heldByOther(titleOf(service), held, { by, step, kind }));
}

/** A person who opened the service since it was armed meant that nothing closes it behind them. */
const openedSince: Check = ({ request, state: { exited }, service }) => {
  if (request.armedAt === undefined || !exited || exited.at < request.armedAt) return undefined;
  return problem('DISARMED_BY_EXIT', refusalMessages.disarmedByExit(titleOf(service), exited));
};

const legalMove: Check = ({ request: { action, source }, state: { mode }, service }) => {
  if (isLegal(action, mode)) return undefined;
  return problem('ILLEGAL_MOVE', refusalMessages.illegalMove(titleOf(service), mode, action, source), {
    field: 'action',
  });
};
