import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { FunctionError } from './errors.ts';
import type { FromInstance, InstanceData, Invocation } from './messages.ts';

export interface InstanceOptions {
  readonly workerFile: string | URL;
  readonly environment: Readonly<Record<string, string>>;
  readonly data: InstanceData;
  readonly onLog: (line: string) => void;
}

/** One worker thread: takes one invocation at a time, and is never used again once it has died. */
export interface Instance {
  readonly dead: boolean;
  /** @throws FunctionError */
  run(event: unknown, timeoutMs: number): Promise<unknown>;
  /** Ends the thread now; a running invocation fails as it does when a runtime crashes. */
  kill(why: string, errorType?: string): void;
  close(): Promise<void>;
}

interface Running {
  readonly requestId: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: FunctionError) => void;
}

export function startInstance({ workerFile, environment, data, onLog }: InstanceOptions): Instance {
  const worker = new Worker(workerFile, { env: { ...environment }, workerData: data, stdout: true, stderr: true });
  for (const stream of [worker.stdout, worker.stderr] as Readable[]) {
    createInterface({ input: stream }).on('line', onLog);
  }
  let dead = false;
  let running: Running | undefined;

  function settle(): Running | undefined {
    const settled = running;
    running = undefined;
    return settled;
  }
  function die(errorType: string, errorMessage: string): void {
    dead = true;
    settle()?.reject(new FunctionError({ errorType, errorMessage }));
  }
  function kill(why: string, errorType = 'Runtime.ExitError'): void {
    die(errorType, why);
    void worker.terminate();
  }
  worker.on('message', (message: FromInstance) => {
    if (dead || message.requestId !== running?.requestId) return;
    if (message.kind === 'result') return settle()?.resolve(JSON.parse(message.result));
    settle()?.reject(new FunctionError(message.error));
  });
  worker.on('error', (error: Error) =>
    die('Runtime.ExitError', `Runtime exited with error: ${error?.message ?? error}`),
  );
  worker.on('exit', (code) => die('Runtime.ExitError', `Runtime exited with error: exit status ${code}`));

  return {
    get dead() {
      return dead;
    },
    async run(event, timeoutMs) {
      const invocation: Invocation = { requestId: randomUUID(), event: JSON.stringify(event ?? {}), timeoutMs };
      const late = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
      const timer = setTimeout(() => kill(late, 'Sandbox.Timedout'), timeoutMs);
      try {
        return await new Promise((resolve, reject) => {
          running = { requestId: invocation.requestId, resolve, reject };
          worker.postMessage(invocation);
        });
      } finally {
        clearTimeout(timer);
      }
    },
    kill,
    async close() {
      die('Runtime.ExitError', 'The function was closed');
      await worker.terminate();
    },
  };
}
