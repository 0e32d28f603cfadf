import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { EnvironmentConfig, TargetConfig } from '../config/schema.ts';
import { IP_SET_VERSIONS, ipSetName, ruleGroupName } from '../lambda/src/waf/rules/rules.ts';
import { acknowledgeWildcards } from './wildcards.ts';

/** What the handlers may call: exactly what lambda/src calls, which a test compares. */
const TABLE_CALLS = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];
const RULE_GROUP_CALLS = ['wafv2:GetRuleGroup', 'wafv2:UpdateRuleGroup'];
const IP_SET_CALLS = ['wafv2:GetIPSet', 'wafv2:UpdateIPSet', 'wafv2:UpdateRuleGroup'];
const LIST_CALLS = ['wafv2:ListIPSets', 'wafv2:ListRuleGroups'];

export function allowTable(role: Role, tableArn: string): void {
  role.addToPolicy(new PolicyStatement({ actions: TABLE_CALLS, resources: [tableArn] }));
}

/** By name, as a role that names its own function would need it before it is there. */
export function allowInvoke(role: Role, functionName: string): void {
  const arn = { service: 'lambda', resource: 'function', resourceName: functionName };
  const resources = [Stack.of(role).formatArn({ ...arn, arnFormat: ArnFormat.COLON_RESOURCE_NAME })];
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
}

/**
 * The rule groups and IP sets of the environment's services, by name: their ids are chosen by WAF in other regions, and
 * are not known here. A group's update is authorised on the sets that its rules refer to as well.
 */
export function allowSwitches(role: Role, { services }: EnvironmentConfig): void {
  role.addToPolicy(new PolicyStatement({ actions: LIST_CALLS, resources: ['*'] }));
  acknowledgeWildcards(role, ['*'], 'WAF’s two List calls know no resource: they only tell names and ids.');
  for (const { name, targets } of services) {
    for (const target of targets) allowSwitch(role, ruleGroupName(name), target);
  }
}

/** For a write past the API: to the named rule groups alone, as testers are let in only by the API. */
export const directWriteGroups = (stack: Stack, { services }: EnvironmentConfig): string[] =>
  services.flatMap(({ name, targets }) =>
    targets.map((target) => arnOf(stack, target, 'rulegroup', ruleGroupName(name))),
  );

export const directWriteStatement = (groups: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: RULE_GROUP_CALLS, resources: [...groups] });

/** By name; the * stands for the id that WAF gave it. */
function arnOf(stack: Stack, { scope, region }: TargetConfig, kind: 'rulegroup' | 'ipset', name: string): string {
  return stack.formatArn({
    service: 'wafv2',
    region,
    resource: `${scope === 'CLOUDFRONT' ? 'global' : 'regional'}/${kind}`,
    resourceName: `${name}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}

/** In statements of its own: IAM caps a policy's size, and CDK can only part what is many statements. */
function allowSwitch(role: Role, group: string, target: TargetConfig): void {
  const stack = Stack.of(role);
  const groups = [arnOf(stack, target, 'rulegroup', group)];
  const sets = IP_SET_VERSIONS.map((version) => arnOf(stack, target, 'ipset', ipSetName(group, version)));
  role.addToPolicy(new PolicyStatement({ actions: RULE_GROUP_CALLS, resources: groups }));
  role.addToPolicy(new PolicyStatement({ actions: IP_SET_CALLS, resources: sets }));
  acknowledgeWildcards(
    role,
    [...groups, ...sets],
    'One rule group or IP set by its name; the * stands for the id that WAF gave it.',
  );
}
