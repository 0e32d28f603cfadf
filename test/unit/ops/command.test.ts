import { type Command, CommandError, confirm, EXIT, execute, formatError, UsageError } from '../../../ops/command.ts';
import { fakeTerminal } from './terminal.ts';

const command = (run: () => Promise<typeof EXIT.done>): Command => ({ help: 'how to', run });
const outcome = async (error: Error) => {
  const terminal = fakeTerminal();
  const code = await execute(
    command(() => Promise.reject(error)),
    [],
    terminal,
  );
  return { code, notes: terminal.lines.notes };
};

it('tells what went wrong on stderr, in one line and without a stack', async () => {
  const error = new Error('something\n  over several lines');
  expect(await outcome(error)).toEqual({ code: EXIT.failed, notes: ['Error: something over several lines'] });
});

it('tells a command that was not understood apart from one that failed', async () => {
  expect((await outcome(new UsageError('Name one.'))).code).toBe(EXIT.usage);
  expect((await outcome(new CommandError('No.'))).code).toBe(EXIT.failed);
});

it.each(['CredentialsProviderError', 'ExpiredTokenException', 'UnrecognizedClientException'])(
  'names the remedy for %s instead of its own words',
  (name) => {
    expect(formatError(Object.assign(new Error('internal detail'), { name }))).toMatch(/Sign in .*AWS_PROFILE=/);
  },
);

it('takes an error called like a property of every object for what it is', () => {
  expect(formatError(Object.assign(new Error('odd'), { name: 'constructor' }))).toBe('constructor: odd');
});

it('does not go on when the word was not typed, nor where nobody can type', async () => {
  await expect(confirm(fakeTerminal('Shop'), 'Close it.', 'shop', false)).rejects.toThrow('Nothing was done');
  await expect(confirm(fakeTerminal(''), 'Close it.', 'shop', false)).rejects.toThrow('--yes');
  await expect(confirm(fakeTerminal(' shop\n'), 'Close it.', 'shop', false)).resolves.toBeUndefined();
});

it('asks nothing when it was told not to', async () => {
  const terminal = fakeTerminal();
  await confirm(terminal, 'Close it.', 'shop', true);
  expect(terminal.lines.asked).toEqual([]);
});
