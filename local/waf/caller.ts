import type { IncomingHttpHeaders } from 'node:http';
import { accountOf } from '../accounts.ts';
import { WafError } from './errors.ts';

export interface Caller {
  readonly account: string;
  readonly region: string;
  /** The local environment that the account belongs to. */
  readonly environment: string;
}

/**
 * Who calls, and where, from the credential scope of the signature. The signature itself is not checked: on this
 * machine the access key id tells accounts apart.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function readCaller({ authorization = '' }: IncomingHttpHeaders): Caller {
  const [, keyId, region, service] =
    /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  if (!keyId || !region) {
    throw new WafError('MissingAuthenticationTokenException', 'Missing Authentication Token', {}, 403);
  }
  if (service !== 'wafv2') {
    const message = "Credential should be scoped to correct service: 'wafv2'.";
    throw new WafError('InvalidSignatureException', message, {}, 403);
  }
  const environment = keyId === 'staging' ? 'staging' : 'production';
  return { account: accountOf(environment).accountId, region, environment };
}

const TARGET_PREFIX = 'AWSWAF_20190729.';

/** The operation that is asked for, supported or not. */
export function readOperation(headers: IncomingHttpHeaders): string {
  const target = String(headers['x-amz-target'] ?? '');
  if (target.startsWith(TARGET_PREFIX)) return target.slice(TARGET_PREFIX.length);
  throw new WafError('UnknownOperationException', `The target "${target}" is not supported by the local WAF.`);
}
