import { NotPermittedError } from '../../../../ops/doctor/finding.ts';
import { distributionsOf, healthChecksOf, subscriptionsOf } from '../../../../ops/doctor/read-resources.ts';
import { awsError } from '../aws.ts';

/** An AWS client that answers each command by its name. */
const clientOf = (answers: Record<string, (input: Record<string, string>) => object>) => ({
  async send(command: { constructor: { name: string }; input: object }) {
    const answer = answers[command.constructor.name.replace('Command', '')];
    if (!answer) throw new Error(`nobody expected ${command.constructor.name}`);
    return answer(command.input as Record<string, string>) as never;
  },
});

it('finds every distribution of a web ACL, over all pages', async () => {
  const client = clientOf({
    ListDistributionsByWebACLId: ({ Marker }) => ({
      DistributionList: Marker
        ? { Items: [{ Id: 'E2' }], IsTruncated: false }
        : { Items: [{ Id: 'E1' }], IsTruncated: true, NextMarker: 'more' },
    }),
    GetDistributionConfig: ({ Id }) => ({ DistributionConfig: { Comment: Id } }),
  });
  expect(await distributionsOf(client as never, 'arn:acl')).toEqual([
    { id: 'E1', config: { Comment: 'E1' } },
    { id: 'E2', config: { Comment: 'E2' } },
  ]);
});

it('finds the health checks of those who have this load balancer as a target, and of nobody else', async () => {
  const targets: Record<string, string> = { nlb: 'arn:shop', other: 'arn:other' };
  const client = clientOf({
    DescribeTargetGroups: ({ Marker }) =>
      Marker
        ? { TargetGroups: [{ TargetGroupArn: 'other', TargetType: 'alb' }] }
        : {
            TargetGroups: [
              { TargetGroupArn: 'nlb', TargetType: 'alb', HealthCheckPath: '/' },
              { TargetGroupArn: 'own', TargetType: 'ip', HealthCheckPath: '/' },
            ],
            NextMarker: 'more',
          },
    DescribeTargetHealth: ({ TargetGroupArn = '' }) => ({
      TargetHealthDescriptions: [{ Target: { Id: targets[TargetGroupArn] } }],
    }),
  });
  const found = await healthChecksOf(client as never, 'arn:shop');
  expect(found).toEqual([expect.objectContaining({ TargetGroupArn: 'nlb' })]);
});

it('names the permission that is missing', async () => {
  const denied = () => {
    throw awsError('AccessDenied');
  };
  const client = clientOf({ DescribeTargetGroups: denied });
  await expect(healthChecksOf(client as never, 'arn')).rejects.toThrow(
    new NotPermittedError('elasticloadbalancing:DescribeTargetGroups'),
  );
});

it('finds every subscriber of a topic, over all pages, and who has not said yes', async () => {
  const of = (Endpoint: string, SubscriptionArn: string) => ({ Protocol: 'email', Endpoint, SubscriptionArn });
  const client = clientOf({
    ListSubscriptionsByTopic: ({ NextToken }) =>
      NextToken
        ? { Subscriptions: [of('lead@example.com', 'PendingConfirmation')] }
        : { Subscriptions: [of('duty@example.com', 'arn:subscription')], NextToken: 'more' },
  });
  expect(await subscriptionsOf(client as never, 'arn:topic')).toEqual([
    { protocol: 'email', endpoint: 'duty@example.com', isPending: false },
    { protocol: 'email', endpoint: 'lead@example.com', isPending: true },
  ]);
});
