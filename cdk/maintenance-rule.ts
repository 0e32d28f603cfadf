import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';

/**
 * The rule that puts a service's group first in a web ACL. The override must be none: with count, WAF would count the
 * visitors that the group blocks, and let them in.
 * @param priority - Lower than that of every other rule.
 */
export const maintenanceRule = (ruleGroupArn: string, priority = 0): CfnWebACL.RuleProperty => ({
  name: 'drawbridge',
  priority,
  statement: { ruleGroupReferenceStatement: { arn: ruleGroupArn } },
  overrideAction: { none: {} },
  visibilityConfig: { sampledRequestsEnabled: true, cloudWatchMetricsEnabled: true, metricName: 'drawbridge' },
});
