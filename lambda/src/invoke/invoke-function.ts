import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { type Credentials, signedHeaders } from './sigv4.ts';

/** Another invocation of a Lambda function: the only file that calls Lambda. */

export interface FunctionSettings {
  readonly functionName: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** Instead of the region's own. */
  readonly endpoint?: string | undefined;
}

const TIMEOUT_MS = 2_000;

/**
 * Hands an event over; its run is not waited for. One call, which needs no client of its own.
 * @returns A function that rejects when Lambda did not take the event, or it is not known whether it did.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function createInvokeFunction(settings: FunctionSettings): (event: object) => Promise<void> {
  const { functionName, region, credentials } = settings;
  const endpoint = settings.endpoint ?? `https://lambda.${region}.amazonaws.com`;
  const url = new URL(`${endpoint.replace(/\/$/, '')}/2015-03-31/functions/${functionName}/invocations`);
  return async (event) => {
    const body = JSON.stringify(event);
    const given = { host: url.host, 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' };
    const signing = { credentials, region, service: 'lambda', at: new Date() };
    const headers = await signedHeaders({ method: 'POST', url, headers: given, body }, signing);
    const status = await post(url, headers, body);
    if (status !== 202) throw new Error(`Lambda answered ${status} to an invocation of ${functionName}.`);
  };
}

function post(url: URL, headers: Record<string, string>, body: string): Promise<number | undefined> {
  const request = url.protocol === 'http:' ? overHttp : overHttps;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('timeout', () => sent.destroy(new Error(`Lambda did not answer within ${TIMEOUT_MS} ms.`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
