import { type Answer, lookAtApi } from '../../../../ops/doctor/api.ts';
import { lineOf, MayNotLook } from '../../../../ops/doctor/finding.ts';

const SERVICES: Answer = { status: 200, body: { environment: 'production', services: [] } };
const CLOSED: Answer = { status: 401, body: { message: 'Unauthorized' } };

async function look(
  door: Answer | undefined,
  inside: Answer | undefined = SERVICES,
  token: () => Promise<string> = async () => 't',
) {
  const get = async (_url: string, authorization?: string) => (authorization ? inside : door);
  const findings = await lookAtApi({ get, token }, { apiUrl: 'https://api.example.com' }, 'production');
  return { states: findings.map(({ state }) => state), text: findings.map(lineOf).join('\n') };
}

it('walks through the door, the token and the function', async () => {
  expect((await look(CLOSED)).states).toEqual(['well', 'well', 'well']);
});

it.each<[string, Parameters<typeof look>, string]>([
  ['nothing answers', [undefined], 'does not answer'],
  ['the door is open', [SERVICES], 'close it now'],
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
  const { states, text } = await look(...args);
  expect(states.filter((state) => state === 'broken')).toHaveLength(1);
  expect(states.at(-1)).toBe('broken');
  expect(text).toContain(words);
  expect(text).toMatch(/✗ .+ → .+/);
});

it('does not take what it may not look at for broken', async () => {
  const { states, text } = await look(CLOSED, SERVICES, () =>
    Promise.reject(new MayNotLook('cognito-idp:DescribeUserPoolClient')),
  );
  expect(states).toEqual(['well', 'unknown']);
  expect(text).toContain('not checked: needs cognito-idp:DescribeUserPoolClient');
});
