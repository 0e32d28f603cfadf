import type { IncomingHttpHeaders } from 'node:http';

export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** As signatures name it, such as `wafv2`. */
  readonly service: string;
}

/**
 * What the signature of a request says of who calls whom, and where; undefined if there is none. The signature itself is
 * not checked: on this machine the access key id tells accounts apart.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function credentialScopeOf({ authorization = '' }: IncomingHttpHeaders): CredentialScope | undefined {
  const [, accessKeyId, region, service] =
    /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  return accessKeyId && region && service ? { accessKeyId, region, service } : undefined;
}
