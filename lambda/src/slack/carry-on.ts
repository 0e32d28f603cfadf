import { titleIn } from '../../../config/names.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import { ProblemError } from '../../../contract/problem.ts';
import { UNPROVEN_AFTER_MS } from '../../../contract/timing.ts';
import { allDone } from '../model/all-done.ts';
import type { SlackRecord } from '../model/slack-record.ts';
import { advanceOperation } from '../operate/advance-operation.ts';
import { operate } from '../operate/operate.ts';
import { describeOperation } from '../words/operation-words.ts';
import { askedTitle, slackMessages, startingWords } from '../words/slack-words.ts';
import { secondUtc } from '../words/times.ts';
import type { SlackDependencies } from './dependencies.ts';
import { progressMessage } from './messages.ts';
import type { SlackMessage } from './web-api.ts';
import { whyNot } from './why-not.ts';

/** Runs what was decided, and tells of it by changing one message. Slack that does not answer keeps nothing waiting. */

interface Told {
  readonly state: Operation['state'];
  readonly message: string;
  readonly isOver: boolean;
}

/** Nothing more is told of an operation that was not proven in a day. */
const LONGEST_MS = 24 * 60 * 60_000;
/** Slack takes about one change of a message a second. */
const BETWEEN_MS = 1_200;
/** It is down, or asks for patience. */
const AFTER_REFUSAL_MS = 6_000;

/**
 * Safe to repeat, and beside itself: operations have ids, and the message is one.
 * @param until - Milliseconds since the epoch: what is left then is carried on by the next tick.
 */
export async function carryOn(deps: SlackDependencies, given: SlackRecord, until: number): Promise<void> {
  const operations = given.operations ?? [];
  const titles = operations.map(({ service }) => titleIn(deps.config, service));
  const title = askedTitle(operations[0]?.action ?? 'enter', titles, given.by.email, deps.environment);
  const starting = operations.map((one) => ({
    state: 'pending' as const,
    message: startingWords(one.action, titleIn(deps.config, one.service), one.operationId),
  }));
  const isFirst = given.said === undefined;
  const [first, problems] = await allDone([
    isFirst ? say(deps, given, progressMessage(title, starting)) : given,
    runAll(deps, operations),
  ]);
  let record = first;
  for (;;) {
    const told = await allDone(operations.map((one) => standing(deps, one, problems.get(one.operationId))));
    const message = progressMessage(title, told);
    record = await say(deps, record, message);
    const isTold = record.said === message.text;
    const isOld = deps.now() - Date.parse(record.at) > LONGEST_MS;
    if ((told.every(({ isOver }) => isOver) && isTold) || isOld) return leave(deps, record, 'over');
    const pauseMs = isTold ? BETWEEN_MS : AFTER_REFUSAL_MS;
    if (deps.now() + pauseMs > until) return leave(deps, record, 'running');
    await deps.sleep(pauseMs);
  }
}

/** @returns By id, why one was not run. */
async function runAll(
  deps: SlackDependencies,
  operations: readonly OperationRequest[],
): Promise<ReadonlyMap<string, string>> {
  const problems = new Map<string, string>();
  await allDone(
    operations.map(async (one) => {
      const { operationId, service, action, requestedBy } = one;
      try {
        const { state, revision, changed } = await operate(deps, one);
        deps.log('info', 'operation', { operationId, service, action, state, revision, changed, requestedBy });
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        deps.log('warn', 'refused', { operationId, service, action, requestedBy, code: error.code });
        problems.set(operationId, whyNot(deps, error, service));
      }
    }),
  );
  return problems;
}

async function standing(
  deps: SlackDependencies,
  { operationId }: OperationRequest,
  problem: string | undefined,
): Promise<Told> {
  const operation = await advanceOperation(deps, operationId);
  if (!operation) return { state: 'refused', message: problem ?? slackMessages.notTaken, isOver: true };
  const { message, again, ...facts } = operation;
  const { state, committedAt } = facts;
  const isLate = committedAt !== undefined && deps.now() - Date.parse(committedAt) > UNPROVEN_AFTER_MS;
  const unproven = state === 'accepted' && isLate;
  return {
    state,
    message: unproven ? describeOperation(facts, { formatTime: secondUtc, unproven }) : message,
    isOver: again === undefined,
  };
}

/** @returns The record with what its message says now: the same as before if Slack did not take it. */
async function say(deps: SlackDependencies, record: SlackRecord, message: SlackMessage): Promise<SlackRecord> {
  const { channel, ts, said } = record;
  if (said === message.text) return record;
  try {
    if (ts !== undefined) {
      await deps.slackApi.update(channel, ts, message);
      return { ...record, said: message.text };
    }
    const posted = { ...record, ts: await deps.slackApi.post(channel, message), said: message.text };
    // At once: an execution that dies must leave word of the message, or there would be two.
    return (await deps.store.putSlackRecord(record, posted)) ?? posted;
  } catch (error) {
    deps.log('warn', 'not said', { operationId: record.id, message: (error as Error).message });
    return record;
  }
}

async function leave(deps: SlackDependencies, record: SlackRecord, state: 'over' | 'running'): Promise<void> {
  const { workUntil: _until, ...rest } = record;
  await deps.store.putSlackRecord(record, { ...rest, state });
}
