import { Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/schema.ts';
import { IAM_ROUTES } from '../contract/routes.ts';
import { directWriteGroups, directWriteStatement, OF_ENVIRONMENT } from './permissions.ts';
import { acknowledgeWildcards } from './wildcards.ts';

interface BreakGlassOptions {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly api: HttpApi;
}

/**
 * The policy to attach to the on-call role: its holders may open and close services without the sheet, through the API,
 * or past it when it is down.
 */
export class BreakGlass extends Construct {
  readonly policyArn: string;

  constructor(parent: Construct, id: string, { environment, config, api }: BreakGlassOptions) {
    super(parent, id);
    const stack = Stack.of(this);
    const resources = IAM_ROUTES.map(({ method, path }) =>
      api.arnForExecuteApi(method, path.replace(/\{\w+\}/g, '*'), '$default'),
    );
    const groups = directWriteGroups(stack, environment, config);
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
        directWriteStatement(groups),
      ],
    });
    acknowledgeWildcards(policy, ['*'], 'A List call of WAF knows no resource.');
    acknowledgeWildcards(
      policy,
      resources.filter((arn) => arn.endsWith('*')),
      'The * stands for the id of an operation, which nobody knows before.',
    );
    acknowledgeWildcards(policy, groups, OF_ENVIRONMENT);
    this.policyArn = policy.managedPolicyArn;
  }
}
