import { Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../contract/config.ts';
import { BREAK_GLASS_ROUTES } from '../contract/routes.ts';
import { directWriteStatements } from './permissions.ts';
import { acknowledgeWildcards } from './wildcards.ts';

interface BreakGlassOptions {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly api: HttpApi;
}

/**
 * A policy to attach to the on-call role: whoever has it may open and close services without the sheet, through the API,
 * or past it when it is down.
 */
export class BreakGlass extends Construct {
  readonly policyArn: string;

  constructor(parent: Construct, id: string, { environment, config, api }: BreakGlassOptions) {
    super(parent, id);
    const resources = BREAK_GLASS_ROUTES.map(({ method, path }) =>
      api.arnForExecuteApi(method, path.replace(/\{\w+\}/g, '*'), '$default'),
    );
    const direct = directWriteStatements(Stack.of(this), config);
    const policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: `drawbridge-${environment}-break-glass`,
      description: `Open and close the services of ${environment} without the release sheet.`,
      statements: [
        new PolicyStatement({ actions: ['execute-api:Invoke'], resources }),
        // The command finds the API by the stack's outputs.
        new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(this).stackId] }),
        ...direct.statements,
      ],
    });
    acknowledgeWildcards(
      policy,
      direct.wildcards,
      'One rule group by its name, whose id WAF chose; and a List call that knows no resource.',
    );
    acknowledgeWildcards(
      policy,
      resources.filter((arn) => arn.endsWith('*')),
      'The * stands for the id of an operation, which nobody knows before.',
    );
    this.policyArn = policy.managedPolicyArn;
  }
}
