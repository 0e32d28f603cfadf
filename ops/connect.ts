import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { readBuiltConfig } from './built-config.ts';
import { connectCommand } from './connect-command.ts';
import { start } from './terminal.ts';
import { fetchToken } from './token.ts';

/** `npm run connect`: wiring. */
await start(
  connectCommand({
    readBuiltConfig,
    fetchToken,
    cloudFormation: (region) => new CloudFormationClient({ region }),
    cognito: (region) => new CognitoIdentityProviderClient({ region }),
  }),
);
