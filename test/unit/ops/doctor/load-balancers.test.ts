import { type HealthCheck, judgeHealthChecks, judgeOrigin } from '../../../../ops/doctor/load-balancers.ts';

const EXEMPT = { exemptPaths: ['/health', { prefix: '/hooks/' }], hosts: [] };
const judged = (check: HealthCheck) =>
  judgeHealthChecks('shop-alb', [{ TargetGroupName: 'from-nlb', ...check }], EXEMPT).map(({ state }) => state);

it.each<[string, HealthCheck, string]>([
  ['asks for a page that is closed', { HealthCheckPath: '/' }, 'broken'],
  ['asks for an exempt path', { HealthCheckPath: '/health' }, 'ok'],
  ['asks for an exempt path with a query', { HealthCheckPath: '/health?deep=1' }, 'ok'],
  ['asks for a path that only begins like an exempt one', { HealthCheckPath: '/health/deep' }, 'broken'],
  ['asks for a path below an exempt prefix', { HealthCheckPath: '/hooks/ping' }, 'ok'],
  ['takes 503 for health', { HealthCheckPath: '/', Matcher: { HttpCode: '200,503' } }, 'ok'],
  ['takes a range with 503 for health', { HealthCheckPath: '/', Matcher: { HttpCode: '200-599' } }, 'ok'],
  ['takes a range without 503 for health', { HealthCheckPath: '/', Matcher: { HttpCode: '200-399' } }, 'broken'],
])('a health check through the listener that %s is seen for what it is', (_what, check, state) => {
  expect(judged(check)).toEqual([state]);
});

it('does not mind who asks through the listener by its address, where the service has hosts', () => {
  const service = { exemptPaths: [], hosts: ['shop.example.com'] };
  expect(judgeHealthChecks('shop-alb', [{ HealthCheckPath: '/' }], service)).toMatchObject([{ state: 'ok' }]);
});

it('says that nothing asks through the listener when nothing does', () => {
  expect(judgeHealthChecks('shop-alb', [], EXEMPT)).toMatchObject([{ state: 'ok' }]);
});

it('objects to a load balancer that can be reached past CloudFront, as its header is anybody’s then', () => {
  const target = (verification: 'none' | { urls: string[] }) =>
    ({ clientAddress: { header: 'X-Forwarded-For', position: 'LAST' }, verification }) as never;
  const behind = { cloudFront: true } as never;
  const reachable = target({ urls: ['https://origin.shop.example.com/'] });
  expect(judgeOrigin(behind, reachable)).toMatchObject([
    { state: 'broken', what: expect.stringContaining('https://origin.shop.example.com/') },
  ]);
  expect(judgeOrigin(behind, target('none'))).toEqual([]);
  expect(judgeOrigin({ cloudFront: false } as never, reachable)).toEqual([]);
});
