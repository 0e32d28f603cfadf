import type { ServiceConfig } from '../../../config/schema.ts';
import { ProblemError } from '../../../contract/problem.ts';
import { type KnownEnvironment, withKeptTargets } from '../model/known-environment.ts';
import type { ServiceState } from '../model/service-state.ts';
import { type CheckedRequest, firstObjection } from './checks.ts';
import { nextState } from './next-state.ts';

/** What an operation would come to, as far as that can be known without writing anything. Pure. */

export interface Foreseen {
  readonly request: CheckedRequest;
  /** With the targets that the config lost while it was closed. */
  readonly service: ServiceConfig;
  /** What it would leave behind: what the next one would meet. */
  readonly next: ServiceState;
  /** When it would begin, in milliseconds since the epoch. */
  readonly at: number;
}

/** @returns What it would make of this state, or why it would be refused. */
export function foresee(
  environment: KnownEnvironment,
  { request, service, state, at }: Omit<Foreseen, 'next'> & { readonly state: ServiceState },
): Foreseen | ProblemError {
  const objection = firstObjection({ request, environment, service, state, now: at });
  if (objection) return objection;
  return { request, service: withKeptTargets(service, state), next: nextState(service, state, request, at), at };
}

export const isRefused = (foreseen: Foreseen | ProblemError): foreseen is ProblemError =>
  foreseen instanceof ProblemError;
