import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { breakGlassApi } from './break-glass-api.ts';
import { readBuiltConfig } from './built-config.ts';
import { rotateSecretCommand } from './rotate-secret-command.ts';
import { start } from './terminal.ts';
import { fetchToken } from './token.ts';

/** `npm run rotate-secret`: wiring. */
const time = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
await start(
  rotateSecretCommand({
    readBuiltConfig,
    fetchToken,
    cloudFormation: (region) => new CloudFormationClient({ region }),
    cognito: (region) => new CognitoIdentityProviderClient({ region }),
    ...time,
    breakGlass: (at) => breakGlassApi({ ...at, ...time, credentials: defaultProvider() }),
  }),
);
