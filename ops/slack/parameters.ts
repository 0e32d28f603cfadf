import { GetParametersCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { slackParameters } from '../../contract/slack-parameters.ts';

/** The Slack app's two secrets in the Parameter Store. */
export interface SlackParameters {
  /** Newest first; empty if there is none. */
  signingSecrets(): Promise<string[]>;
  botToken(): Promise<string | undefined>;
  putSigningSecrets(secrets: readonly string[]): Promise<void>;
  putBotToken(token: string): Promise<void>;
}

export function slackSecretsIn(client: Pick<SSMClient, 'send'>, environment: string): SlackParameters {
  const names = slackParameters(environment);
  const read = async (name: string): Promise<string | undefined> => {
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: [name], WithDecryption: true }));
    return Parameters[0]?.Value?.trim() || undefined;
  };
  const put = async (Name: string, Value: string): Promise<void> => {
    await client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
  };
  return {
    signingSecrets: async () => (await read(names.signingSecrets))?.split(/\s+/) ?? [],
    botToken: () => read(names.botToken),
    putSigningSecrets: (secrets) => put(names.signingSecrets, secrets.join(' ')),
    putBotToken: (token) => put(names.botToken, token),
  };
}
