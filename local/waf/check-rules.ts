import { capacityOf } from './capacity.ts';
import { checkResponses } from './check-responses.ts';
import { invalidParameter, limitExceeded, REASONS } from './errors.ts';
import { LIMITS, RESERVED_LABEL_PARTS } from './limits.ts';
import {
  type ByteMatch,
  type CustomResponseBodies,
  innerOf,
  type RegexMatch,
  type Rule,
  type Statement,
} from './schema.ts';

export interface RuleGroupRules {
  readonly rules: readonly Rule[];
  readonly customResponseBodies: CustomResponseBodies;
}

/**
 * Everything that WAF checks about rules beyond their shape.
 * @throws WafError
 */
export function checkRules({ rules, customResponseBodies }: RuleGroupRules): void {
  checkUnique(rules.map(({ Name }) => Name));
  checkUnique(rules.map(({ Priority }) => String(Priority)));
  for (const { Action, RuleLabels = [], Statement } of rules) {
    exactlyOne(Action, 'RULE_ACTION', 'RuleAction');
    for (const { Name } of RuleLabels) checkLabel(Name);
    checkStatement(Statement);
  }
  if (ipSetArns(rules).size > LIMITS.referencesPerRuleGroup) {
    throw limitExceeded(`${LIMITS.referencesPerRuleGroup} references in a rule group`);
  }
  checkResponses(rules, customResponseBodies);
}

export function checkCapacity(rules: readonly Rule[], capacity: number): void {
  const needed = capacityOf(rules);
  if (needed > capacity) throw invalidParameter('RULE_GROUP', String(needed), REASONS.capacity);
}

/** The IP sets that the rules refer to, by ARN. */
export function ipSetArns(rules: readonly Rule[]): Set<string> {
  const of = (statement: Statement): string[] => {
    const { IPSetReferenceStatement: set } = statement;
    return set ? [set.ARN] : innerOf(statement).flatMap(of);
  };
  return new Set(rules.flatMap(({ Statement }) => of(Statement)));
}

export function checkUnique(values: readonly string[]): void {
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined) {
    throw invalidParameter('RULE', twice, 'The rules must have different names and different priorities.');
  }
}

export function exactlyOne(value: object | undefined, field: string, parameter: string): void {
  const given = Object.values(value ?? {}).filter((member) => member !== undefined);
  if (given.length !== 1) throw invalidParameter(field, parameter, REASONS.exactlyOne);
}

function checkLabel(label: string): void {
  const parts = label.split(':');
  const wrong = parts.some(
    (part) => part === '' || part.length > LIMITS.labelPartLength || RESERVED_LABEL_PARTS.has(part),
  );
  if (wrong || parts.length > LIMITS.labelNamespaces + 1) throw invalidParameter('RULE', label, REASONS.format);
}

function checkStatement(statement: Statement): void {
  exactlyOne(statement, 'STATEMENT', 'Statement');
  const { AndStatement, OrStatement, ByteMatchStatement, RegexMatchStatement } = statement;
  const several = AndStatement ?? OrStatement;
  if (several && several.Statements.length < 2) {
    throw invalidParameter(AndStatement ? 'AND_STATEMENT' : 'OR_STATEMENT', 'Statements', REASONS.minimum);
  }
  for (const one of innerOf(statement)) checkStatement(one);
  if (ByteMatchStatement) checkSearchString(ByteMatchStatement);
  const comparison = ByteMatchStatement ?? RegexMatchStatement;
  if (comparison) checkComparison(comparison);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function checkSearchString({ SearchString }: ByteMatch): void {
  const bytes = BASE64.test(SearchString) ? Buffer.from(SearchString, 'base64').length : 0;
  if (bytes < 1 || bytes > LIMITS.searchStringBytes) {
    throw invalidParameter('BYTE_MATCH_STATEMENT', 'SearchString', REASONS.format);
  }
}

function checkComparison({ FieldToMatch, TextTransformations }: ByteMatch | RegexMatch): void {
  exactlyOne(FieldToMatch, 'FIELD_TO_MATCH', 'FieldToMatch');
  if (new Set(TextTransformations.map(({ Priority }) => Priority)).size < TextTransformations.length) {
    throw invalidParameter('TEXT_TRANSFORMATION', 'Priority', 'The priorities must all be different.');
  }
}
