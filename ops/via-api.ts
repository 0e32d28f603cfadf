import { randomUUID } from 'node:crypto';
import type { EnvironmentConfig } from '../config/schema.ts';
import { type BreakGlassBody, breakGlassBody } from '../contract/break-glass.ts';
import { invalidField } from '../contract/parse.ts';
import type { Credentials } from '../lambda/src/invoke/sigv4.ts';
import { type BreakGlassApi, breakGlassApi, RefusedError } from './break-glass-api.ts';
import {
  CommandError,
  confirm,
  EXIT,
  type ExitCode,
  formatError,
  isSignIn,
  type Terminal,
  UsageError,
} from './command.ts';
import { follow } from './follow.ts';
import { question, type RequestOptions, type Values } from './request-options.ts';

export interface ViaApiDependencies {
  credentials(): Promise<Credentials>;
  /** From the stack's outputs. */
  apiUrl(environment: string, region: string): Promise<string>;
  now(): number;
  sleep(ms: number): Promise<void>;
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/;

/** @throws UsageError - The URL that was given would send the request in the clear. */
export async function connectTo(
  deps: ViaApiDependencies,
  values: Values,
  { region }: EnvironmentConfig,
): Promise<BreakGlassApi> {
  const environment = values.environment as string;
  const url = (values['api-url'] ?? (await knownUrl(deps, environment, region))).replace(/\/$/, '');
  if (!url.startsWith('https://') && !LOOPBACK.test(url)) {
    throw new UsageError(`--api-url is ${url}. It must be an https URL, or http on loopback.`);
  }
  return breakGlassApi({ url, region, environment, ...deps });
}

/** A person who may break the glass may not be allowed to read stacks. */
async function knownUrl({ apiUrl }: ViaApiDependencies, environment: string, region: string): Promise<string> {
  return apiUrl(environment, region).catch((error: unknown) => {
    if (isSignIn(error)) throw error;
    throw new CommandError(`${formatError(error)} If you know the API’s address, give it with --api-url.`);
  });
}

/** Sends the request and follows it until it is proven. */
export async function runViaApi(
  deps: ViaApiDependencies,
  terminal: Terminal,
  request: RequestOptions,
  connect: () => Promise<BreakGlassApi>,
): Promise<ExitCode> {
  const { service, values } = request;
  const body = bodyOf(request, deps.now());
  const api = await connect();
  if (!body.dryRun) await confirm(terminal, question(request), service.name, values.yes);
  try {
    // The confirmation may have taken long.
    const operation = await api.operate({ ...body, requestedAt: new Date(deps.now()).toISOString() });
    if (!body.dryRun) return await follow(operation, { api, terminal, ...deps, json: values.json });
    terminal.out(values.json ? JSON.stringify(operation) : operation.message);
    return operation.faults?.length ? EXIT.failed : EXIT.done;
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'HELD_BY_OTHER') throw error;
    throw new CommandError(`${error.message} If it must be now: --take-over.`);
  }
}

/** @throws UsageError - The API would not understand it. */
function bodyOf({ action, service, reason, values }: RequestOptions, now: number): BreakGlassBody {
  const body = {
    operationId: `op-bg-${randomUUID().slice(0, 13)}`,
    service: service.name,
    action,
    requestedAt: new Date(now).toISOString(),
    reason,
    plannedEnd: values['planned-end'],
    allowlist: values.allow,
    takeOver: values['take-over'] || undefined,
    dryRun: values['dry-run'] || undefined,
  };
  const result = breakGlassBody.safeParse(body);
  if (result.success) return result.data;
  throw new UsageError(invalidField(result.error, body).message);
}
