import type { IncomingHttpHeaders } from 'node:http';
import { accountOf } from '../accounts.ts';
import { credentialScopeOf } from '../credential-scope.ts';
import { WafError } from './errors.ts';

export interface Caller {
  readonly account: string;
  readonly region: string;
  /** The local environment that the account belongs to. */
  readonly environment: string;
}

/** Who calls, and where. */
export function readCaller(headers: IncomingHttpHeaders): Caller {
  const scope = credentialScopeOf(headers);
  if (!scope) throw new WafError('MissingAuthenticationTokenException', 'Missing Authentication Token', {}, 403);
  const { accessKeyId, region, service } = scope;
  if (service !== 'wafv2') {
    const message = "Credential should be scoped to correct service: 'wafv2'.";
    throw new WafError('InvalidSignatureException', message, {}, 403);
  }
  const environment = accessKeyId === 'staging' ? 'staging' : 'production';
  return { account: accountOf(environment).accountId, region, environment };
}
