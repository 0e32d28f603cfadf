import { type HealthCheck, judgeHealthChecks } from '../../../../ops/doctor/load-balancers.ts';

const EXEMPT = { exemptPaths: ['/health', { prefix: '/hooks/' }] };
const judged = (check: HealthCheck) =>
  judgeHealthChecks('shop-alb', [{ TargetGroupName: 'from-nlb', ...check }], EXEMPT).map(({ state }) => state);

it.each<[string, HealthCheck, string]>([
  ['asks for a page that is closed', { HealthCheckPath: '/' }, 'broken'],
  ['asks for an exempt path', { HealthCheckPath: '/health' }, 'well'],
  ['asks for an exempt path with a query', { HealthCheckPath: '/health?deep=1' }, 'well'],
  ['asks for a path that only begins like an exempt one', { HealthCheckPath: '/health/deep' }, 'broken'],
  ['asks for a path below an exempt prefix', { HealthCheckPath: '/hooks/ping' }, 'well'],
  ['takes 503 for health', { HealthCheckPath: '/', Matcher: { HttpCode: '200,503' } }, 'well'],
  ['takes a range with 503 for health', { HealthCheckPath: '/', Matcher: { HttpCode: '200-599' } }, 'well'],
  ['takes a range without 503 for health', { HealthCheckPath: '/', Matcher: { HttpCode: '200-399' } }, 'broken'],
])('a health check through the listener that %s is seen for what it is', (_what, check, state) => {
  expect(judged(check)).toEqual([state]);
});

it('says that nothing asks through the listener when nothing does', () => {
  expect(judgeHealthChecks('shop-alb', [], EXEMPT)).toMatchObject([{ state: 'well' }]);
});
