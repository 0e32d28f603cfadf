import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BREAK_GLASS_ROUTES } from '../contract/routes.ts';
import { acknowledgeWildcards } from './wildcards.ts';

/** A policy to attach to the on-call role: whoever has it may open and close services without the sheet. */
export class BreakGlass extends Construct {
  readonly policyArn: string;

  constructor(parent: Construct, id: string, { environment, api }: { environment: string; api: HttpApi }) {
    super(parent, id);
    const resources = BREAK_GLASS_ROUTES.map(({ method, path }) =>
      api.arnForExecuteApi(method, path.replace(/\{\w+\}/g, '*'), '$default'),
    );
    const policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: `drawbridge-${environment}-break-glass`,
      description: `Open and close the services of ${environment} without the release sheet.`,
      statements: [new PolicyStatement({ actions: ['execute-api:Invoke'], resources })],
    });
    acknowledgeWildcards(
      policy,
      resources.filter((arn) => arn.endsWith('*')),
      'The * stands for the id of an operation, which nobody knows before.',
    );
    this.policyArn = policy.managedPolicyArn;
  }
}
