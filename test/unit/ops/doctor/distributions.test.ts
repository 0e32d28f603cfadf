import { judgeDistribution, type SeenDistribution } from '../../../../ops/doctor/distributions.ts';

const distribution = (failsOverOn: number[], pageFor: number[] = []): SeenDistribution => ({
  id: 'E1',
  config: {
    OriginGroups: {
      Quantity: 1,
      Items: [
        {
          Id: 'main-and-spare',
          FailoverCriteria: { StatusCodes: { Quantity: failsOverOn.length, Items: failsOverOn } },
          Members: { Quantity: 0, Items: [] },
        },
      ],
    },
    CustomErrorResponses: {
      Quantity: pageFor.length,
      Items: pageFor.map((ErrorCode) => ({ ErrorCode, ResponsePagePath: '/sorry.html', ResponseCode: '200' })),
    },
  },
});
const judged = (seen: SeenDistribution, hasRegional = true) =>
  judgeDistribution(seen, hasRegional).map(({ state, what }) => `${state}: ${what}`);

it('finds failover on 503: what is closed behind it would be answered by another origin', () => {
  expect(judged(distribution([500, 503]))).toEqual([expect.stringContaining('fails over on 503 (main-and-spare)')]);
});

it('finds an error page for 503, which hides our answer from visitors and from probes', () => {
  expect(judged(distribution([], [503]))).toEqual([expect.stringContaining('puts a page of its own')]);
});

it('has nothing against either for other statuses', () => {
  expect(judged(distribution([500, 502], [404]))).toEqual(['ok: Distribution E1 leaves our 503 as it is.']);
});

it('has nothing against either when WAF answers at the edge only: CloudFront leaves that as it is', () => {
  expect(judged(distribution([503], [503]), false)).toEqual(['ok: Distribution E1 leaves our 503 as it is.']);
});

it('knows a shorter memory for 503 from a page in its place', () => {
  const seen = distribution([]);
  const Items = [{ ErrorCode: 503, ErrorCachingMinTTL: 0 }];
  const config = { ...seen.config, CustomErrorResponses: { Quantity: 1, Items } };
  expect(judged({ ...seen, config })).toEqual([expect.stringContaining('ok')]);
});
