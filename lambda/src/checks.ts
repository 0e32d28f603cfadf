import { type EnvironmentConfig, type ServiceConfig, titleOf } from '../../contract/config.ts';
import { isLegal, MODE_WORDS, MOVES, meantInstead } from '../../contract/modes.ts';
import { FUTURE_REQUEST_MS, OLDEST_REQUEST_MS, type OperationRequest } from '../../contract/operation.ts';
import { type ProblemError, problem } from '../../contract/problem.ts';
import type { ServiceState } from './state.ts';

/** Why a first-seen operation must not begin. Pure: each check returns the problem, or nothing. */

export interface CheckInputs {
  readonly request: OperationRequest;
  readonly environment: EnvironmentConfig;
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
  for (const check of [operator, requestTime, order, legalMove, holder, parameters]) {
    const objection = check(inputs);
    if (objection) return objection;
  }
  return undefined;
};

export function unknownService(environment: EnvironmentConfig, name: string): ProblemError {
  const known = environment.services.map((service) => service.name).join(', ');
  return problem('UNKNOWN_SERVICE', `There is no service "${name}" here. There are: ${known}.`, { field: 'service' });
}

/** In lower case: Google and people do not agree on capitals. */
export const operatorsOf = (environment: EnvironmentConfig, service: ServiceConfig): string[] => [
  ...new Set([...environment.operators, ...service.operators].map((one) => one.toLowerCase())),
];

const operator: Check = ({ request, environment, service }) => {
  const allowed = operatorsOf(environment, service);
  if (allowed.includes(request.requestedBy.toLowerCase())) return undefined;
  return problem(
    'NOT_OPERATOR',
    `${request.requestedBy} is not an operator of ${titleOf(service)}. Ask one of its operators: ${allowed.join(', ')}.`,
    { field: 'requestedBy' },
  );
};

const requestTime: Check = ({ request, now }) => {
  const age = now - Date.parse(request.requestedAt);
  const clock = `The clock here says ${new Date(now).toISOString()}.`;
  const field = { field: 'requestedAt' };
  if (age > OLDEST_REQUEST_MS) {
    return problem(
      'STALE_REQUEST',
      `This was asked at ${request.requestedAt}, more than 5 minutes ago. ${clock} Set Go again.`,
      field,
    );
  }
  if (age < -FUTURE_REQUEST_MS) {
    return problem('FUTURE_REQUEST', `requestedAt is ${request.requestedAt}, which is still to come. ${clock}`, field);
  }
  return undefined;
};

const parameters: Check = ({ request, service, now }) => {
  const { action, plannedEnd, allowlist } = request;
  if (plannedEnd !== undefined && MOVES[action].to === 'normal') {
    return invalid('plannedEnd', 'Leave it out: exit ends the maintenance now.');
  }
  const left = plannedEnd === undefined ? 1 : Date.parse(plannedEnd) - now;
  if (left <= 0) return invalid('plannedEnd', `It is ${plannedEnd}, which has passed. It must lie ahead.`);
  if (left > LONGEST_PLAN_MS) return invalid('plannedEnd', `It is ${plannedEnd}. It must lie within 30 days.`);
  if (allowlist !== undefined && action !== 'enable-allowlist') {
    return invalid('allowlist', 'Leave it out: only enable-allowlist lets anybody in.');
  }
  if (action === 'enable-allowlist' && [...(allowlist ?? []), ...service.allowlist].length === 0) {
    return invalid(
      'allowlist',
      `It is empty, and ${titleOf(service)} has no permanent one. Name at least one address or range.`,
    );
  }
  return undefined;
};

const invalid = (field: string, remedy: string): ProblemError =>
  problem('INVALID_FIELD', `The field ${field} does not fit. ${remedy}`, { field });

/** Two clocks and a request on its way: what was asked this shortly before an acceptance did not come after it. */
const OVERLAP_MS = 5_000;

/** By the server's clock: a caller's that is fast must not lock the others out, nor a late request undo what is newer. */
const order: Check = ({ request, state, service }) => {
  const { operation } = state;
  if (!operation || Date.parse(request.requestedAt) >= Date.parse(operation.committedAt) - OVERLAP_MS) return undefined;
  const last = operation.request;
  return problem(
    'OVERTAKEN',
    `${titleOf(service)} was set by ${last.requestedBy} after this was asked (step ${last.source.step}). ` +
      `It is now ${MODE_WORDS[state.mode]}. If you still want this, set Go again.`,
  );
};

const holder: Check = ({ request, state, service }) => {
  const held = state.holder;
  if (state.mode === 'normal' || !held || request.takeOver) return undefined;
  if (held.spreadsheetId === request.source.spreadsheetId) return undefined;
  return problem(
    'HELD_BY_OTHER',
    `${titleOf(service)} is held by another release sheet: ${held.by} closed it with step ${held.step}. ` +
      `This is step ${request.source.step} of ${request.requestedBy}. Talk to them before anything else.`,
  );
};

const legalMove: Check = ({ request, state, service }) => {
  if (isLegal(request.action, state.mode)) return undefined;
  const meant = MOVES[meantInstead(request.action, state.mode)].title;
  return problem(
    'ILLEGAL_MOVE',
    `${titleOf(service)} is ${MODE_WORDS[state.mode]}, so "${MOVES[request.action].title}" does not fit: set ${meant} to Go.`,
    { field: 'action' },
  );
};
