import { EXIT, execute } from '../../../../ops/command.ts';
import { type SlackSecretsDependencies, slackSecretsCommand } from '../../../../ops/slack/secrets-command.ts';
import type { SlackIdentity } from '../../../../ops/slack/web-api.ts';
import { BUILT } from '../aws.ts';
import { fakeTerminal } from '../terminal.ts';

const OLD = 'a'.repeat(32);
const NEW = 'b'.repeat(32);
const TOKEN = 'xoxb-1234567890-test';
const SCOPES = ['chat:write', 'commands', 'users:read', 'users:read.email'];
const slack = { appId: 'A0123456789', workspaces: ['T0123456789'], channels: ['C0123456789'], command: '/drawbridge' };

let stored: { signing: string[]; token: string | undefined };
let identity: SlackIdentity | Error;
beforeEach(() => {
  stored = { signing: [], token: undefined };
  identity = { workspace: 'T0123456789', scopes: SCOPES };
});

const { production } = BUILT.config.environments;
const deps: SlackSecretsDependencies = {
  readBuiltConfig: async () => ({
    ...BUILT,
    config: { ...BUILT.config, environments: { production: { ...production, slack } } } as typeof BUILT.config,
  }),
  parameters: () => ({
    signingSecrets: async () => stored.signing,
    botToken: async () => stored.token,
    putSigningSecrets: async (secrets) => {
      stored.signing = [...secrets];
    },
    putBotToken: async (token) => {
      stored.token = token;
    },
  }),
  identity: async () => {
    if (identity instanceof Error) throw identity;
    return identity;
  },
};

async function secrets(typed: string, args: string[] = ['production'], more: Partial<SlackSecretsDependencies> = {}) {
  const terminal = fakeTerminal(typed);
  const code = await execute(slackSecretsCommand({ ...deps, ...more }), args, terminal);
  return { code, text: terminal.text() };
}

it('keeps both, and tells neither', async () => {
  const { code, text } = await secrets(`${NEW}\n${TOKEN}`);
  expect(code).toBe(EXIT.done);
  expect(stored).toEqual({ signing: [NEW], token: TOKEN });
  expect(text).not.toContain(NEW);
  expect(text).not.toContain(TOKEN);
});

it('lets the older signing secret work beside the new one, until it is told to forget it', async () => {
  stored.signing = [OLD];
  expect((await secrets(`${NEW}\n`)).text).toContain('--finish');
  expect(stored.signing).toEqual([NEW, OLD]);
  await secrets(`${NEW}\n`);
  expect(stored.signing).toEqual([NEW, OLD]);
  await secrets('', ['production', '--finish']);
  expect(stored.signing).toEqual([NEW]);
  expect((await secrets('', ['production', '--finish'])).text).toContain('nothing to forget');
});

it('does not keep one that leaked', async () => {
  stored.signing = [OLD];
  await secrets(`${NEW}\n`, ['production', '--leaked']);
  expect(stored.signing).toEqual([NEW]);
});

it.each([
  ['a token where the secret belongs', `${TOKEN}\n${TOKEN}`, 'no signing secret of Slack’s'],
  ['half a secret', `${NEW.slice(5)}\n`, 'no signing secret of Slack’s'],
  ['a person’s token', `${NEW}\nxoxp-1234567890-test`, 'no bot token of Slack’s'],
])('keeps nothing of %s', async (_what, typed, message) => {
  const { code, text } = await secrets(typed);
  expect(code).toBe(EXIT.failed);
  expect(text).toContain(message);
  expect(stored).toEqual({ signing: [], token: undefined });
});

it.each([
  ['Slack does not know', new Error('An API error occurred: invalid_auth'), 'Slack does not take the bot token'],
  ['is of another workspace', { workspace: 'T0OTHER', scopes: SCOPES }, 'is of the workspace T0OTHER'],
  [
    'may not read addresses',
    { workspace: 'T0123456789', scopes: ['chat:write', 'commands', 'users:read'] },
    'users:read.email',
  ],
])('keeps no token that %s', async (_what, told, message) => {
  identity = told as typeof identity;
  const { code, text } = await secrets(`${NEW}\n${TOKEN}`);
  expect(code).toBe(EXIT.failed);
  expect(text).toContain(message);
  expect(text).not.toContain(TOKEN);
  expect(stored).toEqual({ signing: [], token: undefined });
});

it('takes no secret as an argument', async () => {
  expect((await secrets('', ['production', NEW])).code).toBe(EXIT.usage);
});

it('says where the app is named, where it is not', async () => {
  const { code, text } = await secrets(NEW, ['production'], { readBuiltConfig: async () => BUILT });
  expect([code, text]).toEqual([EXIT.failed, expect.stringContaining('has no slack in production')]);
});
