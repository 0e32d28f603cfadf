import type { Operation } from '../../../contract/operation-answer.ts';
import { isReached } from '../../../contract/status.ts';
import { UNPROVEN_AFTER_MS } from '../../../contract/timing.ts';
import type { DecidedCells, Run, StepRecord } from '../model/rundown-record.ts';
import { describeOperation } from '../words/operation-words.ts';
import { stepMessages } from '../words/step-words.ts';
import type { Refusal, RunOutcome } from './plan/effects.ts';
import { wasDone } from './plan/off-plan.ts';
import { putBack } from './plan/put-back.ts';
import type { WayBack } from './way-back.ts';

/** What a run's operations come to in its row. Pure. */

/** Nothing more is expected of a proof that did not come in a day. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

export interface OutcomeOptions {
  readonly now: number;
  readonly isPick: boolean;
  formatTime(iso: string): string;
  readonly wayBack: WayBack;
  /** Whether the config names a service, or it is remembered as one that was closed. */
  isKnown(service: string): boolean;
}

interface Member {
  readonly status: 'Running' | 'Done' | 'Accepted' | 'Unproven' | 'Failed';
  readonly result: string;
  readonly isOver: boolean;
  readonly finished?: string | undefined;
  readonly refusal?: Refusal;
}

/** @param operations - Of the run, as far as they were committed; bound to its service, action and person. */
export function outcomeOfRun(
  { run, intents }: { run: Run; intents: StepRecord['intents'] },
  operations: ReadonlyMap<string, Operation>,
  options: OutcomeOptions,
): RunOutcome {
  const members = run.operations.map(({ operationId }): Member => {
    const operation = operations.get(operationId);
    if (operation) return memberOf(operation, run, options);
    if (intents[operationId]) return { status: 'Running', result: stepMessages.starting(operationId), isOver: false };
    return { status: 'Failed', result: stepMessages.interrupted(options.isPick), isOver: true };
  });
  return combine(members);
}

function memberOf(operation: Operation, run: Run, options: OutcomeOptions): Member {
  const { state, acceptedAt, verifiedAt, proof, operationId, problem } = operation;
  const isLost = !options.isKnown(operation.service);
  const say = (status: Member['status'], isOver: boolean, unproven = false): Member => ({
    status,
    result: describeOperation(operation, {
      formatTime: options.formatTime,
      unproven,
      isLost,
      wayBack: options.wayBack(operation.service),
    }),
    isOver,
    ...(isReached(status) ? { finished: verifiedAt ?? acceptedAt ?? new Date(options.now).toISOString() } : {}),
  });
  if (state === 'verified') return say('Done', true);
  if (state === 'superseded') return say('Failed', true);
  if (state === 'refused') {
    const isHeld = problem?.code === 'HELD_BY_OTHER';
    const said = problem?.message ?? '';
    const message = isHeld ? stepMessages.heldByOther(said, options.isPick) : said;
    const refusal = { message, isHeld, at: run.startedAt };
    return { status: 'Failed', result: stepMessages.refused(message, operationId), isOver: true, refusal };
  }
  if (state === 'accepted' && proof.state === 'none') return say('Accepted', true);
  const isLate = acceptedAt !== undefined && options.now - Date.parse(acceptedAt) > UNPROVEN_AFTER_MS;
  if (!isLost && (state !== 'accepted' || !isLate)) return say('Running', false);
  return say('Unproven', options.now - Date.parse(run.startedAt) > LONGEST_WAIT_MS, true);
}

const WORST_FIRST = ['Failed', 'Unproven', 'Accepted'] as const;

/** A row that names a group has one operation for each member: Done when all are, Failed when one of them is at the end. */
function combine(members: readonly Member[]): RunOutcome {
  const has = (status: Member['status']) => members.some((member) => member.status === status);
  const isOver = members.every((member) => member.isOver);
  const open = has('Unproven') && !has('Running') ? 'Unproven' : 'Running';
  const status = isOver ? (WORST_FIRST.find(has) ?? 'Done') : open;
  const ends = members.flatMap(({ finished }) => finished ?? []).sort();
  const result = members.map((member) => member.result).join('\n');
  const refusals = members.flatMap(({ refusal }) => refusal ?? []);
  const refusal =
    refusals.length === members.length ? (refusals.find(({ isHeld }) => isHeld) ?? refusals[0]) : undefined;
  return {
    cells: { status, result, finished: isReached(status) ? (ends[ends.length - 1] ?? '') : '' },
    isOver,
    ...(refusal ? { refusal } : {}),
  };
}

/** A step with what is known of its run now. */
export function settled(record: StepRecord, outcome: RunOutcome, timeZone: string): StepRecord {
  const { run } = record;
  if (!run || run.isOver) return record;
  const { cells, isOver, refusal } = outcome;
  const next: StepRecord = {
    ...record,
    decided: { ...record.decided, ...cells, by: run.requestedBy, operation: run.id, started: run.startedAt },
    isAnswered: true,
    run: { ...run, isOver },
  };
  if (!isOver) return next;
  return refusal ? refused(next, record, refusal, timeZone) : { ...next, before: undefined };
}

/** A refused Go changes nothing: what was armed stays armed, what was Done stays Done (decision 11). */
function refused(next: StepRecord, { before, run }: StepRecord, refusal: Refusal, timeZone: string): StepRecord {
  const { isHeld, at } = refusal;
  const question =
    isHeld && run ? { kind: 'take-over' as const, by: run.requestedBy, at, syncId: run.syncId } : undefined;
  const last = before && { ...next, ...before };
  if (!last || !(last.armed || (wasDone(last) && (isReached(last.decided.status) || last.afterwards)))) {
    return { ...next, question, before: undefined };
  }
  const cells: Partial<DecidedCells> = putBack({ timeZone }, last, next.decided.result);
  return { ...last, decided: { ...last.decided, ...cells }, question, before: undefined };
}
