import { ACTIONS, type Action, MOVES } from '../../../../contract/modes.ts';
import type { Rehearsable } from '../../../../contract/rehearsal.ts';
import { isRehearsing, isRunning, type Question, type StepRecord } from '../../model/rundown-record.ts';
import { findNamed, type Known, mayAct, type Named, namedLike, namesOf } from '../../model/service-names.ts';
import { rehearsalMessages } from '../../words/rehearsal-words.ts';
import { stepMessages } from '../../words/step-words.ts';
import { isTheirs, isTooLate, personOf } from './authority.ts';
import type { Effect, PlanContext } from './effects.ts';
import { offPlan, wasDone } from './off-plan.ts';
import { putBack } from './put-back.ts';
import { isPick, type Row } from './row.ts';
import { clockWords } from './wall-time.ts';

/** A Go: run it, or say why not. Pure. */

/** A second Go counts so long after the question. */
const CONFIRM_MS: Readonly<Record<Question['kind'], number>> = { 'off-plan': 60_000, 'take-over': 120_000 };

const ACTION_TITLES = ACTIONS.map((action) => MOVES[action].title);

export function planGo(context: PlanContext, row: Row, record: StepRecord): Effect {
  if (!isTheirs(context, row)) return unattributed(context, row, record);
  if (row.rehearses !== undefined) return planRehearsal(context, row, record, row.rehearses);
  const asked = whatIsAsked(context, row, record);
  return 'kind' in asked ? asked : start(context, row, record, asked);
}

/** Anyone who may pick it may rehearse it: whether they may is told as if it were meant. */
function planRehearsal(context: PlanContext, row: Row, record: StepRecord, what: Rehearsable): Effect {
  if (isRehearsing(record)) return { kind: 'keep' };
  const { run } = record;
  if (run && isRunning(record)) {
    const note = { kind: 'not-run', who: personOf(context), message: rehearsalMessages.stillRunning } as const;
    return { kind: 'not-rehearsed', picked: row.action, run, note };
  }
  const nobody = whyNobody(context, row, record);
  if (nobody) return nobody;
  const requestedBy = personOf(context);
  const named = namedIn(context.known, row);
  return typeof named === 'string'
    ? failed(context, record, named, requestedBy)
    : { kind: 'rehearse', what, named, requestedBy };
}

/** Its event may still come; without one it is nobody's, and is put back. */
function unattributed(context: PlanContext, row: Row, record: StepRecord): Effect {
  const result = stepMessages.unattributed(isPick(row));
  // That there is no such action is so for every author.
  if (row.action.trim() !== '' && !row.meant && row.rehearses === undefined) {
    const unknown = failed(context, record, stepMessages.unknownAction(row.action, ACTION_TITLES), '');
    return { kind: 'wait', shows: `Go ${row.plan}`, otherwise: unknown };
  }
  return { kind: 'wait', shows: `Go ${row.plan}`, otherwise: notRun(context, record, result, '') };
}

/** Nothing was run, and nothing was changed by that: the row says again what it was. */
export function notRun(context: PlanContext, record: StepRecord, result: string, who: string, asks?: string): Effect {
  const cells = putBack(context.sheet, record, result);
  return { kind: 'answer', cells, note: { kind: 'not-run', who, message: result }, asks };
}

export interface Asked {
  readonly named: Named;
  readonly action: Action;
  readonly requestedBy: string;
}

/** Who asks for what, or why that cannot be known. */
export function whatIsAsked(context: PlanContext, row: Row, record: StepRecord): Asked | Effect {
  const nobody = whyNobody(context, row, record);
  if (nobody) return nobody;
  const requestedBy = personOf(context);
  const meant = whatIsMeant(context.known, row);
  return typeof meant === 'string' ? failed(context, record, meant, requestedBy) : { ...meant, requestedBy };
}

function whyNobody(context: PlanContext, row: Row, record: StepRecord): Effect | undefined {
  const requestedBy = personOf(context);
  if (requestedBy === '') return notRun(context, record, stepMessages.nobodyNamed(isPick(row)), '');
  if (isTooLate(context)) return notRun(context, record, stepMessages.tooLate(isPick(row)), requestedBy);
  return undefined;
}

/** The action and the service that a row names; or what is wrong with them. */
export function whatIsMeant(known: Known, row: Row): Omit<Asked, 'requestedBy'> | string {
  if (row.action.trim() === '') return stepMessages.chooseAction(ACTION_TITLES);
  if (!row.meant) return stepMessages.unknownAction(row.action, ACTION_TITLES);
  const named = namedIn(known, row);
  return typeof named === 'string' ? named : { named, action: row.meant };
}

function namedIn(known: Known, row: Row): Named | string {
  if (row.service.trim() === '' && isPick(row)) return stepMessages.noService;
  const named = findNamed(known, row.service);
  if (named) return named;
  const several = namedLike(known, row.service);
  return several.length > 1
    ? stepMessages.severalServices(
        row.service,
        several.map(({ name, title }) => `${title} (${name})`),
      )
    : stepMessages.unknownService(row.service, namesOf(known));
}

/** What cannot be run at all is Failed; a step that was armed or done stays what it was, and tells what it was before. */
function failed(context: PlanContext, record: StepRecord, result: string, who: string): Effect {
  if (record.armed || wasDone(record) || record.ranAs) return notRun(context, record, result, who);
  return { kind: 'answer', cells: { status: 'Failed', result }, note: { kind: 'not-run', who, message: result } };
}

function start(context: PlanContext, row: Row, record: StepRecord, asked: Asked): Effect {
  const { named, requestedBy } = asked;
  const stranger = named.members.find((member) => !mayAct(member, requestedBy));
  // What others have armed is nothing that a refusal may end. Otherwise the refusal is the server's, and audited as one.
  if (stranger && record.armed) {
    const result = stepMessages.notOperator(requestedBy, stranger.title, stranger.operators);
    return notRun(context, record, result, requestedBy);
  }
  const confirmed = questionAnswered(context, row, record, requestedBy);
  const why = context.isProduction && !stranger ? offPlan(context, row, record, named) : undefined;
  if (why !== undefined && !confirmed) {
    const until = clockWords(new Date(context.now + CONFIRM_MS['off-plan']).toISOString(), context.sheet.timeZone);
    return notRun(context, record, stepMessages.offPlan(why, isPick(row), until), requestedBy, requestedBy);
  }
  return { kind: 'start', start: { ...asked, takeOver: confirmed?.kind === 'take-over' } };
}

/**
 * The question was put to this person a moment ago, they had read it when they set Go, and this is another Go than the one
 * that was answered with it, for the same action.
 */
function questionAnswered(
  { now, syncId }: PlanContext,
  row: Row,
  { question, decided }: StepRecord,
  person: string,
): Question | undefined {
  if (!question || question.syncId === syncId || row.result !== decided.result) return undefined;
  if (question.action !== undefined && question.action !== row.action) return undefined;
  if (question.by.toLowerCase() !== person.toLowerCase()) return undefined;
  return now - Date.parse(question.at) <= CONFIRM_MS[question.kind] ? question : undefined;
}
