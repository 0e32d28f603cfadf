import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { TargetConfig } from '../config/schema.ts';
import { ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
import { maintenanceRule } from './maintenance-rule.ts';

export interface DedicatedWebAclProps {
  readonly service: string;
  readonly scope: TargetConfig['scope'];
  readonly ruleGroupArn: string;
  readonly loadBalancerArns: readonly string[];
}

/** A web ACL for load balancers that have none: it asks the service's rule group, and lets through whom that does not stop. */
export class DedicatedWebAcl extends Construct {
  readonly webAclArn: string;

  constructor(parent: Construct, id: string, { service, scope, ruleGroupArn, loadBalancerArns }: DedicatedWebAclProps) {
    super(parent, id);
    const name = ruleGroupName(service);
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      name,
      scope,
      defaultAction: { allow: {} },
      rules: [maintenanceRule(ruleGroupArn)],
      visibilityConfig: { sampledRequestsEnabled: true, cloudWatchMetricsEnabled: true, metricName: name },
    });
    this.webAclArn = webAcl.attrArn;
    for (const resourceArn of loadBalancerArns) {
      // Its id says which load balancer it is: the order of the config may change.
      const [, , loadBalancer] = resourceArn.split('/');
      new CfnWebACLAssociation(this, `Association-${loadBalancer}`, { resourceArn, webAclArn: webAcl.attrArn });
    }
  }
}
