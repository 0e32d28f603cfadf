import type { Config } from '../config/schema.ts';
import type { BreakGlassApi } from './break-glass-api.ts';
import { environmentOf } from './built-config.ts';
import {
  type Command,
  CommandError,
  confirm,
  EXIT,
  formatError,
  readArgs,
  type Terminal,
  UsageError,
} from './command.ts';
import { controllerOf, formatConnectBlock, refuseFiles, whereTo } from './connect-block.ts';
import type { ConnectDependencies } from './connect-command.ts';
import { disarmedLine } from './disarm.ts';
import { type LiveSecret, type MachineClient, machineClient } from './machine-client.ts';
import { planRotation, type Rotation } from './rotation.ts';
import { readStackOutputs, type StackOutputs } from './stack-outputs.ts';

export interface RotateSecretDependencies extends ConnectDependencies {
  /** Milliseconds since the epoch. */
  now(): number;
  breakGlass(at: {
    readonly environment: string;
    readonly region: string;
    readonly url: string;
  }): Pick<BreakGlassApi, 'disarm'>;
}

const HELP = `
Replaces the client secret of an environment while the sheets go on working. Two commands, with connect() between them:

  npm run rotate-secret -- <environment>            adds a second secret and prints the block for connect()
  npm run rotate-secret -- <environment> --finish   removes the older one

  --again     the block was lost before connect() took it: makes another in place of the newer secret
  --leaked    strangers know the secret: disarms every step of every release sheet, which says so in its rows, since any of
              them may have been armed by a stranger; with --finish, does not wait for the sheet's last token either
  --pipe      the output is no terminal: hand the block, with its secret, to a program
              (as npm run --silent …: npm itself writes to the output otherwise)
  --dry-run   says what would be done
  --yes       asks nothing
  --help      this text

Each may be repeated at any point; more than two secrets never live. Cognito does not tell whether a secret is used, so
--finish asks whether connect() ran, and waits for one token lifetime (an hour) after the newer secret was made: until
then the sheet may still work with a token of the older one. Tokens that were made with a leaked secret live on for that
hour, whatever is removed: when it is over, disarm once more with --finish --leaked.

Needs cloudformation:DescribeStacks and cognito-idp:DescribeUserPoolClient, ListUserPoolClientSecrets,
AddUserPoolClientSecret and DeleteUserPoolClientSecret; with --leaked, what npm run drawbridge -- disarm needs.
Exit codes: 0 done, 1 refused or not possible, 2 not understood.
`;

const OPTIONS = {
  again: { type: 'boolean', default: false },
  finish: { type: 'boolean', default: false },
  leaked: { type: 'boolean', default: false },
  pipe: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const;

export function rotateSecretCommand(deps: RotateSecretDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { values: request, positionals } = readArgs(args, OPTIONS);
      const [environment, ...rest] = positionals;
      if (!environment || rest.length > 0) throw new UsageError('Name one environment.');
      if (request.finish && request.again) throw new UsageError('--again begins, --finish ends: give one of them.');
      if (!request.finish && !request['dry-run']) refuseFiles(terminal, request.pipe);
      const { config } = await deps.readBuiltConfig();
      const { region } = environmentOf(config, environment);
      controllerOf(config);
      const outputs = await readStackOutputs(deps.cloudFormation(region), environment, region);
      const client = machineClient(deps.cognito(region), outputs);
      const [secrets, { tokenLifetimeMs }] = await Promise.all([client.secrets(), client.describe()]);
      const disarm = async (): Promise<boolean> =>
        request.leaked && !request['dry-run']
          ? disarmAll(deps.breakGlass({ environment, region, url: outputs.apiUrl }), environment, terminal)
          : true;
      // First of all: a step that a stranger armed may be due now.
      let isDisarmed = await disarm();
      const plan = planRotation(request, { secrets, tokenLifetimeMs, now: deps.now() });
      if (plan.do === 'refuse') throw new CommandError(plan.why);
      if (plan.do === 'nothing' || request['dry-run']) {
        terminal.note(plan.do === 'nothing' ? plan.why : `${wouldDo(plan)} This was a dry run: nothing was done.`);
      } else {
        const about: Subject = { environment, config, client, outputs, terminal, yes: request.yes };
        if (plan.do === 'remove') {
          await finish(about, plan.remove);
          // Until now strangers could arm others.
          isDisarmed = await disarm();
        } else {
          await begin(deps, about, plan);
        }
      }
      return isDisarmed ? EXIT.done : EXIT.failed;
    },
  };
}

/** The secret is replaced whatever becomes of this. @returns Whether nothing is armed any more. */
async function disarmAll(
  api: Pick<BreakGlassApi, 'disarm'>,
  environment: string,
  terminal: Terminal,
): Promise<boolean> {
  try {
    terminal.note(disarmedLine(await api.disarm('the client secret of the release sheets leaked')));
    return true;
  } catch (error) {
    terminal.note(
      `Steps are still armed: ${formatError(error)} Disarm them: ` +
        `npm run drawbridge -- disarm --environment ${environment} --reason "…"`,
    );
    return false;
  }
}

interface Subject {
  readonly environment: string;
  readonly config: Config;
  readonly client: MachineClient;
  readonly outputs: StackOutputs;
  readonly terminal: Terminal;
  readonly yes: boolean;
}

const madeAt = ({ createdAt }: LiveSecret): string => `the secret made at ${createdAt.toISOString()}`;

function wouldDo(plan: Extract<Rotation, { do: 'add' | 'replace' | 'remove' }>): string {
  if (plan.do === 'add') return 'A second secret would be added.';
  if (plan.do === 'remove') return `It would remove ${madeAt(plan.remove)}.`;
  return `It would remove ${madeAt(plan.remove)}, and add another.`;
}

async function begin(
  { fetchToken }: RotateSecretDependencies,
  { environment, config, client, outputs, terminal, yes }: Subject,
  plan: Extract<Rotation, { do: 'add' | 'replace' }>,
): Promise<void> {
  if (plan.do === 'replace') {
    const warning = `This removes ${madeAt(plan.remove)}. If connect() took it, the sheets stand still until connect() runs again.`;
    await confirm(terminal, warning, environment, yes);
    await client.remove(plan.remove.id);
  }
  const clientSecret = await client.add();
  // Printed whatever the proof says: nobody can ask Cognito for it again.
  const block = formatConnectBlock(config, { [environment]: { ...outputs, clientSecret } });
  const doubt = await fetchToken({ ...outputs, clientSecret }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  terminal.out(block);
  terminal.note(doubt ? `Not proven: ${doubt} Cognito may need a moment.` : 'The new secret is proven.');
  terminal.note(`${whereTo(config)} The older secret works until npm run rotate-secret -- ${environment} --finish`);
}

async function finish({ environment, client, terminal, yes }: Subject, older: LiveSecret): Promise<void> {
  const question = `Did connect() run with the newer secret, and has a sheet of ${environment} worked since? This removes ${madeAt(older)}.`;
  await confirm(terminal, question, environment, yes);
  await client.remove(older.id);
  terminal.note(`${environment} has one secret again. If a sheet says that its sign-in is refused: rotate once more.`);
}
