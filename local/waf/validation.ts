import ipaddr from 'ipaddr.js';
import { invalidParameter, notSupported, WafFault } from './errors.ts';
import type { CustomResponse, RuleGroupContent, Statement } from './model.ts';

/** What WAF refuses, with its limits. @see https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */

const MAX_BODY_BYTES = 4_096;
const MAX_BODIES = 50;
const MAX_BODIES_BYTES = 50 * 1_024;
const MAX_HEADERS = 10;
const MAX_HEADER_VALUE = 255;
const MAX_ADDRESSES = 10_000;
const DESCRIPTION = /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/;
const NAME = /^[\w-]{1,128}$/;
const LABEL = /^[0-9A-Za-z_\-:]{1,1024}$/;
/** @see https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-status-codes.html */
const RESPONSE_CODES = new Set([
  200, 201, 202, 204, 206, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 403, 404, 405, 408, 411, 415, 416, 421,
  429, 431, 500, 501, 502, 503, 504,
]);
const TRANSFORMATIONS = new Set(['NONE', 'LOWERCASE', 'URL_DECODE', 'NORMALIZE_PATH']);
const POSITIONS = new Set(['EXACTLY', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS']);

export function checkName(name: unknown): void {
  if (typeof name !== 'string' || !NAME.test(name))
    throw invalidParameter('NAME', 'The parameter contains formatting that is not valid');
}

export function checkDescription(description: unknown): void {
  if (description === undefined) return;
  if (typeof description !== 'string' || description.length > 256 || !DESCRIPTION.test(description)) {
    throw invalidParameter('DESCRIPTION', 'The parameter contains formatting that is not valid');
  }
}

export function checkRuleGroup(content: RuleGroupContent): void {
  checkDescription(content.Description);
  if (!content.VisibilityConfig) throw invalidParameter('VISIBILITY_CONFIG', 'A required field is missing');
  checkBodies(content.CustomResponseBodies ?? {});
  const { Rules } = content;
  if (new Set(Rules.map(({ Priority }) => Priority)).size < Rules.length)
    throw invalidParameter('RULE', 'Priorities must be unique');
  if (new Set(Rules.map(({ Name }) => Name)).size < Rules.length)
    throw invalidParameter('RULE', 'Names must be unique');
  for (const rule of Rules) {
    checkName(rule.Name);
    if (!rule.VisibilityConfig) throw invalidParameter('VISIBILITY_CONFIG', 'A required field is missing');
    for (const { Name } of rule.RuleLabels ?? []) {
      if (!LABEL.test(Name)) throw invalidParameter('RULE_LABEL', 'The label contains formatting that is not valid');
    }
    checkStatement(rule.Statement);
    const actions = Object.keys(rule.Action ?? {});
    const strange = actions.find((action) => !['Allow', 'Block', 'Count'].includes(action));
    if (strange) throw notSupported(`The action ${strange}`);
    if (actions.length !== 1) throw invalidParameter('RULE_ACTION', 'You must choose exactly one action');
    const response = rule.Action?.Block?.CustomResponse;
    if (response) checkResponse(response, content);
  }
}

function checkBodies(bodies: NonNullable<RuleGroupContent['CustomResponseBodies']>): void {
  const sizes = Object.values(bodies).map(({ Content }) => Buffer.byteLength(Content));
  const limit = (what: string) => new WafFault('WAFLimitsExceededException', what);
  if (sizes.length > MAX_BODIES) throw limit('You exceeded your resource limit for custom response bodies.');
  if (sizes.some((size) => size > MAX_BODY_BYTES))
    throw limit('You exceeded the size limit of 4 KB for a custom response body.');
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BODIES_BYTES)
    throw limit('You exceeded the size limit for all custom response bodies.');
}

function checkResponse(
  { ResponseCode, CustomResponseBodyKey, ResponseHeaders = [] }: CustomResponse,
  content: RuleGroupContent,
): void {
  if (!RESPONSE_CODES.has(ResponseCode))
    throw invalidParameter('CUSTOM_RESPONSE', `The response code ${ResponseCode} is not supported`);
  if (CustomResponseBodyKey !== undefined && !content.CustomResponseBodies?.[CustomResponseBodyKey]) {
    throw new WafFault(
      'WAFNonexistentItemException',
      `The custom response body ${CustomResponseBodyKey} doesn't exist.`,
    );
  }
  if (ResponseHeaders.length > MAX_HEADERS)
    throw new WafFault('WAFLimitsExceededException', 'You exceeded the limit of 10 custom headers.');
  for (const { Name, Value } of ResponseHeaders) {
    if (Name.toLowerCase() === 'content-type') throw invalidParameter('CUSTOM_HEADER', 'content-type cannot be set');
    if (Value.length > MAX_HEADER_VALUE || Value.length === 0)
      throw invalidParameter('CUSTOM_HEADER', 'The value must have 1 to 255 characters');
  }
}

export const SUPPORTED_STATEMENTS = [
  'AndStatement',
  'OrStatement',
  'NotStatement',
  'IPSetReferenceStatement',
  'LabelMatchStatement',
  'ByteMatchStatement',
] as const;
const KNOWN = new Set<string>(SUPPORTED_STATEMENTS);

function checkStatement(statement: Statement): void {
  const kinds = Object.keys(statement);
  const strange = kinds.find((kind) => !KNOWN.has(kind));
  if (strange) throw notSupported(`The statement ${strange}`);
  if (kinds.length !== 1) throw invalidParameter('STATEMENT', 'You must choose exactly one statement');
  const { AndStatement, OrStatement, NotStatement, ByteMatchStatement } = statement;
  const inner = AndStatement?.Statements ?? OrStatement?.Statements;
  if (inner && inner.length < 2) throw invalidParameter('STATEMENT', 'AND and OR need at least two statements');
  inner?.forEach(checkStatement);
  if (NotStatement) checkStatement(NotStatement.Statement);
  if (!ByteMatchStatement) return;
  const { FieldToMatch, TextTransformations, PositionalConstraint } = ByteMatchStatement;
  const field = Object.keys(FieldToMatch)[0] ?? 'nothing';
  if (!['UriPath', 'Method', 'QueryString', 'SingleHeader'].includes(field)) throw notSupported(`The field ${field}`);
  if (!POSITIONS.has(PositionalConstraint)) throw notSupported(`The position ${PositionalConstraint}`);
  const unknown = TextTransformations.find(({ Type }) => !TRANSFORMATIONS.has(Type));
  if (unknown) throw notSupported(`The transformation ${unknown.Type}`);
  if (TextTransformations.length === 0) throw invalidParameter('TEXT_TRANSFORMATION', 'At least one is required');
}

export function checkAddresses(version: 'IPV4' | 'IPV6', addresses: readonly string[]): void {
  if (addresses.length > MAX_ADDRESSES)
    throw new WafFault('WAFLimitsExceededException', 'You exceeded the limit of 10,000 addresses.');
  const wrong = addresses.find((address) => !isNetwork(version, address));
  if (wrong) throw invalidParameter('IP_ADDRESS', `The parameter contains formatting that is not valid: ${wrong}`);
}

function isNetwork(version: 'IPV4' | 'IPV6', cidr: string): boolean {
  const kind = version === 'IPV4' ? ipaddr.IPv4 : ipaddr.IPv6;
  if (!kind.isValidCIDR(cidr)) return false;
  const [address, prefix] = kind.parseCIDR(cidr);
  return prefix > 0 && address.toNormalizedString() === kind.networkAddressFromCIDR(cidr).toNormalizedString();
}
