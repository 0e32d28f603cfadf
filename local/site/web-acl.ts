import type { ResolvedRuleGroup, WebAcl } from '../waf/evaluate.ts';
import type { Rule } from '../waf/schema.ts';

/** A rule of the site's own: what is let through the maintenance must still meet it. */
const NO_SCRIPT_IN_QUERY: Rule = {
  Name: 'no-script-in-query',
  Priority: 0,
  Statement: {
    ByteMatchStatement: {
      SearchString: Buffer.from('<script').toString('base64'),
      FieldToMatch: { QueryString: {} },
      TextTransformations: [
        { Priority: 0, Type: 'URL_DECODE' },
        { Priority: 1, Type: 'LOWERCASE' },
      ],
      PositionalConstraint: 'CONTAINS',
    },
  },
  Action: { Block: {} },
  VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'no-script-in-query' },
};

/** The site's web ACL: our rule groups first, as far as there are any, then the site's own rules. */
export function siteWebAcl(account: string, groups: readonly ResolvedRuleGroup[]): WebAcl {
  const references = groups.map((group, Priority) => ({
    Name: group.name,
    Priority,
    Statement: { RuleGroupReferenceStatement: { ARN: group.arn } },
    OverrideAction: { None: {} },
  }));
  return {
    account,
    name: 'site',
    rules: [...references, { ...NO_SCRIPT_IN_QUERY, Priority: references.length }],
    defaultAction: 'allow',
  };
}
