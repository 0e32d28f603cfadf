import { environmentOf } from './built-config.ts';
import { type Command, CommandError, confirm, EXIT, readArgs, type Terminal, UsageError } from './command.ts';
import { formatConnectBlock, refuseFiles, WHERE_TO } from './connect-block.ts';
import type { ConnectDependencies } from './connect-command.ts';
import { type LiveSecret, type MachineClient, machineClient } from './machine-client.ts';
import { planRotation, type Rotation } from './rotation.ts';
import { readStackOutputs, type StackOutputs } from './stack-outputs.ts';

export interface RotateSecretDependencies extends ConnectDependencies {
  /** Milliseconds since the epoch. */
  now(): number;
}

const HELP = `
Replaces the client secret of an environment while the sheets go on working. Two commands, with connect() between them:

  npm run rotate-secret -- <environment>            adds a second secret and prints the block for connect()
  npm run rotate-secret -- <environment> --finish   removes the older one

  --again     the block was lost before connect() took it: makes another in place of the newer secret
  --leaked    with --finish: strangers know the older secret, do not wait for the sheet's last token
  --pipe      the output is no terminal: hand the block, with its secret, to a program
              (as npm run --silent …: npm itself writes to the output otherwise)
  --dry-run   says what would be done
  --yes       asks nothing
  --help      this text

Each may be repeated at any point; more than two secrets never live. Cognito does not tell whether a secret is used, so
--finish asks whether connect() ran, and waits for one token lifetime (an hour) after the newer secret was made: until
then the sheet may still work with a token of the older one. Tokens that were made with a leaked secret live on for that
hour, whatever is removed.

Needs cloudformation:DescribeStacks and cognito-idp:DescribeUserPoolClient, ListUserPoolClientSecrets,
AddUserPoolClientSecret and DeleteUserPoolClientSecret.
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
      const { values: wish, positionals } = readArgs(args, OPTIONS);
      const [environment, ...rest] = positionals;
      if (!environment || rest.length > 0) throw new UsageError('Name one environment.');
      if (wish.finish && wish.again) throw new UsageError('--again begins, --finish ends: give one of them.');
      if (wish.leaked && !wish.finish) throw new UsageError('--leaked goes with --finish.');
      if (!wish.finish && !wish['dry-run']) refuseFiles(terminal, wish.pipe);
      const { region } = environmentOf((await deps.readBuiltConfig()).config, environment);
      const outputs = await readStackOutputs(deps.cloudFormation(region), environment, region);
      const client = machineClient(deps.cognito(region), outputs);
      const [secrets, { tokenLifetimeMs }] = await Promise.all([client.secrets(), client.describe()]);
      const plan = planRotation(wish, { secrets, tokenLifetimeMs, now: deps.now() });
      if (plan.do === 'refuse') throw new CommandError(plan.why);
      if (plan.do === 'nothing' || wish['dry-run']) {
        terminal.note(plan.do === 'nothing' ? plan.why : `${wouldDo(plan)} This was a dry run: nothing was done.`);
        return EXIT.done;
      }
      const about: Subject = { environment, client, outputs, terminal, yes: wish.yes };
      if (plan.do === 'remove') await finish(about, plan.remove);
      else await begin(deps, about, plan);
      return EXIT.done;
    },
  };
}

interface Subject {
  readonly environment: string;
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
  { environment, client, outputs, terminal, yes }: Subject,
  plan: Extract<Rotation, { do: 'add' | 'replace' }>,
): Promise<void> {
  if (plan.do === 'replace') {
    const warning = `This removes ${madeAt(plan.remove)}. If connect() took it, the sheets stand still until connect() runs again.`;
    await confirm(terminal, warning, environment, yes);
    await client.remove(plan.remove.id);
  }
  const clientSecret = await client.add();
  // Printed whatever the proof says: nobody can ask Cognito for it again.
  const block = formatConnectBlock({ [environment]: { ...outputs, clientSecret } });
  const doubt = await fetchToken({ ...outputs, clientSecret }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  terminal.out(block);
  terminal.note(doubt ? `Not proven: ${doubt} Cognito may need a moment.` : 'The new secret is proven.');
  terminal.note(`${WHERE_TO} The older secret works until npm run rotate-secret -- ${environment} --finish`);
}

async function finish({ environment, client, terminal, yes }: Subject, older: LiveSecret): Promise<void> {
  const question = `Did connect() run with the newer secret, and has a sheet of ${environment} worked since? This removes ${madeAt(older)}.`;
  await confirm(terminal, question, environment, yes);
  await client.remove(older.id);
  terminal.note(`${environment} has one secret again. If a sheet says that its sign-in is refused: rotate once more.`);
}
