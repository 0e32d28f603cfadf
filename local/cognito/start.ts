import type { IncomingMessage } from 'node:http';
import type { JWTPayload } from 'jose';
import type { Clock } from '../clock.ts';
import { type HttpAnswer, type Listening, readBodyUpTo, serve } from '../http-server.ts';
import type { Trace } from '../trace.ts';
import { createPool, type Pool, type PoolOptions, type SignOptions } from './pool.ts';
import { answerTokenRequest } from './token-endpoint.ts';

export interface CognitoOptions {
  readonly port?: number;
  readonly clock: Clock;
  readonly trace?: Trace;
  /** By environment. */
  readonly pools: Readonly<Record<string, PoolOptions>>;
}

export interface Cognito extends Listening {
  tokenUrl(environment: string): string;
  jwksUri(environment: string): string;
  issuer(environment: string): string;
  /** Forges a token for tests: the pool's claims with those given laid over, signed by its key unless another is given. */
  sign(environment: string, claims?: JWTPayload, options?: SignOptions): Promise<string>;
}

/** What the local Cognito does; everything else it refuses by name. */
export const COGNITO_EMULATES = [
  'POST /<environment>/oauth2/token (client credentials)',
  'GET /<environment>/.well-known/jwks.json',
] as const;

const LARGEST_FORM_BYTES = 16 * 1024;

/** Starts the token endpoints and key sets of all environments on one loopback port. */
export async function startCognito({ port, clock, trace, pools: wanted }: CognitoOptions): Promise<Cognito> {
  const entries = Object.entries(wanted).map(
    async ([name, pool]) => [name, await createPool(pool, clock.now)] as const,
  );
  const pools = new Map<string, Pool>(await Promise.all(entries));
  const server = await serve(answer, port);

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const at = clock.now();
    const startedAt = performance.now();
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, environment = '', ...rest] = pathname.split('/');
    const pool = pools.get(environment);
    const path = `/${rest.join('/')}`;
    if (pool && path === '/oauth2/token') {
      const { said, ...given } = await answerToken(pool, request);
      const tookMs = performance.now() - startedAt;
      trace?.({ at, tookMs, part: 'cognito', what: 'POST /oauth2/token', said, ok: given.status === 200, environment });
      return given;
    }
    if (pool && path === '/.well-known/jwks.json' && request.method === 'GET') return reply(200, pool.jwks);
    const what = `${request.method} ${pathname} is not supported by the local Cognito`;
    return reply(501, { error: 'not_supported', error_description: what });
  }

  const named = (environment: string): Pool => {
    const pool = pools.get(environment);
    if (!pool) throw new Error(`The local Cognito has no pool for ${environment}, only for ${[...pools.keys()]}.`);
    return pool;
  };
  return {
    ...server,
    tokenUrl: (environment) => `${server.url}/${environment}/oauth2/token`,
    jwksUri: (environment) => `${server.url}/${environment}/.well-known/jwks.json`,
    issuer: (environment) => named(environment).issuer,
    sign: (environment, claims, options) => named(environment).sign(claims, options),
  };
}

/** @returns Also what was said, in a few words without the token. */
async function answerToken(pool: Pool, request: IncomingMessage): Promise<HttpAnswer & { readonly said: string }> {
  const { 'content-type': contentType, authorization } = request.headers;
  if (request.method !== 'POST') return { ...reply(405, { error: 'invalid_request' }, { allow: 'POST' }), said: '405' };
  const body = await readBodyUpTo(LARGEST_FORM_BYTES, request);
  if (!body) return { ...reply(400, { error: 'invalid_request' }), said: '400 invalid_request' };
  const { ok, ...answer } = await answerTokenRequest(pool, { contentType, authorization, body: body.toString('utf8') });
  const said = ok ? '200, a token for an hour' : `400 ${(answer as { error?: string }).error}`;
  return { ...reply(ok ? 200 : 400, answer), said };
}

const reply = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer => ({
  status,
  headers: {
    'content-type': 'application/json;charset=UTF-8',
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    pragma: 'no-cache',
    ...headers,
  },
  body: JSON.stringify(body),
});
