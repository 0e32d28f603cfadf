import type { SlackConfig } from '../../config/schema.ts';
import { type BuiltConfig, environmentOf } from '../built-config.ts';
import { type Command, CommandError, EXIT, readArgs, type Terminal, UsageError } from '../command.ts';
import { BOT_SCOPES } from './manifest.ts';
import type { SlackParameters } from './parameters.ts';
import type { SlackIdentity } from './web-api.ts';

export interface SlackSecretsDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
  parameters(environment: string, region: string): SlackParameters;
  identity(token: string): Promise<SlackIdentity>;
}

const HELP = `
Puts the two secrets of an environment's Slack app into the Parameter Store, encrypted; and replaces them.

  npm run slack:secrets -- <environment>            asks for both; blank keeps the present one
  npm run slack:secrets -- <environment> --finish   forgets the older signing secret

They are asked for without showing them, or read from the input, a line each: signing secret, bot token. Never give them as
arguments: those end in a shell's history. A new signing secret works beside the older one until --finish; the function
takes either within three minutes. The bot token is proven before it is kept.

  --leaked   strangers know the older signing secret: it is not kept beside the new one
  --help     this text

Needs ssm:GetParameters and ssm:PutParameter on /drawbridge/<environment>/slack/*.
Exit codes: 0 done, 1 refused or not possible, 2 not understood.
`;

const OPTIONS = { finish: { type: 'boolean', default: false }, leaked: { type: 'boolean', default: false } } as const;

/** Of Slack's own: 32 hex digits. A pasted token, or half of it, is told apart. */
const SIGNING_SECRET = /^[0-9a-f]{32}$/;
const BOT_TOKEN = /^xoxb-[A-Za-z0-9-]{10,}$/;

export function slackSecretsCommand(deps: SlackSecretsDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { positionals, values } = readArgs(args, OPTIONS);
      const [environment, ...rest] = positionals;
      if (!environment || rest.length > 0) throw new UsageError('Name one environment. Secrets are never arguments.');
      const { config } = await deps.readBuiltConfig();
      const { region, slack } = environmentOf(config, environment);
      if (!slack) throw new CommandError(`drawbridge.config.ts has no slack in ${environment} (docs/slack.md).`);
      const parameters = deps.parameters(environment, region);
      if (values.finish) await finish(parameters, environment, terminal);
      else await take(deps, parameters, { environment, slack, terminal, leaked: values.leaked });
      return EXIT.done;
    },
  };
}

interface Subject {
  readonly environment: string;
  readonly slack: SlackConfig;
  readonly terminal: Terminal;
  readonly leaked: boolean;
}

async function take(deps: SlackSecretsDependencies, parameters: SlackParameters, about: Subject): Promise<void> {
  const { environment, slack, terminal, leaked } = about;
  const [secret = '', token = ''] = (
    await terminal.askSecrets(['Signing secret (Basic Information)', 'Bot token (OAuth & Permissions, xoxb-…)'])
  ).map((one) => one.trim());
  if (secret !== '' && !SIGNING_SECRET.test(secret)) {
    throw new CommandError(
      'That is no signing secret of Slack’s: it has 32 digits and letters a to f. Nothing was kept.',
    );
  }
  if (token !== '' && !BOT_TOKEN.test(token)) {
    throw new CommandError('That is no bot token of Slack’s: it begins with xoxb-. Nothing was kept.');
  }
  if (token !== '') await prove(deps, token, slack);
  const before = await parameters.signingSecrets();
  if (secret !== '' && before[0] !== secret) {
    const kept = leaked ? [] : before.slice(0, 1);
    await parameters.putSigningSecrets([secret, ...kept]);
    const older = kept.length > 0 ? ` The older one works until npm run slack:secrets -- ${environment} --finish` : '';
    terminal.note(`The signing secret is kept; the function takes it within three minutes.${older}`);
  }
  if (token !== '') {
    await parameters.putBotToken(token);
    terminal.note('The bot token is proven and kept.');
  }
  if (secret === '' && token === '') terminal.note('Nothing was given: both stay as they are.');
}

async function prove(deps: SlackSecretsDependencies, token: string, slack: SlackConfig): Promise<void> {
  const identity = await deps.identity(token).catch((error: Error) => {
    throw new CommandError(`Slack does not take the bot token: ${error.message} Nothing was kept.`);
  });
  const wrong = identityFault(identity, slack);
  if (wrong) throw new CommandError(`${wrong} Nothing was kept.`);
}

/** @returns What is wrong with what Slack says of a token. */
export function identityFault({ workspace, scopes }: SlackIdentity, slack: SlackConfig): string | undefined {
  if (!slack.workspaces.includes(workspace)) {
    return `The bot token is of the workspace ${workspace}, and slack.workspaces names ${slack.workspaces.join(', ')}.`;
  }
  const missing = BOT_SCOPES.filter((scope) => !scopes.includes(scope));
  return missing.length > 0 && scopes.length > 0
    ? `The bot token lacks the scope ${missing.join(', ')}: install the app again from its manifest.`
    : undefined;
}

async function finish(parameters: SlackParameters, environment: string, terminal: Terminal): Promise<void> {
  const secrets = await parameters.signingSecrets();
  const [newest, older] = secrets;
  if (newest === undefined || older === undefined) {
    terminal.note(
      `${environment} has ${secrets.length === 0 ? 'no' : 'one'} signing secret: there is nothing to forget.`,
    );
    return;
  }
  await parameters.putSigningSecrets([newest]);
  terminal.note(`${environment} has one signing secret again.`);
}
