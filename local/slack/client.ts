import type { SlackConfig } from '../../config/schema.ts';
import { type Delivered, deliver } from './deliver.ts';
import type { SlackBlock, Workspace } from './workspace.ts';

/** What Slack's own app does for a person: sends what they typed or pressed, and shows them the answer. */

export interface ClientOptions {
  readonly slack: SlackConfig;
  readonly signingSecret: string;
  /** The app's request URL. */
  requestUrl(): string;
  now(): number;
}

export interface PressedButton {
  readonly userId: string;
  readonly channel?: string;
  readonly ts: string;
  readonly button: string;
}

export interface SlackClient {
  /** @returns What was sent, for who wants to send it again. */
  command(asked: { readonly userId: string; readonly channel?: string; readonly text: string }): Promise<string>;
  press(asked: PressedButton): Promise<string>;
  submit(asked: { readonly userId: string; readonly fields: Readonly<Record<string, string>> }): Promise<string>;
  /** Any body, signed as Slack signs. */
  send(body: string): Promise<Delivered>;
  /** The same, as it was signed at that time. */
  sendAt(body: string, at: number): Promise<Delivered>;
}

export function createClient(
  workspace: Workspace,
  { slack, signingSecret, requestUrl, now }: ClientOptions,
): SlackClient {
  const [home = ''] = slack.channels;
  const send = (body: string) => deliver({ url: requestUrl(), body, secret: signingSecret, now });
  const teamOf = (userId: string) => workspace.people.find(({ id }) => id === userId)?.team_id ?? workspace.team;
  const enterprise = slack.enterprise === undefined ? null : { id: slack.enterprise, name: 'Example' };
  const common = (userId: string) => ({
    api_app_id: slack.appId,
    team: { id: workspace.team, domain: 'example' },
    enterprise,
    is_enterprise_install: false,
    user: { id: userId, username: userId, team_id: teamOf(userId) },
    trigger_id: workspace.trigger(userId),
  });
  const interaction = async (payload: object): Promise<string> => {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    await send(body);
    return body;
  };

  return {
    send,
    sendAt: (body, at) => deliver({ url: requestUrl(), body, secret: signingSecret, now: () => at }),

    async command({ userId, channel = home, text }) {
      const body = new URLSearchParams({
        command: slack.command,
        text,
        api_app_id: slack.appId,
        team_id: workspace.team,
        team_domain: 'example',
        ...(slack.enterprise === undefined ? {} : { enterprise_id: slack.enterprise }),
        channel_id: channel,
        channel_name: 'releases',
        user_id: userId,
        user_name: userId.toLowerCase(),
        is_enterprise_install: 'false',
        trigger_id: workspace.trigger(userId),
      }).toString();
      show(workspace, { userId, channel, command: slack.command }, await send(body));
      return body;
    },

    press({ userId, channel = home, ts, button }) {
      const message = [...workspace.messages, ...workspace.ephemerals].find((one) => one.ts === ts);
      const found = message?.blocks
        .flatMap(({ elements = [] }) => elements)
        .find(({ action_id }) => action_id === button);
      if (!found) throw new Error(`There is no button ${button} in the message ${ts}.`);
      const action = { type: 'button', action_id: button, block_id: 'b', value: found.value ?? '', action_ts: ts };
      return interaction({
        type: 'block_actions',
        ...common(userId),
        container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
        channel: { id: channel, name: 'releases' },
        message: { ts, text: message?.text },
        actions: [action],
      });
    },

    submit({ userId, fields }) {
      const open = workspace.views.findLast((one) => one.userId === userId);
      if (!open) throw new Error(`No form is open for ${userId}.`);
      workspace.closeView(open.id);
      const blocks = open.view.blocks as { readonly block_id: string; readonly element: { readonly type: string } }[];
      const values = blocks.map(({ block_id, element }) => {
        const value = fields[block_id];
        const state =
          element.type === 'static_select'
            ? { type: element.type, selected_option: value === undefined ? null : { value } }
            : { type: element.type, value: value ?? null };
        return [block_id, { [block_id]: state }] as const;
      });
      const { private_metadata, callback_id } = open.view;
      const view = { id: open.id, callback_id, private_metadata, state: { values: Object.fromEntries(values) } };
      return interaction({ type: 'view_submission', ...common(userId), view });
    },
  };
}

/** An answer is the person's alone; without one Slack itself says so. */
function show(
  workspace: Workspace,
  { userId, channel, command }: { userId: string; channel: string; command: string },
  { status, body }: Delivered,
): void {
  const say = (text: string, blocks: readonly SlackBlock[] = []) => workspace.tell(channel, userId, { text, blocks });
  if (status === undefined) return void say(`${command} failed with the error "operation_timeout"`);
  if (status !== 200) return void say(`${command} failed with the error "dispatch_failed"`);
  if (body === '') return;
  const { text, blocks } = JSON.parse(body) as { text: string; blocks?: SlackBlock[] };
  say(text, blocks);
}
