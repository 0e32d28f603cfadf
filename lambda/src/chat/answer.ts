import { chatCommands } from '../../../config/lets-through.ts';
import { titleIn } from '../../../config/names.ts';
import type { ChatConfig } from '../../../config/schema.ts';
import type { OperationRequest } from '../../../contract/operation.ts';
import type { Operation } from '../../../contract/operation-answer.ts';
import { ProblemError } from '../../../contract/problem.ts';
import { knownServices } from '../model/service-names.ts';
import type { Notify } from '../notify/sns.ts';
import { advanceOperation } from '../operate/advance-operation.ts';
import { operate } from '../operate/operate.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import { serviceStatuses } from '../operate/service-status.ts';
import type { RundownDependencies } from '../rundown/dependencies.ts';
import { idFrom } from '../slack/deliveries.ts';
import { UNKNOWN_SERVICE } from '../store/audit.ts';
import { channelWords, chatMessages, chatTitles } from '../words/chat-words.ts';
import { BUSY } from '../words/phrases.ts';
import { statusLine } from '../words/slack-words.ts';
import { type Ask, readAsk } from './read-ask.ts';

/**
 * The AWS-native way in: Amazon Q Developer invokes this function for anybody who writes in the channel. It tells nobody who
 * that was, and waits for no answer: what comes of it is told through a topic that the channel hears.
 */
export interface ChatDependencies extends RundownDependencies {
  readonly chat: ChatConfig;
  readonly notify: Notify;
}

export interface Asked {
  readonly event: unknown;
  /** The same where Lambda delivers or tries it again. */
  readonly requestId: string;
  /** Milliseconds since the epoch: what is not proven then is proven by others. */
  readonly until: number;
}

const BETWEEN_MS = 1_200;

export async function answer(given: ChatDependencies, { event, requestId, until }: Asked): Promise<void> {
  const deps = await knowingOrphans(given);
  const id = idFrom(deps.environment, 'chat', requestId);
  const ask = readAsk(event, knownServices(deps.config), chatCommands(deps.config));
  if (ask.kind === 'status') await tellStatus(deps, ask.services);
  else if (ask.kind === 'wish') await run(deps, ask, id, until);
  else await refuse(deps, id, ask.message);
}

async function tellStatus(deps: ChatDependencies, services: readonly string[]): Promise<void> {
  const statuses = (await serviceStatuses(deps)).filter(
    ({ service }) => services.length === 0 || services.includes(service),
  );
  const lines = statuses.map((status) => {
    const { word, text } = statusLine(status, deps.now());
    return `${status.title}: ${word}. ${text}`;
  });
  await deps.notify({ subject: chatTitles.status(deps.environment), message: lines.join('\n') });
}

/** It was not understood: nobody's operation, and audited as such. */
async function refuse(deps: ChatDependencies, id: string, message: string): Promise<void> {
  const { channel } = deps.chat;
  const by = channelWords(channel);
  deps.log('warn', 'not let in', { operationId: id, channel, message });
  await deps.store.addAudit({
    ...{ service: UNKNOWN_SERVICE, revision: 0, operationId: id, kind: 'not-admitted', by, message },
    source: { kind: 'chat-channel', channel },
    at: new Date(deps.now()).toISOString(),
  });
  await deps.notify({ subject: chatTitles.refused(deps.environment), message });
}

async function run(
  deps: ChatDependencies,
  { action, service }: Extract<Ask, { kind: 'wish' }>,
  id: string,
  until: number,
): Promise<void> {
  const { channel } = deps.chat;
  const subject = chatTitles.wish(action, titleIn(deps.config, service), deps.environment);
  const tell = (message: string) => deps.notify({ subject, message, service, thread: id });
  const request: OperationRequest = {
    ...{ operationId: id, service, action, requestedBy: channelWords(channel) },
    requestedAt: new Date(deps.now()).toISOString(),
    source: { kind: 'chat-channel', channel },
  };
  // Delivered again, it is asked later than it was: what is known by then is told, and not asked a second time.
  const begun = (await advanceOperation(deps, id)) ?? (await begin(deps, request));
  if (typeof begun === 'string') return tell(chatMessages.refused(begun));
  await tell(begun.message);
  const ended = await follow(deps, begun, until);
  if (ended.message !== begun.message) await tell(ended.message);
}

/** @returns Why it was not taken, as text; that is audited already. */
async function begin(deps: ChatDependencies, request: OperationRequest): Promise<Operation | string> {
  const { operationId, service, action, requestedBy } = request;
  try {
    const operation = await operate(deps, request);
    const { state, revision, changed } = operation;
    deps.log('info', 'operation', { operationId, service, action, state, revision, changed, requestedBy });
    return operation;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // Delivered twice at once: the other one was taken.
    if (error.code === 'ID_REUSED') return (await advanceOperation(deps, operationId)) ?? error.message;
    deps.log('warn', 'refused', { operationId, service, action, requestedBy, code: error.code });
    // Whether it was written all the same is looked up; the channel cannot send the same again.
    if (error.code === 'TRY_AGAIN') return (await advanceOperation(deps, operationId)) ?? BUSY;
    return error.message;
  }
}

/** Until it is proven, or time is over: the reconciler looks after it then, and tells if it stays unproven. */
async function follow(deps: ChatDependencies, begun: Operation, until: number): Promise<Operation> {
  let operation = begun;
  while (operation.again !== undefined && deps.now() + BETWEEN_MS <= until) {
    await deps.sleep(BETWEEN_MS);
    operation = (await advanceOperation(deps, operation.operationId)) ?? operation;
  }
  return operation;
}
