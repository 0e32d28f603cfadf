import { GRACE_MS } from '../../../../contract/timing.ts';
import type { Armed, DecidedCells, StepRecord } from '../../model/rundown-record.ts';
import { findNamed, mayAct, membersOf, type Named } from '../../model/service-names.ts';
import { stepMessages } from '../../words/step-words.ts';
import { coversPlan, coversStatus, isTheirs, personOf } from './authority.ts';
import type { Disarm, Effect, PlanContext } from './effects.ts';
import { stepsBefore } from './off-plan.ts';
import { notRun, planGo, whatIsAsked } from './plan-go.ts';
import { hasNoDate, hasWord, instantOf, OURS, type Row } from './row.ts';
import { isSkipped, plannedWords, repeatedHour } from './wall-time.ts';

/** Steps that run by the clock. Pure. */

/** A row that says Scheduled and is not armed. */
export function planScheduled(context: PlanContext, row: Row, record: StepRecord): Effect {
  if (!isTheirs(context, row)) {
    const otherwise = notRun(context, record, stepMessages.unattributedScheduled, '');
    return { kind: 'wait', shows: `Scheduled ${row.plan}`, otherwise };
  }
  const asked = whatIsAsked(context, row, record);
  if ('kind' in asked) return asked;
  const { named, action, requestedBy } = asked;
  const no = (result: string): Effect => notRun(context, record, result, requestedBy);
  const stranger = named.members.find((member) => !mayAct(member, requestedBy));
  if (stranger) return no(stepMessages.armNotOperator(requestedBy, stranger.title, stranger.operators));
  const time = armedTime(context, row);
  if ('wrong' in time) return no(time.wrong);
  const { timeZone } = context.sheet;
  const armed: Armed = {
    id: context.newId(),
    requestedBy,
    armedAt: new Date(context.now).toISOString(),
    at: new Date(time.at).toISOString(),
    step: row.step,
    service: row.service,
    action,
    text: row.plannedStart.text,
    timeZone,
    ...(record.isAnswered ? { over: { status: record.decided.status, result: record.decided.result } } : {}),
  };
  const result = stepMessages.armed(plannedWords(time.at, timeZone), requestedBy, more(context, row, time.at));
  return arm(context, armed, named, result, { kind: 'armed', who: requestedBy });
}

function arm(
  context: PlanContext,
  armed: Armed,
  named: Named,
  said: string,
  by: { kind: 'armed' | 'moved'; who: string },
): Effect {
  const conflicts = context.conflictsOf(armed, named);
  const result = conflicts.reduce<string>((text, message) => stepMessages.note(text, message), said);
  return { kind: 'arm', armed, result, note: { ...by, message: result, plannedAt: armed.at } };
}

/** What else is to be known of an armed step. */
const more = (context: PlanContext, row: Row, at: number): string =>
  twice(at, context.sheet.timeZone) + mustBeDoneFirst(context, row);

function twice(at: number, timeZone: string): string {
  const which = repeatedHour(at, timeZone);
  if (which === undefined) return '';
  return which === 'first' ? stepMessages.twiceFirst : stepMessages.twiceSecond;
}

/** Steps before it that do not run by themselves will keep it from running. */
function mustBeDoneFirst(context: PlanContext, row: Row): string {
  const open = blocking(context, row).flatMap((one) => (hasWord(one, 'Scheduled', 'Running') ? [] : [one.step]));
  return open.length === 0 ? '' : stepMessages.armedFirst(open);
}

/** On production the order of the rundown holds, also for the clock. */
const blocking = (context: PlanContext, row: Row): Row[] => (context.isProduction ? stepsBefore(context, row) : []);

type Time = { readonly at: number } | { readonly wrong: string };

/** When a row is to run, or why that cannot be told. */
function armedTime({ sheet: { timeZone }, now }: PlanContext, { plannedStart }: Row): Time {
  const text = plannedStart.text.trim();
  const at = instantOf(plannedStart);
  if (hasNoDate(plannedStart)) return { wrong: stepMessages.armHasNoDate(text) };
  if (at === undefined) return { wrong: text === '' ? stepMessages.armNeedsTime : stepMessages.armNeedsDate(text) };
  const when = plannedWords(at, timeZone);
  if (at <= now) return { wrong: stepMessages.armPast(when) };
  if (isSkipped(plannedStart, at, timeZone)) return { wrong: stepMessages.armSkipped(text, when) };
  return { at };
}

/** A step that is armed: nothing, to run, to be moved, or to be disarmed. */
export function planArmed(context: PlanContext, row: Row, record: StepRecord, armed: Armed): Effect {
  const { now } = context;
  if (hasWord(row, 'Go')) return planGo(context, row, record);
  const opened = context.openedSince(membersOf(context.known, armed.service), armed.armedAt);
  if (opened !== undefined) return disarm(record, 'Planned', opened, '');
  if (isOverwritten(context, row, armed)) return { kind: 'keep' };
  if (!hasWord(row, 'Scheduled')) return takenBack(context, row, record);
  if (row.step !== armed.step || row.service !== armed.service || row.meant !== armed.action) {
    if (coversPlan(context, row)) return disarm(record, 'Planned', stepMessages.disarmedChanged, personOf(context));
    return changedByNobody(record, row);
  }
  if (isMoved(context, row, armed)) {
    return coversPlan(context, row) ? move(context, row, record, armed) : changedByNobody(record, row);
  }
  const due = Date.parse(armed.at);
  // Only rows that were read when its time had come say what is to run.
  if (due > context.readAt || due > now) return { kind: 'keep' };
  return fire(context, row, record, armed);
}

/** Another instant, or the same digits in another zone. */
const isMoved = ({ sheet }: PlanContext, { plannedStart }: Row, armed: Armed): boolean =>
  instantOf(plannedStart) !== Date.parse(armed.at) || sheet.timeZone !== armed.timeZone;

/** Its time has come, on these rows. */
export function fire(context: PlanContext, row: Row, record: StepRecord, armed: Armed): Effect {
  const named = findNamed(context.known, armed.service);
  const when = plannedWords(Date.parse(armed.at), context.sheet.timeZone);
  if (context.now - Date.parse(armed.at) > GRACE_MS) return missed(record, stepMessages.missed(when));
  if (!named) return disarm(record, 'Planned', stepMessages.disarmedChanged, '');
  const open = blocking(context, row).map(({ step }) => step);
  if (open.length > 0) return disarm(record, 'Failed', stepMessages.notInOrder(open), '');
  const { action, requestedBy } = armed;
  return { kind: 'start', start: { named, action, requestedBy, takeOver: false, armed } };
}

function missed(record: StepRecord, result: string): Effect {
  const effect = disarm(record, 'Failed', result, '');
  return { ...effect, note: { ...effect.note, isMissed: true } };
}

export function disarm(record: StepRecord, status: string, result: string, who: string): Disarm {
  const plannedAt = record.armed?.at;
  const cells: Partial<DecidedCells> = { status, result, operation: '', by: '' };
  return {
    kind: 'disarm',
    cells,
    note: { kind: 'disarmed', who, message: result, ...(plannedAt ? { plannedAt } : {}) },
  };
}

/** The event of that change may still be in flight: meanwhile it does not run. */
const changedByNobody = (record: StepRecord, row: Row): Effect => ({
  kind: 'wait',
  shows: `changed ${row.plan}`,
  otherwise: disarm(record, 'Planned', stepMessages.unattributedScheduled, ''),
});

/** Nobody has taken it back: an earlier answer of ours came late, and stands over the Scheduled that it did not know. */
const isOverwritten = (context: PlanContext, row: Row, { over }: Armed): boolean =>
  over !== undefined &&
  !coversStatus(context, row) &&
  row.operation === '' &&
  row.status === over.status &&
  row.result === over.result;

/** People set something else: it is not run. To take back needs nobody's name. */
function takenBack(context: PlanContext, row: Row, record: StepRecord): Effect {
  const who = coversStatus(context, row) ? personOf(context) : '';
  const isHand = hasWord(row, 'Done');
  const result = isHand ? stepMessages.byHand(who) : stepMessages.disarmed(who);
  // What people set instead they may keep; that it runs is ours to say.
  const disarmed = disarm(record, hasWord(row, ...OURS) ? 'Planned' : row.status, result, who);
  return isHand ? { ...disarmed, cells: { ...disarmed.cells, by: who } } : disarmed;
}

/** Later, by an operator: stays armed. Anything else asks for a new Scheduled. */
function move(context: PlanContext, row: Row, record: StepRecord, armed: Armed): Effect {
  const who = personOf(context);
  const no = (result: string): Effect => disarm(record, 'Planned', result, who);
  const { plannedStart } = row;
  const at = instantOf(plannedStart);
  const { timeZone } = context.sheet;
  if (at === undefined) return no(stepMessages.disarmedNoTime(plannedStart.text));
  if (at < Date.parse(armed.at) || at <= context.now) return no(stepMessages.disarmedEarlier);
  if (isSkipped(plannedStart, at, timeZone)) {
    return no(stepMessages.disarmedSkipped(plannedStart.text.trim(), plannedWords(at, timeZone)));
  }
  const named = findNamed(context.known, armed.service);
  if (!named?.members.every((member) => mayAct(member, who))) return no(stepMessages.disarmedStranger(who));
  const moved: Armed = { ...armed, at: new Date(at).toISOString(), text: plannedStart.text, timeZone };
  const result = stepMessages.rearmed(plannedWords(at, timeZone), who, more(context, row, at));
  return arm(context, moved, named, result, { kind: 'moved', who });
}
