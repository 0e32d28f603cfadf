import type { AllowlistEntry } from '../../../contract/allowlist.ts';
import type { Action, Mode } from '../../../contract/modes.ts';
import type { Rehearsable } from '../../../contract/rehearsal.ts';
import type { CellTime, SyncTab } from '../../../contract/sync.ts';
import type { AllowlistLine } from '../../../contract/sync-request.ts';

/** What the server keeps of one release sheet. Times are ISO 8601 in UTC. */
export interface SheetRecord {
  readonly spreadsheetId: string;
  /** Grows with every commit: the optimistic lock, and the sequence of the answers. 0 = never heard of. */
  readonly version: number;
  readonly name: string;
  readonly timeZone: string;
  /** Of the newest rows that were committed: older ones commit nothing. */
  readonly readAt: string;
  /** The sync that brought them: another one of the same millisecond may be older. */
  readonly syncId: string;
  /** When the server last heard rows of it. */
  readonly heardAt: string;
  /** The next step that is met gets this key. */
  readonly nextKey: number;
  /** The tab Allowlist as it was last read. */
  readonly allowlist: readonly AllowlistLine[];
  /** When a service that this sheet holds is planned to open: only what an operator set counts. By service. */
  readonly ends: Readonly<Record<string, PlannedEnd>>;
  readonly firstHeardAt: string;
  readonly retiredAt?: string;
}

export interface PlannedEnd {
  readonly plannedEnd: string;
  readonly by: string;
}

/** A step's row as it was last read. */
export interface SeenRow {
  readonly row: number;
  readonly step: string;
  readonly plannedStart: CellTime;
  readonly service: string;
  readonly action: string;
  readonly status: string;
  readonly operation: string;
}

/** What our cells of a row should say. */
export interface DecidedCells {
  readonly status: string;
  readonly result: string;
  readonly started: string;
  readonly finished: string;
  readonly by: string;
  readonly operation: string;
}

/** An operation that is to be committed, in the name of the person whose event was seen. */
export interface Intent {
  readonly operationId: string;
  readonly service: string;
  readonly action: Action;
  readonly requestedBy: string;
  /** When the event was seen, or when the armed step was due. */
  readonly seenAt: string;
  readonly step: string;
  readonly takeOver?: boolean;
  readonly plannedEnd?: string;
  readonly allowlist?: readonly AllowlistEntry[];
  /** Of a step that ran by the clock. */
  readonly armedAt?: string;
}

/** One run of a step: one operation for each service that it names. */
export interface Run {
  /** What the row's Operation cell says. */
  readonly id: string;
  readonly operations: readonly { readonly operationId: string; readonly service: string }[];
  readonly requestedBy: string;
  readonly startedAt: string;
  /** Its end is known, and is what the decided cells say. */
  readonly isOver: boolean;
  /** The sync whose edit started it: the same event again starts nothing. */
  readonly syncId: string;
  /** What its row said when it was started. Older records do not know. */
  readonly asked?: Pick<SeenRow, 'service' | 'action'>;
  /** The rehearsal that somebody picked in its row meanwhile: its Result says that there was none. */
  readonly notRehearsed?: string;
}

/** A step that will run by the clock. */
export interface Armed {
  /** The run's id, once it fires. */
  readonly id: string;
  readonly requestedBy: string;
  readonly armedAt: string;
  readonly at: string;
  /** What was armed: anything else in the row disarms it, or is a move. */
  readonly step: string;
  readonly service: string;
  readonly action: Action;
  /** Planned start as it was shown, and the sheet's zone. */
  readonly text: string;
  readonly timeZone: string;
  /** What the row had been told to say when it was armed: an answer that comes late may write it over the Scheduled. */
  readonly over?: Pick<DecidedCells, 'status' | 'result'>;
}

/** A Go that runs only if the same person sets it once more. */
export interface Question {
  /** It is off plan; or another sheet holds the service. */
  readonly kind: 'off-plan' | 'take-over';
  readonly by: string;
  readonly at: string;
  /** What was asked for: a pick of something else is no answer. Missing in records that are older than this. */
  readonly action?: string;
  /** The Go that was answered with it: the same event again does not confirm. */
  readonly syncId: string;
}

/** What nobody was seen to set: put back when a second reading, a minute later, still shows it. */
export interface Unattributed {
  readonly since: string;
  readonly shows: string;
}

/** What became of what a step had reached: its row says so, and again what it said once a doubt is over. */
export interface Afterwards {
  readonly runId: string;
  /** What is wrong now, in words; blank if nothing is. */
  readonly doubts: string;
  /** Since when each service was in doubt, as long as it was not set anew. Older records do not know. */
  readonly doubtedSince?: Readonly<Record<string, string>>;
  /** What set its services anew since, by service. */
  readonly left: Readonly<Record<string, Successor>>;
  /** What the row says when there is no doubt. */
  readonly cells: Pick<DecidedCells, 'status' | 'result'>;
}

/** The operation that set a service next. */
export interface Successor {
  readonly at: string;
  readonly action: Action;
  readonly mode: Mode;
  /** `step 5 (maria@example.com)`. */
  readonly who: string;
  /** Until then it was in doubt, since this time. */
  readonly doubtedSince?: string | undefined;
}

/** What a row ran, and what became of it, before it was changed into another step. */
export interface RanAs extends Pick<StepRecord, 'decided' | 'afterwards'> {
  readonly run: Run;
  /** What Result was told to say of it; it quotes the operation, so that the row is known by it. */
  readonly said: string;
}

/** A rehearsal that was picked, and not told yet. */
export interface Rehearsal {
  readonly id: string;
  readonly what: Rehearsable;
  /** As the row names it. */
  readonly service: string;
  readonly requestedBy: string;
  readonly at: string;
  /** The sync that it was picked with, which carries it out. */
  readonly syncId: string;
}

/** What a step was told by a rehearsal; its Result says so until something real happens. */
export interface Rehearsed {
  readonly at: string;
  readonly said: string;
  /** What Result said before, and says again when this is over. */
  readonly before: string;
  /** The step that was rehearsed: of another plan, or in another Status, nothing is said by it. */
  readonly plan: string;
  readonly status: string;
}

export interface StepRecord {
  readonly key: string;
  readonly tab: SyncTab;
  readonly version: number;
  readonly seen: SeenRow;
  /** What Status and Operation have been told to say since they were last read, and of the run also what was not read yet. */
  readonly told: readonly { readonly status: string; readonly operation: string }[];
  readonly decided: DecidedCells;
  /** What the cells say is ours: who writes over it is put right. */
  readonly isAnswered: boolean;
  readonly run?: Run;
  readonly armed?: Armed;
  readonly question?: Question;
  /** By operation id, until it is committed or given up. */
  readonly intents: Readonly<Record<string, Intent>>;
  /** What the step was before the run that is being committed: a refused Go changes nothing. */
  readonly before?: Pick<StepRecord, 'decided' | 'run' | 'armed'>;
  readonly unattributed?: Unattributed;
  readonly afterwards?: Afterwards | undefined;
  /** Its Service or Action is another one since; comes back with them. */
  readonly ranAs?: RanAs | undefined;
  readonly rehearsal?: Rehearsal | undefined;
  readonly rehearsed?: Rehearsed | undefined;
  /** Its row was not there when the sheet was read. */
  readonly missingSince?: string;
}

export const isRunning = ({ run }: StepRecord): boolean => run !== undefined && !run.isOver;

/** It asks for an operation that nobody has committed yet. */
export const hasIntents = ({ intents }: StepRecord): boolean => Object.keys(intents).length > 0;

export const isRehearsing = ({ rehearsal }: StepRecord): boolean => rehearsal !== undefined;

export interface RundownRecord {
  readonly sheet: SheetRecord;
  readonly steps: readonly StepRecord[];
}
