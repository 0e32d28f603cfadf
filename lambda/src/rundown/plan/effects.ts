import type { Action } from '../../../../contract/modes.ts';
import type { Rehearsable } from '../../../../contract/rehearsal.ts';
import type { EditEvent } from '../../../../contract/sync-request.ts';
import type { Armed, DecidedCells, Run, SheetRecord, StepRecord } from '../../model/rundown-record.ts';
import type { Known, Named } from '../../model/service-names.ts';
import type { Row } from './row.ts';

/** What a plan is made from, and what it asks for. */

export interface PlanInputs {
  readonly sheet: SheetRecord;
  readonly known: Known;
  /** Real users are behind the environment: a step that is off plan asks for a second Go. */
  readonly isProduction: boolean;
  /** How early or late a step may run without a second Go, at most. */
  readonly onPlanMs: number;
  readonly edit?: EditEvent;
  readonly syncId: string;
  /** The account that the script runs as: never an operator, as an anonymous editor may appear as it. */
  readonly controller: string;
  /** When the rows were read. Milliseconds since the epoch. */
  readonly readAt: number;
  readonly now: number;
  /** A run of this step under an id that its record does not know, such as of one that was lost. */
  runOf(row: Row): Run | undefined;
  /** Who opened one of these services by hand since then, in words. */
  openedSince(services: readonly string[], since: string): string | undefined;
  /** What an armed step would meet, told while there is time. */
  conflictsOf(armed: Armed, named: Named): readonly string[];
  newId(): string;
}

export interface RunOutcome {
  readonly cells: Partial<DecidedCells>;
  /** Nothing more is expected. */
  readonly isOver: boolean;
  /** It was refused and nothing was changed. */
  readonly refusal?: Refusal;
}

export interface Refusal {
  readonly message: string;
  /** Another sheet holds the service: a second Go takes over. */
  readonly isHeld: boolean;
  readonly at: string;
}

/** All rows of one reading, and what each is to be planned from. */
export interface PlanContext extends PlanInputs {
  readonly rows: readonly Row[];
}

/** Something that the audit tells besides operations. */
export interface Note {
  readonly kind: 'armed' | 'moved' | 'disarmed' | 'not-run' | 'hand';
  /** Blank if nobody was reported. */
  readonly who: string;
  readonly message: string;
  /** ISO 8601; of what is armed. */
  readonly plannedAt?: string;
  /** Its time came and nobody ran it: people are called. */
  readonly isMissed?: boolean;
}

/** What becomes of one step. */
export type Effect =
  /** Nothing new: its cells say what was decided. */
  | { readonly kind: 'keep' }
  /** What a person set there is theirs to set; but an operation that is not its own, which is taken out. */
  | { readonly kind: 'accept'; readonly hasStrayId?: boolean }
  /** Answered in the row; nothing is run. With `asks`, the next Go of that person runs it. */
  | {
      readonly kind: 'answer';
      readonly cells: Partial<DecidedCells>;
      readonly note: Note;
      readonly asks?: string | undefined;
    }
  | { readonly kind: 'start'; readonly start: Start }
  | { readonly kind: 'arm'; readonly armed: Armed; readonly result: string; readonly note: Note }
  | { readonly kind: 'disarm'; readonly cells: Partial<DecidedCells>; readonly note: Note }
  /** Told what would happen; nothing is run, and nothing changes. */
  | { readonly kind: 'rehearse'; readonly what: Rehearsable; readonly named: Named; readonly requestedBy: string }
  /** What runs there goes on. */
  | { readonly kind: 'not-rehearsed'; readonly picked: string; readonly run: Run; readonly note: Note }
  /** A run that its record did not know. */
  | { readonly kind: 'adopt'; readonly run: Run }
  /** Nobody was seen to do it: its event may still be in flight. `otherwise` is what is done when none came. */
  | { readonly kind: 'wait'; readonly shows: string; readonly otherwise: Effect };

export type Disarm = Extract<Effect, { kind: 'disarm' }>;

export interface Start {
  readonly named: Named;
  readonly action: Action;
  readonly requestedBy: string;
  readonly takeOver: boolean;
  /** It ran by the clock. */
  readonly armed?: Armed;
}

export interface PlannedStep {
  /** Undefined if its row is not there. */
  readonly row?: Row;
  readonly record: StepRecord;
  readonly effect: Effect;
}
