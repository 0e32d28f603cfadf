import { randomUUID } from 'node:crypto';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Trace } from '../trace.ts';
import type { EventFacts, ServiceAnswer, ServiceCall, ThreadMessage } from './protocol.ts';
import { type Caller, SERVICES, type World } from './services.ts';

/** Kills an execution at its k-th counted service call, before or after the host has done it. */
export interface Cut {
  readonly at: number;
  readonly side: 'before' | 'after';
}

export interface Execution {
  readonly id: string;
  readonly function: string;
  readonly startedAt: number;
  endedAt?: number;
  /** The counted service calls, in order. */
  readonly calls: string[];
  readonly log: string[];
  error?: string;
  /** It was cut, as Apps Script may do at any time. */
  cut?: boolean;
}

export interface ExecutionOptions {
  readonly code: string;
  readonly workerFile: URL;
  readonly functionName: string;
  readonly event?: EventFacts;
  readonly scopes: readonly string[];
  readonly world: World;
  readonly trace?: Trace;
  readonly cut?: Cut;
}

/** Apps Script ends an execution after six minutes. */
const LONGEST_MS = 6 * 60_000;

export interface Running {
  readonly execution: Execution;
  readonly done: Promise<Execution>;
  kill(): Promise<unknown>;
}

/** Starts one execution in a thread of its own; the one choke point of all its service calls. */
export function execute(options: ExecutionOptions): Running {
  const { code, workerFile, functionName, event, scopes, world, trace, cut } = options;
  const { clock } = world;
  const execution: Execution = { id: randomUUID(), function: functionName, startedAt: clock.now(), calls: [], log: [] };
  const caller: Caller = { id: execution.id, snapshots: new Map() };
  const { port1, port2 } = new MessageChannel();
  const signal = new SharedArrayBuffer(4);
  const flag = new Int32Array(signal);
  const worker = new Worker(workerFile, {
    workerData: { code, functionName, event, port: port2, signal, shift: clock.shift },
    transferList: [port2],
    env: {},
    execArgv: [],
  });

  async function serve({ name, args }: ServiceCall): Promise<unknown> {
    const service = SERVICES[name];
    if (!service) throw new Error(`${name} is not supported by the local Apps Script runtime`);
    if (service.scope && !scopes.includes(service.scope))
      throw new Error(`You do not have permission to call ${name}. Required permissions: ${service.scope}`);
    if (clock.now() - execution.startedAt > LONGEST_MS) throw new Error('Exceeded maximum execution time');
    if (!service.counts) return service.run(world, caller, args as never);
    execution.calls.push(name);
    const isCutHere = cut?.at === execution.calls.length;
    if (isCutHere && cut.side === 'before') return die();
    const value = await service.run(world, caller, args as never);
    if (isCutHere) return die();
    return value;
  }

  /** Ends the thread in the middle of a call: nobody answers any more. */
  async function die(): Promise<never> {
    execution.cut = true;
    execution.error = 'Service invoked too many times or execution was cut.';
    await worker.terminate();
    return new Promise(() => {});
  }

  port1.on('message', async (call: ServiceCall) => {
    const answer: ServiceAnswer = await serve(call).then(
      (value) => ({ value }),
      (error: Error) => ({ error: error.message }),
    );
    port1.postMessage(answer);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  });
  worker.on('message', (message: ThreadMessage) => {
    if (message.kind === 'log') execution.log.push(message.text);
    else execution.error = message.error;
  });
  const done = new Promise<Execution>((resolve) => {
    worker.on('error', (error) => {
      execution.error = error.message;
    });
    worker.on('exit', () => {
      port1.close();
      // Locks end with their execution, however it ended; nothing else is cleaned up.
      world.lock.release(execution.id);
      execution.endedAt = clock.now();
      const tookMs = execution.endedAt - execution.startedAt;
      trace?.({
        at: execution.startedAt,
        tookMs,
        part: 'apps-script',
        what: functionName,
        said: execution.error ?? `${execution.calls.length} calls`,
        ok: !execution.error,
      });
      resolve(execution);
    });
  });
  return { execution, done, kill: () => worker.terminate() };
}
