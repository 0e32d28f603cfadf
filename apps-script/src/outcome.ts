import type { Operation } from '../../contract/operation.ts';
import { OLDEST_REQUEST_MS } from '../../contract/operation.ts';
import { UNPROVEN_AFTER_MS } from '../../contract/timing.ts';
import { describeOperation } from '../../lambda/src/words/operation-words.ts';
import type { Answer } from './api-client.ts';
import { pickSays } from './boards/pick-words.ts';
import type { OutboxEntry } from './entry-record.ts';
import type { OwnCells, Status } from './rundown.ts';
import { says } from './sentences.ts';

/** What an answer means for the row. Pure. */
export interface Outcome {
  readonly entry: OutboxEntry;
  /** Undefined leaves the row as it is. */
  readonly cells?: OwnCells;
  /** The end is known: once it is in the row, the outbox may forget it. */
  readonly isFinal: boolean;
  /** It never reached the server: send the same bytes again. */
  readonly resend?: boolean;
  /** What the outbox forgets with it, if that is more than the entry. */
  readonly forget?: readonly string[];
  /** It was committed, whatever came of it then. */
  readonly isLetIn?: boolean;
  /** Refused because another sheet holds the service: a second Go may take over. */
  readonly isHeldByOther?: boolean;
}

/**
 * `first`: sent for the first time. `again`: sent before, so an earlier one may have arrived.
 * `look`: asked after it. `glance`: asked after it two seconds ago; a failure is not worth a word yet.
 */
export type How = 'first' | 'again' | 'look' | 'glance';

/** After this the request would be refused as stale, so an id that is still unknown was never run. */
export const GIVE_UP_MS = OLDEST_REQUEST_MS + 60_000;
/** Nothing more is expected of a proof that did not come in a day. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

export interface OutcomeOptions {
  readonly now: number;
  formatTime(iso: string): string;
}

export function outcomeOf(entry: OutboxEntry, how: How, answer: Answer, options: OutcomeOptions): Outcome {
  switch (answer.kind) {
    case 'operation':
      return ofOperation(entry, answer.operation, options);
    case 'problem':
      return ofProblem(entry, how, answer, options);
    case 'denied':
      // Sent before, it may have been let in then.
      if (how === 'first') return failed(entry, says.notLetIn(answer.why, entry.id));
      return unsure(entry, how, `Drawbridge did not let this sheet in (${answer.why})`);
    case 'unreachable':
      return unsure(entry, how, `Drawbridge could not be reached (${answer.why})`);
  }
}

function ofOperation(entry: OutboxEntry, operation: Operation, options: OutcomeOptions): Outcome {
  const { state, acceptedAt, verifiedAt, proof } = operation;
  const say = (status: Status, isFinal: boolean, unproven = false): Outcome => {
    const cells: OwnCells = { status, result: describeOperation(operation, { ...options, unproven }) };
    if (isFinal) cells.finished = new Date(verifiedAt ? Date.parse(verifiedAt) : options.now);
    return { entry, cells, isFinal, isLetIn: state !== 'refused' };
  };
  if (state === 'verified') return say('Done', true);
  if (state === 'superseded' || state === 'refused') return say('Failed', true);
  if (state === 'accepted' && proof.state === 'none') return say('Unproven', true);
  const isLate =
    state === 'accepted' && acceptedAt !== undefined && options.now - Date.parse(acceptedAt) > UNPROVEN_AFTER_MS;
  return isLate ? say('Unproven', options.now - entry.at > LONGEST_WAIT_MS, true) : say('Running', false);
}

const PASSING = new Set(['TRY_AGAIN', 'SLOW_DOWN', 'INTERNAL', 'UNKNOWN_ROUTE']);

type ProblemAnswer = Answer & { kind: 'problem' };

function ofProblem(entry: OutboxEntry, how: How, answer: ProblemAnswer, options: OutcomeOptions): Outcome {
  const { code, message, status } = answer;
  const isLooking = how === 'look' || how === 'glance';
  if (isLooking && code === 'UNKNOWN_OPERATION') {
    if (options.now - entry.at > GIVE_UP_MS)
      return failed(entry, entry.tab ? pickSays.neverArrived(entry.id) : says.neverArrived(entry.id));
    return { entry, isFinal: false, resend: entry.body !== '' };
  }
  // What a look is answered says nothing of what was sent.
  if (isLooking || PASSING.has(code) || status >= 500 || status === 429) {
    return unsure(entry, how, message.replace(/\.$/, ''));
  }
  if (code === 'HELD_BY_OTHER') {
    const result = (entry.tab ? pickSays : says).heldByOther(message, entry.id);
    return { ...failed(entry, result), isHeldByOther: true };
  }
  return failed(entry, says.refused(message, entry.id));
}

/** It never began, so nothing finished. */
const failed = (entry: OutboxEntry, result: string): Outcome => ({
  entry,
  cells: { status: 'Failed', result },
  isFinal: true,
});

function unsure(entry: OutboxEntry, how: How, why: string): Outcome {
  if (how === 'glance') return { entry, isFinal: false };
  if (how === 'look') return { entry, cells: { result: says.unseenState(why, entry.id) }, isFinal: false };
  return { entry, cells: { status: 'Running', result: says.unanswered(why, entry.id) }, isFinal: false };
}
