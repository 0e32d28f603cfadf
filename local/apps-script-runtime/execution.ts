import { randomUUID } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import type { Hop, Trace } from '../trace.ts';
import { type Cut, CutHere, createChokePoint, type Sleep } from './choke-point.ts';
import type { EventFacts, ServiceAnswer, ServiceCall, ThreadData, ThreadMessage } from './protocol.ts';
import type { World } from './service.ts';
import { type ScriptChange, SheetView } from './sheet-view.ts';
import type { Threads } from './threads.ts';

export interface Execution {
  readonly id: string;
  readonly function: string;
  /** The account that it ran as. */
  readonly account: string;
  /** What started it; `run` is the editor's Run button. */
  readonly trigger: 'edit' | 'clock' | 'run';
  readonly startedAt: number;
  endedAt?: number;
  /** The counted service calls, in order. */
  readonly calls: string[];
  readonly sleeps: Sleep[];
  readonly log: string[];
  error?: string;
  /** It was cut, as Apps Script may do at any time. */
  cut?: boolean;
}

export interface Start {
  readonly functionName: string;
  /** The account that it runs as. */
  readonly account: string;
  readonly event?: EventFacts;
  readonly cut?: Cut;
}

export interface ExecutionOptions extends Start {
  readonly code: string;
  readonly threads: Threads;
  readonly scopes: readonly string[];
  readonly cachedReads: boolean;
  readonly world: World;
  readonly trace?: Trace;
  changed(change: ScriptChange): void;
}

/** Apps Script ends an execution after six minutes, on the local clock. */
const LONGEST_MS = 6 * 60_000;
const CHECK_EVERY_MS = 1_000;

export interface Running {
  readonly execution: Execution;
  readonly done: Promise<Execution>;
  kill(reason: string): void;
}

export const newExecution = ({ functionName, account, event }: Start, startedAt: number): Execution => ({
  id: randomUUID(),
  function: functionName,
  account,
  trigger: event?.kind ?? 'run',
  startedAt,
  calls: [],
  sleeps: [],
  log: [],
});

/** Starts one execution in a thread that it has for itself until it ends. */
export function execute(options: ExecutionOptions): Running {
  const { world, account, scopes, cut, cachedReads, changed, threads } = options;
  const { clock, lock, faultInjection, quirks, spreadsheets } = world;
  const execution = newExecution(options, clock.now());
  const { id, calls, sleeps, log, startedAt } = execution;
  const sheets = new SheetView(spreadsheets, { account, cachedReads, faultInjection, quirks, changed });
  const serve = createChokePoint({ world, caller: { id, account, sheets }, scopes, cut, calls, sleeps });
  const { worker, answerWith } = startInThread(options);
  tell(options, execution, { at: startedAt, said: 'started', ok: true });
  let isKilled = false;
  let isOver = false;

  function kill(reason: string): void {
    if (isKilled || isOver) return;
    isKilled = true;
    execution.error = reason;
    void worker.terminate();
  }

  const port = answerWith(async (call) => {
    try {
      return { value: await serve(call) };
    } catch (error) {
      if (!(error instanceof CutHere)) return { error: (error as Error).message };
      execution.cut = true;
      kill('The execution was cut.');
      return undefined;
    }
  });
  const check = () => {
    if (clock.now() - startedAt > LONGEST_MS) kill('Exceeded maximum execution time');
  };
  const timer = setInterval(check, CHECK_EVERY_MS);
  const endMoves = clock.onMove(check);

  const done = new Promise<Execution>((resolve) => {
    function end(): void {
      isOver = true;
      worker.off('message', hear).off('error', fail).off('exit', end);
      clearInterval(timer);
      endMoves();
      port.close();
      // A lock ends with its execution, however that ended; nothing else is cleaned up after one that was killed.
      if (!isKilled) sheets.writeOut();
      lock.forget(id);
      execution.endedAt = clock.now();
      tell(options, execution, ending(execution));
      resolve(execution);
    }
    function hear(message: ThreadMessage): void {
      if (message.kind === 'log') log.push(message.text);
      if (isKilled) return;
      if (message.kind === 'end') execution.error = message.error;
      if (message.kind !== 'idle') return;
      end();
      threads.giveBack(worker);
    }
    const fail = (error: Error) => kill(error.message);
    worker.on('message', hear).on('error', fail).on('exit', end);
  });
  return { execution, done, kill };
}

function startInThread({ code, threads, functionName, event, world }: ExecutionOptions) {
  const { port1, port2 } = new MessageChannel();
  const signal = new SharedArrayBuffer(4);
  const flag = new Int32Array(signal);
  const { shift } = world.clock;
  const data: ThreadData = { code, functionName, event, port: port2, signal, shift };
  const worker = threads.take();
  worker.postMessage(data, [port2]);

  /** The thread sleeps until the flag says that its answer is there. */
  const answerWith = (answer: (call: ServiceCall) => Promise<ServiceAnswer | undefined>) =>
    port1.on('message', async (call: ServiceCall) => {
      const answered = await answer(call);
      if (!answered) return;
      port1.postMessage(answered);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    });
  return { worker, answerWith };
}

function ending({ startedAt, endedAt = startedAt, calls, error }: Execution) {
  return { at: endedAt, tookMs: endedAt - startedAt, said: error ?? `ended after ${calls.length} calls`, ok: !error };
}

function tell(
  { trace }: ExecutionOptions,
  execution: Execution,
  said: Pick<Hop, 'at' | 'tookMs' | 'said' | 'ok'>,
): void {
  trace?.({ part: 'apps-script', what: execution.function, ...said });
}
