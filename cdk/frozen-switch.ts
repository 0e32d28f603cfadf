import { type CfnResource, CfnWaitConditionHandle, RemovalPolicy } from 'aws-cdk-lib';
import { CfnIPSet, CfnRuleGroup } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { TargetConfig } from '../config/schema.ts';
import { RULE_GROUP_CAPACITY } from '../lambda/src/waf/rules/check-config.ts';
import { IP_SET_VERSIONS, ipSetName, metricName, ruleGroupName } from '../lambda/src/waf/rules/rules.ts';

export interface FrozenSwitchProps {
  readonly environment: string;
  readonly service: string;
  readonly scope: TargetConfig['scope'];
}

/**
 * A service's rule group and its two IP sets, created empty; from then on their contents belong to the Lambdas.
 *
 * CloudFormation sends a resource whole when anything of it differs from the last template, and so would open a closed
 * site. So nothing here follows the config, no tag and no metadata reaches the template, and a test pins every byte.
 * What no template can keep out: `cdk deploy` with `--tags` or `--revert-drift` writes them too. Leave both out; the
 * reconciler repairs what they break within a minute.
 *
 * They survive the stack; only what a failed first deployment leaves is removed, or its names would block the next [1].
 * @see [1] https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export class FrozenSwitch extends Construct {
  readonly ruleGroupArn: string;
  /** It does nothing but wait for another one's end: what the frozen resources wait for must never change. */
  readonly #turn: CfnWaitConditionHandle;
  readonly #last: CfnResource;

  constructor(parent: Construct, id: string, { environment, service, scope }: FrozenSwitchProps) {
    super(parent, id);
    const name = ruleGroupName({ environment, service });
    const group = new CfnRuleGroup(this, 'RuleGroup', {
      name,
      scope,
      capacity: RULE_GROUP_CAPACITY,
      visibilityConfig: {
        sampledRequestsEnabled: true,
        cloudWatchMetricsEnabled: true,
        metricName: metricName(service),
      },
    });
    const sets = IP_SET_VERSIONS.map(
      (ipAddressVersion) =>
        new CfnIPSet(this, ipAddressVersion, {
          name: ipSetName(name, ipAddressVersion),
          scope,
          ipAddressVersion,
          addresses: [],
        }),
    );
    this.#turn = new CfnWaitConditionHandle(this, 'Turn');
    let before: CfnResource = this.#turn;
    for (const resource of [group, ...sets]) {
      freeze(resource);
      resource.addResourceDependency(before);
      before = resource;
    }
    this.#last = before;
    this.ruleGroupArn = group.attrArn;
  }

  /** Creates nothing before all of the other is there: WAF takes one create a second. */
  createAfter(other: FrozenSwitch): void {
    this.#turn.addResourceDependency(other.#last);
  }
}

function freeze(resource: CfnResource): void {
  resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  // A tag on the app is meant for every resource; these must not hear of it.
  resource.addPropertyDeletionOverride('Tags');
  resource.addDeletionOverride('Metadata');
}
