import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HOME_REGION } from '../accounts.ts';
import type { Clock } from '../clock.ts';
import { type HttpAnswer, type Listening, readBodyUpTo, serve } from '../http-server.ts';
import type { Hop, Trace } from '../trace.ts';
import { type ApiEvent, type Authorized, apiEvent, operationIdOf } from './event.ts';
import { createIamAuthorizer, type IamAuthorizer, type Principals } from './iam-authorizer.ts';
import { integrate } from './integration.ts';
import { createJwtAuthorizer, type JwtAuthorizer, type JwtAuthorizerOptions } from './jwt-authorizer.ts';
import { gatewayAnswer } from './result.ts';
import { checkRoutes, matchRoute, type Route, type RouteMatch } from './routes.ts';
import { createThrottles, type ThrottleOptions } from './throttle.ts';

export interface ApiOptions extends JwtAuthorizerOptions {
  readonly routes: readonly Route[];
  /** Twelve digits; what the event says. */
  readonly accountId?: string;
  /** Where the API is, as signatures name it. */
  readonly region?: string;
  /** Whom IAM lets call the routes with IAM authorization; nobody if left out. */
  readonly principals?: Principals;
  invoke(event: ApiEvent): Promise<unknown>;
}

export interface GatewayOptions {
  readonly port?: number;
  readonly clock: Clock;
  readonly trace?: Trace;
  /** Of each API, for routes without one of their own; AWS grants an account 10,000 a second with bursts of 5,000 unless a stage says less. */
  readonly throttle?: ThrottleOptions;
  /** Milliseconds; 30 s is API Gateway's own limit. */
  readonly integrationTimeoutMs?: number;
  /** By environment: the first part of the path chooses. */
  readonly apis: Readonly<Record<string, ApiOptions>>;
}

export interface Gateway extends Listening {
  /** Such as `http://127.0.0.1:4702/production`. */
  apiUrl(environment: string): string;
}

/** What the local API Gateway does; everything else it refuses by name. */
export const GATEWAY_EMULATES = [
  'HTTP API, payload format 2.0',
  'JWT authorizer with route scopes',
  'IAM authorization by SigV4 headers',
  'throttling by stage and by route, 10 MB payloads, 30 s integration cut',
] as const;

const LARGEST_PAYLOAD_BYTES = 10 * 1024 * 1024;

interface Api extends ApiOptions {
  readonly byToken: JwtAuthorizer;
  readonly bySignature: IamAuthorizer;
  /** By route; without one, the stage's own bucket. */
  readonly mayPass: (route?: Route) => boolean;
}

/** Starts the APIs of all environments on one loopback port. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port, clock, trace, throttle = { ratePerSecond: 10_000, burst: 5_000 } } = options;
  const apis = new Map<string, Api>();
  for (const [environment, api] of Object.entries(options.apis)) {
    checkRoutes(api.routes);
    const { region = HOME_REGION, principals = {} } = api;
    const byToken = createJwtAuthorizer(api, clock.now);
    const bySignature = createIamAuthorizer({ region, principals }, clock.now);
    apis.set(environment, { ...api, byToken, bySignature, mayPass: createThrottles(throttle, api.routes, clock.now) });
  }
  const server = await serve(answer, port);

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const at = clock.now();
    const startedAt = performance.now();
    const [path = '', query = ''] = splitOnce(request.url ?? '/', '?');
    const [, environment = '', ...rest] = path.split('/');
    const api = apis.get(environment);
    const below = `/${rest.join('/')}`;
    const said: Passing = { answer: gatewayAnswer(404, 'Not Found'), checks: [] };
    if (api) await pass(api, { environment, request, path: below, query }, said);
    const { status, headers } = said.answer;
    const about = said.operationId ? { operationId: said.operationId } : {};
    for (const check of said.checks) trace?.({ ...check, part: 'gateway', ...about, environment });
    trace?.({
      at,
      tookMs: performance.now() - startedAt,
      part: 'gateway',
      what: `${request.method} ${below}`,
      said: sentence(said.answer),
      ok: status < 400,
      ...about,
      environment,
    });
    return { ...said.answer, headers: { ...headers, 'apigw-requestid': randomUUID().slice(0, 16) } };
  }

  /** Route, throttle, authorizer, payload, integration: in this order, the first that objects answers. */
  async function pass(api: Api, asked: Asked, passing: Passing): Promise<void> {
    const { request, path, query, environment } = asked;
    const refuse = (status: number, message: string, headers?: Record<string, string>) => {
      passing.answer = gatewayAnswer(status, message, headers);
    };
    const match = matchRoute(api.routes, request.method ?? '', path);
    if (!api.mayPass(match?.route)) return refuse(429, 'Too Many Requests');
    if (!match) return refuse(404, 'Not Found');
    let reading: Promise<Buffer | undefined> | undefined;
    const read = () => {
      reading ??= readBodyUpTo(LARGEST_PAYLOAD_BYTES, request);
      return reading;
    };
    const decision = await decide(api, match, request, read, passing);
    if ('status' in decision) {
      const { status, challenge } = decision;
      const message = status === 401 ? 'Unauthorized' : 'Forbidden';
      return refuse(status, message, challenge === undefined ? {} : { 'www-authenticate': challenge });
    }
    const body = await read();
    if (!body) return refuse(413, 'Request Entity Too Large');
    const event = apiEvent({
      ...{ request, match, path, query, body, authorizer: decision },
      api: { accountId: api.accountId ?? '111122223333', apiId: `drawbridge-${environment}` },
      requestId: randomUUID(),
      at: Math.trunc(clock.now()),
    });
    passing.operationId = operationIdOf(event);
    passing.answer = await integrate(() => api.invoke(event), options.integrationTimeoutMs);
  }

  /** @returns What the function is told of the caller, or how the caller is refused. */
  async function decide(
    api: Api,
    { route }: RouteMatch,
    request: IncomingMessage,
    read: () => Promise<Buffer | undefined>,
    { checks }: Passing,
  ): Promise<Authorized | Refusal> {
    const at = clock.now();
    const startedAt = performance.now();
    const note = (what: string, said: string, ok: boolean) =>
      checks.push({ at, tookMs: performance.now() - startedAt, what, said, ok });
    if (route.authorization === 'NONE') return {};
    if (route.authorization === 'AWS_IAM') {
      // A signature covers the body, so that is read before anybody is let in.
      const decision = await api.bySignature(request, (await read()) ?? Buffer.alloc(0));
      note('signature check', decision.ok ? `valid; ${decision.iam.userArn}` : `403: ${decision.why}`, decision.ok);
      return decision.ok ? { iam: decision.iam } : { status: 403 };
    }
    const decision = await api.byToken(request.headers.authorization, route.scopes);
    const needed = `needs ${route.scopes.join(' or ')}`;
    note('token check', decision.ok ? `valid; ${needed}` : `${decision.status}: ${decision.challenge}`, decision.ok);
    return decision.ok ? { jwt: decision.jwt } : decision;
  }

  return { ...server, apiUrl: (environment) => `${server.url}/${environment}` };
}

interface Asked {
  readonly environment: string;
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: string;
}

interface Passing {
  answer: HttpAnswer;
  /** What the authorizer said, for the trace. */
  readonly checks: Pick<Hop, 'at' | 'tookMs' | 'what' | 'said' | 'ok'>[];
  operationId?: string | undefined;
}

interface Refusal {
  readonly status: 401 | 403;
  readonly challenge?: string;
}

/** A problem in its own words; they are made for people and hold no secret. */
function sentence({ status, body }: HttpAnswer): string {
  if (status < 400) return String(status);
  try {
    const { code, message } = JSON.parse(body.toString());
    return [status, code, message].filter(Boolean).join(' ');
  } catch {
    return String(status);
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
