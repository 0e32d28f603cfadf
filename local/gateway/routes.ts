import type { ThrottleOptions } from './throttle.ts';

/** One route of an HTTP API. */
export interface Route {
  readonly method: string;
  /** Such as `/operations/{id}`. */
  readonly path: string;
  /** With `NONE` nobody is asked who they are. */
  readonly authorization: 'JWT' | 'AWS_IAM' | 'NONE';
  /** A token needs one of these at least; an empty list asks for none. */
  readonly scopes: readonly string[];
  /** Of its own; without it the route shares the stage's. */
  readonly throttle?: ThrottleOptions;
}

export interface RouteMatch {
  readonly route: Route;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const PARAMETER = /^\{(\w+)\}$/;

/** Finds the route of a request; exact segments win over parameters, as in API Gateway. */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const candidates = routes.flatMap((route) => {
    const pathParameters = route.method === method ? matchPath(route.path, path) : undefined;
    return pathParameters ? [{ route, routeKey: `${route.method} ${route.path}`, pathParameters }] : [];
  });
  const parameters = (match: RouteMatch) => Object.keys(match.pathParameters).length;
  return candidates.sort((a, b) => parameters(a) - parameters(b))[0];
}

function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const name = PARAMETER.exec(segment)?.[1];
    const value = decoded(given[at] as string);
    if (name ? !value : segment !== value) return undefined;
    if (name) parameters[name] = value as string;
  }
  return parameters;
}

/** @returns undefined for what is no percent-encoding: such a path matches nothing. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** @throws Error - for `$default`, `ANY` and greedy parameters, which are not emulated. */
export function checkRoutes(routes: readonly Route[]): void {
  for (const { method, path } of routes) {
    const parts = [method, ...path.split('/')];
    const strange = parts.find((part) => part === '$default' || part === 'ANY' || part.endsWith('+}'));
    if (strange) throw new Error(`The route ${method} ${path}: ${strange} is not supported by the local API Gateway`);
  }
}
