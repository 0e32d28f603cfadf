import { Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/**
 * Your own web ACL, with Drawbridge's rule group of the service "shop" first. It reserves 250 WCU of the web ACL's.
 * Same account and region as the switch stack; for CloudFront, us-east-1 and `drawbridge-shop-cloudfront-rule-group`.
 */
export class ShopFirewall extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: { sampledRequestsEnabled: true, cloudWatchMetricsEnabled: true, metricName: 'shop' },
      rules: [
        {
          name: 'drawbridge',
          // Lower than every other: an Allow before it would let visitors past a closed door.
          priority: 0,
          statement: { ruleGroupReferenceStatement: { arn: Fn.importValue('drawbridge-shop-regional-rule-group') } },
          // Never count: then WAF would count whom the group blocks, and let them in.
          overrideAction: { none: {} },
          visibilityConfig: { sampledRequestsEnabled: true, cloudWatchMetricsEnabled: true, metricName: 'drawbridge' },
        },
        // Your own rules, from priority 1 on.
      ],
    });
  }
}
