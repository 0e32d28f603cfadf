import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import { broken, type Finding, ok } from './finding.ts';

/** A distribution whose web ACL refers to our group. */
export interface SeenDistribution {
  readonly id: string;
  readonly config: Pick<DistributionConfig, 'OriginGroups' | 'CustomErrorResponses'>;
}

const CLOSED = 503;

/**
 * What WAF answers at the edge goes to the visitor as it is: custom error pages and failover do not touch it [1]. But a
 * 503 of the REGIONAL rules behind is an origin's 503 to CloudFront: while the two differ, for a minute or for a night,
 * failover shows another site, and a custom page hides our answer from visitors and from probes.
 *
 * @param hasRegional - The service is closed behind CloudFront as well.
 * @see [1] https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html
 */
export function judgeDistribution({ id, config }: SeenDistribution, hasRegional: boolean): Finding[] {
  const failing = (config.OriginGroups?.Items ?? [])
    .filter(({ FailoverCriteria }) => FailoverCriteria?.StatusCodes?.Items?.includes(CLOSED))
    .map(({ Id }) => Id);
  const isReplaced = (config.CustomErrorResponses?.Items ?? []).some(
    ({ ErrorCode, ResponsePagePath }) => ErrorCode === CLOSED && ResponsePagePath,
  );
  if (!hasRegional || (failing.length === 0 && !isReplaced)) {
    return [ok(`Distribution ${id} leaves our 503 as it is.`)];
  }
  const findings: Finding[] = [];
  if (failing.length > 0) {
    findings.push(
      broken(
        `Distribution ${id} fails over on 503 (${failing.join(', ')}): closed behind it, another origin answers.`,
        'Take 503 out of the origin group’s failover criteria.',
      ),
    );
  }
  if (isReplaced) {
    findings.push(
      broken(
        `Distribution ${id} puts a page of its own in place of a 503 from behind it.`,
        'Remove its custom error response for 503.',
      ),
    );
  }
  return findings;
}
