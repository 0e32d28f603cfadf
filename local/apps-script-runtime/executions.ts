import type { Cut } from './choke-point.ts';
import { type Execution, type ExecutionOptions, execute, newExecution, type Running, type Start } from './execution.ts';
import { Threads } from './threads.ts';

/** For each user that triggers run as. */
const MOST_AT_ONCE = 30;
const MOST_KEPT = 500;

export type CutOrder = Cut & { readonly function?: string };

type Options = Omit<ExecutionOptions, keyof Start | 'threads'> & {
  readonly workerFile: URL | string;
  readonly threads?: Threads;
};

/** All executions of the script: those that run, and the last ones that have ended. */
export class Executions {
  readonly #options: Omit<ExecutionOptions, keyof Start>;
  /** Its own, if nobody lent it others. */
  readonly #own: Threads | undefined;
  readonly #running = new Set<Running>();
  readonly #kept: Execution[] = [];
  #cutOrder: CutOrder | undefined;
  #isClosed = false;

  /**
   * @param workerFile - What runs in each thread.
   * @param threads - Ended by who lends them.
   */
  constructor({ workerFile, threads, ...options }: Options) {
    this.#own = threads ? undefined : new Threads(workerFile);
    this.#options = { ...options, threads: threads ?? (this.#own as Threads) };
  }

  get kept(): readonly Execution[] {
    return this.#kept;
  }

  /** @returns The execution at its end, which it may have come to at once. */
  async start(start: Omit<Start, 'cut'>): Promise<Execution> {
    if (this.#isClosed) return this.#refused(start, 'The runtime is closed.');
    if (this.#runningAs(start.account) >= MOST_AT_ONCE)
      return this.#refused(start, 'There are too many scripts running simultaneously for this Google user account.');
    const running = execute({ ...this.#options, ...start, cut: this.#takeCut(start.functionName) });
    this.#running.add(running);
    this.#keep(running.execution);
    return running.done.finally(() => this.#running.delete(running));
  }

  /** The next execution (of that function, if one is named) is cut there. */
  cutNext(order: CutOrder): void {
    this.#cutOrder = order;
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running].map(({ done }) => done));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { kill } of this.#running) kill('The runtime is closed.');
    await this.idle();
    await this.#own?.close();
  }

  #runningAs(account: string): number {
    return [...this.#running].filter(({ execution }) => execution.account === account).length;
  }

  #takeCut(functionName: string): Cut | undefined {
    const order = this.#cutOrder;
    if (!order || (order.function !== undefined && order.function !== functionName)) return undefined;
    this.#cutOrder = undefined;
    return order;
  }

  #refused(start: Start, error: string): Execution {
    const now = this.#options.world.clock.now();
    const execution = { ...newExecution(start, now), endedAt: now, error };
    this.#keep(execution);
    return execution;
  }

  #keep(execution: Execution): void {
    this.#kept.push(execution);
    this.#kept.splice(0, this.#kept.length - MOST_KEPT);
  }
}
