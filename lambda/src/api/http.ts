import { MAX_BODY_BYTES } from '../../../contract/operation.ts';
import { PROBLEM_STATUS, type Problem, ProblemError, problem } from '../../../contract/problem.ts';
import type { Log } from '../notify/log.ts';

/** What we read of an API Gateway event (HTTP API, payload format 2.0). */
export interface HttpEvent {
  readonly routeKey: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  /** Written by API Gateway, on routes with IAM authorization only. */
  readonly requestContext?: { readonly authorizer?: { readonly iam?: { readonly userArn?: string } } };
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const respond = (statusCode: number, body: unknown): HttpResult => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

/** @throws ProblemError TOO_LARGE, MALFORMED_JSON */
export function readJson({ body = '', isBase64Encoded }: HttpEvent, mostBytes = MAX_BODY_BYTES): unknown {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > mostBytes) {
    throw problem('TOO_LARGE', `The body has ${bytes.length} bytes. ${mostBytes} are the most that is read.`);
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw problem('MALFORMED_JSON', 'The body is not JSON. Send one JSON object.');
  }
}

/** The one place where an error becomes HTTP. What was not foreseen says nothing of itself. */
export function respondToError(
  log: Log,
  error: unknown,
  { operationId, ...facts }: { readonly operationId?: string; readonly [fact: string]: unknown } = {},
): HttpResult {
  if (error instanceof ProblemError) {
    const told: Problem = { operationId, ...error.problem };
    log('warn', 'refused', { ...facts, operationId: told.operationId, code: told.code, field: told.field });
    return respond(PROBLEM_STATUS[told.code], told);
  }
  const { name, message, stack } = error as Error;
  log('error', 'unexpected', { operationId, name, message, stack });
  const body: Problem = {
    code: 'INTERNAL',
    message: 'Something went wrong here. What was committed is driven on every minute; ask again in a moment.',
    operationId,
  };
  return respond(PROBLEM_STATUS.INTERNAL, body);
}
