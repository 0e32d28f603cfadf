import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServiceConfig, TargetConfig } from '../config/schema.ts';
import { isDedicated, sharedWith, targetIn } from '../config/web-acls.ts';
import { DedicatedWebAcl } from './dedicated-web-acl.ts';
import { FrozenSwitch } from './frozen-switch.ts';
import { ruleGroupExport } from './names.ts';

export interface SwitchStackProps extends StackProps {
  readonly environment: string;
  readonly scope: TargetConfig['scope'];
  readonly services: readonly ServiceConfig[];
}

/** The switches of one environment at one place in WAF: for each service a rule group, empty, and what refers to it. */
export class SwitchStack extends Stack {
  constructor(parent: Construct, id: string, { environment, scope, services, ...stackProps }: SwitchStackProps) {
    super(parent, id, { description: 'Drawbridge: the rule groups that close services to the public.', ...stackProps });
    const place = { scope, region: this.region };
    // By name: in whatever order the config has them, the template stays the same.
    const switches = services.toSorted(byName).flatMap((service) => {
      const target = targetIn(service, place);
      return target ? [{ name: service.name, target, frozen: this.#switch(environment, service.name, scope) }] : [];
    });
    inLanes(switches.map(({ frozen }) => frozen));
    const dedicated: DedicatedWebAcl[] = [];
    for (const { name, target, frozen } of switches) {
      if (!isDedicated(target.attachment)) continue;
      const { loadBalancerArns } = target.attachment.dedicated;
      const sharers = switches
        .filter((other) => sharedWith(other.target.attachment) === name)
        .map((other) => ({ service: other.name, ruleGroupArn: other.frozen.ruleGroupArn }));
      const props = { environment, service: name, scope, ruleGroupArn: frozen.ruleGroupArn, loadBalancerArns, sharers };
      const webAcl = new DedicatedWebAcl(frozen, 'Dedicated', props);
      const { webAclArn } = webAcl;
      dedicated.push(webAcl);
      const others = sharers.length === 0 ? 'nothing else' : sharers.map(({ service }) => service).join(' and ');
      new CfnOutput(frozen, 'WebAclArn', {
        value: webAclArn,
        description: `The web ACL of ${name}, and of ${others}.`,
      });
    }
  }

  #switch(environment: string, service: string, scope: TargetConfig['scope']): FrozenSwitch {
    const frozen = new FrozenSwitch(this, service, { environment, service, scope });
    new CfnOutput(frozen, 'RuleGroupArn', {
      value: frozen.ruleGroupArn,
      exportName: ruleGroupExport(service, scope),
      description: `The first rule of every web ACL in front of ${service} refers to it.`,
    });
    return frozen;
  }
}

const byName = (a: ServiceConfig, b: ServiceConfig): number => (a.name < b.name ? -1 : 1);

/** How many services are created at once. Each create takes CloudFormation some seconds, and WAF takes one of a kind a second. */
const LANES = 3;

function inLanes(switches: readonly FrozenSwitch[]): void {
  for (const [at, frozen] of switches.slice(LANES).entries()) frozen.createAfter(switches[at] as FrozenSwitch);
}
