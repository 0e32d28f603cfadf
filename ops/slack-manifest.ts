import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { readBuiltConfig } from './built-config.ts';
import { slackManifestCommand } from './slack/manifest-command.ts';
import { start } from './terminal.ts';

/** `npm run slack:manifest`: wiring. */
await start(
  slackManifestCommand({ readBuiltConfig, cloudFormation: (region) => new CloudFormationClient({ region }) }),
);
