import { Worker } from 'node:worker_threads';

/** To start a thread takes far longer than most executions: those that ended well are kept for the next ones. */
const MOST_IDLE = 4;

export class Threads {
  readonly #file: URL | string;
  readonly #idle: Worker[] = [];
  #isClosed = false;

  constructor(file: URL | string) {
    this.#file = file;
  }

  take(): Worker {
    const idle = this.#idle.pop();
    idle?.ref();
    return idle ?? new Worker(this.#file, { env: {}, execArgv: [] });
  }

  /** @param thread - Nothing runs in it any more, and nobody listens to it. */
  giveBack(thread: Worker): void {
    if (this.#isClosed || this.#idle.length >= MOST_IDLE) {
      void thread.terminate();
      return;
    }
    thread.unref();
    this.#idle.push(thread);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }
}
