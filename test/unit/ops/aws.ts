import {
  AddUserPoolClientSecretCommand,
  DeleteUserPoolClientSecretCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { defineConfig } from '../../../config/define-config.ts';
import type { BuiltConfig } from '../../../ops/built-config.ts';
import type { ConnectDependencies } from '../../../ops/connect-command.ts';
import type { RotateSecretDependencies } from '../../../ops/rotate-secret-command.ts';
import { PAGES } from '../../builders.ts';

/** An account with one deployed environment, as far as connect and rotate-secret look at it. */

export const HOUR_MS = 3_600_000;
export const OUTPUTS = {
  ApiUrl: 'https://api.example.com/',
  TokenUrl: 'https://auth.example.com/oauth2/token',
  UserPoolId: 'eu-west-1_Production',
  ClientId: 'client1',
  NoticeTopicArn: 'arn:aws:sns:eu-west-1:111122223333:notices',
};

export const BUILT: BuiltConfig = {
  pages: PAGES,
  config: defineConfig({
    controller: 'drawbridge@example.com',
    admins: ['release.manager@example.com'],
    environments: {
      production: {
        production: true,
        operators: ['release.manager@example.com'],
        services: [
          {
            name: 'shop',
            targets: [
              { scope: 'REGIONAL', region: 'eu-west-1', verification: { urls: ['https://shop.example.com/'] } },
            ],
            allowlist: ['192.0.2.0/28'],
            exemptPaths: ['/health', { prefix: '/hooks/' }],
          },
        ],
      },
    },
  }),
};

export const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name });

interface Secret {
  readonly ClientSecretId: string;
  readonly ClientSecretCreateDate: Date;
  readonly value: string;
}

export interface FakeAccount extends ConnectDependencies {
  outputs: Record<string, string>;
  /** Thrown by CloudFormation. */
  stackError: Error | undefined;
  secrets: Secret[];
  /** What DescribeUserPoolClient tells; Cognito does not say of which secret. */
  described: string | undefined;
  /** Where each cognito command ended up, oldest first. */
  calls: string[];
  /** Cuts the account off after this many changes: the answer is lost. */
  diesAfterChanges: number;
  now: number;
  /** Why steps were disarmed, oldest first. */
  disarmed: string[];
  /** Thrown by the API. */
  disarmError: Error | undefined;
  breakGlass: RotateSecretDependencies['breakGlass'];
}

export function fakeAccount(now = Date.parse('2026-11-22T02:00:00Z')): FakeAccount {
  let made = 0;
  const secret = (at: number): Secret => {
    made += 1;
    return { ClientSecretId: `client1--${made}`, ClientSecretCreateDate: new Date(at), value: `secret-number-${made}` };
  };
  const account: FakeAccount = {
    now,
    outputs: { ...OUTPUTS },
    stackError: undefined,
    secrets: [secret(now - 100 * HOUR_MS)],
    described: 'secret-number-1',
    calls: [],
    diesAfterChanges: Number.POSITIVE_INFINITY,
    disarmed: [],
    disarmError: undefined,
    breakGlass: ({ environment }) => ({
      async disarm(reason) {
        if (account.disarmError) throw account.disarmError;
        account.disarmed.push(reason);
        return { environment, steps: 2, sheets: 1 };
      },
    }),
    readBuiltConfig: async () => BUILT,
    async fetchToken({ clientSecret }) {
      if (account.secrets.some(({ value }) => value === clientSecret)) return 'token';
      throw new Error('The token endpoint auth.example.com answered 400 to the client secret.');
    },
    cloudFormation: () => ({
      async send() {
        if (account.stackError) throw account.stackError;
        const Outputs = Object.entries(account.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
        return { Stacks: [{ Outputs }] } as never;
      },
    }),
    cognito: () => ({ send: async (command: object) => answer(command) as never }),
  };

  function answer(command: object): object {
    account.calls.push(command.constructor.name.replace('Command', ''));
    if (command instanceof AddUserPoolClientSecretCommand) {
      if (account.secrets.length >= 2) throw awsError('LimitExceededException');
      const added = secret(account.now);
      account.secrets.push(added);
      changed();
      return { ClientSecretDescriptor: { ...added, ClientSecretValue: added.value } };
    }
    if (command instanceof DeleteUserPoolClientSecretCommand) {
      account.secrets = account.secrets.filter(({ ClientSecretId }) => ClientSecretId !== command.input.ClientSecretId);
      changed();
      return {};
    }
    if (command.constructor.name.startsWith('Describe')) {
      return {
        UserPoolClient: {
          ClientSecret: account.described,
          AccessTokenValidity: 60,
          TokenValidityUnits: { AccessToken: 'minutes' },
        },
      };
    }
    // Newest first: the order is nowhere promised.
    return { ClientSecrets: account.secrets.map(({ value: _, ...told }) => told).reverse() };
  }

  function changed(): void {
    account.diesAfterChanges -= 1;
    if (account.diesAfterChanges < 0) throw awsError('TimeoutError');
  }
  return account;
}
