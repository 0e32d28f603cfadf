import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { OperationRequest } from '../../../../contract/operation.ts';
import type { ServiceState } from '../../../../lambda/src/model/service-state.ts';
import type { HttpRequest, Network } from '../google.ts';
import type { Asked, NightOptions, Told } from './messages.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const LONGEST_WAIT_MS = 60_000;

export interface StoredRequest {
  readonly operationId: string;
  readonly request: OperationRequest;
  readonly problem?: { readonly code: string };
}

/** The server's thread: it is asked, and the test stands still until it has answered. */
export class ServerThread {
  private readonly worker: Worker;
  private readonly port;
  private readonly flag: Int32Array;
  private asked = 0;

  private constructor(file: string) {
    const { port1, port2 } = new MessageChannel();
    const signal = new SharedArrayBuffer(4);
    this.flag = new Int32Array(signal);
    this.port = port1;
    this.worker = new Worker(file, { workerData: { port: port2, signal }, transferList: [port2] });
    this.worker.unref();
    port1.unref();
  }

  static async start(): Promise<ServerThread> {
    const folder = await mkdtemp(join(tmpdir(), 'drawbridge-server-'));
    const outfile = join(folder, 'worker.mjs');
    await build({
      entryPoints: [WORKER],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'warning',
      banner: { js: REQUIRE },
    });
    const thread = new ServerThread(outfile);
    await new Promise((resolve, reject) => {
      thread.worker.once('message', resolve);
      thread.worker.once('error', reject);
    });
    await rm(folder, { recursive: true });
    return thread;
  }

  ask(asked: Asked, now: number): { answer: unknown; now: number } {
    this.asked += 1;
    Atomics.store(this.flag, 0, 0);
    this.port.postMessage({ ...asked, now, id: this.asked });
    const until = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      Atomics.wait(this.flag, 0, 0, Math.max(1, until - performance.now()));
      Atomics.store(this.flag, 0, 0);
      const { message } = (receiveMessageOnPort(this.port) ?? {}) as { message?: Told };
      if (message?.id === this.asked) {
        if (message.failed) throw new Error(message.failed);
        return { answer: message.answer, now: message.now };
      }
      // The answer to an earlier question, which nobody waits for any more.
      if (message === undefined && performance.now() > until) throw new Error(`no answer to ${asked.kind}`);
    }
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}

/** What a night's script talks to: the token endpoints, and the real APIs behind them. */
export class NightServer {
  /** Answers instead, for as long as it says something; it sees the request before anything is done. */
  fault: ((request: HttpRequest) => { status: number; body: string } | 'no answer' | undefined) | undefined;
  /** After the server did its work: the answer is lost. */
  losesAnswer: ((request: HttpRequest) => boolean) | undefined;
  signIns = 0;
  /** Of the syncs of edits, as they were sent. */
  readonly bodies: string[] = [];
  private readonly thread: ServerThread;
  private readonly clock: { now: number };

  constructor(thread: ServerThread, clock: { now: number }, options: NightOptions) {
    this.thread = thread;
    this.clock = clock;
    this.ask({ kind: 'begin', options });
  }

  readonly network: Network = (request) => {
    if (request.payload?.includes('"cause":"edit"')) this.bodies.push(request.payload);
    const fault = this.fault?.(request);
    if (fault === 'no answer') throw new Error(`Address unavailable: ${request.url}`);
    if (fault) return fault;
    if (new URL(request.url).host.startsWith('auth.')) {
      this.signIns += 1;
      return { status: 200, body: JSON.stringify({ access_token: 'token', expires_in: 3600 }) };
    }
    const { url, method, headers, payload } = request;
    const answer = this.ask({ kind: 'http', url, method, headers: { ...headers }, payload });
    if (this.losesAnswer?.(request)) throw new Error(`Address unavailable: ${request.url}`);
    return answer as { status: number; body: string };
  };

  /** Every operation that was asked for, oldest first: refused ones too. */
  get operations(): StoredRequest[] {
    return this.ask({ kind: 'operations' }) as StoredRequest[];
  }

  /** What was asked for and not refused. */
  get received(): OperationRequest[] {
    return this.operations.filter(({ problem }) => problem === undefined).map(({ request }) => request);
  }

  items(environment = 'production'): Record<string, unknown>[] {
    return this.ask({ kind: 'items', environment }) as Record<string, unknown>[];
  }

  /** Until the next call visitors of these services get in, whatever the rules say. */
  leaks(...services: string[]): void {
    this.ask({ kind: 'leaks', services });
  }

  /** What the reconciler or a direct write would have left in the state of a service. */
  state(service: string, change: Partial<ServiceState>): void {
    this.ask({ kind: 'state', service, change });
  }

  /** Through another door, or from another sheet. */
  operate(request: Partial<OperationRequest>): void {
    const requestedAt = new Date(this.clock.now).toISOString();
    this.ask({ kind: 'operate', request: { ...request, requestedAt } as OperationRequest });
  }

  minute(): void {
    this.ask({ kind: 'minute' });
  }

  private ask(asked: Asked): unknown {
    const { answer, now } = this.thread.ask(asked, this.clock.now);
    this.clock.now = now;
    return answer;
  }
}
