import { checkBlocks, checkView } from './blocks.ts';
import { SlackRefusal } from './errors.ts';
import type { SlackBlock, Workspace } from './workspace.ts';

/** The methods of Slack's Web API that we call. @see https://docs.slack.dev/reference/methods */

type Form = Readonly<Record<string, string | undefined>>;

function required(form: Form, name: string, error = 'invalid_arguments'): string {
  const value = form[name];
  if (value) return value;
  throw new SlackRefusal(error, { response_metadata: { messages: [`[ERROR] missing required field: ${name}`] } });
}

function parsed(text: string, error: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SlackRefusal(error);
  }
}

function messageOf(form: Form): { text: string; blocks: SlackBlock[] } {
  if (!form.text && !form.blocks) throw new SlackRefusal('no_text');
  const blocks = form.blocks === undefined ? [] : parsed(form.blocks, 'invalid_blocks_format');
  checkBlocks(blocks, 'message');
  return { text: form.text ?? '', blocks: blocks as SlackBlock[] };
}

/** What each one takes besides the token: another argument is refused, as nobody knows what it would do here. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': ['channel', 'text', 'blocks', 'thread_ts', 'reply_broadcast', 'unfurl_links'],
  'chat.update': ['channel', 'ts', 'text', 'blocks'],
  'chat.postEphemeral': ['channel', 'user', 'text', 'blocks'],
  'users.info': ['user'],
  'views.open': ['trigger_id', 'view'],
};
export const METHODS = Object.keys(ARGUMENTS);

const HANDLERS: Readonly<Record<string, (workspace: Workspace, form: Form) => object>> = {
  'auth.test': ({ team }) => ({ team_id: team, user_id: 'U0DRAWBRG', bot_id: 'B0DRAWBRG' }),
  'chat.postMessage'(workspace, form) {
    const channel = required(form, 'channel', 'channel_not_found');
    const { ts, text, blocks } = workspace.post(channel, messageOf(form), form.thread_ts);
    return { channel, ts, message: { ts, text, blocks } };
  },
  'chat.update'(workspace, form) {
    const channel = required(form, 'channel', 'channel_not_found');
    const { ts, text } = workspace.change(channel, required(form, 'ts'), messageOf(form));
    return { channel, ts, text };
  },
  'chat.postEphemeral'(workspace, form) {
    const channel = required(form, 'channel', 'channel_not_found');
    const user = required(form, 'user');
    workspace.requireChannel(channel);
    if (!workspace.people.some(({ id }) => id === user)) throw new SlackRefusal('user_not_in_channel');
    return { message_ts: workspace.tell(channel, user, messageOf(form)).ts };
  },
  'users.info'({ people }, form) {
    const user = people.find(({ id }) => id === required(form, 'user', 'user_not_found'));
    if (!user) throw new SlackRefusal('user_not_found');
    return { user };
  },
  'views.open'(workspace, form) {
    const view = parsed(required(form, 'view'), 'invalid_arguments') as Record<string, unknown>;
    checkView(view);
    const { id } = workspace.open(required(form, 'trigger_id', 'invalid_trigger_id'), view);
    return { view: { id, ...view } };
  },
};

/** @throws SlackRefusal - In Slack's own words; and what is not supported here, by name. */
export function callMethod(workspace: Workspace, method: string, form: Form): object {
  const handler = HANDLERS[method];
  if (!handler) throw new SlackRefusal('unknown_method', { req_method: method });
  const strange = Object.keys(form).find((name) => name !== 'token' && !ARGUMENTS[method]?.includes(name));
  if (strange) {
    const message = `[ERROR] ${method}: ${strange} is not supported by the local Slack`;
    throw new SlackRefusal('invalid_arguments', { response_metadata: { messages: [message] } });
  }
  return handler(workspace, form);
}
