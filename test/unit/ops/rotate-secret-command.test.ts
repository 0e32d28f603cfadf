import { CommandError, EXIT, execute } from '../../../ops/command.ts';
import { rotateSecretCommand } from '../../../ops/rotate-secret-command.ts';
import { type FakeAccount, fakeAccount, HOUR_MS } from './aws.ts';
import { fakeTerminal } from './terminal.ts';

let account: FakeAccount;
beforeEach(() => {
  account = fakeAccount();
});

async function rotate(args: string[], terminal = fakeTerminal()) {
  const command = rotateSecretCommand({ ...account, now: () => account.now });
  const code = await execute(command, ['production', ...args], terminal);
  return { code, ...terminal.lines };
}
const live = () => account.secrets.map(({ value }) => value);
const changes = () => account.calls.filter((call) => /^(Add|Delete)/.test(call));

it('adds a second secret and prints the block with it, while the first goes on working', async () => {
  const { code, out } = await rotate([]);
  expect(code).toBe(EXIT.done);
  expect(JSON.parse(out.join())).toMatchObject({ environments: { production: { clientSecret: 'secret-number-2' } } });
  expect(live()).toEqual(['secret-number-1', 'secret-number-2']);
});

it('removes the older one when a person says that connect() ran', async () => {
  await rotate([]);
  account.now += HOUR_MS;
  const { code, asked } = await rotate(['--finish'], fakeTerminal('production'));
  expect(code).toBe(EXIT.done);
  expect(asked.join()).toContain('Did connect() run');
  expect(live()).toEqual(['secret-number-2']);
});

it('removes nothing when they do not say so', async () => {
  await rotate([]);
  account.now += HOUR_MS;
  expect((await rotate(['--finish'], fakeTerminal('yes'))).code).toBe(EXIT.failed);
  expect(live()).toHaveLength(2);
});

it('keeps the older one as long as the sheet may live on a token of it', async () => {
  await rotate([]);
  account.now += HOUR_MS - 1;
  const { code, notes } = await rotate(['--finish', '--yes']);
  expect(code).toBe(EXIT.failed);
  expect(notes.join()).toContain('Until 2026-11-22T03:00:00.000Z');
  expect(live()).toHaveLength(2);
});

it('does not wait for a secret that strangers know', async () => {
  await rotate([]);
  expect((await rotate(['--finish', '--leaked', '--yes'])).code).toBe(EXIT.done);
  expect(live()).toEqual(['secret-number-2']);
});

describe('a secret that strangers know', () => {
  it('disarms every step before anything else, and again when the secret is gone', async () => {
    const begun = await rotate(['--leaked']);
    expect([begun.code, account.disarmed.length]).toEqual([EXIT.done, 1]);
    expect(begun.notes.join()).toContain('2 steps in 1 release sheet will not run by the clock any more');
    await rotate(['--finish', '--leaked', '--yes']);
    expect(account.disarmed).toHaveLength(3);
    expect(account.disarmed[0]).toContain('leaked');
  });

  it('is replaced although nothing can be disarmed, and the command that does it is named', async () => {
    account.disarmError = new CommandError('The API does not answer.');
    const { code, out, notes } = await rotate(['--leaked']);
    expect([code, out.length]).toEqual([EXIT.failed, 1]);
    expect(notes.join()).toContain('Steps are still armed: The API does not answer.');
    expect(notes.join()).toContain('npm run drawbridge -- disarm --environment production');
  });

  it('can be disarmed once more when its last token is over, with nothing left to rotate', async () => {
    const { code } = await rotate(['--finish', '--leaked', '--yes']);
    expect([code, account.disarmed.length, changes()]).toEqual([EXIT.done, 1, []]);
  });

  it('disarms nothing in a dry run, and nothing when it did not leak', async () => {
    await rotate(['--leaked', '--dry-run']);
    await rotate([]);
    expect(account.disarmed).toEqual([]);
  });
});

it('never makes a third: begun twice, it says how to go on', async () => {
  await rotate([]);
  const { code, out, notes } = await rotate([]);
  expect([code, out]).toEqual([EXIT.failed, []]);
  expect(notes.join()).toMatch(/--finish.*--again/);
  expect(live()).toHaveLength(2);
});

it('replaces a newer secret that was lost, and leaves the one in use alone', async () => {
  await rotate([]);
  const { out, asked } = await rotate(['--again'], fakeTerminal('production'));
  expect(asked.join()).toContain('If connect() took it, the sheets stand still');
  expect(out.join()).toContain('secret-number-3');
  expect(live()).toEqual(['secret-number-1', 'secret-number-3']);
});

it.each([0, 1])(
  'can be begun again wherever it died, and never takes the first secret away (%i changes told)',
  async (changes) => {
    account.diesAfterChanges = 0;
    await rotate([]);
    account.diesAfterChanges = changes;
    await rotate(['--again', '--yes']);
    account.diesAfterChanges = Number.POSITIVE_INFINITY;
    const { out } = await rotate(['--again', '--yes']);
    expect(live()).toHaveLength(2);
    expect(live()[0]).toBe('secret-number-1');
    expect(out.join()).toContain(live()[1]);
  },
);

it('removes the only secret under no circumstances', async () => {
  const { code, notes } = await rotate(['--finish', '--leaked', '--yes']);
  expect(code).toBe(EXIT.done);
  expect(notes.join()).toContain('Only one secret');
  expect(changes()).toEqual([]);
});

it('prints a new secret even if it cannot be proven: Cognito never tells it again', async () => {
  Object.assign(account, { fetchToken: () => Promise.reject(new Error('The token endpoint does not answer.')) });
  const { code, out, notes } = await rotate([]);
  expect(code).toBe(EXIT.done);
  expect(out.join()).toContain('secret-number-2');
  expect(notes.join()).toContain('Not proven');
});

it.each([[['--dry-run']], [['--dry-run', '--again']], [['--dry-run', '--finish', '--leaked']]])(
  'says what %j would do, and does nothing',
  async (args) => {
    await rotate([]);
    account.calls.length = 0;
    account.secrets = args.length === 1 ? account.secrets.slice(0, 1) : account.secrets;
    const { code, notes } = await rotate(args, fakeTerminal('', false));
    expect(code).toBe(EXIT.done);
    expect(notes.join()).toContain('dry run');
    expect(changes()).toEqual([]);
  },
);

it('adds no secret whose block would end in a file', async () => {
  expect((await rotate([], fakeTerminal('', false))).code).toBe(EXIT.failed);
  expect(account.calls).toEqual([]);
});

it('keeps every secret out of its notes', async () => {
  const begun = await rotate([]);
  account.now += HOUR_MS;
  const ended = await rotate(['--finish', '--yes']);
  expect([...begun.notes, ...ended.notes].join()).not.toContain('secret-number');
});
