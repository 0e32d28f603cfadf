import type { HttpAnswer } from '../http-server.ts';
import { answerOf, gatewayAnswer } from './result.ts';

/** API Gateway's own limit for an integration of an HTTP API, in milliseconds. */
const LONGEST_INTEGRATION_MS = 30_000;

/** Names of what the Lambda service itself refuses; API Gateway tells them apart from errors of the function. */
const SERVICE_ERRORS = ['TooManyRequestsException'];

/** Calls the function behind a route: what it throws is a 500, what it is too late or too busy for is a 503. */
export async function integrate(
  invoke: () => Promise<unknown>,
  timeoutMs = LONGEST_INTEGRATION_MS,
): Promise<HttpAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HttpAnswer>((resolve) => {
    timer = setTimeout(() => resolve(gatewayAnswer(503, 'Service Unavailable')), timeoutMs);
  });
  try {
    return await Promise.race([invoke().then(answerOf), late]);
  } catch (error) {
    const busy = error instanceof Error && SERVICE_ERRORS.includes(error.name);
    return busy ? gatewayAnswer(503, 'Service Unavailable') : gatewayAnswer(500, 'Internal Server Error');
  } finally {
    clearTimeout(timer);
  }
}
