import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Credentials, signedHeaders } from '../../lambda/src/invoke/sigv4.ts';

/** Somebody whom IAM knows and lets invoke the API. */
export interface Principal extends Omit<Credentials, 'accessKeyId'> {
  readonly accountId: string;
  /** Such as `arn:aws:iam::111122223333:user/on-call`. */
  readonly userArn: string;
  readonly userId: string;
}

/** By access key id. */
export type Principals = Readonly<Record<string, Principal>>;

/** What a function gets of the caller. */
export interface IamIdentity {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  readonly userArn: string;
  readonly userId: string;
}

export interface IamAuthorizerOptions {
  readonly region: string;
  readonly principals: Principals;
}

export type IamDecision =
  | { readonly ok: true; readonly iam: IamIdentity }
  /** Why is for the trace: the caller hears only "Forbidden". */
  | { readonly ok: false; readonly why: string };

export type IamAuthorizer = (request: IncomingMessage, body: Buffer) => Promise<IamDecision>;

/** As long as a signature lives. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const LONGEST_SKEW_MS = 5 * 60_000;
const SERVICE = 'execute-api';
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * The IAM authorizer of an HTTP API: signs what came with the principal's own secret and compares. Signatures in the
 * query string are not emulated.
 * @param now - Milliseconds since the epoch.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export function createIamAuthorizer({ region, principals }: IamAuthorizerOptions, now: () => number): IamAuthorizer {
  return async (request, body) => {
    const headers = joined(request);
    const told = AUTHORIZATION.exec(headers.authorization ?? '');
    if (!told) return no('there is no SigV4 signature');
    const [, accessKeyId = '', day, givenRegion, service, list = '', signature = ''] = told;
    if (givenRegion !== region || service !== SERVICE) return no(`the signature is for ${service} in ${givenRegion}`);
    const at = timeOf(headers['x-amz-date'] ?? '');
    if (!at || headers['x-amz-date']?.slice(0, 8) !== day) return no('the signature has no date of its own');
    if (Math.abs(now() - at.getTime()) > LONGEST_SKEW_MS) return no('the signature is not of these five minutes');
    const names = list.split(';');
    if (!names.includes('host') || !names.includes('x-amz-date')) return no('host and date must be signed');
    if (!bodyFits(headers, body)) return no('the body is not the one that was signed');
    const principal = Object.hasOwn(principals, accessKeyId) ? principals[accessKeyId] : undefined;
    if (!principal) return no('nobody has this access key');
    const { secretAccessKey, sessionToken } = principal;
    if (headers['x-amz-security-token'] !== sessionToken) return no('the session token is not theirs');

    const signed = await signedHeaders(
      {
        method: request.method ?? 'GET',
        url: new URL(request.url ?? '/', `http://${headers.host}`),
        headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
        body,
      },
      { credentials: { accessKeyId, secretAccessKey, sessionToken }, region, service, at },
    );
    const expected = AUTHORIZATION.exec(signed.authorization ?? '');
    if (expected?.[5] !== list || !same(signature, expected[6] ?? '')) return no('the signature does not match');
    return { ok: true, iam: identityOf(accessKeyId, principal) };
  };
}

const no = (why: string): IamDecision => ({ ok: false, why });

const joined = ({ headersDistinct }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]));

function timeOf(amzDate: string): Date | undefined {
  const iso = AMZ_DATE.test(amzDate) ? amzDate.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6Z') : '';
  return Number.isNaN(Date.parse(iso)) ? undefined : new Date(iso);
}

/** Who sends a hash signs the hash: it must be the body's. */
function bodyFits(headers: Record<string, string>, body: Buffer): boolean {
  const claimed = headers['x-amz-content-sha256'];
  return claimed === undefined || same(claimed, createHash('sha256').update(body).digest('hex'));
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));

const identityOf = (accessKey: string, { accountId, userArn, userId }: Principal): IamIdentity => ({
  ...{ accessKey, accountId, userArn, userId },
  callerId: userId,
  cognitoIdentity: null,
  principalOrgId: null,
});
