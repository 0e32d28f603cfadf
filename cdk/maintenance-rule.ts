import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';

/**
 * The rule that puts a service's group first in a web ACL. The override must be none: with count, WAF would count the
 * visitors that the group blocks, and let them in.
 * @param priority - Lower than that of every other rule.
 * @param name - Its own, where one web ACL asks several groups.
 */
export const maintenanceRule = (ruleGroupArn: string, priority = 0, name = 'drawbridge'): CfnWebACL.RuleProperty => ({
  name,
  priority,
  statement: { ruleGroupReferenceStatement: { arn: ruleGroupArn } },
  overrideAction: { none: {} },
  visibilityConfig: { sampledRequestsEnabled: true, cloudWatchMetricsEnabled: true, metricName: name },
});
