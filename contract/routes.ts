/** The routes of an environment's API, for the gateway that guards them and the handler that answers. */

export const OPERATE_SCOPE = 'drawbridge/operate';
export const READ_SCOPE = 'drawbridge/read';

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** The token must carry it. */
  readonly scope: typeof OPERATE_SCOPE | typeof READ_SCOPE;
}

export const API_ROUTES = [
  { method: 'POST', path: '/operations', scope: OPERATE_SCOPE },
  { method: 'GET', path: '/operations/{id}', scope: READ_SCOPE },
  { method: 'GET', path: '/services', scope: READ_SCOPE },
  { method: 'GET', path: '/audit', scope: READ_SCOPE },
  { method: 'PUT', path: '/schedule', scope: OPERATE_SCOPE },
] as const satisfies readonly ApiRoute[];

type RouteKeyOf<R> = R extends Pick<ApiRoute, 'method' | 'path'> ? `${R['method']} ${R['path']}` : never;
/** As API Gateway names a route. */
export type RouteKey = RouteKeyOf<(typeof API_ROUTES)[number]>;

/**
 * For the break-glass command: the caller is known by AWS IAM, and whom IAM lets in may act. Guarded by `AWS_IAM`, not by
 * a token; the handler takes the person from the caller's identity, never from the body.
 */
export const BREAK_GLASS_ROUTES = [
  { method: 'POST', path: '/break-glass/operations' },
  { method: 'GET', path: '/break-glass/operations/{id}' },
  { method: 'GET', path: '/break-glass/services' },
] as const;
export type BreakGlassRouteKey = RouteKeyOf<(typeof BREAK_GLASS_ROUTES)[number]>;
