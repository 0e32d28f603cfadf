import { SSMClient } from '@aws-sdk/client-ssm';
import { readBuiltConfig } from './built-config.ts';
import { slackSecretsIn } from './slack/parameters.ts';
import { slackSecretsCommand } from './slack/secrets-command.ts';
import { slackIdentity } from './slack/web-api.ts';
import { start } from './terminal.ts';

/** `npm run slack:secrets`: wiring. */
await start(
  slackSecretsCommand({
    readBuiltConfig,
    parameters: (environment, region) => slackSecretsIn(new SSMClient({ region }), environment),
    identity: slackIdentity,
  }),
);
