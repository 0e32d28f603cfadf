import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Listening, readBodyUpTo, serve } from './http-server.ts';

/** An answer other than 200. */
export interface Refusal {
  readonly status: number;
  /** With `__type`, by which the SDK knows the error. */
  readonly body: object;
}

export interface AwsCall {
  /** What `X-Amz-Target` asks for after the dot; the whole header if it is another service's. */
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: object;
}

export interface AwsJsonService {
  readonly version: '1.0' | '1.1';
  /** Before the dot in `X-Amz-Target`. */
  readonly target: string;
  readonly largestBytes: number;
  readonly port?: number;
  /** @returns undefined to end the connection without an answer. */
  call(call: AwsCall): Promise<object | undefined> | object;
  /** Of whatever {@link call} throws, and of an {@link UnreadableError}. */
  refusalOf(error: unknown): Refusal;
}

/** The body is no JSON object, or too large. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/**
 * A server that speaks AWS JSON: one POST for each call.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function serveAwsJson(service: AwsJsonService): Promise<Listening> {
  const headers = () => ({
    'content-type': `application/x-amz-json-${service.version}`,
    'x-amzn-requestid': randomUUID(),
  });
  return serve(async (request) => {
    const bytes = await readBodyUpTo(service.largestBytes, request);
    try {
      const operation = operationIn(service.target, request.headers);
      const answer = await service.call({ operation, headers: request.headers, body: parsed(bytes) });
      return answer && { status: 200, headers: headers(), body: JSON.stringify(answer) };
    } catch (error) {
      const { status, body } = service.refusalOf(error);
      return { status, headers: headers(), body: JSON.stringify(body) };
    }
  }, service.port);
}

function operationIn(target: string, headers: IncomingHttpHeaders): string {
  const given = String(headers['x-amz-target'] ?? '');
  return given.startsWith(`${target}.`) ? given.slice(target.length + 1) : given || 'A request without a target';
}

function parsed(bytes: Buffer | undefined): object {
  if (!bytes) throw new UnreadableError('The request is too large.');
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8') || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new UnreadableError(`The request is no JSON: ${(cause as Error).message}`);
  }
  throw new UnreadableError('The request is no JSON object.');
}
