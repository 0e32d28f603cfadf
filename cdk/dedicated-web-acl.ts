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
  /** Other services behind the same load balancers, each with hosts of its own. */
  readonly sharers: readonly { readonly service: string; readonly ruleGroupArn: string }[];
}

/**
 * A web ACL for load balancers that have none: it asks the service's rule group, and those of the services that share it,
 * and lets through whom they do not stop. It is the owner's whoever else comes and goes: a replaced web ACL would be taken
 * off its load balancers.
 */
export class DedicatedWebAcl extends Construct {
  readonly webAclArn: string;

  constructor(parent: Construct, id: string, props: DedicatedWebAclProps) {
    super(parent, id);
    const { service, scope, ruleGroupArn, loadBalancerArns, sharers } = props;
    const name = ruleGroupName(service);
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      name,
      scope,
      defaultAction: { allow: {} },
      rules: [
        maintenanceRule(ruleGroupArn),
        ...sharers.map((one, at) => maintenanceRule(one.ruleGroupArn, at + 1, ruleGroupName(one.service))),
      ],
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
