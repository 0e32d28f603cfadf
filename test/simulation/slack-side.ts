import { createHmac } from 'node:crypto';
import type { SlackUser } from '../../lambda/src/slack/admission.ts';
import type { SlackApi, SlackMessage } from '../../lambda/src/slack/web-api.ts';
import { DUTY, MANAGER } from '../unit/lambda/rundown/terminal.ts';

/** One workspace of Slack in memory: a channel with its messages, who is in it, and the requests that it signs. */

export const SLACK = {
  appId: 'A0123456789',
  workspaces: ['T0123456789'],
  channels: ['C0123456789'],
  command: '/drawbridge',
};
export const SIGNING_SECRET = 'a signing secret of the simulation';
export const BOT_TOKEN = 'xoxb-of-the-simulation';
const [WORKSPACE = '', CHANNEL = ''] = [...SLACK.workspaces, ...SLACK.channels];

export interface Shown {
  readonly ts: string;
  text: string;
  buttons: { readonly id: string; readonly value: string }[];
}

/** Goes around each call of Slack's Web API. */
export type SlackCall = <T>(method: string, isWrite: boolean, work: () => T) => Promise<T>;

const member = (email: string, more: SlackUser = {}): SlackUser => ({
  team_id: WORKSPACE,
  is_email_confirmed: true,
  profile: { email },
  ...more,
});

export const PEOPLE: Readonly<Record<string, SlackUser>> = {
  U0MANAGER: member(MANAGER),
  U0DUTY: member(DUTY),
  U0INTERN: member('intern@example.com'),
  U0GUEST: member(MANAGER, { is_restricted: true }),
  U0BOT: member(MANAGER, { is_bot: true }),
  U0STRANGER: member(MANAGER, { team_id: 'T0OTHER' }),
  U0UNCONFIRMED: member(MANAGER, { is_email_confirmed: false }),
  U0LEFT: member(MANAGER, { deleted: true }),
};

export class SlackSide {
  readonly messages: Shown[];
  /** What one person alone was told. */
  readonly told: { readonly to: string; readonly text: string }[];
  private triggers: number;

  constructor(from?: SlackSide) {
    this.messages = structuredClone(from?.messages ?? []);
    this.told = [...(from?.told ?? [])];
    this.triggers = from?.triggers ?? 0;
  }

  api(call: SlackCall): SlackApi {
    const found = (ts: string) => {
      const message = this.messages.find((one) => one.ts === ts);
      if (!message) throw new Error('An API error occurred: message_not_found');
      return message;
    };
    return {
      post: (_channel, message) =>
        call('chat.postMessage', true, () => {
          const ts = `1.${this.messages.length + 1}`;
          this.messages.push({ ts, ...shown(message) });
          return ts;
        }),
      update: (_channel, ts, message) => call('chat.update', true, () => void Object.assign(found(ts), shown(message))),
      tell: (_channel, to, { text }) => call('chat.postEphemeral', true, () => void this.told.push({ to, text })),
      user: (userId) =>
        call('users.info', false, () => {
          const user = PEOPLE[userId];
          if (!user) throw new Error('An API error occurred: user_not_found');
          return user;
        }),
      openForm: () => call('views.open', true, () => {}),
    };
  }

  command(text: string, userId: string): Record<string, string> {
    const ids = { api_app_id: SLACK.appId, team_id: WORKSPACE, channel_id: CHANNEL, user_id: userId };
    return { command: SLACK.command, text, ...ids, trigger_id: this.trigger() };
  }

  press({ ts }: Shown, { id, value }: Shown['buttons'][number], userId: string): Record<string, string> {
    const payload = {
      type: 'block_actions',
      api_app_id: SLACK.appId,
      team: { id: WORKSPACE },
      enterprise: null,
      user: { id: userId, team_id: WORKSPACE },
      trigger_id: this.trigger(),
      container: { type: 'message', message_ts: ts },
      channel: { id: CHANNEL },
      actions: [{ type: 'button', action_id: id, value }],
    };
    return { payload: JSON.stringify(payload) };
  }

  private trigger(): string {
    this.triggers += 1;
    return `trigger.${this.triggers}`;
  }
}

/** A request as Slack sends it. */
export function signed(form: Record<string, string>, now: number, secret = SIGNING_SECRET) {
  const body = new URLSearchParams(form).toString();
  const timestamp = String(Math.floor(now / 1_000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return {
    routeKey: 'POST /slack',
    headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

function shown({ text, blocks }: SlackMessage): Omit<Shown, 'ts'> {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const buttons = elements.flatMap((one) =>
    one.type === 'button' ? [{ id: one.action_id ?? '', value: one.value ?? '' }] : [],
  );
  return { text, buttons };
}
