import type { MessagePort } from 'node:worker_threads';
import type { Area } from './spreadsheet/a1.ts';

/** What passes between an execution's thread and the host. Everything is structured-cloned. */

export interface ServiceCall {
  /** Such as `Properties.getProperty`. */
  readonly name: string;
  readonly args: readonly unknown[];
}

export type ServiceAnswer = { readonly value: unknown } | { readonly error: string };

export type ThreadMessage =
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'end'; readonly error?: string }
  /** Nothing of the script runs any more: the thread can have the next execution. */
  | { readonly kind: 'idle' };

/** Cells of one tab. */
export interface RangePlace extends Area {
  readonly spreadsheetId: string;
  readonly sheetId: number;
}

/** One request of UrlFetchApp, its payload as it will be sent. */
export interface FetchRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly payload?: string;
  readonly muteHttpExceptions?: boolean;
  readonly followRedirects?: boolean;
}

export type EventFacts =
  | {
      readonly kind: 'edit';
      readonly place: RangePlace;
      /** Blank if nobody is named. */
      readonly user: string;
      readonly triggerUid: string;
      /** Only of a single cell; never of a cleared one. */
      readonly value?: string;
      readonly oldValue?: string;
    }
  | { readonly kind: 'clock'; readonly triggerUid: string };

export interface ThreadData {
  readonly code: string;
  readonly functionName: string;
  readonly event?: EventFacts;
  readonly port: MessagePort;
  /** One Int32: 1 when an answer is there. */
  readonly signal: SharedArrayBuffer;
  /** Of the local clock, see {@link Clock.shift}. */
  readonly shift: SharedArrayBuffer;
}
