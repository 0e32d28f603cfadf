import { checkRoutes, matchRoute, type Route } from '../../../../local/gateway/routes.ts';

const route = (method: string, path: string): Route => ({ method, path, authorization: 'JWT', scopes: [] });
const routes = [route('POST', '/operations'), route('GET', '/operations/{id}'), route('GET', '/operations/latest')];

it.each([
  ['POST', '/operations', 'POST /operations', {}],
  ['GET', '/operations/op-7f3a', 'GET /operations/{id}', { id: 'op-7f3a' }],
  ['GET', '/operations/a%20b', 'GET /operations/{id}', { id: 'a b' }],
  ['GET', '/operations/latest', 'GET /operations/latest', {}],
])('%s %s is answered by %s', (method, path, routeKey, pathParameters) => {
  expect(matchRoute(routes, method, path)).toMatchObject({ routeKey, pathParameters });
});

it.each([
  ['GET', '/operations'],
  ['post', '/operations'],
  ['POST', '/operations/'],
  ['POST', '/Operations'],
  ['GET', '/operations/'],
  ['GET', '/operations/a/b'],
  ['GET', '/operations/%zz'],
])('%s %s is answered by no route', (method, path) => {
  expect(matchRoute(routes, method, path)).toBeUndefined();
});

it.each([
  [route('ANY', '/x'), 'ANY'],
  [route('$default', '/x'), '$default'],
  [route('GET', '/{proxy+}'), '{proxy+}'],
])('refuses by name the kinds of route that it does not have', (strange, name) => {
  expect(() => checkRoutes([strange])).toThrow(`${name} is not supported by the local API Gateway`);
});
