import type { Operation } from '../../contract/operation.ts';
import { OLDEST_REQUEST_MS } from '../../contract/operation.ts';
import { describeOperation } from '../../contract/words.ts';
import type { Answer } from './api-client.ts';
import type { OutboxEntry } from './entry-record.ts';
import type { OwnCells, Status } from './rundown.ts';

/** What an answer means for the row. Pure. */
export interface Outcome {
  readonly entry: OutboxEntry;
  readonly cells: OwnCells;
  /** The end is known: once it is in the row, the outbox may forget it. */
  readonly isFinal: boolean;
  /** It never reached the server: send the same bytes again. */
  readonly resend?: boolean;
}

/** Proof that takes longer than this is told as Unproven; later proof still makes it Done. */
const PROOF_MS = 5 * 60_000;
/** After this the request would be refused as stale, so an id that is still unknown was never run. */
export const GIVE_UP_MS = OLDEST_REQUEST_MS + 60_000;
/** Nothing more is expected of a proof that did not come in a day. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

export interface OutcomeOptions {
  readonly now: number;
  formatTime(iso: string): string;
}

export function outcomeOf(entry: OutboxEntry, answer: Answer, options: OutcomeOptions): Outcome {
  switch (answer.kind) {
    case 'operation':
      return ofOperation(entry, answer.operation, options);
    case 'problem':
      return ofProblem(entry, answer, options);
    case 'unreachable':
      return stillTrying(entry, `Drawbridge could not be reached (${answer.why}).`, options);
  }
}

function ofOperation(entry: OutboxEntry, operation: Operation, options: OutcomeOptions): Outcome {
  const { state, acceptedAt, proof } = operation;
  const say = (status: Status, isFinal: boolean, unproven = false): Outcome => {
    const cells: OwnCells = { status, result: describeOperation(operation, { ...options, unproven }) };
    if (isFinal) cells.finished = new Date(operation.verifiedAt ? Date.parse(operation.verifiedAt) : options.now);
    return { entry, cells, isFinal };
  };
  if (state === 'verified') return say('Done', true);
  if (state === 'superseded' || state === 'refused') return say('Failed', true);
  if (state === 'accepted' && proof.state === 'none') return say('Unproven', true);
  const isLate = acceptedAt !== undefined && options.now - Date.parse(acceptedAt) > PROOF_MS;
  return isLate ? say('Unproven', options.now - entry.at > LONGEST_WAIT_MS, true) : say('Running', false);
}

/** Worth another try: the server is busy, or did not know the id because the request never arrived. */
const PASSING = new Set(['TRY_AGAIN', 'SLOW_DOWN', 'INTERNAL']);

function ofProblem(
  entry: OutboxEntry,
  { code, message, status }: Answer & { kind: 'problem' },
  options: OutcomeOptions,
): Outcome {
  if (code === 'UNKNOWN_OPERATION') {
    const lost = stillTrying(entry, 'Drawbridge does not know of this step yet.', options);
    return lost.isFinal ? lost : { ...lost, resend: true };
  }
  if (PASSING.has(code) || status >= 500 || status === 429) return stillTrying(entry, message, options);
  return failed(entry, `${message} Nothing was changed. (${entry.id})`, options);
}

const failed = (entry: OutboxEntry, result: string, { now }: OutcomeOptions): Outcome => ({
  entry,
  cells: { status: 'Failed', result, finished: new Date(now) },
  isFinal: true,
});

function stillTrying(entry: OutboxEntry, why: string, options: OutcomeOptions): Outcome {
  if (options.now - entry.at > GIVE_UP_MS && why.startsWith('Drawbridge does not know')) {
    return failed(entry, `Nothing was run: the request never arrived. Set Go again. (${entry.id})`, options);
  }
  const result = `We don't know yet whether this was run. ${why} We try again every minute. Do not go on with the next step. (${entry.id})`;
  return { entry, cells: { status: 'Running', result }, isFinal: false };
}
