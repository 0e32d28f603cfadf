import { devNull } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../clock.ts';
import { operationIdOf } from '../gateway/event.ts';
import type { Hop, Trace } from '../trace.ts';
import { FunctionError, ThrottlingError } from './errors.ts';
import { startInstance } from './instance.ts';
import { createInstancePool } from './instance-pool.ts';
import type { Hosts } from './messages.ts';
import { type Checkpoint, type CutSide, type SdkCall, startSdkForwarder } from './sdk-forwarder.ts';

export type { SdkCall } from './sdk-forwarder.ts';

export interface FunctionOptions {
  readonly name: string;
  /** An ES module that exports `handler`. */
  readonly bundle: URL | string;
  /** All that the function sees as `process.env`, with what Lambda itself sets. `AWS_ENDPOINT_URL_*` lead to the services. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly trace?: Trace;
  /** The bundled `worker.ts`. */
  readonly workerFile: URL | string;
  /** Real milliseconds. */
  readonly timeoutMs?: number;
  readonly hosts: Hosts;
  /** How many invocations may run at once. */
  readonly concurrency?: number;
  /** How often an asynchronous event is tried again after an error. */
  readonly asyncRetries?: number;
}

/** Where a run is to end: at the k-th SDK call, counted from 1. */
export interface Cut {
  readonly at: number;
  readonly side: CutSide;
}

/** What became of a cut. */
export interface ArmedCut {
  /** True once the run has ended there; stays false if the run made fewer calls. */
  readonly happened: boolean;
}

export interface LocalFunction {
  readonly name: string;
  readonly asyncRetries: number;
  /**
   * Runs the handler once and returns its result.
   * @throws FunctionError - It threw, crashed, was cut or timed out.
   * @throws ThrottlingError - All instances are busy; the function never saw the event.
   */
  invoke(event: unknown): Promise<unknown>;
  /** Ends an invocation at the k-th SDK call from now; 'after' lets the service act but the answer never arrives. */
  cutNext(cut: Cut): ArmedCut;
  /** Every SDK call so far, oldest first. */
  calls(): readonly SdkCall[];
  /** What the function wrote, oldest first; the newest 5,000 lines. */
  logs(): readonly string[];
  /** How many instances were ever started: each one is a cold start. */
  coldStarts(): number;
  /** A new version of what the bundle reads is there: the next invocation is a cold start. */
  redeploy(): void;
  close(): Promise<void>;
}

/** Seconds less than API Gateway waits, so that the function's own answer comes first. */
const USUAL_TIMEOUT_MS = 29_000;
const USUAL_CONCURRENCY = 10;
const MOST_LOG_LINES = 5_000;

interface Run {
  /** Which invocation it is, from 1. */
  readonly number: number;
  readonly operationId: string | undefined;
  readonly cut: CountedCut | undefined;
}

type CountedCut = Cut & { happened: boolean; counted: number };

/** Starts a function of the local Lambda: no instance yet, the first invocation is a cold start. */
export async function startFunction(options: FunctionOptions): Promise<LocalFunction> {
  const { name, clock, trace, timeoutMs = USUAL_TIMEOUT_MS, concurrency = USUAL_CONCURRENCY } = options;
  const calls: SdkCall[] = [];
  const logs: string[] = [];
  let invocations = 0;
  let armed: Run['cut'];

  const pool = createInstancePool<Run>(concurrency, (id) =>
    startInstance({
      workerFile: options.workerFile,
      environment: { ...lambdaEnvironment(name), ...options.environment, ...forwarder.endpointsOf(id) },
      data: { functionName: name, bundle: asUrl(options.bundle), shift: clock.shift, hosts: options.hosts },
      onLog(line) {
        logs.push(line);
        if (logs.length > MOST_LOG_LINES) logs.shift();
      },
    }),
  );
  const checkpoint: Checkpoint = {
    invocationOf: (id) => pool.find(id)?.run?.number,
    sideToCut: (id) => sideToCut(pool.find(id)?.run),
    cut(id) {
      const cut = pool.find(id)?.run?.cut;
      if (cut) cut.happened = true;
      pool.kill(id, 'Runtime exited with error: signal: killed');
    },
    record(id, call) {
      calls.push(call);
      // WAF reports for itself.
      if (call.service === 'dynamodb') trace?.(databaseHop(call, pool.find(id)?.run?.operationId));
    },
  };
  const forwarder = await startSdkForwarder(options.environment, checkpoint, clock.now);

  async function invoke(event: unknown): Promise<unknown> {
    const slot = pool.take();
    if (!slot) throw new ThrottlingError(name, concurrency);
    invocations += 1;
    const operationId = operationIdOf(event);
    slot.run = { number: invocations, operationId, cut: armed };
    armed = undefined;
    const at = clock.now();
    const startedAt = performance.now();
    const tell = (said: string, ok: boolean) => {
      const tookMs = performance.now() - startedAt;
      trace?.({ at, tookMs, part: 'lambda', what: name, said, ok, ...(operationId ? { operationId } : {}) });
    };
    try {
      const result = await slot.instance.run(event, timeoutMs);
      requireSize(result);
      const status = (result as { statusCode?: number } | null)?.statusCode;
      tell(status === undefined ? 'done' : String(status), status === undefined || status < 400);
      return result;
    } catch (error) {
      tell(error instanceof FunctionError ? error.errorType : String(error), false);
      throw error;
    } finally {
      slot.run = undefined;
    }
  }

  return {
    name,
    asyncRetries: options.asyncRetries ?? 0,
    invoke,
    cutNext(cut) {
      armed = { ...cut, happened: false, counted: 0 };
      return armed;
    },
    calls: () => calls,
    logs: () => logs,
    coldStarts: () => pool.started,
    redeploy: () => pool.killIdle('Runtime exited: a new version was deployed'),
    async close() {
      await pool.close();
      await forwarder.close();
    },
  };
}

/** Of a synchronous answer. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_ANSWER_BYTES = 6_291_556;

/** @throws FunctionError - As Lambda answers for it. */
function requireSize(result: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(result) ?? '');
  if (bytes <= MOST_ANSWER_BYTES) return;
  const errorMessage = `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${MOST_ANSWER_BYTES} bytes).`;
  throw new FunctionError({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
}

/** Counts one more call of this run. */
function sideToCut(run: Run | undefined): CutSide | undefined {
  if (!run?.cut) return undefined;
  run.cut.counted += 1;
  return run.cut.at === run.cut.counted ? run.cut.side : undefined;
}

/** A sync names no operation: the transaction that commits one does. */
function databaseHop({ operation, resource = '', key, at, tookMs, status, cut }: SdkCall, operationId?: string): Hop {
  const said = cut ? `cut ${cut} the call` : String(status ?? 'no answer');
  const committed =
    operation === 'TransactWriteItems' ? /\bOPERATION#(\S+) OPERATION\b/.exec(key ?? '')?.[1] : undefined;
  const id = operationId ?? committed;
  const hop = {
    at,
    tookMs,
    part: 'dynamodb',
    what: `${operation} ${key ?? resource}`.trim(),
    said,
    ok: status === 200,
  } as const;
  return { ...hop, ...(id ? { operationId: id } : {}) };
}

/** What Lambda sets itself; and no files of this machine's user, as Lambda has none. */
function lambdaEnvironment(name: string): Record<string, string> {
  return {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}

function asUrl(bundle: URL | string): string {
  if (bundle instanceof URL) return bundle.href;
  return bundle.startsWith('file:') ? bundle : pathToFileURL(bundle).href;
}
