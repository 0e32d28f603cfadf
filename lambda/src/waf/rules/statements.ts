import type { FieldToMatch, Statement, TextTransformation } from '@aws-sdk/client-wafv2';
import { hostPatterns } from '../../../../config/hosts.ts';
import type { TargetConfig } from '../../../../config/schema.ts';

/** WAF statements by what they ask. @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html */

const AS_IT_IS: TextTransformation[] = [{ Priority: 0, Type: 'NONE' }];
const LOWERCASE: TextTransformation[] = [{ Priority: 0, Type: 'LOWERCASE' }];
/** Without them `/webhooks/..%2fadmin` would count as a webhook; with them alone `/admin/../webhooks/` would. */
const AS_THE_SITE_READS_IT: TextTransformation[] = [
  { Priority: 0, Type: 'URL_DECODE' },
  { Priority: 1, Type: 'NORMALIZE_PATH' },
];

const bytes = new TextEncoder();

function match(
  FieldToMatch: FieldToMatch,
  PositionalConstraint: 'EXACTLY' | 'STARTS_WITH',
  search: string,
  TextTransformations: TextTransformation[] = AS_IT_IS,
): Statement {
  return {
    ByteMatchStatement: { SearchString: bytes.encode(search), FieldToMatch, TextTransformations, PositionalConstraint },
  };
}

const path: FieldToMatch = { UriPath: {} };

export const method = (name: string): Statement => match({ Method: {} }, 'EXACTLY', name);
export const pathIs = (exact: string): Statement => match(path, 'EXACTLY', exact);
export const pathUnder = (prefix: string): Statement => match(path, 'STARTS_WITH', prefix);
/** Under the prefix however the site reads the path: as it was sent, and decoded and normalized. */
export const safePathUnder = (prefix: string): Statement =>
  allOf([pathUnder(prefix), match(path, 'STARTS_WITH', prefix, AS_THE_SITE_READS_IT)]);
/** WAF wants the header's name in lower case. */
export const header = (Name: string, value: string): Statement =>
  match({ SingleHeader: { Name: Name.toLowerCase() } }, 'EXACTLY', value);
/** The request asks for one of these names, on whatever port. */
export const hostIn = (hosts: readonly string[]): Statement =>
  anyOf(hostPatterns(hosts).map((RegexString) => pattern('host', RegexString)));

function pattern(Name: string, RegexString: string): Statement {
  return {
    RegexMatchStatement: { RegexString, FieldToMatch: { SingleHeader: { Name } }, TextTransformations: LOWERCASE },
  };
}

/**
 * Asks for, or sends, JSON or its kin (`application/problem+json`), GraphQL (`application/graphql-response+json`,
 * `application/graphql`) or gRPC-Web: no browser that shows a page does.
 */
export const speaksApi: Statement[] = ['accept', 'content-type'].map((name) => pattern(name, 'json|graphql|grpc'));

export const labelled = (Key: string): Statement => ({ LabelMatchStatement: { Scope: 'LABEL', Key } });

export const not = (Statement: Statement): Statement => ({ NotStatement: { Statement } });

/** WAF refuses an OR of fewer than two. */
export function anyOf(Statements: Statement[]): Statement {
  return Statements.length === 1 ? (Statements[0] as Statement) : { OrStatement: { Statements } };
}

export const allOf = (Statements: Statement[]): Statement => ({ AndStatement: { Statements } });

/** The client's address is in one of the sets. A missing or malformed header is no match. */
export function fromSets(arns: readonly string[], clientAddress: TargetConfig['clientAddress']): Statement {
  const forwarded =
    clientAddress === 'source-ip'
      ? // In writing: a header that somebody added here would let anybody in who sends it.
        { IPSetForwardedIPConfig: undefined }
      : {
          IPSetForwardedIPConfig: {
            HeaderName: clientAddress.header,
            FallbackBehavior: 'NO_MATCH' as const,
            Position: clientAddress.position,
          },
        };
  return anyOf(arns.map((ARN) => ({ IPSetReferenceStatement: { ARN, ...forwarded } })));
}
