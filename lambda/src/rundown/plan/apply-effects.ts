import { actionByTitle } from '../../../../contract/modes.ts';
import { LONGEST_STEP } from '../../../../contract/operation.ts';
import { REACHED } from '../../../../contract/status.ts';
import type { AllowlistLine } from '../../../../contract/sync-request.ts';
import type { DecidedCells, Intent, Run, SheetRecord, StepRecord } from '../../model/rundown-record.ts';
import { type Known, namesOf, sharesService } from '../../model/service-names.ts';
import { rehearsalMessages } from '../../words/rehearsal-words.ts';
import { stepMessages } from '../../words/step-words.ts';
import { entriesFor } from './allowlist-lines.ts';
import type { Effect, Note, PlanInputs, PlannedStep, Start } from './effects.ts';
import { hasWord, instantOf, isPick, type Row } from './row.ts';

/** From what is asked for to what is kept of each step. Pure. */

/** What nobody was seen to set is put back when a second reading, so much later, still shows it. */
const UNATTRIBUTED_MS = 60_000;

export interface Applied {
  readonly record: StepRecord;
  readonly notes: readonly Note[];
}

export interface ApplyInputs extends Pick<PlanInputs, 'known' | 'syncId' | 'readAt' | 'now' | 'newId'> {
  readonly sheet: Pick<SheetRecord, 'allowlist'>;
  readonly rows: readonly Row[];
}

/** @param row - As it was just read, or as it was read last; {@link asRead} notes what a reading tells. */
export function applyEffect(inputs: ApplyInputs, { row, record, effect }: PlannedStep): Applied {
  const applied = change(inputs, row, record, effect);
  if (effect.kind === 'wait') return applied;
  return { ...applied, record: { ...applied.record, unattributed: undefined } };
}

/** A step whose row was just read. What it was told to say of its run since may still be written: this was read before. */
export const asRead = (record: StepRecord, row: Row): StepRecord => ({
  ...record,
  seen: seenOf(row),
  told: toldAfter(record, row),
  missingSince: undefined,
});

function toldAfter({ told, run }: StepRecord, { status, operation }: Row): StepRecord['told'] {
  const at = told.findLastIndex((one) => one.status === status && one.operation === operation);
  return told.slice(at + 1).filter((one) => one.operation === run?.id);
}

export const seenOf = ({ row, step, plannedStart, service, action, status, operation }: Row): StepRecord['seen'] => ({
  row,
  step,
  plannedStart,
  service,
  action,
  status,
  operation,
});

function change(inputs: ApplyInputs, row: Row | undefined, record: StepRecord, effect: Effect): Applied {
  switch (effect.kind) {
    case 'keep':
      return { record: record.isAnswered || !row ? record : { ...record, decided: cellsOf(row) }, notes: [] };
    case 'accept':
      return { record: row ? accepted(record, row, effect.hasStrayId) : record, notes: [] };
    case 'answer':
      return { record: answered(inputs, record, row, effect), notes: [effect.note] };
    case 'disarm':
      return {
        record: { ...withCells(record, effect.cells), armed: undefined },
        notes: [effect.note],
      };
    case 'arm': {
      const { armed, result } = effect;
      const cells = {
        status: 'Scheduled',
        result,
        by: armed.requestedBy,
        operation: armed.id,
        started: '',
        finished: '',
      };
      return {
        record: { ...withCells(record, cells), armed, run: undefined, question: undefined, ranAs: undefined },
        notes: [effect.note],
      };
    }
    case 'rehearse':
      return { record: rehearsing(inputs, record, effect), notes: [] };
    case 'not-rehearsed':
      return { record: { ...record, run: { ...effect.run, notRehearsed: effect.picked } }, notes: [effect.note] };
    case 'adopt': {
      const run = { ...effect.run, asked: askedIn(row ?? record.seen) };
      const cells = { operation: run.id, by: run.requestedBy };
      return { record: { ...withCells(record, cells), run, ranAs: undefined }, notes: [] };
    }
    case 'start':
      return started(inputs, row as Row, record, effect.start);
    case 'wait':
      return wait(inputs, row, record, effect);
  }
}

export const cellsOf = ({ status, result, started, finished, by, operation }: Row): DecidedCells => ({
  status,
  result,
  started,
  finished,
  by,
  operation,
});

const withCells = (record: StepRecord, cells: Partial<DecidedCells>): StepRecord => ({
  ...record,
  decided: { ...record.decided, ...cells },
  isAnswered: true,
});

/** Their own word for Status. What is ours in the row stays, if anything is. */
function accepted(record: StepRecord, row: Row, hasStrayId = false): StepRecord {
  if (hasStrayId) return { ...record, decided: { ...cellsOf(row), operation: '' }, isAnswered: true };
  const decided = record.isAnswered ? { ...record.decided, status: row.status } : cellsOf(row);
  return { ...record, decided };
}

function answered(
  { syncId, now }: ApplyInputs,
  record: StepRecord,
  row: Row | undefined,
  { cells, asks, note }: Effect & { kind: 'answer' },
): StepRecord {
  const base = record.isAnswered || !row ? record : { ...record, decided: cellsOf(row) };
  const next = withCells(base, cells);
  const question =
    asks === undefined
      ? undefined
      : {
          kind: 'off-plan' as const,
          by: asks,
          at: new Date(now).toISOString(),
          action: (row ?? next.seen).action,
          syncId,
        };
  const isHand = note.kind === 'hand';
  return { ...next, question, ...(isHand ? { run: undefined, armed: undefined, ranAs: undefined } : {}) };
}

function rehearsing(
  { now, newId, syncId }: ApplyInputs,
  record: StepRecord,
  { what, named, requestedBy }: Effect & { kind: 'rehearse' },
): StepRecord {
  const at = new Date(now).toISOString();
  // What ran here before has come to its end: its Done must not stand beside what is only rehearsed.
  const result = rehearsalMessages.underWay;
  const cells = { status: '', result, started: '', finished: '', by: requestedBy, operation: '' };
  const rehearsal = { id: newId(), what, service: named.name, requestedBy, at, syncId };
  return { ...withCells(record, cells), question: undefined, rehearsal };
}

/** The same thing seen again, a minute later: no event comes any more. */
function wait(
  inputs: ApplyInputs,
  row: Row | undefined,
  record: StepRecord,
  { shows, otherwise }: Effect & { kind: 'wait' },
): Applied {
  const { unattributed } = record;
  const readAt = new Date(inputs.readAt).toISOString();
  if (unattributed?.shows !== shows) {
    return { record: { ...record, unattributed: { since: readAt, shows } }, notes: [] };
  }
  if (inputs.readAt - Date.parse(unattributed.since) < UNATTRIBUTED_MS) return { record, notes: [] };
  const put = change(inputs, row, record, otherwise);
  return { ...put, record: { ...put.record, unattributed: undefined } };
}

const askedIn = ({ service, action }: Pick<Row, 'service' | 'action'>): Run['asked'] => ({ service, action });

/** The intents of a run, one for each service, and the row that says so. */
function started(inputs: ApplyInputs, row: Row, record: StepRecord, start: Start): Applied {
  const { named, requestedBy, armed } = start;
  const at = new Date(inputs.now).toISOString();
  const id = armed?.id ?? inputs.newId();
  const operations = named.members.map(({ name }) => ({
    operationId: named.isGroup ? `${id}_${name}` : id,
    service: name,
  }));
  const run: Run = {
    id,
    operations,
    requestedBy,
    startedAt: at,
    isOver: false,
    syncId: inputs.syncId,
    asked: askedIn(row),
  };
  const intents = operations.map(({ operationId, service }) =>
    intentOf(inputs, row, start, { operationId, service, at }),
  );
  const cells = {
    status: 'Running',
    result: stepMessages.starting(id),
    started: at,
    finished: '',
    by: requestedBy,
    operation: id,
  };
  const { decided, run: lastRun, armed: lastArmed } = record;
  return {
    record: {
      ...withCells(record, cells),
      run,
      armed: undefined,
      question: undefined,
      ranAs: undefined,
      rehearsal: undefined,
      before: { decided, run: lastRun, armed: armed ? undefined : lastArmed },
      intents: Object.fromEntries(intents.map((intent) => [intent.operationId, intent])),
    },
    notes: lastArmed && !armed ? [goInstead(lastArmed.at, requestedBy)] : [],
  };
}

const goInstead = (plannedAt: string, who: string): Note => ({
  kind: 'disarmed',
  who,
  message: stepMessages.noteGo,
  plannedAt,
});

export function intentOf(
  { known, sheet, rows, now }: Pick<ApplyInputs, 'known' | 'sheet' | 'rows' | 'now'>,
  row: Row,
  { action, requestedBy, takeOver, armed }: Start,
  { operationId, service, at }: { operationId: string; service: string; at: string },
): Intent {
  const end = action === 'exit' ? undefined : plannedEndOf(rows, service, known, now);
  const names = namesOf(known);
  const allowlist = action === 'enable-allowlist' ? allowlistFor(sheet.allowlist, service, names, now) : {};
  return {
    operationId,
    service,
    action,
    requestedBy,
    seenAt: at,
    // A step may be called anything; an operation takes so many characters of it.
    step: row.step.trim().slice(0, LONGEST_STEP) || '-',
    ...(takeOver ? { takeOver } : {}),
    ...(end === undefined ? {} : { plannedEnd: new Date(end).toISOString() }),
    ...allowlist,
    ...(armed ? { armedAt: armed.armedAt } : {}),
  };
}

function allowlistFor(lines: readonly AllowlistLine[], service: string, names: readonly string[], now: number) {
  const allowlist = entriesFor(lines, service, names, now);
  return allowlist.length > 0 ? { allowlist } : {};
}

/** The planned start of the next step that opens this service. Milliseconds since the epoch. */
export function plannedEndOf(rows: readonly Row[], service: string, known: Known, now: number): number | undefined {
  const times = rows
    .filter(
      (row) => !isPick(row) && actionByTitle(row.action) === 'exit' && !hasWord(row, ...REACHED, 'Skipped', 'Failed'),
    )
    .filter((row) => sharesService(known, row.service, service))
    .flatMap(({ plannedStart }) => instantOf(plannedStart) ?? [])
    .filter((at) => at > now);
  return times.length === 0 ? undefined : Math.min(...times);
}
