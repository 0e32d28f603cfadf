import type { Rule, Statement } from './model.ts';

/** WCU of statements. @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html */
export const rulesCapacity = (rules: readonly Rule[]): number =>
  rules.reduce((sum, rule) => sum + statementCapacity(rule.Statement), 0);

const TRANSFORMATION = 10;
const POSITIONS: Readonly<Record<string, number>> = { EXACTLY: 2, STARTS_WITH: 2, ENDS_WITH: 2, CONTAINS: 10 };

function statementCapacity(statement: Statement): number {
  const { AndStatement, OrStatement, NotStatement, IPSetReferenceStatement, ByteMatchStatement } = statement;
  const inner =
    AndStatement?.Statements ?? OrStatement?.Statements ?? (NotStatement ? [NotStatement.Statement] : undefined);
  if (inner) return inner.reduce((sum, one) => sum + statementCapacity(one), 0);
  if (IPSetReferenceStatement) return IPSetReferenceStatement.IPSetForwardedIPConfig?.Position === 'ANY' ? 6 : 2;
  if (ByteMatchStatement) {
    const transformations = ByteMatchStatement.TextTransformations.filter(({ Type }) => Type !== 'NONE').length;
    return (POSITIONS[ByteMatchStatement.PositionalConstraint] ?? 10) + TRANSFORMATION * transformations;
  }
  return 1;
}
