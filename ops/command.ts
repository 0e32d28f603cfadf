import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import { RuleGroupError } from '../lambda/src/waf/errors.ts';

/** What every command shares: its arguments, its errors as one line with a remedy, its exit code. */

export const EXIT = {
  done: 0,
  /** Refused, broken, or not possible. */
  failed: 1,
  /** The command was not understood. */
  usage: 2,
  /** The firewall took it, and nobody has proven it yet. */
  notProven: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The terminal, as a command sees it. */
export interface Terminal {
  /** What the command is for; may be piped on. */
  out(line: string): void;
  /** Everything else. */
  note(line: string): void;
  readonly outIsTerminal: boolean;
  /** @returns What the person typed; blank where nobody can type. */
  ask(question: string): Promise<string>;
  /** One after the other, without showing what is typed; of an input that is no terminal, a line each. */
  askSecrets(questions: readonly string[]): Promise<string[]>;
}

/** Expected, and told to the person: one line that says what to do. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

export class UsageError extends CommandError {
  override readonly name = 'UsageError';
}

export interface Command {
  readonly help: string;
  run(args: string[], terminal: Terminal): Promise<ExitCode>;
}

/** Runs a command to its exit code; whatever goes wrong becomes one line. */
export async function execute(command: Command, args: string[], terminal: Terminal): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(command.help.trim());
    return EXIT.done;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    terminal.note(formatError(error));
    if (!(error instanceof UsageError)) return EXIT.failed;
    terminal.note('--help shows how.');
    return EXIT.usage;
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** @throws UsageError - In Node's own words: it names the option. */
export function readArgs<O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * The person types `word`, or the command says so with `yes`.
 * @throws CommandError - They did not.
 */
export async function confirm(terminal: Terminal, question: string, word: string, yes: boolean): Promise<void> {
  if (yes) return;
  const typed = await terminal.ask(`${question} Type ${word} to go on: `);
  if (typed.trim() === word) return;
  throw new CommandError(`Nothing was done: "${word}" was not typed. Where nobody can type, give --yes.`);
}

const SIGN_IN = 'Sign in (such as aws sso login) and name the profile: AWS_PROFILE=<profile>.';
const BY_NAME: Readonly<Record<string, string>> = {
  CredentialsProviderError: `There are no AWS credentials. ${SIGN_IN}`,
  TokenProviderError: `The AWS session is over. ${SIGN_IN}`,
  ExpiredTokenException: `The AWS session is over. ${SIGN_IN}`,
  ExpiredToken: `The AWS session is over. ${SIGN_IN}`,
  UnrecognizedClientException: `AWS does not know these credentials. ${SIGN_IN}`,
  InvalidClientTokenId: `AWS does not know these credentials. ${SIGN_IN}`,
  InvalidSignatureException: `AWS does not take the signature: wrong secret, or a clock that is wrong. ${SIGN_IN}`,
};

const FORBIDDEN = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'NotAuthorizedException',
  'UnauthorizedException',
]);

/** AWS said that these credentials may not do it. */
export const isForbidden = (error: unknown): boolean => FORBIDDEN.has((error as Error | undefined)?.name ?? '');

/** There are no credentials, or none that AWS takes. */
export const isSignIn = (error: unknown): boolean => Object.hasOwn(BY_NAME, (error as Error | undefined)?.name ?? '');

/** No stack: a person reads it at night. */
export function formatError(error: unknown): string {
  const { name = '', message = String(error) } = (error ?? {}) as Partial<Error>;
  if (isSignIn(error)) return BY_NAME[name] as string;
  if (error instanceof CommandError || error instanceof ConfigError) return message;
  if (error instanceof RuleGroupError) return `${message} (${error.code})`;
  const line = message.replaceAll(/\s+/g, ' ');
  if (isForbidden(error)) return `AWS does not allow it: ${line}`;
  return `${name || 'Error'}: ${line}`;
}
