import { problem } from '../../../contract/problem.ts';
import {
  IAM_ROUTES,
  type IamRouteKey,
  PUBLIC_ROUTE,
  TOKEN_ROUTES,
  type TokenRouteKey,
} from '../../../contract/routes.ts';
import { knowingOrphans } from '../operate/orphans.ts';
import { AUDIT_ROUTE } from './audit-route.ts';
import { BREAK_GLASS_ROUTES } from './break-glass.ts';
import type { ApiDependencies, IamRoutes, TokenRoutes } from './dependencies.ts';
import { type HttpEvent, type HttpResult, respondToError } from './http.ts';
import { requireCaller } from './iam-caller.ts';
import { RUNDOWN_ROUTES } from './rundown-routes.ts';
import { SERVICE_ROUTES } from './service-routes.ts';

const BY_TOKEN: TokenRoutes<TokenRouteKey> = { ...RUNDOWN_ROUTES, ...SERVICE_ROUTES };
const BY_IAM: IamRoutes<IamRouteKey> = { ...BREAK_GLASS_ROUTES, ...AUDIT_ROUTE };

/** Answers one request: who may, route, answer; every error becomes a problem. */
export async function answer(deps: ApiDependencies, event: HttpEvent): Promise<HttpResult> {
  const isAsked = ({ method, path }: { method: string; path: string }) => `${method} ${path}` === event.routeKey;
  try {
    if (deps.publicStatus && isAsked(PUBLIC_ROUTE)) return await deps.publicStatus();
    if (IAM_ROUTES.some(isAsked)) {
      return await BY_IAM[event.routeKey as IamRouteKey](await knowingOrphans(deps), event, requireCaller(deps, event));
    }
    const route = TOKEN_ROUTES.find(isAsked);
    if (!route) throw problem('UNKNOWN_ROUTE', `There is nothing at ${event.routeKey}.`);
    await deps.checkToken(event.headers?.authorization, route.scope);
    return await BY_TOKEN[event.routeKey as TokenRouteKey](deps, event);
  } catch (error) {
    return respondToError(deps.log, error, { route: event.routeKey });
  }
}
