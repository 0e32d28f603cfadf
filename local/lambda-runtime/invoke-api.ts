import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { credentialScopeOf } from '../credential-scope.ts';
import { type HttpAnswer, type Listening, readBodyUpTo, serve } from '../http-server.ts';
import { ThrottlingError } from './errors.ts';

export interface InvokeApiOptions {
  /** @returns undefined if the account has no function of that name. */
  find(
    name: string,
    accessKeyId: string,
  ): { invoke(event: unknown): Promise<unknown>; readonly asyncRetries?: number } | undefined;
  /** On the local clock. */
  sleep(ms: number): Promise<void>;
}

/** What the local Lambda does over HTTP. */
export const INVOKE_API_EMULATES = [
  'Invoke (asynchronous; while all instances are busy, again each second for a minute; after an error as often as configured)',
];

/** Of an asynchronous event. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LARGEST_BYTES = 1_048_576;
const AGAIN_AFTER_MS = 1_000;
const MOST_ATTEMPTS = 60;
/** After the first error. @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_AFTER_MS = 60_000;

/** Lambda's own API, as far as functions invoke each other: asynchronously. */
export async function startInvokeApi({ find, sleep }: InvokeApiOptions): Promise<Listening> {
  let isClosed = false;

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const body = await readBodyUpTo(LARGEST_BYTES, request);
    const [, name] = /^\/2015-03-31\/functions\/([\w-]+)\/invocations$/.exec(request.url ?? '') ?? [];
    const scope = credentialScopeOf(request.headers);
    if (request.method !== 'POST' || !name) return refusal(404, 'UnknownOperationException', 'not supported locally');
    if (scope?.service !== 'lambda') return refusal(403, 'InvalidSignatureException', 'not signed for lambda');
    if (request.headers['x-amz-invocation-type'] !== 'Event') {
      return refusal(400, 'InvalidParameterValueException', 'only InvocationType Event is supported locally');
    }
    if (!body) return refusal(413, 'RequestTooLargeException', `more than ${LARGEST_BYTES} bytes`);
    const found = find(name, scope.accessKeyId);
    if (!found) return refusal(404, 'ResourceNotFoundException', `Function not found: ${name}`);
    const event: unknown = JSON.parse(body.toString('utf8') || '{}');
    // What it came to nobody is told; its log has it.
    void retried(() => found.invoke(event), found.asyncRetries ?? 0).catch(() => undefined);
    return { status: 202, headers: { 'x-amzn-requestid': randomUUID() }, body: '' };
  }

  async function retried(invoke: () => Promise<unknown>, retries: number): Promise<void> {
    for (let left = retries; ; left -= 1) {
      try {
        return await run(invoke);
      } catch (error) {
        if (left === 0) throw error;
        await sleep(RETRY_AFTER_MS);
      }
    }
  }

  async function run(invoke: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; !isClosed; attempt += 1) {
      try {
        await invoke();
        return;
      } catch (error) {
        if (!(error instanceof ThrottlingError) || attempt === MOST_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS).unref());
      }
    }
  }

  const server = await serve(answer);
  return {
    ...server,
    close() {
      isClosed = true;
      return server.close();
    },
  };
}

const refusal = (status: number, type: string, Message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
  body: JSON.stringify({ Message }),
});
