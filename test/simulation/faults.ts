import type { VirtualClock } from './virtual-clock.ts';

/** What happens to one call of one execution; and whether it then took effect. */
export const FAULTS = ['killed before', 'killed after', 'failed', 'timed out', 'slow', 'answered twice'] as const;
export type Fault = (typeof FAULTS)[number];

const OF_READS = ['killed before', 'failed', 'slow'] as const;

/**
 * What is worth trying: to a call that changes nothing it is the same whether it was made before the execution was killed,
 * whether it failed or was never answered, and how often it was made. So reads are killed, failed and slow in turn.
 */
export function faultsOf({ isWrite, isMadeOnce }: Made, index: number): readonly Fault[] {
  if (!isWrite) return OF_READS.slice(index % OF_READS.length).slice(0, 1);
  return isMadeOnce ? FAULTS.filter((fault) => fault !== 'answered twice') : FAULTS;
}

export interface Made {
  readonly name: string;
  readonly isWrite: boolean;
  /** The service takes the same request twice for one: a transaction has a token of its own. */
  readonly isMadeOnce?: boolean;
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
  /** It was not killed: its instance is frozen, and whatever it left under way. */
  hasEnded = false;
  readonly death: Promise<never>;
  private kill: (error: Error) => void = () => {};

  constructor() {
    this.death = new Promise((_resolve, reject) => {
      this.kill = reject;
    });
    this.death.catch(() => {});
  }

  end(): void {
    this.hasEnded = !this.isDead;
    this.isDead = true;
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
  /** And some by what is called: the so many-th from now on. */
  awaited: Awaited[] = [];
  /** What executions went on with that had ended. */
  readonly leftBehind: string[] = [];
  /** How many of all these came. */
  happened = 0;
  readonly clock: VirtualClock;
  private readonly note: (line: string) => void;

  constructor(clock: VirtualClock, note: (line: string) => void) {
    this.clock = clock;
    this.note = note;
  }

  async make<T>(execution: Execution, made: Made, work: () => T | Promise<T>, failing: Failing<T>): Promise<T> {
    if (execution.hasEnded) this.leftBehind.push(made.name);
    if (execution.isDead) return NEVER;
    this.made.push(made);
    const at = this.made.length;
    const fault = (at === this.cut?.at ? this.cut.fault : this.cuts.get(at)) ?? this.takeAwaited(made);
    if (fault) this.happened += 1;
    this.note(fault ? `${made.name}  <-- ${fault}` : made.name);
    if (fault === 'throttled' && failing.throttled) return failing.throttled();
    if (fault === 'failed' || fault === 'throttled') return failing.failed();
    if (fault === undefined) return work();
    // As late as it may be; others go on meanwhile.
    if (fault === 'slow') {
      await this.clock.sleep(failing.timeoutMs - 1, () => execution.isDead);
      return execution.isDead ? NEVER : work();
    }
    if (fault === 'answered twice') {
      const first = await work();
      return made.isMadeOnce ? first : work();
    }
    if (fault !== 'killed before') await work();
    if (fault === 'timed out') {
      this.clock.now += failing.timeoutMs;
      return failing.timedOut();
    }
    execution.die();
    return NEVER;
  }

  private takeAwaited({ name }: Made): AnyFault | undefined {
    const meant = this.awaited.filter(({ of }) => name.includes(of));
    for (const one of meant) one.left -= 1;
    const due = meant.find(({ left }) => left <= 0);
    this.awaited = this.awaited.filter((one) => one !== due);
    return due?.fault;
  }
}

interface Awaited {
  readonly of: string;
  left: number;
  readonly fault: AnyFault;
}
