import { Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema.ts';
import { IAM_ROUTES } from '../contract/routes.ts';
import { directWriteGroups, directWriteStatement } from './permissions.ts';
import { acknowledgeWildcards } from './wildcards.ts';

interface BreakGlassOptions {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly api: HttpApi;
}

/** IAM takes 6,144 characters of a policy that is attached, and each rule group's ARN may have 140 of them. */
const MOST_GROUPS = 30;

/**
 * Policies to attach to the on-call role: their holders may open and close services without the sheet, through the API,
 * or past it when it is down. One, unless there are many services.
 */
export class BreakGlass extends Construct {
  readonly policyArns: readonly string[];

  constructor(parent: Construct, id: string, { environment, config, api }: BreakGlassOptions) {
    super(parent, id);
    const stack = Stack.of(this);
    const resources = IAM_ROUTES.map(({ method, path }) =>
      api.arnForExecuteApi(method, path.replace(/\{\w+\}/g, '*'), '$default'),
    );
    const [first = [], ...others] = partsOf(directWriteGroups(stack, config), MOST_GROUPS);
    const name = `drawbridge-${environment}-break-glass`;
    const description = `Open and close the services of ${environment} without the release sheet.`;
    const policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: name,
      description,
      statements: [
        new PolicyStatement({ actions: ['execute-api:Invoke'], resources }),
        // The command finds the API by the stack's outputs.
        new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stack.stackId] }),
        new PolicyStatement({ actions: ['wafv2:ListRuleGroups'], resources: ['*'] }),
        directWriteStatement(first),
      ],
    });
    acknowledgeWildcards(policy, ['*'], 'A List call of WAF knows no resource.');
    acknowledgeWildcards(
      policy,
      resources.filter((arn) => arn.endsWith('*')),
      'The * stands for the id of an operation, which nobody knows before.',
    );
    const more = others.map((groups, index) => {
      const statements = [directWriteStatement(groups)];
      const number = index + 2;
      return new ManagedPolicy(this, `Policy${number}`, {
        managedPolicyName: `${name}-${number}`,
        description,
        statements,
      });
    });
    const policies = [policy, ...more];
    for (const [index, groups] of [first, ...others].entries()) {
      acknowledgeWildcards(policies[index] as ManagedPolicy, groups, 'One rule group by its name, whose id WAF chose.');
    }
    this.policyArns = policies.map(({ managedPolicyArn }) => managedPolicyArn);
  }
}

const partsOf = <T>(all: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_none, index) => all.slice(index * most, (index + 1) * most));
