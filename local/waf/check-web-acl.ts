import { capacityOf } from './capacity.ts';
import { checkRules, checkUnique, exactlyOne, ipSetArns } from './check-rules.ts';
import { invalidParameter, limitExceeded, notSupported, REASONS } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { CustomResponseBodies, Rule, WebAclRule } from './schema.ts';

/** The rules of a web ACL: its own, and those that refer to a rule group. */
export function sortedOut(rules: readonly WebAclRule[]): { own: Rule[]; groupArns: string[] } {
  const groupOf = ({ Statement }: WebAclRule) => Statement.RuleGroupReferenceStatement?.ARN;
  return {
    own: rules.filter((rule) => groupOf(rule) === undefined),
    groupArns: rules.flatMap((rule) => groupOf(rule) ?? []),
  };
}

/**
 * Everything that WAF checks about the rules of a web ACL beyond their shape.
 * @throws WafError
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html
 */
export function checkWebAclRules(rules: readonly WebAclRule[], customResponseBodies: CustomResponseBodies): void {
  checkUnique(rules.map(({ Name }) => Name));
  checkUnique(rules.map(({ Priority }) => String(Priority)));
  for (const rule of rules) checkActions(rule);
  const { own, groupArns } = sortedOut(rules);
  checkRules({ rules: own, customResponseBodies });
  if (ipSetArns(own).size + groupArns.length > LIMITS.referencesPerWebAcl) {
    throw limitExceeded(`${LIMITS.referencesPerWebAcl} references in a web ACL`);
  }
}

/** A rule group acts by itself: a reference may only override that, any other rule has an action of its own. */
function checkActions({ Name, Statement, Action, OverrideAction, RuleLabels }: WebAclRule): void {
  exactlyOne(Statement, 'STATEMENT', 'Statement');
  if (!Statement.RuleGroupReferenceStatement) {
    if (OverrideAction) throw invalidParameter('RULE', Name, REASONS.exactlyOne);
    return;
  }
  if (Action || RuleLabels) throw invalidParameter('RULE', Name, REASONS.exactlyOne);
  exactlyOne(OverrideAction, 'OVERRIDE_ACTION', 'OverrideAction');
}

/** @throws WafError - A custom answer of the default action is WAF's own business, and missing here. */
export function checkDefaultAction(action: { readonly Block?: { readonly CustomResponse?: object } }): void {
  exactlyOne(action, 'DEFAULT_ACTION', 'DefaultAction');
  if (action.Block?.CustomResponse) throw notSupported('DefaultAction.Block.CustomResponse');
}

/** Units of its own rules, and what each rule group reserves. @throws WafError */
export function capacityOfWebAcl(rules: readonly WebAclRule[], ofGroup: (arn: string) => number): number {
  const { own, groupArns } = sortedOut(rules);
  const needed = groupArns.reduce((sum, arn) => sum + ofGroup(arn), capacityOf(own));
  if (needed > LIMITS.webAclCapacity) throw invalidParameter('WEB_ACL', String(needed), REASONS.capacity);
  return needed;
}
