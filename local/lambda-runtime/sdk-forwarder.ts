import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type HttpAnswer, type Listening, readBody, serve } from '../http-server.ts';

/** One request of the AWS SDK, as it passed. */
export interface SdkCall {
  readonly service: string;
  /** From `X-Amz-Target`, such as `UpdateRuleGroup`. */
  readonly operation: string;
  /** Which invocation of the function made it, from 1. */
  readonly invocation: number;
  /** Milliseconds since the epoch on the local clock, when it arrived here. */
  readonly at: number;
  readonly tookMs: number;
  /** What the service answered; missing where it was never asked. */
  readonly status?: number;
  /** Where the run ended here: before the service was asked, or after it had acted. */
  readonly cut?: CutSide;
  /** The table, where it names one. */
  readonly resource?: string;
  /** The item's key, where it names one, such as `SERVICE#shop STATE`; of a transaction its first ones, divided by commas. */
  readonly key?: string;
}

export type CutSide = 'before' | 'after';

/** Sees each call when it arrives and when the service has acted; and may end the run there. */
export interface Checkpoint {
  /** Whose call it is; undefined once the instance is dead: then nothing is forwarded. */
  invocationOf(instance: string): number | undefined;
  /** Counts the call and says where the run must end, if it must. */
  sideToCut(instance: string): CutSide | undefined;
  /** Ends the run here. */
  cut(instance: string): void;
  record(instance: string, call: SdkCall): void;
}

export interface SdkForwarder {
  /** What to give to an instance instead of the services' own addresses. */
  endpointsOf(instance: string): Record<string, string>;
  close(): Promise<void>;
}

/** Which names of the environment lead the SDK to a service [1]. @see [1] https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html */
const ENDPOINT = /^AWS_ENDPOINT_URL_(\w+)$/;

/** The one place that every AWS request of a function passes on its way to the (local) services. */
export async function startSdkForwarder(
  environment: Readonly<Record<string, string>>,
  checkpoint: Checkpoint,
  now: () => number,
): Promise<SdkForwarder> {
  const services = new Map<string, URL>();
  for (const [name, value] of Object.entries(environment)) {
    const service = ENDPOINT.exec(name)?.[1]?.toLowerCase();
    if (service) services.set(service, new URL(value));
  }
  const server: Listening = await serve(pass);

  async function pass(request: IncomingMessage): Promise<HttpAnswer | undefined> {
    const at = now();
    const startedAt = performance.now();
    const [, instance = '', service = '', ...path] = (request.url ?? '').split('/');
    const upstream = services.get(service);
    const body = await readBody(request);
    const invocation = checkpoint.invocationOf(instance);
    if (!upstream || invocation === undefined) return undefined;
    const operation = String(request.headers['x-amz-target'] ?? request.method).replace(/^.*\./, '');
    const record = (outcome: { status?: number; cut?: CutSide }) =>
      checkpoint.record(instance, {
        ...{ service, operation, invocation, at, ...placeOf(body), ...outcome },
        tookMs: performance.now() - startedAt,
      });
    const cut = checkpoint.sideToCut(instance);
    if (cut === 'before') {
      record({ cut });
      checkpoint.cut(instance);
      return undefined;
    }
    const onward = new URL(`/${path.join('/')}`, upstream);
    const answer = await forward(onward, request, body).catch(() => undefined);
    record({ ...(answer ? { status: answer.status } : {}), ...(cut ? { cut } : {}) });
    if (cut) checkpoint.cut(instance);
    if (cut || !answer) return undefined;
    // A connection that idles can die just as it is used again: then a call would be counted twice.
    return { ...answer, headers: { ...answer.headers, connection: 'close' } };
  }

  return {
    endpointsOf: (instance) =>
      Object.fromEntries(
        [...services.keys()].map((service) => [
          `AWS_ENDPOINT_URL_${service.toUpperCase()}`,
          `${server.url}/${instance}/${service}`,
        ]),
      ),
    close: server.close,
  };
}

function forward(url: URL, request: IncomingMessage, body: Buffer): Promise<HttpAnswer> {
  const { connection: _, 'transfer-encoding': __, ...kept } = request.headers;
  const headers = { ...kept, host: url.host, 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const onward = httpRequest(url, { method: request.method ?? 'POST', headers, agent: false }, (answer) => {
      const { connection: ___, 'keep-alive': ____, 'transfer-encoding': _____, ...rest } = answer.headers;
      readBody(answer).then(
        (bytes) => resolve({ status: answer.statusCode ?? 502, headers: rest as HttpAnswer['headers'], body: bytes }),
        reject,
      );
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

const MOST_KEYS = 3;

/** For the trace: the table and the keys of what is written, which are no secrets; nothing else of the body. */
function placeOf(body: Buffer): { resource?: string; key?: string } {
  const text = body.toString('utf8');
  const table = /"TableName"\s*:\s*"([\w.-]+)"/.exec(text)?.[1];
  const keys = firstMatches(text, /"pk":\{"S":"([^"\\]+)"\},"sk":\{"S":"([^"\\]+)"\}/g, MOST_KEYS);
  const key = keys.map(([, pk, sk]) => `${pk} ${sk}`).join(', ');
  return { ...(table ? { resource: table } : {}), ...(key ? { key } : {}) };
}

function firstMatches(text: string, pattern: RegExp, most: number): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  for (let match = pattern.exec(text); match && found.length < most; match = pattern.exec(text)) found.push(match);
  return found;
}
