import type { IncomingMessage } from 'node:http';
import type { IamIdentity } from './iam-authorizer.ts';
import type { RouteMatch } from './routes.ts';

/** What the route's authorizer found out: one of them. */
export interface Authorized {
  readonly jwt?: { readonly claims: Record<string, string>; readonly scopes: string[] };
  readonly iam?: IamIdentity;
}

/**
 * What a function gets from an HTTP API: payload format 2.0 [1].
 * @see [1] https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface ApiEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly authorizer?: Authorized;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: Readonly<Record<'method' | 'path' | 'protocol' | 'sourceIp' | 'userAgent', string>>;
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: '$default';
    readonly time: string;
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export interface EventParts {
  readonly request: IncomingMessage;
  readonly match: RouteMatch;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly authorizer: Authorized;
  readonly api: { readonly accountId: string; readonly apiId: string };
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export function apiEvent(parts: EventParts): ApiEvent {
  const { request, match, path, query, body, authorizer, api, requestId, at } = parts;
  const { cookie, ...headers } = lowerCased(request);
  const parameters = queryParameters(query);
  const encoded = body.length > 0 && !isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(';').map((one) => one.trim()) }),
    headers,
    ...(parameters ? { queryStringParameters: parameters } : {}),
    ...(Object.keys(match.pathParameters).length > 0 ? { pathParameters: match.pathParameters } : {}),
    requestContext: {
      accountId: api.accountId,
      apiId: api.apiId,
      ...(Object.keys(authorizer).length > 0 ? { authorizer } : {}),
      domainName: `${api.apiId}.execute-api.eu-west-1.amazonaws.com`,
      domainPrefix: api.apiId,
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: match.routeKey,
      stage: '$default',
      time: commonLogTime(at),
      timeEpoch: at,
    },
    ...(body.length > 0 ? { body: body.toString(encoded ? 'base64' : 'utf8') } : {}),
    isBase64Encoded: encoded,
  };
}

/** Several headers of one name are joined by a comma; what belongs to the connection stays out. */
function lowerCased(request: IncomingMessage): Record<string, string> {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...distinct } = request.headersDistinct;
  return Object.fromEntries(
    Object.entries(distinct).map(([name, values]) => [name, (values ?? []).join(name === 'cookie' ? '; ' : ',')]),
  );
}

function queryParameters(query: string): Record<string, string> | undefined {
  if (!query) return undefined;
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]));
}

/** API Gateway hands on as text only what says that it is; a form or an unnamed body arrives as base64. */
function isText(contentType = ''): boolean {
  return /^\s*(text\/|application\/(json|xml|javascript)\b)/i.test(contentType);
}

/** Such as `22/Nov/2026:02:00:00 +0000`. */
function commonLogTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

/** For the trace only: the operation that a request names, in its path or its JSON body. A sync names none. */
export function operationIdOf(event: unknown): string | undefined {
  const { routeKey = '', pathParameters, body, isBase64Encoded } = (event ?? {}) as Partial<ApiEvent>;
  if (routeKey.endsWith('/operations/{id}')) return pathParameters?.id;
  if (!body || isBase64Encoded) return undefined;
  try {
    const { operationId } = JSON.parse(body) as { operationId?: unknown };
    return typeof operationId === 'string' ? operationId : undefined;
  } catch {
    return undefined;
  }
}
