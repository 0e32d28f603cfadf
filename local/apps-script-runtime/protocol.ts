/** What passes between an execution's thread and the host. Everything is structured-cloned. */

export interface ServiceCall {
  /** Such as `Properties.getProperty`. */
  readonly name: string;
  readonly args: readonly unknown[];
}

export type ServiceAnswer = { readonly value: unknown } | { readonly error: string };

export type ThreadMessage =
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'end'; readonly error?: string };

/** Where an event happened, as the thread needs it to build ranges. */
export interface RangePlace {
  readonly spreadsheetId: string;
  readonly sheet: string;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

export type EventFacts =
  | {
      readonly kind: 'edit';
      readonly place: RangePlace;
      readonly user: string;
      readonly triggerUid: string;
      readonly value?: string;
      readonly oldValue?: string;
    }
  | { readonly kind: 'clock'; readonly triggerUid: string };

export interface ThreadData {
  readonly code: string;
  readonly functionName: string;
  readonly event?: EventFacts;
  readonly port: import('node:worker_threads').MessagePort;
  /** One Int32: 1 when an answer is there. */
  readonly signal: SharedArrayBuffer;
  readonly shift: SharedArrayBuffer;
}
