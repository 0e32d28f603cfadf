import type { Rule, Statement, TextTransformation } from '@aws-sdk/client-wafv2';

/**
 * Web ACL capacity units of our rules.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html
 */
export const capacityOf = (rules: readonly Rule[]): number =>
  rules.reduce((sum, { Statement }) => sum + units(Statement as Statement), 0);

const TRANSFORMATION_WCU = 10;

function units(statement: Statement): number {
  const { AndStatement, OrStatement, NotStatement, IPSetReferenceStatement, LabelMatchStatement } = statement;
  const { ByteMatchStatement, RegexMatchStatement } = statement;
  const inner = AndStatement?.Statements ?? OrStatement?.Statements;
  if (inner) return inner.reduce((sum, one) => sum + units(one), 0);
  if (NotStatement) return units(NotStatement.Statement as Statement);
  if (LabelMatchStatement) return 1;
  if (IPSetReferenceStatement) return IPSetReferenceStatement.IPSetForwardedIPConfig?.Position === 'ANY' ? 6 : 2;
  if (ByteMatchStatement) {
    const search = ByteMatchStatement.PositionalConstraint === 'CONTAINS' ? 10 : 2;
    return search + transforming(ByteMatchStatement.TextTransformations);
  }
  if (RegexMatchStatement) return 3 + transforming(RegexMatchStatement.TextTransformations);
  throw new Error(`No capacity is known for ${Object.keys(statement).join(', ')}.`);
}

const transforming = (transformations: readonly TextTransformation[] = []): number =>
  TRANSFORMATION_WCU * transformations.filter(({ Type }) => Type !== 'NONE').length;
