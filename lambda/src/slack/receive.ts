import { type HttpEvent, type HttpResult, respond } from '../api/http.ts';
import { knownServices } from '../model/service-names.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import { slackMessages } from '../words/slack-words.ts';
import { placeObjection } from './admission.ts';
import { readCommand } from './commands.ts';
import { auditRefusal, claim, finish } from './deliveries.ts';
import type { SlackDependencies } from './dependencies.ts';
import { formView } from './form.ts';
import { identify } from './identify.ts';
import { plainMessage } from './messages.ts';
import { readSlackRequest, type SlackRequest } from './request.ts';
import { signatureFault } from './signature.ts';

/**
 * What Slack waits for, three seconds at most: whether the request is one of its own, from where it may come from. Everything
 * else is another invocation's; but for a form, which must be opened meanwhile.
 */
export async function receive(deps: SlackDependencies, event: HttpEvent): Promise<HttpResult> {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const signing = await deps.secrets().then(
    (secrets) => secrets.signing,
    (error: Error) => deps.log('error', 'no secrets', { message: error.message }),
  );
  if (!signing) return respond(503, { code: 'TRY_AGAIN', message: 'Requests cannot be checked at the moment.' });
  const timestamp = event.headers?.['x-slack-request-timestamp'];
  const signature = event.headers?.['x-slack-signature'];
  const fault = signatureFault({ timestamp, signature, body }, signing, deps.now());
  if (fault) {
    // Nobody is known to have asked: it is logged, and not audited, or strangers could fill the audit.
    deps.log('warn', 'not signed by Slack', { fault });
    return respond(401, { code: 'UNAUTHENTICATED', message: 'This is not signed by Slack for this app.' });
  }
  const request = readSlackRequest(body.toString('utf8'));
  if (!request) return respond(400, { code: 'INVALID_FIELD', message: 'Nothing like this was asked of Slack.' });
  const objection = placeObjection(deps.slack, request);
  if (objection !== undefined) return refused(deps, request, objection);
  try {
    if (request.kind === 'command' && (await opensForm(deps, request))) return ACKNOWLEDGED;
    await deps.invokeSelf({ slack: request });
    return ACKNOWLEDGED;
  } catch (error) {
    deps.log('error', 'not taken', { message: (error as Error).message });
    const isShort = request.kind === 'command' && request.text.trim().split(/\s+/).length < 2;
    return toPerson(isShort ? slackMessages.noForm(deps.slack.command) : slackMessages.notTaken);
  }
}

const ACKNOWLEDGED: HttpResult = { statusCode: 200, headers: {}, body: '' };

/** Only the person who typed the command sees it; after a button, Slack shows nothing of an answer. */
const toPerson = (text: string): HttpResult => respond(200, { response_type: 'ephemeral', ...plainMessage(text) });

async function refused(deps: SlackDependencies, request: SlackRequest, objection: string): Promise<HttpResult> {
  const record = await claim(deps, request);
  if (record) {
    await auditRefusal(deps, record, objection);
    await finish(deps, record);
  }
  return toPerson(objection);
}

/** @returns Whether nothing is left to do. */
async function opensForm(given: SlackDependencies, request: SlackRequest & { kind: 'command' }): Promise<boolean> {
  const deps = await knowingOrphans(given);
  const known = knownServices(deps.config);
  const intent = readCommand(request.text, known, deps.slack.command);
  if (intent.kind !== 'form') return false;
  const record = await claim(deps, request);
  if (!record) return true;
  const person = await identify(deps, record);
  await finish(deps, record);
  if (person) await deps.slackApi.openForm(request.triggerId, formView(known, request.channel, intent.action));
  return true;
}
