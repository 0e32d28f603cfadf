import { type Answer, checkApi } from '../../../../ops/doctor/api.ts';
import { lineOf, NotPermittedError } from '../../../../ops/doctor/finding.ts';

const SERVICES: Answer = { status: 200, body: { environment: 'production', services: [] } };
const CLOSED: Answer = { status: 401, body: { message: 'Unauthorized' } };

async function check(
  outside: Answer | undefined,
  inside: Answer | undefined = SERVICES,
  token: () => Promise<string> = async () => 't',
) {
  const get = async (_url: string, authorization?: string) => (authorization ? inside : outside);
  const findings = await checkApi({ get, token }, { apiUrl: 'https://api.example.com' }, 'production');
  return { states: findings.map(({ state }) => state), text: findings.map(lineOf).join('\n') };
}

it('checks the gateway, the token and the function', async () => {
  expect((await check(CLOSED)).states).toEqual(['ok', 'ok', 'ok']);
});

it.each<[string, Parameters<typeof check>, string]>([
  ['nothing answers', [undefined], 'does not answer'],
  ['the gateway lets everybody in', [SERVICES], 'close it now'],
  ['the route is gone', [{ status: 404, body: {} }], 'answers 404 where 401 is right'],
  [
    'the sign-in is refused',
    [CLOSED, SERVICES, () => Promise.reject(new Error('It answered 400.'))],
    'npm run rotate-secret',
  ],
  ['the gateway refuses the token', [CLOSED, CLOSED], 'refuses the token (401)'],
  [
    'the function is out of reach',
    [CLOSED, { status: 500, body: { message: 'Internal Server Error' } }],
    'cannot reach the function',
  ],
  [
    'the function has a problem',
    [CLOSED, { status: 503, body: { code: 'TRY_AGAIN', message: 'Wait.' } }],
    'Wait. (TRY_AGAIN)',
  ],
  [
    'it is another environment',
    [CLOSED, { status: 200, body: { environment: 'staging', services: [] } }],
    'says that it is staging',
  ],
])('stops where it is broken, and says so: %s', async (_what, args, words) => {
  const { states, text } = await check(...args);
  expect(states.filter((state) => state === 'broken')).toHaveLength(1);
  expect(states.at(-1)).toBe('broken');
  expect(text).toContain(words);
  expect(text).toMatch(/✗ .+ → .+/);
});

it('does not take what it may not read for broken', async () => {
  const { states, text } = await check(CLOSED, SERVICES, () =>
    Promise.reject(new NotPermittedError('cognito-idp:DescribeUserPoolClient')),
  );
  expect(states).toEqual(['ok', 'unknown']);
  expect(text).toContain('not checked: needs cognito-idp:DescribeUserPoolClient');
});
