import { type EnvironmentConfig, type ServiceConfig, titleOf } from '../../../config/schema.ts';
import { hasEnded, testerOf } from '../../../contract/allowlist.ts';
import { isLegal, MODE_WORDS, MOVES, meantInstead } from '../../../contract/modes.ts';
import {
  DO_NOW_STEP,
  FUTURE_REQUEST_MS,
  OLDEST_REQUEST_MS,
  type OperationRequest,
} from '../../../contract/operation.ts';
import { type ProblemError, problem } from '../../../contract/problem.ts';
import type { ServiceState } from '../model/service-state.ts';
import { sourceWords } from '../words/operation-words.ts';

/** Why a first-seen operation must not begin. Pure: each check returns the problem, or nothing. */

export interface CheckInputs {
  /** With `armedAt` if it ran by the clock. */
  readonly request: OperationRequest & { readonly armedAt?: string };
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
  for (const check of [operator, requestTime, opened, order, legalMove, holder, parameters]) {
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
  // IAM has decided already: it let them call the route.
  if (request.source.kind === 'break-glass') return undefined;
  return notAnOperator(environment, service, request.requestedBy);
};

export function notAnOperator(
  environment: EnvironmentConfig,
  service: ServiceConfig,
  person: string,
): ProblemError | undefined {
  const allowed = operatorsOf(environment, service);
  if (allowed.includes(person.toLowerCase())) return undefined;
  return problem(
    'NOT_OPERATOR',
    `${person} is not an operator of ${titleOf(service)}. Ask one of its operators: ${allowed.join(', ')}.`,
    { field: 'requestedBy' },
  );
}

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
  const wrongEnd = plannedEnd === undefined ? undefined : wrongPlannedEnd(plannedEnd, now);
  if (wrongEnd) return invalid('plannedEnd', wrongEnd);
  if (allowlist !== undefined && action !== 'enable-allowlist') {
    return invalid('allowlist', 'Leave it out: only enable-allowlist lets anybody in.');
  }
  const testers = (allowlist ?? []).map(testerOf);
  const ended = testers.findIndex((tester) => hasEnded(tester, now));
  if (ended >= 0) {
    const { range, until } = testers[ended] ?? {};
    return invalid(`allowlist[${ended}].until`, `For ${range} it is ${until}, which has passed. It must lie ahead.`);
  }
  if (action === 'enable-allowlist' && [...(allowlist ?? []), ...service.allowlist].length === 0) {
    return invalid(
      'allowlist',
      `It is empty, and ${titleOf(service)} has no permanent one. Name at least one address or range.`,
    );
  }
  return undefined;
};

/** @returns What is wrong with it, if anything. */
export function wrongPlannedEnd(plannedEnd: string, now: number): string | undefined {
  const left = Date.parse(plannedEnd) - now;
  if (left <= 0) return `It is ${plannedEnd}, which has passed. It must lie ahead.`;
  if (left > LONGEST_PLAN_MS) return `It is ${plannedEnd}. It must lie within 30 days.`;
  return undefined;
}

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
    `${titleOf(service)} was set by ${last.requestedBy} after this was asked (${sourceWords(last.source)}). ` +
      `It is now ${MODE_WORDS[state.mode]}. If you still want this, set Go again.`,
  );
};

const holder: Check = ({ request, state, service }) => {
  if (request.takeOver) return undefined;
  return heldByAnother(service, state, { requestedBy: request.requestedBy, ...request.source });
};

export function heldByAnother(
  service: ServiceConfig,
  state: ServiceState,
  asking: { readonly requestedBy: string; readonly spreadsheetId?: string; readonly step?: string },
): ProblemError | undefined {
  const held = state.holder;
  if (state.mode === 'normal' || !held || held.spreadsheetId === asking.spreadsheetId) return undefined;
  return problem(
    'HELD_BY_OTHER',
    `${titleOf(service)} is held by ${held.spreadsheetId === undefined ? 'the break-glass command' : 'another release sheet'}: ` +
      `${held.by} closed it with ${sourceWords(held)}. ` +
      `This is ${sourceWords(asking)} of ${asking.requestedBy}. Talk to them before anything else.`,
  );
}

/** A person who opened the service since it was armed meant that nothing closes it behind them. */
const opened: Check = ({ request, state: { exited }, service }) => {
  if (request.armedAt === undefined || !exited || exited.at < request.armedAt) return undefined;
  return problem('DISARMED_BY_EXIT', `${exited.by} opened ${titleOf(service)} since this was armed (${exited.where}).`);
};

const wayOf = ({ step }: { readonly step?: string }, meant: string): string =>
  step === DO_NOW_STEP ? `pick ${meant} in Do now` : `set ${meant} to Go`;

const legalMove: Check = ({ request, state, service }) => {
  if (isLegal(request.action, state.mode)) return undefined;
  const meant = MOVES[meantInstead(request.action, state.mode)].title;
  return problem(
    'ILLEGAL_MOVE',
    `${titleOf(service)} is ${MODE_WORDS[state.mode]}, so "${MOVES[request.action].title}" does not fit: ${wayOf(request.source, meant)}.`,
    { field: 'action' },
  );
};
