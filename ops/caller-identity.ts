import { type Credentials, signedHeaders } from '../lambda/src/invoke/sigv4.ts';

export interface CallerIdentityOptions {
  readonly region: string;
  credentials(): Promise<Credentials>;
  now(): number;
  /** Stands in for the regional endpoint, as `AWS_ENDPOINT_URL_STS` does for the AWS CLI. */
  readonly endpoint?: string | undefined;
}

export interface CallerIdentity {
  readonly arn: string;
  /** What to add to the clock here to have AWS's, when they differ by more than the answer took. */
  readonly skewMs: number;
}

const TIMEOUT_MS = 5_000;
/** The Date header tells whole seconds, and the answer travelled. */
const NO_SKEW_MS = 3_000;

/**
 * Who these credentials are, by which clock. STS answers everybody who signs; when it does not, the access key's id must
 * do: CloudTrail knows whose it is.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function callerIdentity(options: CallerIdentityOptions): Promise<CallerIdentity> {
  const { region, credentials, now, endpoint } = options;
  const given = await credentials();
  const url = new URL(endpoint ?? `https://sts.${region}.amazonaws.com/`);
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const headers = await signedHeaders(
    { method: 'POST', url, headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' }, body },
    { credentials: given, region, service: 'sts', at: new Date(now()) },
  );
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' }).catch(() => undefined);
  const arn = answer?.ok ? /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1] : undefined;
  const theirs = Date.parse(answer?.headers.get('date') ?? '');
  const skewMs = Math.abs(theirs - now()) > NO_SKEW_MS ? theirs - now() : 0;
  return { arn: arn ?? `access-key/${given.accessKeyId}`, skewMs };
}
