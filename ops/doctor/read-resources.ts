import {
  type CloudFrontClient,
  GetDistributionConfigCommand,
  ListDistributionsByWebACLIdCommand,
} from '@aws-sdk/client-cloudfront';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { ApiReader } from './api.ts';
import type { SeenDistribution } from './distributions.ts';
import { withPermission } from './finding.ts';
import type { HealthCheck } from './load-balancers.ts';
import type { Subscription } from './notices.ts';

/** How the doctor looks at what is no WAF: each function one question. */

const TIMEOUT_MS = 31_000;
/** What stands for the ARN of a subscription until its link was opened. */
const PENDING = 'PendingConfirmation';

/** An empty POST: what answers to a stranger. */
export async function postNothing(url: string): Promise<number | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return (await fetch(url, { method: 'POST', signal, redirect: 'error' }).catch(() => undefined))?.status;
}

export const get: ApiReader['get'] = async (url, authorization) => {
  const headers: Record<string, string> = authorization ? { authorization } : {};
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(url, { headers, signal, redirect: 'error' }).catch(() => undefined);
  return answer && { status: answer.status, body: await answer.json().catch(() => undefined) };
};

export async function distributionsOf(
  client: Pick<CloudFrontClient, 'send'>,
  WebACLId: string,
): Promise<SeenDistribution[]> {
  const ids: string[] = [];
  let Marker: string | undefined;
  do {
    const { DistributionList: page } = await withPermission('cloudfront:ListDistributionsByWebACLId', () =>
      client.send(new ListDistributionsByWebACLIdCommand({ WebACLId, Marker })),
    );
    ids.push(...(page?.Items ?? []).map(({ Id = '' }) => Id));
    Marker = page?.IsTruncated ? page.NextMarker : undefined;
  } while (Marker);
  return Promise.all(
    ids.map(async (id) => {
      const { DistributionConfig } = await withPermission('cloudfront:GetDistributionConfig', () =>
        client.send(new GetDistributionConfigCommand({ Id: id })),
      );
      return { id, config: DistributionConfig ?? {} };
    }),
  );
}

/** Of the target groups that have this load balancer as their target: only network load balancers have such. */
export async function healthChecksOf(
  client: Pick<ElasticLoadBalancingV2Client, 'send'>,
  loadBalancerArn: string,
): Promise<HealthCheck[]> {
  const groups: TargetGroup[] = [];
  let Marker: string | undefined;
  do {
    const page = await withPermission('elasticloadbalancing:DescribeTargetGroups', () =>
      client.send(new DescribeTargetGroupsCommand({ Marker })),
    );
    groups.push(...(page.TargetGroups ?? []).filter(({ TargetType }) => TargetType === 'alb'));
    Marker = page.NextMarker;
  } while (Marker);
  const asking = await Promise.all(
    groups.map(async ({ TargetGroupArn }) => {
      const { TargetHealthDescriptions = [] } = await withPermission('elasticloadbalancing:DescribeTargetHealth', () =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
      );
      return TargetHealthDescriptions.some(({ Target }) => Target?.Id === loadBalancerArn);
    }),
  );
  return groups.filter((_, at) => asking[at]);
}

/** @see [1] https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
export async function subscriptionsOf(client: Pick<SNSClient, 'send'>, topicArn: string): Promise<Subscription[]> {
  const found: Subscription[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken }));
    for (const { Protocol = '', Endpoint = '', SubscriptionArn } of page.Subscriptions ?? []) {
      found.push({ protocol: Protocol, endpoint: Endpoint, isPending: SubscriptionArn === PENDING });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
