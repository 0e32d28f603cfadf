import type { Instance } from './instance.ts';

/** One place for an instance, and what it is running, if anything. */
export interface Slot<Run> {
  readonly id: string;
  readonly instance: Instance;
  run: Run | undefined;
}

/** Instances are reused while warm, started when all are busy, and forgotten when they have died. */
export interface InstancePool<Run> {
  /** @returns A slot without a run, or undefined when as many as may run are running. */
  take(): Slot<Run> | undefined;
  find(id: string): Slot<Run> | undefined;
  kill(id: string, why: string): void;
  /** Ends those that run nothing: the next run starts cold. */
  killIdle(why: string): void;
  readonly started: number;
  close(): Promise<void>;
}

export function createInstancePool<Run>(most: number, start: (id: string) => Instance): InstancePool<Run> {
  const slots = new Map<string, Slot<Run>>();
  let started = 0;
  return {
    take() {
      for (const [id, { instance }] of slots) if (instance.dead) slots.delete(id);
      const idle = [...slots.values()].find((slot) => slot.run === undefined);
      if (idle || slots.size >= most) return idle;
      started += 1;
      const id = `instance-${started}`;
      const slot: Slot<Run> = { id, instance: start(id), run: undefined };
      slots.set(id, slot);
      return slot;
    },
    find: (id) => slots.get(id),
    kill(id, why) {
      slots.get(id)?.instance.kill(why);
      slots.delete(id);
    },
    killIdle(why) {
      for (const [id, { instance, run }] of slots) {
        if (run !== undefined) continue;
        instance.kill(why);
        slots.delete(id);
      }
    },
    get started() {
      return started;
    },
    async close() {
      await Promise.all([...slots.values()].map(({ instance }) => instance.close()));
    },
  };
}
