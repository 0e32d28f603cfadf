import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type BuiltConfig, environmentOf } from '../built-config.ts';
import { type Command, EXIT, readArgs, UsageError } from '../command.ts';
import { readStackOutputs } from '../stack-outputs.ts';
import { slackManifest } from './manifest.ts';

export interface SlackManifestDependencies {
  readBuiltConfig(): Promise<BuiltConfig>;
  cloudFormation(region: string): Pick<CloudFormationClient, 'send'>;
}

const HELP = `
Prints the manifest of the Slack app of a deployed environment: its request URL, its command, what it may do.

  npm run --silent slack:manifest -- <environment>

Create the app from it at https://api.slack.com/apps; docs/slack.md says what comes after.
  --help   this text

Needs cloudformation:DescribeStacks. Exit codes: 0 printed, 1 not possible, 2 not understood.
`;

const USUAL_COMMAND = '/drawbridge';

export function slackManifestCommand(deps: SlackManifestDependencies): Command {
  return {
    help: HELP,
    async run(args, terminal) {
      const { positionals } = readArgs(args, {});
      const [environment, ...rest] = positionals;
      if (!environment || rest.length > 0) throw new UsageError('Name one environment.');
      const { config } = await deps.readBuiltConfig();
      const { region, slack } = environmentOf(config, environment);
      const { apiUrl } = await readStackOutputs(deps.cloudFormation(region), environment, region);
      const command = slack?.command ?? USUAL_COMMAND;
      terminal.out(JSON.stringify(slackManifest({ environment, apiUrl, command }), null, 2));
      terminal.note(
        slack
          ? `Of the app ${slack.appId}: paste it under App Manifest there.`
          : 'Create an app from it, then write its ids into slack of drawbridge.config.ts (docs/slack.md), and deploy.',
      );
      return EXIT.done;
    },
  };
}
