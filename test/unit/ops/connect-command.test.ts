import { EXIT, execute } from '../../../ops/command.ts';
import { connectCommand } from '../../../ops/connect-command.ts';
import { awsError, BUILT, type FakeAccount, fakeAccount } from './aws.ts';
import { fakeTerminal } from './terminal.ts';

let account: FakeAccount;
beforeEach(() => {
  account = fakeAccount();
});

async function connect(args: string[], terminal = fakeTerminal()) {
  const code = await execute(connectCommand(account), args, terminal);
  return { code, terminal, ...terminal.lines };
}

it('prints the block that connect() takes, and nothing else, where it can be copied', async () => {
  const { code, out } = await connect(['production']);
  expect(code).toBe(EXIT.done);
  expect(out).toHaveLength(1);
  expect(JSON.parse(out[0] as string)).toEqual({
    controller: 'drawbridge@example.com',
    admins: ['release.manager@example.com'],
    environments: {
      production: {
        apiUrl: 'https://api.example.com',
        tokenUrl: 'https://auth.example.com/oauth2/token',
        clientId: 'client1',
        clientSecret: 'secret-number-1',
        production: true,
      },
    },
  });
});

it('says who runs connect(), and nothing of the secret, before anybody has to look it up', async () => {
  const { notes } = await connect(['production']);
  expect(notes.join('\n')).toContain('run connect() there as drawbridge@example.com');
});

it('prints no block that anybody could connect: the config must name the account that may', async () => {
  const { controller: _, ...config } = BUILT.config;
  account.readBuiltConfig = async () => ({ ...BUILT, config });
  const { code, out, notes } = await connect(['production']);
  expect([code, out]).toEqual([EXIT.failed, []]);
  expect(notes.join()).toContain('names no controller');
  expect(account.calls).toEqual([]);
});

it('says that nobody may use the control spreadsheet when nobody may', async () => {
  account.readBuiltConfig = async () => ({ ...BUILT, config: { ...BUILT.config, admins: [] } });
  expect((await connect(['production'])).notes.join('\n')).toContain('Nobody may use the control spreadsheet');
});

it('keeps the secret out of everything that is not the block', async () => {
  const { notes } = await connect(['production']);
  expect(notes.join('\n')).not.toContain('secret-number-1');
});

it('does not ask AWS for a secret that would end in a file', async () => {
  const { code, out, notes } = await connect(['production'], fakeTerminal('', false));
  expect(code).toBe(EXIT.failed);
  expect(out).toEqual([]);
  expect(notes.join()).toContain('--pipe');
  expect(account.calls).toEqual([]);
});

it('hands the block to a program when it is told to, with a warning', async () => {
  const { code, out, notes } = await connect(['production', '--pipe'], fakeTerminal('', false));
  expect(code).toBe(EXIT.done);
  expect(out).toHaveLength(1);
  expect(notes[0]).toContain('secret');
});

it('prints no block whose secret does not work', async () => {
  account.described = 'secret-of-last-year';
  const { code, out, notes } = await connect(['production']);
  expect(code).toBe(EXIT.failed);
  expect(out).toEqual([]);
  expect(notes.join()).toContain('npm run rotate-secret -- production');
  expect(notes.join()).not.toContain('secret-of-last-year');
});

it('does not guess which of two secrets is the newer', async () => {
  await account.cognito('').send(new (await addCommand())({ UserPoolId: 'p', ClientId: 'c' }) as never);
  const { code, out, notes } = await connect(['production']);
  expect([code, out]).toEqual([EXIT.failed, []]);
  expect(notes.join()).toContain('--finish');
});
const addCommand = async () =>
  (await import('@aws-sdk/client-cognito-identity-provider')).AddUserPoolClientSecretCommand;

it.each([
  ['no environment', [], 'Name at least one environment', EXIT.usage],
  ['an unknown environment', ['nowhere'], 'There are: production', EXIT.failed],
  ['an unknown option', ['production', '--file'], '--file', EXIT.usage],
] as const)('says what is right for %s', async (_what, args, remedy, expected) => {
  const { code, notes } = await connect([...args]);
  expect(code).toBe(expected);
  expect(notes.join('\n')).toContain(remedy);
});

it.each([
  [
    'is not deployed',
    awsError('ValidationError', 'Stack with id x does not exist'),
    'npx cdk deploy drawbridge-production',
  ],
  [
    'may not be read',
    awsError('AccessDenied', 'not authorized to perform: cloudformation:DescribeStacks'),
    'cloudformation:DescribeStacks',
  ],
  ['is behind credentials that nobody has', awsError('CredentialsProviderError'), 'AWS_PROFILE'],
  ['is behind a session that is over', awsError('ExpiredTokenException'), 'AWS_PROFILE'],
])('tells in one line what to do when the stack %s', async (_what, error, remedy) => {
  account.stackError = error;
  const { code, notes } = await connect(['production']);
  expect(code).toBe(EXIT.failed);
  expect(notes).toEqual([expect.stringContaining(remedy)]);
});

it('names the output that a stack lacks', async () => {
  delete account.outputs.TokenUrl;
  expect((await connect(['production'])).notes.join()).toContain('no output TokenUrl');
});

it('prints no block that connect() would refuse, and does not quote it', async () => {
  account.outputs.ApiUrl = 'https://api.example.com/stage';
  const { out, notes } = await connect(['production']);
  expect(out).toEqual([]);
  expect(notes.join()).toContain('environments.production.apiUrl');
  expect(notes.join()).not.toContain('secret-number-1');
});

it('explains itself without asking anybody', async () => {
  const { code, out } = await connect(['--help']);
  expect(code).toBe(EXIT.done);
  expect(out.join()).toContain('npm run connect -- <environment>');
  expect(account.calls).toEqual([]);
});
