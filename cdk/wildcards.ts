import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/** Says why these resources, and no others, may have a `*` in them: cdk-nag knows each by its flattened text. */
export function acknowledgeWildcards(construct: IConstruct, arns: readonly string[], reason: string): void {
  const stack = Stack.of(construct);
  const ids = arns.map((arn) => `AwsSolutions-IAM5[Resource::${flattenCfnReference(stack.resolve(arn))}]`);
  Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
}
