import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { slackParameters } from '../../contract/slack-parameters.ts';
import { type Account, HOME_REGION } from '../accounts.ts';
import type { SlackAppOptions } from './start.ts';

/** Puts the app's two secrets where the function reads them: through the real protocol. */
export async function putSlackSecrets(
  endpoint: string,
  { environment, accessKeyId }: Account,
  { signingSecret, botToken }: SlackAppOptions,
): Promise<void> {
  const client = new SSMClient({
    endpoint,
    region: HOME_REGION,
    credentials: { accessKeyId, secretAccessKey: 'local' },
  });
  const names = slackParameters(environment);
  const values = { [names.signingSecrets]: signingSecret, [names.botToken]: botToken };
  for (const [Name, Value] of Object.entries(values)) {
    await client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
  }
  client.destroy();
}
