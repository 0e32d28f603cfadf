import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { targetName } from '../config/names.ts';
import type { EnvironmentConfig } from '../config/schema.ts';
import { namePrefix } from '../lambda/src/waf/rules/rules.ts';
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
 * The rule groups and IP sets of the environment, by the prefix of their names: as many services as there may be fit into the
 * role, and no other environment's. A group's update is authorised on the sets that its rules refer to as well.
 */
export function allowSwitches(role: Role, environment: string, settings: EnvironmentConfig): void {
  const stack = Stack.of(role);
  const groups = arnsOf(stack, environment, settings, 'rulegroup');
  const sets = arnsOf(stack, environment, settings, 'ipset');
  role.addToPolicy(new PolicyStatement({ actions: LIST_CALLS, resources: ['*'] }));
  role.addToPolicy(new PolicyStatement({ actions: RULE_GROUP_CALLS, resources: groups }));
  role.addToPolicy(new PolicyStatement({ actions: IP_SET_CALLS, resources: sets }));
  acknowledgeWildcards(role, ['*'], 'WAF’s two List calls know no resource: they only tell names and ids.');
  acknowledgeWildcards(role, [...groups, ...sets], OF_ENVIRONMENT);
}

export const OF_ENVIRONMENT =
  'The rule groups or IP sets of one environment, by the prefix of their names; WAF chooses ids.';

/** For a write past the API: to the rule groups alone, as testers are let in only by the API. */
export const directWriteGroups = (stack: Stack, environment: string, settings: EnvironmentConfig): string[] =>
  arnsOf(stack, environment, settings, 'rulegroup');

export const directWriteStatement = (groups: readonly string[]): PolicyStatement =>
  new PolicyStatement({ actions: RULE_GROUP_CALLS, resources: [...groups] });

/** One for each place in WAF; the last * stands for the id that WAF gave. */
function arnsOf(
  stack: Stack,
  environment: string,
  { services }: EnvironmentConfig,
  kind: 'rulegroup' | 'ipset',
): string[] {
  const places = new Map(services.flatMap(({ targets }) => targets).map((target) => [targetName(target), target]));
  return [...places.values()].map(({ scope, region }) =>
    stack.formatArn({
      service: 'wafv2',
      region,
      resource: `${scope === 'CLOUDFRONT' ? 'global' : 'regional'}/${kind}`,
      resourceName: `${namePrefix(environment)}*/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
  );
}
