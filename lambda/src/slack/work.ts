import { ProblemError } from '../../../contract/problem.ts';
import type { ServiceStatus } from '../../../contract/services.ts';
import { allDone } from '../model/all-done.ts';
import { knownServices } from '../model/service-names.ts';
import type { SlackRecord, Wish } from '../model/slack-record.ts';
import { unknownService } from '../operate/checks.ts';
import { foresee, isRefused } from '../operate/foresee.ts';
import { operate } from '../operate/operate.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import { rehearse } from '../operate/rehearse.ts';
import { serviceStatuses } from '../operate/service-status.ts';
import { helpText, type Question, questionTitle, slackMessages } from '../words/slack-words.ts';
import { carryOn } from './carry-on.ts';
import { type Intent, readCommand } from './commands.ts';
import { claim, finish } from './deliveries.ts';
import type { SlackDependencies } from './dependencies.ts';
import { readFields } from './form.ts';
import { identify, tell } from './identify.ts';
import { judgePress, shownOf } from './judge-press.ts';
import {
  answeredMessage,
  helpMessage,
  noticeMessage,
  ON_IT,
  OPEN_NOW,
  plainMessage,
  questionMessage,
  statusMessage,
  TAKE_OVER,
  textMessage,
} from './messages.ts';
import { operationsOf, untilOf } from './operations.ts';
import type { SlackRequest } from './request.ts';
import { whyNot } from './why-not.ts';

/** What is done with a request once Slack has its answer. */
export async function work(given: SlackDependencies, request: SlackRequest, until: number): Promise<void> {
  const deps = await knowingOrphans(given);
  const claimed = await claim(deps, request);
  if (!claimed) return;
  const record = await identify(deps, claimed);
  if (!record) await finish(deps, claimed);
  else if (request.kind === 'button') await press(deps, record, request, until);
  else await answer(deps, record, intentOf(deps, request), until);
}

function intentOf({ config, slack }: SlackDependencies, request: SlackRequest & { kind: 'command' | 'form' }): Intent {
  const known = knownServices(config);
  return request.kind === 'command'
    ? readCommand(request.text, known, slack.command)
    : readFields(request.fields, known);
}

async function answer(deps: SlackDependencies, record: SlackRecord, intent: Intent, until: number): Promise<void> {
  if (intent.kind === 'wish') return ask(deps, { ...record, wish: intent.wish }, until);
  if (intent.kind === 'rehearsal') {
    await tell(deps, record, textMessage(await rehearsed(deps, { ...record, wish: intent.wish })));
    return finish(deps, record);
  }
  if (intent.kind === 'status') {
    await tell(deps, record, statusMessage(await statusesOf(deps, intent.services), deps.now()));
  } else if (intent.kind === 'wrong') {
    await tell(deps, record, textMessage(intent.message));
  } else {
    await tell(deps, record, helpMessage(helpText(deps.slack.command)));
  }
  await finish(deps, record);
}

/** What would come of it, of each service: to that person alone. */
async function rehearsed(deps: SlackDependencies, wished: Wished): Promise<string> {
  const told = await allDone(
    (await plan(deps, wished)).map(async (operation) => {
      try {
        return (await rehearse(deps, { ...operation, dryRun: true })).message;
      } catch (error) {
        if (error instanceof ProblemError) return whyNot(deps, error, operation.service);
        throw error;
      }
    }),
  );
  return told.join('\n');
}

async function statusesOf(deps: SlackDependencies, services: readonly string[]): Promise<ServiceStatus[]> {
  const statuses = await serviceStatuses(deps);
  return statuses.filter(({ service }) => services.length === 0 || services.includes(service));
}

type Wished = SlackRecord & { readonly wish: Wish };

/** Refused, run, or asked once more: in production, and where somebody else holds it. */
async function ask(deps: SlackDependencies, wished: Wished, until: number): Promise<void> {
  const { wish, channel } = wished;
  const operations = await plan(deps, wished);
  const objections = await allDone(operations.map((one) => objectionTo(deps, one)));
  const at = objections.findIndex((one) => one !== undefined && one.code !== 'HELD_BY_OTHER');
  const refused = operations[at];
  if (refused) {
    // Through the one door, so that it is refused and audited as everywhere.
    const message = await operate(deps, refused).then(
      () => undefined,
      (error: Error) => (error instanceof ProblemError ? whyNot(deps, error, refused.service) : error.message),
    );
    await tell(deps, wished, textMessage(message ?? slackMessages.changed));
    return finish(deps, wished);
  }
  const takesOver = objections.some((one) => one !== undefined);
  if (!deps.config.production && !takesOver) return run(deps, wished, until);
  const statuses = await statusesOf(deps, wish.services);
  const question = questionOf(deps, wished, statuses);
  const ts = await deps.slackApi
    .post(channel, questionMessage(question, wished.id, takesOver))
    .catch((error: Error) => {
      deps.log('warn', 'not asked', { operationId: wished.id, message: error.message });
    });
  if (ts === undefined) {
    await tell(deps, wished, plainMessage(slackMessages.notTaken));
    return finish(deps, wished);
  }
  const shown = statuses.map(shownOf);
  await deps.store.putSlackRecord(wished, { ...wished, state: 'asked', ts, shown, takesOver });
}

const questionOf = (
  deps: SlackDependencies,
  { wish, by, at }: Wished,
  statuses: readonly ServiceStatus[],
): Question => ({
  environment: deps.environment,
  action: wish.action,
  statuses,
  ranges: wish.ranges ?? [],
  until: untilOf({ wish, at }),
  email: by.email,
});

async function plan(deps: SlackDependencies, wished: Wished) {
  const states = await deps.store.states(wished.wish.services);
  return operationsOf(wished, states, { environment: deps.environment, now: deps.now() });
}

async function objectionTo(
  deps: SlackDependencies,
  operation: Parameters<typeof operate>[1],
): Promise<ProblemError | undefined> {
  const service = deps.config.services.find(({ name }) => name === operation.service);
  if (!service) return unknownService(deps.config, operation.service);
  const state = await deps.store.state(service.name);
  const foreseen = foresee(deps.config, { request: operation, service, state, at: deps.now() });
  return isRefused(foreseen) ? foreseen : undefined;
}

/** @returns Nothing more is done if another execution was faster. */
async function run(deps: SlackDependencies, wished: Wished, until: number): Promise<void> {
  const operations = await plan(deps, wished);
  const workUntil = new Date(until).toISOString();
  const running = await deps.store.putSlackRecord(wished, { ...wished, state: 'running', operations, workUntil });
  if (!running) return tell(deps, wished, plainMessage(slackMessages.alreadyOver));
  await carryOn(deps, running, until);
}

type Pressed = SlackRequest & { readonly kind: 'button' };

/** @param asking - Of this press, by whom it is known again; the question has a record of its own. */
async function press(deps: SlackDependencies, asking: SlackRecord, pressed: Pressed, until: number): Promise<void> {
  const { button } = pressed;
  if (button === OPEN_NOW || button === TAKE_OVER) return askAbout(deps, asking, pressed, until);
  if (button === ON_IT) await sayOnIt(deps, asking, pressed.value);
  else await answerQuestion(deps, asking, pressed, until);
  await finish(deps, asking);
}

async function answerQuestion(
  deps: SlackDependencies,
  asking: SlackRecord,
  { userId, channel, button, ts, value }: Pressed,
  until: number,
): Promise<void> {
  const record = await deps.store.slackRecord(value);
  const statuses = await statusesOf(deps, record?.wish?.services ?? []);
  const verdict = judgePress(record, { button, userId, ts, shown: statuses.map(shownOf), now: deps.now() });
  if (verdict.do === 'run') return isWished(record) ? run(deps, record, until) : undefined;
  if (verdict.do === 'refuse') await tell(deps, asking, textMessage(verdict.message));
  const isEnd = verdict.do === 'cancel' || verdict.ends;
  if (!isEnd || !isWished(record) || !record.ts) return;
  const { action } = record.wish;
  const said = answeredMessage(questionTitle({ action, statuses, environment: deps.environment }), verdict.message);
  await deps.slackApi.update(channel, record.ts, said).catch((error: Error) => {
    deps.log('warn', 'not said', { operationId: record.id, message: error.message });
  });
  await finish(deps, record);
}

/** The buttons of a notice ask what the command would. */
async function askAbout(deps: SlackDependencies, asking: SlackRecord, pressed: Pressed, until: number): Promise<void> {
  const { button, value: service } = pressed;
  if (!deps.config.services.some(({ name }) => name === service)) {
    await tell(deps, asking, textMessage(slackMessages.unknownButton));
    return finish(deps, asking);
  }
  const { mode } = await deps.store.state(service);
  const action = button === OPEN_NOW ? 'exit' : ACTION_OF[mode];
  await ask(deps, { ...asking, wish: { action, named: service, services: [service] } }, until);
}

/** Who takes over sets once more what the service is: then it is theirs. */
const ACTION_OF = { normal: 'exit', maintenance: 'enter', 'maintenance-allowlist': 'enable-allowlist' } as const;

async function sayOnIt(deps: SlackDependencies, asking: SlackRecord, id: string): Promise<void> {
  const told = (await deps.store.slackFeed())?.told[`notice ${id}`];
  if (!told?.notice) return tell(deps, asking, textMessage(slackMessages.unknownButton));
  const message = noticeMessage(told.notice, id, asking.by.email);
  await deps.slackApi.update(asking.channel, told.ts, message).catch((error: Error) => {
    deps.log('warn', 'not said', { operationId: asking.id, message: error.message });
  });
}

const isWished = (record: SlackRecord | undefined): record is Wished => record?.wish !== undefined;
