import { createHmac } from 'node:crypto';
import type { HttpEvent } from '../../../../lambda/src/api/http.ts';
import type { SlackUser } from '../../../../lambda/src/slack/admission.ts';
import type { SlackDependencies, WorkEvent } from '../../../../lambda/src/slack/dependencies.ts';
import { rememberPeople } from '../../../../lambda/src/slack/identify.ts';
import { receive } from '../../../../lambda/src/slack/receive.ts';
import { tick } from '../../../../lambda/src/slack/tick.ts';
import type { SlackApi, SlackMessage } from '../../../../lambda/src/slack/web-api.ts';
import { work } from '../../../../lambda/src/slack/work.ts';
import {
  createTestEnvironment,
  OPERATOR,
  type TestEnvironment,
  type TestEnvironmentOptions,
} from '../../../builders.ts';

/** The Slack door over real stores, with a Slack in memory. */

export const SECRET = 'a secret of the test';
export const SLACK = {
  appId: 'A0123456789',
  workspaces: ['T0123456789'],
  channels: ['C0123456789'],
  command: '/drawbridge',
};
const member = (email: string | undefined, more: SlackUser = {}): SlackUser => ({
  team_id: 'T0123456789',
  is_email_confirmed: true,
  profile: email === undefined ? {} : { email },
  ...more,
});

export interface SlackDoor {
  readonly env: TestEnvironment;
  readonly deps: SlackDependencies;
  /** What everybody sees, oldest first; `text` as it is now. */
  readonly messages: { ts: string; text: string; buttons: string[]; changes: number; thread?: string }[];
  /** What one person alone was told. */
  readonly told: { to: string; text: string }[];
  readonly forms: string[];
  readonly people: Record<string, SlackUser>;
  /** Methods that fail. */
  readonly down: Set<keyof SlackApi>;
  /** What was handed on, and is not done yet. */
  readonly handed: WorkEvent[];
  /** A request as Slack sends it; what is handed on is done too. @returns The HTTP status, and what Slack shows at once. */
  send(
    form: Record<string, string>,
    headers?: Record<string, string | undefined>,
  ): Promise<{ status: number; text: string }>;
  command(text: string, more?: Record<string, string>): Promise<{ status: number; text: string }>;
  press(button: string, ts: string, value: string, more?: PressOptions): Promise<unknown>;
  tick(): Promise<void>;
}

interface PressOptions {
  readonly userId?: string;
  readonly channel?: string;
  readonly appId?: string;
  readonly workspace?: string;
}

let triggers = 0;

export async function createSlackDoor(
  options: TestEnvironmentOptions & { production?: boolean } = {},
): Promise<SlackDoor> {
  const env = await createTestEnvironment(options);
  const messages: SlackDoor['messages'] = [];
  const told: SlackDoor['told'] = [];
  const forms: string[] = [];
  const down = new Set<keyof SlackApi>();
  const handed: WorkEvent[] = [];
  const people: Record<string, SlackUser> = {
    U0RELEASE: member(OPERATOR),
    U0INTERN: member('intern@example.com'),
    U0GUEST: member(OPERATOR, { is_restricted: true }),
    U0BOT: member(OPERATOR, { is_bot: true }),
    U0OTHER: member(OPERATOR, { team_id: 'T0OTHER' }),
    U0NOMAIL: member(undefined),
  };
  const up = (method: keyof SlackApi) => {
    if (down.has(method)) throw new Error('A request error occurred: fetch failed');
  };
  const shown = ({ text, blocks }: SlackMessage) => {
    const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    return { text, buttons: elements.map((one) => ('action_id' in one ? `${one.action_id}` : '')) };
  };
  const slackApi: SlackApi = {
    async post(_channel, message, { thread } = {}) {
      up('post');
      const ts = `1.${messages.length + 1}`;
      messages.push({ ts, ...shown(message), changes: 0, ...(thread === undefined ? {} : { thread }) });
      return ts;
    },
    async update(_channel, ts, message) {
      up('update');
      const found = messages.find((one) => one.ts === ts);
      if (!found) throw new Error('An API error occurred: message_not_found');
      Object.assign(found, shown(message), { changes: found.changes + 1 });
    },
    async tell(_channel, to, { text }) {
      up('tell');
      told.push({ to, text });
    },
    async user(userId) {
      up('user');
      const user = people[userId];
      if (!user) throw new Error('An API error occurred: user_not_found');
      return user;
    },
    async openForm(triggerId) {
      up('openForm');
      forms.push(triggerId);
    },
  };
  const config = { ...env.deps.config, production: options.production ?? true, slack: SLACK };
  const deps: SlackDependencies = {
    ...env.deps,
    config,
    slack: SLACK,
    slackApi: rememberPeople(slackApi, env.deps.now),
    secrets: async () => ({ signing: [SECRET], botToken: 'xoxb-test' }),
    invokeSelf: async (event) => {
      handed.push(JSON.parse(JSON.stringify(event)));
    },
  };

  async function send(form: Record<string, string>, headers: Record<string, string | undefined> = {}) {
    const body = new URLSearchParams(form).toString();
    const timestamp = String(Math.floor(env.clock.now / 1_000));
    const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const event: HttpEvent = {
      routeKey: 'POST /slack',
      headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature, ...headers },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    };
    const { statusCode, body: answer } = await receive(deps, event);
    for (const one of handed.splice(0)) await work(deps, one.slack, env.clock.now + 60_000);
    return { status: statusCode, text: answer === '' ? '' : (JSON.parse(answer).text ?? '') };
  }

  return {
    env,
    deps,
    messages,
    told,
    forms,
    people,
    down,
    handed,
    send,
    command: (text, more = {}) => send(commandForm(text, more)),
    press: (button, ts, value, more = {}) => send({ payload: JSON.stringify(pressPayload(button, ts, value, more)) }),
    tick: () => tick(deps),
  };
}

export function commandForm(text: string, more: Record<string, string> = {}): Record<string, string> {
  triggers += 1;
  return {
    command: '/drawbridge',
    text,
    api_app_id: SLACK.appId,
    team_id: 'T0123456789',
    channel_id: 'C0123456789',
    user_id: 'U0RELEASE',
    trigger_id: `trigger.${triggers}`,
    ...more,
  };
}

export function pressPayload(button: string, ts: string, value: string, more: PressOptions) {
  const { userId = 'U0RELEASE', channel = 'C0123456789', appId = SLACK.appId, workspace = 'T0123456789' } = more;
  triggers += 1;
  return {
    type: 'block_actions',
    api_app_id: appId,
    team: { id: workspace },
    enterprise: null,
    user: { id: userId, team_id: workspace },
    trigger_id: `trigger.${triggers}`,
    container: { type: 'message', message_ts: ts },
    channel: { id: channel },
    actions: [{ type: 'button', action_id: button, value }],
  };
}
