import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServiceConfig, TargetConfig } from '../config/schema.ts';
import { isDedicated, sharedWith, targetIn } from '../config/web-acls.ts';
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
    const place = { scope, region: this.region };
    const switches = services.flatMap((service) => {
      const target = targetIn(service, place);
      return target ? [{ name: service.name, target, frozen: this.#switch(service.name, scope) }] : [];
    });
    for (const { name, target, frozen } of switches) {
      if (!isDedicated(target.attachment)) continue;
      const { loadBalancerArns } = target.attachment.dedicated;
      const sharers = switches
        .filter((other) => sharedWith(other.target.attachment) === name)
        .map((other) => ({ service: other.name, ruleGroupArn: other.frozen.ruleGroupArn }))
        // Whatever their order in the config: the web ACL stays the same.
        .sort((a, b) => (a.service < b.service ? -1 : 1));
      const props = { service: name, scope, ruleGroupArn: frozen.ruleGroupArn, loadBalancerArns, sharers };
      const { webAclArn } = new DedicatedWebAcl(frozen, 'Dedicated', props);
      const others = sharers.length === 0 ? 'nothing else' : sharers.map(({ service }) => service).join(' and ');
      new CfnOutput(frozen, 'WebAclArn', {
        value: webAclArn,
        description: `The web ACL of ${name}, and of ${others}.`,
      });
    }
  }

  #switch(service: string, scope: TargetConfig['scope']): FrozenSwitch {
    const frozen = new FrozenSwitch(this, service, { service, scope });
    new CfnOutput(frozen, 'RuleGroupArn', {
      value: frozen.ruleGroupArn,
      exportName: ruleGroupExport(service, scope),
      description: `The first rule of every web ACL in front of ${service} refers to it.`,
    });
    return frozen;
  }
}
