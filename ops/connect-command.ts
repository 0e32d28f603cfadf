import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type BuiltConfig, environmentOf } from './built-config.ts';
import { type Command, CommandError, EXIT, readArgs, UsageError } from './command.ts';
import { type Connections, controllerOf, formatConnectBlock, refuseFiles, whereTo } from './connect-block.ts';
import { machineClient } from './machine-client.ts';
import { readStackOutputs, type StackOutputs } from './stack-outputs.ts';
import type { FetchToken } from './token.ts';

export interface ConnectDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
  readonly fetchToken: FetchToken;
  cloudFormation(region: string): Pick<CloudFormationClient, 'send'>;
  cognito(region: string): Pick<CognitoIdentityProviderClient, 'send'>;
}

const HELP = `
Prints the block that connects the release sheets with deployed environments.

  npm run connect -- <environment>… [--pipe]

It reads the outputs of the stack drawbridge-<environment> and the secret of its client, proves the secret, and changes
nothing. The block also says which account may connect it (controller), and who may use the control spreadsheet (admins). The block goes to the screen; everything else to stderr.

  --pipe   the output is no terminal: hand the block, with its secret, to a program
           (as npm run --silent …: npm itself writes to the output otherwise)
  --help   this text

Needs cloudformation:DescribeStacks, cognito-idp:ListUserPoolClientSecrets and cognito-idp:DescribeUserPoolClient.
Exit codes: 0 printed, 1 not possible, 2 not understood.
`;

export function connectCommand(deps: ConnectDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { values, positionals } = readArgs(args, { pipe: { type: 'boolean', default: false } });
      if (positionals.length === 0) throw new UsageError('Name at least one environment.');
      refuseFiles(terminal, values.pipe);
      const { config } = await deps.readBuiltConfig();
      controllerOf(config);
      const connections: Record<string, Connections[string]> = {};
      for (const name of new Set(positionals)) {
        const { region } = environmentOf(config, name);
        const outputs = await readStackOutputs(deps.cloudFormation(region), name, region);
        connections[name] = { ...outputs, clientSecret: await provenSecret(deps, name, region, outputs) };
        terminal.note(`${name}: ${outputs.apiUrl}; its client secret is proven.`);
      }
      terminal.out(formatConnectBlock(config, connections));
      terminal.note(whereTo(config));
      if (config.admins.length === 0) {
        terminal.note('Nobody may use the control spreadsheet: admins of drawbridge.config.ts is empty.');
      }
      return EXIT.done;
    },
  };
}

/** A block that does not work must not be printed: somebody would have to find out at night. */
async function provenSecret(
  { cognito, fetchToken }: ConnectDependencies,
  environment: string,
  region: string,
  outputs: StackOutputs,
): Promise<string> {
  const client = machineClient(cognito(region), outputs);
  if ((await client.secrets()).length > 1) {
    throw new CommandError(
      `${environment} has two secrets: its rotation is not over, and Cognito does not tell the newer one again. ` +
        `End it (npm run rotate-secret -- ${environment} --finish), or begin it anew with --again.`,
    );
  }
  const { secret } = await client.describe();
  const remedy = `Make another: npm run rotate-secret -- ${environment}`;
  if (!secret) throw new CommandError(`Cognito does not tell the client secret of ${environment}. ${remedy}`);
  await fetchToken({ ...outputs, clientSecret: secret }).catch((error: Error) => {
    throw new CommandError(`${error.message} ${remedy}`);
  });
  return secret;
}
