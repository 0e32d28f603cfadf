import type { CloudAssembly } from 'aws-cdk-lib/cx-api';

/** How near each stack is to what CloudFormation and IAM take. */

export interface StackSize {
  readonly name: string;
  readonly resources: number;
  readonly outputs: number;
  readonly templateBytes: number;
  /** Of the role with the most: its own policies together. */
  readonly roleCharacters: number;
  /** Of the largest policy that is attached. */
  readonly policyCharacters: number;
}

/**
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST: Readonly<Record<Exclude<keyof StackSize, 'name'>, { readonly most: number; readonly what: string }>> = {
  resources: { most: 500, what: 'resources' },
  outputs: { most: 200, what: 'outputs' },
  templateBytes: { most: 1_000_000, what: 'bytes of template' },
  roleCharacters: { most: 10_240, what: 'characters in the policies of one role' },
  policyCharacters: { most: 6_144, what: 'characters in one policy' },
};

/** What is deployed would be refused, at its end or halfway. */
export class CeilingError extends Error {
  override readonly name = 'CeilingError';
}

export const sizesOf = ({ stacks }: Pick<CloudAssembly, 'stacks'>): StackSize[] =>
  stacks.map(({ stackName: name, template }) => sizeOf(name, template));

/** @throws CeilingError - Names the stack, the sizes and the remedy. */
export function checkCeilings(sizes: readonly StackSize[]): void {
  for (const size of sizes) {
    for (const [key, { most, what }] of Object.entries(MOST)) {
      const is = size[key as keyof typeof MOST];
      if (is <= most) continue;
      throw new CeilingError(
        `${size.name}: ${is} ${what}, and AWS takes ${most}. Give services that are not deployed yet a higher number of ` +
          'stack, or move them into an environment of their own.',
      );
    }
  }
}

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
  readonly Outputs?: object;
}
type Properties = Readonly<Record<string, unknown>>;

function sizeOf(name: string, template: Template): StackSize {
  const resources = Object.values(template.Resources ?? {});
  const documents = (type: string) =>
    resources.flatMap(({ Type, Properties = {} }) => (Type === type ? [Properties] : []));
  const ofRoles = new Map<string, number>();
  for (const { Roles, PolicyDocument } of documents('AWS::IAM::Policy')) {
    for (const role of Roles as readonly object[]) {
      const key = JSON.stringify(role);
      ofRoles.set(key, (ofRoles.get(key) ?? 0) + charactersOf(PolicyDocument));
    }
  }
  const attached = documents('AWS::IAM::ManagedPolicy').map(({ PolicyDocument }) => charactersOf(PolicyDocument));
  return {
    name,
    resources: resources.length,
    outputs: Object.keys(template.Outputs ?? {}).length,
    // As CDK uploads it.
    templateBytes: Buffer.byteLength(JSON.stringify(template, undefined, 1)),
    roleCharacters: Math.max(0, ...ofRoles.values()),
    policyCharacters: Math.max(0, ...attached),
  };
}

/** IAM counts no white space. What CloudFormation fills in is taken to be as long as the longest ARN of ours. */
const charactersOf = (document: unknown): number => JSON.stringify(resolved(document)).length;
const SOME_ARN = 'x'.repeat(120);
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::AccountId': '111122223333',
  'AWS::Region': 'ap-southeast-1',
};

function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const [[key = '', argument] = []] = Object.entries(value);
  if (key === 'Fn::Join') return ((argument as [string, unknown[]])[1] ?? []).map(resolved).join('');
  if (key === 'Ref') return PSEUDO[argument as string] ?? SOME_ARN;
  if (key.startsWith('Fn::')) return SOME_ARN;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner)]));
}
