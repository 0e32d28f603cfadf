import { checkSlack, type SlackReaders } from '../../../../ops/doctor/slack.ts';
import { awsError } from '../aws.ts';

const slack = { appId: 'A0123456789', workspaces: ['T0123456789'], channels: ['C0123456789'], command: '/drawbridge' };
const about = { apiUrl: 'https://api.example.com', environment: 'production', slack };
const SCOPES = ['chat:write', 'commands', 'users:read', 'users:read.email'];
const healthy: SlackReaders = {
  post: async () => 401,
  parameters: { signingSecrets: async () => ['a-secret'], botToken: async () => 'xoxb-a-token' },
  identity: async () => ({ workspace: 'T0123456789', scopes: SCOPES }),
};
const check = async (more: Partial<SlackReaders> = {}) => checkSlack({ ...healthy, ...more }, about);

it('finds nothing where all is right, and tells no secret', async () => {
  const findings = await check();
  expect(findings.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
  expect(JSON.stringify(findings)).not.toMatch(/a-secret|xoxb/);
});

it.each([
  ['the route is not there', { post: async () => 404 }, 'There is no POST /slack'],
  ['the route lets a stranger in', { post: async () => 200 }, 'answers 200 where 401 is right'],
  ['nothing answers', { post: async () => undefined }, 'does not answer'],
  ['the function cannot read its secrets', { post: async () => 503 }, 'cannot read its secrets'],
  [
    'there is no signing secret',
    { parameters: { ...healthy.parameters, signingSecrets: async () => [] } },
    'signing secret is missing',
  ],
  ['there is no token', { parameters: { ...healthy.parameters, botToken: async () => undefined } }, 'token is missing'],
  [
    'the token is of another workspace',
    { identity: async () => ({ workspace: 'T0', scopes: [] }) },
    'of the workspace T0',
  ],
  ['Slack does not take the token', { identity: () => Promise.reject(new Error('invalid_auth')) }, 'invalid_auth'],
])('says what to do when %s', async (_what, more, expected) => {
  const findings = await check(more as Partial<SlackReaders>);
  expect(findings.filter(({ state }) => state === 'broken')).toMatchObject([
    { what: expect.stringContaining(expected), remedy: expect.any(String) },
  ]);
});

it('says what these credentials may not read', async () => {
  const denied = () => Promise.reject(awsError('AccessDeniedException'));
  const findings = await check({ parameters: { signingSecrets: denied, botToken: denied } });
  expect(findings.at(-1)).toMatchObject({ state: 'unknown', remedy: expect.stringContaining('ssm:GetParameters') });
});
