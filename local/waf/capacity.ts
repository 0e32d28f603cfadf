import { type ByteMatch, innerOf, type RegexMatch, type Rule, type Statement } from './schema.ts';

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-match.html */
const IP_SET_WCU = 1;
const ANY_POSITION_WCU = 4;
const LABEL_MATCH_WCU = 1;
const BYTE_MATCH_WCU = { EXACTLY: 2, STARTS_WITH: 2, ENDS_WITH: 2, CONTAINS: 10 } as const;
const REGEX_MATCH_WCU = 3;
const TRANSFORMATION_WCU = 10;

/**
 * Web ACL capacity units of the rules, by the documented table. Observers report that the service counts the same
 * transformation of the same field once only, so that the real number may be lower.
 * @see https://mdleom.com/blog/2021/07/23/aws-waf-wcu/
 */
export const capacityOf = (rules: readonly Rule[]): number =>
  rules.reduce((sum, { Statement }) => sum + ofStatement(Statement), 0);

function ofStatement(statement: Statement): number {
  const { ByteMatchStatement, RegexMatchStatement, IPSetReferenceStatement, LabelMatchStatement } = statement;
  if (ByteMatchStatement) {
    return BYTE_MATCH_WCU[ByteMatchStatement.PositionalConstraint] + ofTransformations(ByteMatchStatement);
  }
  if (RegexMatchStatement) return REGEX_MATCH_WCU + ofTransformations(RegexMatchStatement);
  if (IPSetReferenceStatement) {
    const { Position } = IPSetReferenceStatement.IPSetForwardedIPConfig ?? {};
    return IP_SET_WCU + (Position === 'ANY' ? ANY_POSITION_WCU : 0);
  }
  if (LabelMatchStatement) return LABEL_MATCH_WCU;
  return innerOf(statement).reduce((sum, one) => sum + ofStatement(one), 0);
}

const ofTransformations = ({ TextTransformations }: ByteMatch | RegexMatch): number =>
  TRANSFORMATION_WCU * TextTransformations.filter(({ Type }) => Type !== 'NONE').length;
