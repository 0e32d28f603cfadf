import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServiceConfig, TargetConfig } from '../config/schema.ts';
import { DedicatedWebAcl } from './dedicated-web-acl.ts';
import { FrozenSwitch } from './frozen-switch.ts';
import { ruleGroupExport } from './names.ts';

export interface SwitchStackProps extends StackProps {
  readonly scope: TargetConfig['scope'];
  readonly services: readonly ServiceConfig[];
}

/** The switches of one environment at one place in WAF: for each service a rule group, empty, and what refers to it. */
export class SwitchStack extends Stack {
  constructor(parent: Construct, id: string, { scope, services, ...stackProps }: SwitchStackProps) {
    super(parent, id, { description: 'Drawbridge: the rule groups that close services to the public.', ...stackProps });
    for (const { name, targets } of services) {
      const target = targets.find((one) => one.scope === scope && one.region === this.region);
      if (!target) continue;
      const frozen = new FrozenSwitch(this, name, { service: name, scope });
      const { ruleGroupArn } = frozen;
      new CfnOutput(frozen, 'RuleGroupArn', {
        value: ruleGroupArn,
        exportName: ruleGroupExport(name, scope),
        description: `The first rule of every web ACL in front of ${name} refers to it.`,
      });
      if (target.attachment === 'existing') continue;
      const { loadBalancerArns } = target.attachment.dedicated;
      const props = { service: name, scope, ruleGroupArn, loadBalancerArns };
      const { webAclArn } = new DedicatedWebAcl(frozen, 'Dedicated', props);
      new CfnOutput(frozen, 'WebAclArn', {
        value: webAclArn,
        description: `The web ACL of ${name}, and of nothing else.`,
      });
    }
  }
}
