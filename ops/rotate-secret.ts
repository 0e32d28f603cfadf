import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { readBuiltConfig } from './built-config.ts';
import { rotateSecretCommand } from './rotate-secret-command.ts';
import { start } from './terminal.ts';
import { fetchToken } from './token.ts';

/** `npm run rotate-secret`: wiring. */
await start(
  rotateSecretCommand({
    readBuiltConfig,
    fetchToken,
    cloudFormation: (region) => new CloudFormationClient({ region }),
    cognito: (region) => new CognitoIdentityProviderClient({ region }),
    now: () => Date.now(),
  }),
);
