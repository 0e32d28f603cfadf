/** What happens to one call of one execution; and whether it then took effect. */
export const FAULTS = ['killed before', 'killed after', 'failed', 'timed out'] as const;
export type Fault = (typeof FAULTS)[number];

/**
 * What is worth trying: to a call that changes nothing it is the same whether it was made before the execution was killed,
 * and whether it failed or was never answered. So reads are killed and failed in turn.
 */
export const faultsOf = ({ isWrite }: Made, index: number): readonly Fault[] =>
  isWrite ? FAULTS : [index % 2 === 0 ? 'killed before' : 'failed'];

export interface Made {
  readonly name: string;
  readonly isWrite: boolean;
}

/** A service may also ask to be called more slowly; whoever knows no such answer fails. */
export type AnyFault = Fault | 'throttled';

export interface Cut {
  /** Of all calls of all executions, from 1. */
  readonly at: number;
  readonly fault: AnyFault;
}

/** How a service says that it did not, or may have. */
export interface Failing<T> {
  failed(): T;
  timedOut(): T;
  throttled?(): T;
  readonly timeoutMs: number;
}

/** One execution of one function. From the call that kills it on, nothing that it does has an effect. */
export class Execution {
  isDead = false;
  readonly death: Promise<never>;
  private kill: (error: Error) => void = () => {};

  constructor() {
    this.death = new Promise((_resolve, reject) => {
      this.kill = reject;
    });
    this.death.catch(() => {});
  }

  die(): void {
    this.isDead = true;
    this.kill(new Killed('the execution was killed'));
  }
}

export class Killed extends Error {}

export const NEVER = new Promise<never>(() => {});

/** Counts the calls of all executions, and lets one of them end otherwise. */
export class Calls {
  made: Made[] = [];
  cut: Cut | undefined;
  /** More of them, by the number of the call. */
  readonly cuts = new Map<number, AnyFault>();
  readonly clock: { now: number };
  private readonly note: (line: string) => void;

  constructor(clock: { now: number }, note: (line: string) => void) {
    this.clock = clock;
    this.note = note;
  }

  async make<T>(execution: Execution, made: Made, work: () => T | Promise<T>, failing: Failing<T>): Promise<T> {
    if (execution.isDead) return NEVER;
    this.made.push(made);
    const at = this.made.length;
    const fault = at === this.cut?.at ? this.cut.fault : this.cuts.get(at);
    this.note(fault ? `${made.name}  <-- ${fault}` : made.name);
    if (fault === 'throttled' && failing.throttled) return failing.throttled();
    if (fault === 'failed' || fault === 'throttled') return failing.failed();
    if (fault === undefined) return work();
    if (fault !== 'killed before') await work();
    if (fault === 'timed out') {
      this.clock.now += failing.timeoutMs;
      return failing.timedOut();
    }
    execution.die();
    return NEVER;
  }
}
