import { statusOf } from '../../../../contract/status.ts';
import { UNPROVEN_AFTER_MS } from '../../../../contract/timing.ts';
import { isRunning, type StepRecord } from '../../model/rundown-record.ts';
import { findNamed, membersOf } from '../../model/service-names.ts';
import { stepMessages } from '../../words/step-words.ts';
import { coversStatus, isTheirs, personOf } from './authority.ts';
import type { Effect, PlanContext, PlanInputs, PlannedStep } from './effects.ts';
import { copiedIds, type Matched } from './match-rows.ts';
import { notRun, planGo } from './plan-go.ts';
import { disarm, planArmed, planScheduled } from './plan-scheduled.ts';
import { hasWord, isPick, OURS, type Row } from './row.ts';

/** What should happen now: a pure function of the rows, what is known of them, and who was seen to edit which. */

export interface Step extends Matched {
  /** A new one for a row that was never met. */
  readonly record: StepRecord;
}

export function planSteps(steps: readonly Step[], inputs: PlanInputs): PlannedStep[] {
  const rows = steps.flatMap(({ row }) => row ?? []);
  const context: PlanContext = { ...inputs, rows };
  const copies = copiedIds(rows);
  const planned = steps.map(
    (step): PlannedStep => ({
      ...step,
      effect: step.row ? planRow(context, step.row, step.record, copyOf(steps, copies, step.row)) : { kind: 'keep' },
    }),
  );
  return withoutRivals(
    context,
    planned.map((one) => (copies.has(one.row?.operation ?? '') ? one : withoutStrayId(context, steps, one))),
  );
}

/** An operation that was never run for this row, such as one that was dragged here: its own row could not be found by it. */
function withoutStrayId(context: PlanContext, steps: readonly Step[], one: PlannedStep): PlannedStep {
  const { row, record, effect } = one;
  if (effect.kind !== 'accept' || !row || row.operation === '' || record.isAnswered) return one;
  const isOthers = steps.some(
    (other) =>
      other.record.decided.operation === row.operation &&
      other.row !== undefined &&
      other.row.operation !== row.operation,
  );
  // A group's operations have ids of their own: whether it ran cannot be told by this one.
  const isKnown = context.runOf(row) !== undefined || findNamed(context.known, row.service)?.isGroup === true;
  return isOthers || !isKnown ? { ...one, effect: { ...effect, hasStrayId: true } } : one;
}

/** An operation that stands in several rows. */
interface Copied {
  readonly twins: readonly Row[];
  /** It is known that another of them ran it. */
  readonly isOthers: boolean;
}

function copyOf(steps: readonly Step[], copies: ReadonlyMap<string, readonly Row[]>, row: Row): Copied | undefined {
  const twins = copies.get(row.operation);
  const isOthers = steps.some((other) => other.row && other.row !== row && other.record.run?.id === row.operation);
  return twins && { twins, isOthers };
}

/** @param copy - If other rows show the operation of this one. */
function planRow(context: PlanContext, row: Row, record: StepRecord, copy: Copied | undefined): Effect {
  // Its answer says so.
  if (row.isOutdated) return { kind: 'keep' };
  const copied = copy && planCopy(context, row, record, copy);
  if (copied) return copied;
  const { armed } = record;
  if (isRunning(record) && !isRerun(context, row, record)) return planRunning(context, row, record);
  if (isPick(row) && isSameWish(context, row, record)) return { kind: 'keep' };
  if (isUnseenAnswer(context, row, record)) return { kind: 'keep' };
  if (isRetired(context) && coversStatus(context, row) && hasWord(row, 'Go', 'Scheduled')) {
    return notRun(context, record, stepMessages.retired(isPick(row)), personOf(context));
  }
  if (armed) return planArmed(context, row, record, armed);
  if (!coversStatus(context, row) && isBehind(row, record)) return { kind: 'keep' };
  if (hasWord(row, 'Go')) return planGo(context, row, record);
  if (hasWord(row, 'Scheduled')) return planScheduled(context, row, record);
  return planOtherStatus(context, row, record);
}

/** Nobody would ask after what is started there. */
const isRetired = ({ sheet }: PlanContext): boolean => sheet.retiredAt !== undefined;

/**
 * The last answer has not reached the row yet: it says what it said at the last reading, or what it was told to say since.
 * The answer is given again. An event means it anew.
 */
function isBehind(row: Row, { seen, told, decided, isAnswered, unattributed }: StepRecord): boolean {
  if (!isAnswered || unattributed || row.status === decided.status || (isPick(row) && hasWord(row, 'Go'))) return false;
  const isSeen = row.status === seen.status && row.action === seen.action;
  return isSeen || told.some(({ status, operation }) => row.status === status && row.operation === operation);
}

/**
 * A Go that was answered, in a row that does not say so yet, or only in part: its event came twice, or was sent again.
 * Nobody asks anew before they were answered, and what was refused is refused once. A pick stands until it is emptied.
 */
function isUnseenAnswer(context: PlanContext, row: Row, record: StepRecord): boolean {
  const { seen, decided, isAnswered, unattributed } = record;
  if (!isAnswered || unattributed || !hasWord(row, 'Go') || row.action !== seen.action) return false;
  const isSeen = isPick(row) || row.status === seen.status;
  const isItsOwn = row.operation === seen.operation || row.operation === decided.operation;
  const isStanding = isPick(row) && !coversStatus(context, row);
  // Beside what runs Result goes on by itself: only a question stands there to be seen.
  const isToBeSeen = !isRunning(record) || record.question !== undefined;
  return isSeen && isItsOwn && (isStanding || (isToBeSeen && row.result !== decided.result));
}

/** An id that stands in two rows: nobody can know which of them is meant. */
function planCopy(context: PlanContext, row: Row, record: StepRecord, { twins, isOthers }: Copied): Effect | undefined {
  const numbers = twins.map((twin) => twin.row);
  const result = stepMessages.copied(numbers, row.operation);
  const who = personOf(context);
  const isAsking = (twin: Row) => hasWord(twin, 'Go', 'Scheduled');
  const isAsked = twins.some((twin) => coversStatus(context, twin) && isAsking(twin));
  if (record.armed) return disarmCopy(record, result);
  if (isAsked && !isRunning(record)) {
    // Nothing runs in it, whatever was copied into its Status.
    const cells = isAsking(row) || hasWord(row, 'Running', 'Unproven') ? { status: 'Planned', result } : { result };
    return { kind: 'answer', cells, note: { kind: 'not-run', who, message: result } };
  }
  // Pasted over another step, or added as a copy: what was proven was proven of the row that it came from.
  const isOriginal = record.run?.id === row.operation;
  const isUnchanged = record.isAnswered && row.status === record.decided.status;
  const saysItRan = hasWord(row, ...OURS, 'Done') || (isOthers && !record.isAnswered);
  if (isOriginal || isUnchanged || isRunning(record) || !saysItRan) return undefined;
  const isNewRow = record.version === 0;
  return isNewRow || !hasWord(row, 'Done') ? withoutCopied(context, row, numbers) : byHand(context, row);
}

/** A copy is a step of its own, and that one has not run. Done that is pasted over a step is somebody's word for it. */
function withoutCopied(context: PlanContext, row: Row, numbers: readonly number[]): Effect {
  const from = numbers.filter((number) => number !== row.row);
  const message = stepMessages.copiedRun(from, row.operation);
  const status = hasWord(row, 'Skipped') ? row.status : 'Planned';
  const cells = { status, result: message, started: '', finished: '', by: '', operation: '' };
  const who = coversStatus(context, row) ? personOf(context) : '';
  return { kind: 'answer', cells, note: { kind: 'not-run', who, message } };
}

function disarmCopy(record: StepRecord, result: string): Effect {
  const effect = disarm(record, 'Planned', result, '');
  // Both rows keep the id until a person has said which one is the copy.
  return { ...effect, cells: { status: 'Planned', result, operation: record.decided.operation } };
}

/** A Go over a step that should long be proven is a wish to run it again. */
function isRerun(context: PlanContext, row: Row, record: StepRecord): boolean {
  const { run } = record;
  if (!run || !isTheirs(context, row) || !hasWord(row, 'Go')) return false;
  if (isPick(row)) return row.action !== '' && isOtherPick(context, run.syncId) && !isSameWish(context, row, record);
  return context.now - Date.parse(run.startedAt) > UNPROVEN_AFTER_MS;
}

/** The event of a pick that came a second time: while its run goes on or its row still says so, or seen before it began. */
function isSameWish({ edit }: PlanContext, row: Row, { run, seen }: StepRecord): boolean {
  if (!run || !edit) return false;
  // What was read last may be the next wish, whose event is still to come.
  const { asked = seen, notRehearsed } = run;
  if (row.action !== asked.action && row.action !== notRehearsed) return false;
  const isShownRunning = row.operation === run.id && statusOf(row.status) === 'Running';
  return !run.isOver || isShownRunning || Date.parse(edit.seenAt) <= Date.parse(run.startedAt);
}

/** Another pick overtakes what runs; the same event again does not. */
const isOtherPick = ({ syncId }: PlanContext, started: string): boolean => syncId !== started;

/** What runs is not stopped by what is typed over it. */
function planRunning(context: PlanContext, row: Row, record: StepRecord): Effect {
  const { decided, seen, run, told } = record;
  const known = [decided.status, seen.status, ...told.map(({ status }) => status)];
  if (!run || isPick(row) || known.includes(row.status) || !coversStatus(context, row)) return { kind: 'keep' };
  const result = stepMessages.stillRunning(run.id);
  const note = { kind: 'not-run', who: personOf(context), message: result } as const;
  return { kind: 'answer', cells: { result }, note };
}

/** Neither Go nor Scheduled, and nothing of ours is under way. */
function planOtherStatus(context: PlanContext, row: Row, record: StepRecord): Effect {
  const { decided, isAnswered } = record;
  if (isPick(row)) return row.word === 'Running' ? strayPick(context, row, record) : { kind: 'keep' };
  if (row.status === decided.status && isAnswered) return { kind: 'keep' };
  if (hasWord(row, ...OURS, 'Done')) {
    const run = row.operation === '' ? undefined : context.runOf(row);
    if (run) return { kind: 'adopt', run };
  }
  if (hasWord(row, 'Done')) return byHand(context, row);
  if (hasWord(row, ...OURS)) return notOurs(context, row, record);
  if (row.word === undefined && row.status.trim() !== '') return unknownStatus(context, row);
  return { kind: 'accept' };
}

function strayPick(context: PlanContext, row: Row, record: StepRecord): Effect {
  const run = row.operation === '' ? undefined : context.runOf(row);
  if (run) return { kind: 'adopt', run };
  return notRun(context, record, stepMessages.notRunning, '');
}

function byHand(context: PlanContext, row: Row): Effect {
  const who = coversStatus(context, row) ? personOf(context) : '';
  const result = stepMessages.byHand(who);
  const cells = { status: 'Done', result, started: '', finished: '', by: who, operation: '' };
  return { kind: 'answer', cells, note: { kind: 'hand', who, message: result } };
}

/** Only we know that something runs, or how it ended. */
function notOurs(context: PlanContext, row: Row, record: StepRecord): Effect {
  const result = hasWord(row, 'Running') ? stepMessages.notRunning : stepMessages.notOurs(row.status);
  // Of a step that was never answered, such as one that came with a copy of a tab, nobody sets anything.
  return notRun(context, record, result, coversStatus(context, row) ? personOf(context) : '');
}

function unknownStatus(context: PlanContext, row: Row): Effect {
  const result = stepMessages.unknownStatus(row.status);
  const who = coversStatus(context, row) ? personOf(context) : '';
  return { kind: 'answer', cells: { status: row.status, result }, note: { kind: 'not-run', who, message: result } };
}

/** Several Gos of one service in one edit: nobody can know which was meant to be first. */
function withoutRivals(context: PlanContext, planned: readonly PlannedStep[]): PlannedStep[] {
  const goesFor = ({ row, effect }: PlannedStep): string[] => {
    const isGo = (effect.kind === 'start' && !effect.start.armed) || (effect.kind === 'answer' && effect.asks);
    return row && isGo ? membersOf(context.known, row.service) : [];
  };
  const all = planned.map((one) => ({ one, services: goesFor(one) }));
  return all.map(({ one, services: own }): PlannedStep => {
    const rivals = all.filter(({ services }) => services.some((name) => own.includes(name)));
    if (rivals.length < 2 || !one.row) return one;
    const title = findNamed(context.known, one.row.service)?.title ?? one.row.service;
    const steps = rivals.flatMap(({ one: { row } }) => row?.step ?? []);
    const who = personOf(context);
    return { ...one, effect: notRun(context, one.record, stepMessages.rivals(steps, title), who, who) };
  });
}
