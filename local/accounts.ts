/** What a real deployment gets from its AWS account, Cognito pool and script project. */
export interface Account {
  readonly environment: string;
  readonly accountId: string;
  /** The local WAF tells accounts apart by their access key id. */
  readonly accessKeyId: string;
  readonly tableName: string;
  readonly userPoolId: string;
  readonly apiUrl: string;
  readonly tokenUrl: string;
}

/** The one person of an account whom IAM lets break the glass. */
export const onCallArn = ({ accountId }: Account): string => `arn:aws:iam::${accountId}:user/on-call`;

export const HOME_REGION = 'eu-west-1';

export function accountOf(environment: string): Account {
  const capital = environment.charAt(0).toUpperCase() + environment.slice(1).replaceAll('-', '');
  return {
    environment,
    accountId: environment === 'staging' ? '444455556666' : '111122223333',
    accessKeyId: environment,
    tableName: `drawbridge-${environment}`,
    userPoolId: `${HOME_REGION}_${capital}`,
    apiUrl: `https://api.${environment}.example.com`,
    tokenUrl: `https://auth.${environment}.example.com/oauth2/token`,
  };
}
