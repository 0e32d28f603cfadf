import {
  AddUserPoolClientSecretCommand,
  type CognitoIdentityProviderClient,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
  type TimeUnitsType,
} from '@aws-sdk/client-cognito-identity-provider';
import { CommandError } from './command.ts';
import type { StackOutputs } from './stack-outputs.ts';

/** The sheet's app client in Cognito, and its secrets: one, or two while one is being replaced. */
export interface MachineClient {
  /** Oldest first. Cognito tells no value of them, and not which one is used. */
  secrets(): Promise<LiveSecret[]>;
  /** The one that the client was made with, as far as Cognito documents it: prove it before you use it. */
  describe(): Promise<{ secret: string | undefined; tokenLifetimeMs: number }>;
  /** @returns Its value: Cognito tells it this one time. */
  add(): Promise<string>;
  remove(id: string): Promise<void>;
}

export interface LiveSecret {
  readonly id: string;
  readonly createdAt: Date;
}

const UNIT_MS: Readonly<Record<TimeUnitsType, number>> = {
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};
/** Cognito's own, if the client says nothing. */
const USUAL_LIFETIME_HOURS = 1;

/** @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html */
export function machineClient(
  client: Pick<CognitoIdentityProviderClient, 'send'>,
  { userPoolId, clientId }: Pick<StackOutputs, 'userPoolId' | 'clientId'>,
): MachineClient {
  const which = { UserPoolId: userPoolId, ClientId: clientId };
  return {
    async secrets() {
      const { ClientSecrets = [] } = await client.send(new ListUserPoolClientSecretsCommand(which));
      return ClientSecrets.map(({ ClientSecretId: id = '', ClientSecretCreateDate: createdAt = new Date(0) }) => ({
        id,
        createdAt,
      })).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    },
    async describe() {
      const { UserPoolClient } = await client.send(new DescribeUserPoolClientCommand(which));
      const {
        ClientSecret: secret,
        AccessTokenValidity = USUAL_LIFETIME_HOURS,
        TokenValidityUnits,
      } = UserPoolClient ?? {};
      return { secret, tokenLifetimeMs: AccessTokenValidity * UNIT_MS[TokenValidityUnits?.AccessToken ?? 'hours'] };
    },
    async add() {
      const { ClientSecretDescriptor } = await client.send(new AddUserPoolClientSecretCommand(which));
      const value = ClientSecretDescriptor?.ClientSecretValue;
      if (value) return value;
      throw new CommandError('Cognito added a secret and did not tell it. Run rotate-secret with --again.');
    },
    async remove(id) {
      await client.send(new DeleteUserPoolClientSecretCommand({ ...which, ClientSecretId: id }));
    },
  };
}
