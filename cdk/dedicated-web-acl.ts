import type { CfnResource } from 'aws-cdk-lib';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { TargetConfig } from '../config/schema.ts';
import { metricName, ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
import { maintenanceRule } from './maintenance-rule.ts';

export interface DedicatedWebAclProps {
  readonly environment: string;
  readonly service: string;
  readonly scope: TargetConfig['scope'];
  readonly ruleGroupArn: string;
  readonly loadBalancerArns: readonly string[];
  /** Other services behind the same load balancers, each with hosts of its own. */
  readonly sharers: readonly { readonly service: string; readonly ruleGroupArn: string }[];
}

/**
 * A web ACL for load balancers that have none: it asks the service's rule group, and those of the services that share it,
 * and lets through whom they do not stop. It stays the owner's when other services come and go: a replaced web ACL would be taken
 * off its load balancers.
 */
export class DedicatedWebAcl extends Construct {
  readonly webAclArn: string;
  readonly #first: CfnResource;
  readonly #last: CfnResource;

  constructor(parent: Construct, id: string, props: DedicatedWebAclProps) {
    super(parent, id);
    const { environment, service, scope, ruleGroupArn, loadBalancerArns, sharers } = props;
    const name = ruleGroupName({ environment, service });
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      name,
      scope,
      defaultAction: { allow: {} },
      rules: [
        maintenanceRule(ruleGroupArn),
        ...sharers.map((one, at) => maintenanceRule(one.ruleGroupArn, at + 1, metricName(one.service))),
      ],
      visibilityConfig: {
        sampledRequestsEnabled: true,
        cloudWatchMetricsEnabled: true,
        metricName: metricName(service),
      },
    });
    this.webAclArn = webAcl.attrArn;
    let before: CfnResource = webAcl;
    for (const resourceArn of loadBalancerArns) {
      // Its id says which load balancer it is: the order of the config may change.
      const [, , loadBalancer] = resourceArn.split('/');
      const id = `Association-${loadBalancer}`;
      const association = new CfnWebACLAssociation(this, id, { resourceArn, webAclArn: webAcl.attrArn });
      // The first one waits for its web ACL by naming it.
      if (before !== webAcl) association.addResourceDependency(before);
      before = association;
    }
    this.#first = webAcl;
    this.#last = before;
  }

  /** One after the other: WAF takes one create a second, and one association in two. */
  createAfter(other: DedicatedWebAcl): void {
    this.#first.addResourceDependency(other.#last);
  }
}
