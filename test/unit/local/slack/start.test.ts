import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { createSlackApi } from '../../../../lambda/src/slack/web-api.ts';
import { MANAGER } from '../../../../local/slack/people.ts';
import { type LocalSlack, startSlack } from '../../../../local/slack/start.ts';

/** What the local Slack claims, asked with Slack's own client; and how our one door to Slack behaves. */

const slack = { appId: 'A0123456789', workspaces: ['T0123456789'], channels: ['C0123456789'], command: '/drawbridge' };
const TOKEN = 'xoxb-local-test';
const nothing = () => {};
const SILENT: Logger = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  ...{ setLevel: nothing, setName: nothing, getLevel: () => LogLevel.ERROR },
};
let local: LocalSlack;
let client: WebClient;
beforeAll(async () => {
  const app = { slack, signingSecret: 'secret', botToken: TOKEN, requestUrl: () => 'http://127.0.0.1:9/slack' };
  local = await startSlack({ clock: Date, apps: { production: app } });
  client = new WebClient(TOKEN, { slackApiUrl: `${local.url}/api/`, retryConfig: { retries: 0 }, logger: SILENT });
});
afterAll(() => local.close());

const app = () => local.apps.production as NonNullable<typeof local.apps.production>;
const api = (token = TOKEN) => createSlackApi({ url: `${local.url}/api/`, token: async () => token });
const CHANNEL = 'C0123456789';
const HELLO = {
  text: 'Hello',
  blocks: [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'Hello' } }],
};

it('takes messages, changes, threads and whispers', async () => {
  const ts = await api().post(CHANNEL, HELLO);
  await api().update(CHANNEL, ts, { ...HELLO, text: 'Changed' });
  await api().post(CHANNEL, HELLO, { thread: ts, isBroadcast: true });
  await api().tell(CHANNEL, MANAGER, HELLO);
  expect(app().workspace.messages).toMatchObject([{ ts, text: 'Changed', changes: 1 }, { thread: ts }]);
  expect(app().workspace.ephemerals).toMatchObject([{ to: MANAGER, text: 'Hello' }]);
  expect(await api().user(MANAGER)).toMatchObject({ profile: { email: 'release.manager@example.com' } });
});

it.each([
  [
    'a method that it does not know',
    () => client.apiCall('chat.delete', { channel: CHANNEL, ts: '1' }),
    'unknown_method',
  ],
  [
    'an argument that it does not know',
    () => client.chat.postMessage({ channel: CHANNEL, text: 'x', mrkdwn: true }),
    'invalid_arguments',
  ],
  ['another channel', () => client.chat.postMessage({ channel: 'C0OTHER', text: 'x' }), 'channel_not_found'],
  [
    'a message that is not there',
    () => client.chat.update({ channel: CHANNEL, ts: '9.9', text: 'x' }),
    'message_not_found',
  ],
  ['a message with nothing in it', () => client.apiCall('chat.postMessage', { channel: CHANNEL }), 'no_text'],
  ['nobody', () => client.users.info({ user: 'U0NOBODY' }), 'user_not_found'],
  [
    'a trigger that it did not make',
    () => client.views.open({ trigger_id: '1.2.3', view: modal() }),
    'invalid_trigger_id',
  ],
  [
    'a block that it does not know',
    () => client.chat.postMessage({ channel: CHANNEL, text: 'x', blocks: [{ type: 'divider' }] }),
    'invalid_blocks',
  ],
  [
    'a section that is too long',
    () =>
      client.chat.postMessage({
        channel: CHANNEL,
        text: 'x',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }],
      }),
    'invalid_blocks',
  ],
])('refuses, in Slack’s words, %s', async (_what, call, error) => {
  await expect(call()).rejects.toMatchObject({ data: { ok: false, error } });
});

const modal = () => ({
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'Title' },
  blocks: [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'x' } }],
});

it('knows no other token, and says so without it', async () => {
  const error = await api('xoxb-guessed')
    .post(CHANNEL, HELLO)
    .catch((one: Error) => one);
  expect(error).toMatchObject({ data: { error: 'invalid_auth' } });
  expect(String((error as Error).message)).not.toContain('xoxb');
});

it.each(['down', 'slow', 'rate-limited'] as const)('keeps nobody waiting while it is %s', async (fault) => {
  app().fail('chat.postMessage', fault);
  const startedAt = performance.now();
  await expect(api().post(CHANNEL, HELLO)).rejects.toThrow();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  app().fail('chat.postMessage', undefined);
});
