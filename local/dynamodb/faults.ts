/** What a test can make happen to a write; none of it happens by itself on one machine, or too seldom to be tested. */
export type Fault =
  /** Another transaction is at the item. */
  | 'conflict'
  /** The table takes no more for now. */
  | 'throttled'
  /** It is carried out, and the connection ends before the answer. */
  | 'unanswered';

export type Faulty = 'TransactWriteItems' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

export interface Faults {
  /** The next so many requests of this operation meet the fault; tries of the SDK count as well. */
  failNext(operation: Faulty, fault: Fault, times?: number): void;
  take(operation: string): Fault | undefined;
}

export function createFaults(): Faults {
  const waiting: { readonly operation: string; readonly fault: Fault }[] = [];
  return {
    failNext(operation, fault, times = 1) {
      for (let count = 0; count < times; count += 1) waiting.push({ operation, fault });
    },
    take(operation) {
      const index = waiting.findIndex((one) => one.operation === operation);
      return index < 0 ? undefined : waiting.splice(index, 1)[0]?.fault;
    },
  };
}
