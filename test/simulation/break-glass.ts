import type { Action } from '../../contract/modes.ts';
import type { Operation } from '../../contract/operation-answer.ts';
import { type HttpAnswer, ON_CALL, type Servers } from './servers.ts';

/** Somebody on call, with a command that sends the same again when it is not answered, and asks until it is over. */

const AGAIN_AFTER_MS = 5_000;
const MOST_ATTEMPTS = 8;
const MOST_POLLS = 60;

export const signedByOnCall = { requestContext: { authorizer: { iam: { userArn: ON_CALL } } } };

export async function breakGlass(servers: Servers, action: Action, service: string, more: object = {}): Promise<void> {
  const requestedAt = new Date(servers.clock.now).toISOString();
  const operationId = `production-glass-${action}`;
  const order = { operationId, service, action, requestedAt, reason: 'the sheet is down', ...more };
  servers.note(`${ON_CALL} breaks the glass: ${action} ${service}`);
  const taken = await untilAnswered(servers, () =>
    servers.http('POST /break-glass/operations', '', order, signedByOnCall),
  );
  if (taken.status !== 200 && taken.status !== 202) throw new Error(`the order was refused: ${taken.body}`);
  let operation = JSON.parse(taken.body) as Operation;
  for (let polls = 0; operation.again !== undefined && polls < MOST_POLLS; polls += 1) {
    servers.clock.now += Math.max(1_000, operation.again.afterMs);
    const told = await servers.http('GET /break-glass/operations/{id}', operationId, undefined, signedByOnCall);
    if (told.status < 300) operation = JSON.parse(told.body) as Operation;
  }
}

async function untilAnswered({ clock }: Servers, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send();
    if ((answer.status < 500 && answer.status !== 429) || attempt === MOST_ATTEMPTS) return answer;
    clock.now += AGAIN_AFTER_MS;
  }
}
