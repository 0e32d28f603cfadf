import type { TargetConfig } from '../config/schema.ts';

/** Names that others go by: commands read the stacks' outputs, web ACLs import the groups. */

export const controlPlaneStackName = (environment: string): string => `drawbridge-${environment}`;

export const switchStackName = (
  environment: string,
  { scope, region }: Pick<TargetConfig, 'scope' | 'region'>,
  stack = 1,
): string => `drawbridge-${environment}-switch-${region}-${scope.toLowerCase()}${stack === 1 ? '' : `-${stack}`}`;

/** Of a stack's export: a web ACL of the same account and region can import it. */
export const ruleGroupExport = (service: string, scope: TargetConfig['scope']): string =>
  `drawbridge-${service}-${scope.toLowerCase()}-rule-group`;
