import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionErrorPayload } from './errors.ts';
import type { FromInstance, InstanceData, Invocation } from './messages.ts';
import { installClock } from './worker-clock.ts';
import { installNetwork } from './worker-network.ts';

/** One Lambda instance: the clock and the network first, then the bundle, then one invocation after the other. */

type Handler = (event: unknown, context: object) => unknown;

const { functionName, bundle, shift, hosts } = workerData as InstanceData;
const host = parentPort as NonNullable<typeof parentPort>;
installClock(shift);
installNetwork(hosts);

const loading = load();
// Reported to the first invocation, not to the process.
loading.catch(() => undefined);

host.on('message', (invocation: Invocation) => {
  void answer(invocation).then((message) => host.postMessage(message));
});

async function load(): Promise<Handler> {
  const { handler } = (await import(bundle)) as { handler?: unknown };
  if (typeof handler === 'function') return handler as Handler;
  const error = new Error(`${bundle} does not export a function named handler`);
  error.name = 'Runtime.HandlerNotFound';
  throw error;
}

async function answer({ requestId, event, timeoutMs }: Invocation): Promise<FromInstance> {
  const until = performance.now() + timeoutMs;
  const context = {
    awsRequestId: requestId,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${functionName}`,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(until - performance.now())),
  };
  try {
    const handler = await loading;
    const result = (await handler(JSON.parse(event), context)) ?? null;
    return { kind: 'result', requestId, result: JSON.stringify(result) };
  } catch (error) {
    return { kind: 'error', requestId, error: payloadOf(error) };
  }
}

function payloadOf(error: unknown): FunctionErrorPayload {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
