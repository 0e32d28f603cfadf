import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWTPayload } from 'jose';
import type { Clock } from '../clock.ts';
import { BodyTooLargeError, type Listening, listen, readBody } from '../http-server.ts';
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
  const server = await listen((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  }, port);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = clock.now();
    const startedAt = performance.now();
    const { pathname } = new URL(request.url ?? '/', server.url);
    const [, environment = '', ...rest] = pathname.split('/');
    const pool = pools.get(environment);
    const path = `/${rest.join('/')}`;
    if (pool && path === '/oauth2/token') {
      const said = await answerToken(pool, request, response);
      const tookMs = performance.now() - startedAt;
      const ok = response.statusCode === 200;
      trace?.({ at, tookMs, part: 'cognito', what: 'POST /oauth2/token', said, ok, environment });
    } else if (pool && path === '/.well-known/jwks.json' && request.method === 'GET') {
      reply(response, 200, pool.jwks);
    } else {
      const what = `${request.method} ${pathname}`;
      reply(response, 501, {
        error: 'not_supported',
        error_description: `${what} is not supported by the local Cognito`,
      });
    }
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

/** @returns What was said, in a few words without the token. */
async function answerToken(pool: Pool, request: IncomingMessage, response: ServerResponse): Promise<string> {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    reply(response, 405, { error: 'invalid_request' });
    return '405';
  }
  const form = request.iterator({ destroyOnReturn: false });
  const body = await readBody(form, LARGEST_FORM_BYTES).catch((error: unknown) => {
    if (error instanceof BodyTooLargeError) return undefined;
    throw error;
  });
  if (body === undefined) {
    request.resume();
    reply(response, 400, { error: 'invalid_request' });
    return '400 invalid_request';
  }
  const { 'content-type': contentType, authorization } = request.headers;
  const { ok, ...answer } = await answerTokenRequest(pool, { contentType, authorization, body: body.toString('utf8') });
  reply(response, ok ? 200 : 400, answer);
  return ok ? '200, a token for an hour' : `400 ${(answer as { error?: string }).error}`;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
    pragma: 'no-cache',
  });
  response.end(JSON.stringify(body));
}
