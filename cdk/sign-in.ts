import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  type CfnUserPoolClient,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { OPERATE_SCOPE, READ_SCOPE } from '../contract/routes.ts';

const SCOPES = {
  [OPERATE_SCOPE]: 'Open and close services',
  [READ_SCOPE]: 'Read what is open and what was done',
};

/** Sign-in for one machine, the sheet's script: a client id and a secret for a token of an hour. There are no users. */
export class SignIn extends Construct {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly tokenUrl: string;

  constructor(parent: Construct, id: string, { environment, region }: { environment: string; region: string }) {
    super(parent, id);
    const pool = new UserPool(this, 'Pool', {
      userPoolName: `drawbridge-${environment}`,
      selfSignUpEnabled: false,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      passwordPolicy: {
        minLength: 16,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
    });
    Validations.of(pool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason: 'The pool has no users who could have a second factor: only a machine client.',
      },
      { id: 'AwsSolutions-COG8', reason: 'The Plus plan watches the sign-in of users, and the pool has none.' },
    );
    const domain = pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `drawbridge-${environment}-${Aws.ACCOUNT_ID}` },
    });
    const client = machineClient(pool);
    this.userPoolId = pool.userPoolId;
    this.clientId = client.userPoolClientId;
    this.issuer = `https://cognito-idp.${region}.amazonaws.com/${pool.userPoolId}`;
    this.tokenUrl = `${domain.baseUrl()}/oauth2/token`;
  }
}

function machineClient(pool: UserPool): UserPoolClient {
  const [identifier = ''] = OPERATE_SCOPE.split('/');
  const scopes = Object.entries(SCOPES).map(
    ([scope, scopeDescription]) =>
      new ResourceServerScope({ scopeName: scope.slice(identifier.length + 1), scopeDescription }),
  );
  const server = pool.addResourceServer('Api', { identifier, scopes });
  const client = pool.addClient('Sheet', {
    generateSecret: true,
    accessTokenValidity: Duration.hours(1),
    oAuth: {
      flows: { clientCredentials: true },
      scopes: scopes.map((scope) => OAuthScope.resourceServer(server, scope)),
    },
  });
  // Left out, Cognito would allow sign-in with a password; refreshing is the least that the list can hold.
  (client.node.defaultChild as CfnUserPoolClient).explicitAuthFlows = ['ALLOW_REFRESH_TOKEN_AUTH'];
  return client;
}
