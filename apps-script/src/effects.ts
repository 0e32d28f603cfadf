import type { Action } from '../../contract/modes.ts';
import type { OutboxEntry } from './entry-record.ts';
import type { Known, Named } from './known-services.ts';
import type { Confirmation } from './on-plan.ts';
import type { OwnCells, Row, Rundown } from './rundown.ts';

/** What a plan is made from, and what it asks for. */

/** The rows that one event covered, and the person it named. */
export interface Authority {
  readonly firstRow: number;
  readonly lastRow: number;
  /** Only an event that covered Status is authority for what stands there. */
  readonly coversStatus: boolean;
  /** Blank if nobody was named. */
  readonly user: string;
  /** What was typed into Status, if the event says so (a single cell only): who typed something else did not set Go. */
  readonly typed?: string;
}

export interface PlanInputs {
  readonly rundown: Rundown;
  /** Of this spreadsheet. */
  readonly entries: readonly OutboxEntry[];
  readonly known: Known;
  readonly confirmations: readonly Confirmation[];
  /** Of an edit; the tick has none. */
  readonly authority?: Authority;
  /** The account that the script runs as: never an operator, as an anonymous editor may appear as it. */
  readonly controller: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** An instant as the sheet shows it. */
  formatTime(iso: string): string;
}

export type Effect =
  /** Answer in the row; nothing is run. A confirmation makes the next Go of this person count. */
  | { readonly kind: 'tell'; readonly row: Row; readonly cells: OwnCells; readonly confirmation?: Confirmation }
  | {
      readonly kind: 'start';
      readonly row: Row;
      readonly named: Named;
      readonly action: Action;
      readonly requestedBy: string;
      readonly takeOver: boolean;
    }
  /** Run it by the clock. */
  | {
      readonly kind: 'arm';
      readonly row: Row;
      readonly named: Named;
      readonly action: Action;
      readonly requestedBy: string;
      /** Milliseconds since the epoch. */
      readonly at: number;
    }
  /** Armed as before, for another time. */
  | { readonly kind: 'rearm'; readonly row: Row; readonly entry: OutboxEntry; readonly user: string }
  | {
      readonly kind: 'disarm';
      readonly row: Row;
      readonly entry: OutboxEntry;
      readonly result: string;
      /** Who did it, if that is not who edits now. */
      readonly by?: string;
      readonly status?: 'Failed';
    }
  /** Its time has come. */
  | {
      readonly kind: 'fire';
      readonly row: Row;
      readonly entry: OutboxEntry;
      readonly named: Named;
      readonly action: Action;
    }
  /** Entries that an execution left behind before they were sent. */
  | { readonly kind: 'resume'; readonly row: Row; readonly entries: readonly OutboxEntry[] }
  /** An entry that was never sent and must not be any more. With `why` the sheet's audit tells that it was disarmed. */
  | { readonly kind: 'forget'; readonly entry: OutboxEntry; readonly why?: string | undefined }
  /** A Go, a Scheduled or a changed armed row that nobody was seen to set; its event may still come. */
  | { readonly kind: 'unseen'; readonly row: Row }
  /** It says Running under an id that the outbox does not know. */
  | { readonly kind: 'stray'; readonly row: Row }
  /** The name is not known here; perhaps it is new. */
  | { readonly kind: 'unknown-service'; readonly row: Row };
