import type { ResolvedRuleGroup, WebAcl } from '../waf/evaluate.ts';
import type { Rule } from '../waf/schema.ts';

/** A rule of the site's own: what is let through the maintenance must still meet it. */
const NO_SCRIPT_IN_QUERY: Rule = {
  Name: 'no-script-in-query',
  Priority: 1,
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

/** The site's web ACL: our rule group first, as soon as there is one, then the site's own rules. */
export function siteWebAcl(account: string, group: ResolvedRuleGroup | undefined): WebAcl {
  const reference = group && {
    Name: group.name,
    Priority: 0,
    Statement: { RuleGroupReferenceStatement: { ARN: group.arn } },
    OverrideAction: { None: {} },
  };
  return {
    account,
    name: 'site',
    rules: [...(reference ? [reference] : []), NO_SCRIPT_IN_QUERY],
    defaultAction: 'allow',
  };
}
