import * as z from 'zod/mini';
import { type AuditAnswer, auditAnswer } from '../contract/audit.ts';
import {
  type BreakGlassBody,
  type DisarmAnswer,
  disarmAnswer,
  type PauseAnswer,
  type PauseBody,
  pauseAnswer,
} from '../contract/break-glass.ts';
import { type Operation, operation, problemBody } from '../contract/operation-answer.ts';
import { type ServiceStatus, servicesResponse } from '../contract/services.ts';
import { type Credentials, signedHeaders } from '../lambda/src/invoke/sigv4.ts';
import { CommandError } from './command.ts';

/** What one environment's API answers to those whom IAM and its config let in. */
export interface BreakGlassApi {
  services(): Promise<ServiceStatus[]>;
  operation(id: string): Promise<Operation>;
  /** Safe to send again: an id runs once. */
  operate(body: BreakGlassBody): Promise<Operation>;
  /** No armed step of any release sheet runs any more. */
  disarm(reason: string): Promise<DisarmAnswer>;
  /** What somebody changes in the rules of a service is left alone for a while. */
  pauseRepair(body: PauseBody): Promise<PauseAnswer>;
  /** @param since - ISO 8601; everything that is kept if left out. */
  audit(since?: string): Promise<AuditAnswer>;
}

export interface BreakGlassApiOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly region: string;
  /** For remedies. */
  readonly environment: string;
  credentials(): Promise<Credentials>;
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** It did not answer, or not now: nothing is known of what was sent. */
export class ApiDownError extends CommandError {
  override readonly name = 'ApiDownError';
}

/** It answered no, in words for a person. */
export class RefusedError extends CommandError {
  override readonly name = 'RefusedError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${message} (${code})`);
    this.code = code;
  }
}

/** The API answers within 30 s or not at all. */
const TIMEOUT_MS = 31_000;
const PAUSES_MS = [1_000, 2_000, 4_000];
const PASSING = new Set([429, 500, 502, 503, 504]);

export function breakGlassApi(options: BreakGlassApiOptions): BreakGlassApi {
  const { url: base, region, credentials, now, sleep } = options;

  async function once(method: 'GET' | 'POST', path: string, body: string): Promise<Response> {
    const url = new URL(`${base}${path}`);
    const type: Record<string, string> = body ? { 'content-type': 'application/json' } : {};
    const headers = await signedHeaders(
      { method, url, headers: { host: url.host, ...type }, body },
      { credentials, region, service: 'execute-api', at: new Date(now()) },
    );
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return fetch(url, { method, headers, signal, redirect: 'error', ...(body ? { body } : {}) });
  }

  /** @throws ApiDownError, RefusedError, CommandError */
  async function ask<T extends z.ZodMiniType>(
    schema: T,
    method: 'GET' | 'POST',
    path: string,
    body = '',
  ): Promise<z.output<T>> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await once(method, path, body).catch((error: unknown) => lost(error));
      const pause = PAUSES_MS[attempt];
      if (answer && !PASSING.has(answer.status)) return understood(schema, answer);
      if (pause === undefined) throw down(answer);
      await sleep(pause);
    }
  }

  /** No answer is no error yet; no credentials are. */
  function lost(error: unknown): undefined {
    const { name } = error as Error;
    if (name === 'TypeError' || name === 'TimeoutError') return undefined;
    throw error;
  }

  function down(answer: Response | undefined): ApiDownError {
    const how = answer ? `answers ${answer.status}` : 'does not answer';
    return new ApiDownError(
      `The API ${how} (${new URL(base).host}). What was sent may run or may not: look with status. ` +
        'If it stays so, --direct closes and opens without it.',
    );
  }

  async function understood<T extends z.ZodMiniType>(schema: T, answer: Response): Promise<z.output<T>> {
    const told: unknown = await answer.json().catch(() => undefined);
    const result = z.safeParse(schema, told);
    if (answer.ok && result.success) return result.data;
    const problem = z.safeParse(problemBody, told);
    if (problem.success) throw new RefusedError(problem.data.code, problem.data.message);
    if (answer.status === 403) {
      throw new CommandError(
        'IAM does not let these credentials break the glass, or their clock is wrong. ' +
          `Use a role with the policy drawbridge-${options.environment}-break-glass.`,
      );
    }
    throw new CommandError(
      `The API (${base}) answered ${answer.status} with something that is no answer of Drawbridge.`,
    );
  }

  return {
    services: async () => (await ask(servicesResponse, 'GET', '/break-glass/services')).services,
    operation: (id) => ask(operation, 'GET', `/break-glass/operations/${id}`),
    operate: (body) => ask(operation, 'POST', '/break-glass/operations', JSON.stringify(body)),
    disarm: (reason) => ask(disarmAnswer, 'POST', '/break-glass/disarm', JSON.stringify({ reason })),
    pauseRepair: (body) => ask(pauseAnswer, 'POST', '/break-glass/pause-repair', JSON.stringify(body)),
    audit: (since) =>
      ask(auditAnswer, 'GET', since === undefined ? '/audit' : `/audit?since=${encodeURIComponent(since)}`),
  };
}
