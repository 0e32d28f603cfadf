/** The routes of an environment's API, for the gateway that guards them and the handler that answers. */

export const OPERATE_SCOPE = 'drawbridge/operate';
export const READ_SCOPE = 'drawbridge/read';

export interface TokenRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The token must carry it. */
  readonly scope: typeof OPERATE_SCOPE | typeof READ_SCOPE;
}

/** For the sheet's script, with an access token of its environment. */
export const TOKEN_ROUTES = [
  { method: 'POST', path: '/rundowns/{id}/sync', scope: OPERATE_SCOPE },
  { method: 'GET', path: '/rundowns/{id}/tables', scope: READ_SCOPE },
  { method: 'GET', path: '/services', scope: READ_SCOPE },
] as const satisfies readonly TokenRoute[];

type RouteKeyOf<R> = R extends Pick<TokenRoute, 'method' | 'path'> ? `${R['method']} ${R['path']}` : never;
/** As API Gateway names a route. */
export type TokenRouteKey = RouteKeyOf<(typeof TOKEN_ROUTES)[number]>;

/**
 * For people who break the glass, and for pipelines and auditors: the caller is known by AWS IAM. Guarded by `AWS_IAM`, not
 * by a token; the handler takes the person from the caller's identity, never from the body.
 */
export const IAM_ROUTES = [
  { method: 'POST', path: '/break-glass/operations' },
  { method: 'GET', path: '/break-glass/operations/{id}' },
  { method: 'GET', path: '/break-glass/services' },
  { method: 'POST', path: '/break-glass/disarm' },
  { method: 'POST', path: '/break-glass/pause-repair' },
  { method: 'GET', path: '/audit' },
] as const satisfies readonly Omit<TokenRoute, 'scope'>[];
export type IamRouteKey = RouteKeyOf<(typeof IAM_ROUTES)[number]>;

/** For people in Slack. No authorizer: Slack signs each request with the app's own secret, which the handler checks. */
export const SLACK_ROUTE = { method: 'POST', path: '/slack' } as const satisfies Omit<TokenRoute, 'scope'>;

/** For the front ends of our sites, and so for everybody: no authorizer, and nothing in it that is not public. */
export const PUBLIC_ROUTE = { method: 'GET', path: '/public/status' } as const satisfies Omit<TokenRoute, 'scope'>;

export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Far above what 18 sheets need, far below what would cost something. */
export const TOKEN_THROTTLE: Throttle = { ratePerSecond: 20, burst: 40 };
/** Of each IAM route by itself: whatever a sheet or a thief of its token sends, the glass can be broken. */
export const IAM_THROTTLE: Throttle = { ratePerSecond: 5, burst: 10 };
/** Anybody can send what is not signed: it may keep Slack waiting, and nobody else. */
export const SLACK_THROTTLE: Throttle = { ratePerSecond: 10, burst: 20 };
/** Anybody can ask, as often as they like. A small account runs ten functions at once: half of them are left for a Go. */
export const PUBLIC_THROTTLE: Throttle = { ratePerSecond: 5, burst: 5 };
