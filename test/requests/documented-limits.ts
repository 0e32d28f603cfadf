import {
  type CustomHTTPHeader,
  FallbackBehavior,
  ForwardedIPPosition,
  LabelMatchScope,
  PositionalConstraint,
  ResponseContentType,
  Scope,
  TextTransformationType,
  type UpdateRuleGroupRequest,
} from '@aws-sdk/client-wafv2';
import ipaddr from 'ipaddr.js';
import { DYNAMODB_CALLS, NOT_LIMITED_IN_DYNAMODB } from './dynamodb-limits.ts';
import { utf8 } from './dynamodb-rules.ts';
import { exactlyOne, type Limit, numbers, oneOf, several, text } from './limit.ts';

const API = 'https://docs.aws.amazon.com/waf/latest/APIReference/API_';
const GUIDE = 'https://docs.aws.amazon.com/waf/latest/developerguide/';
const SNS = 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html';

const ENTITY_NAME = /^[\w-]+$/;
const ENTITY_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const NOT_BLANK = /\S/;
const entityName = (of: string, page: string) => text(of, `${API}${page}.html`, 1, 128, ENTITY_NAME, 'drawbridge shop');
const entityId = (of: string, page: string) => text(of, `${API}${page}.html`, 1, 36, ENTITY_ID, 'drawbridge');
const scope = (page: string) => oneOf(`${page}Request.Scope`, `${API}${page}.html`, Scope, 'GLOBAL');

const isUnique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** CIDR, network address, not the whole internet. */
function isRange(cidr: string): boolean {
  if (cidr.length < 1 || cidr.length > 50 || !ipaddr.isValidCIDR(cidr)) return false;
  const [address, length] = ipaddr.parseCIDR(cidr);
  const parser = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return length > 0 && parser.networkAddressFromCIDR(cidr).toNormalizedString() === address.toNormalizedString();
}

/** What a custom response may answer. */
const RESPONSE_CODES = new Set([
  ...[200, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308],
  ...[400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 414, 415, 416, 421, 429],
  ...[500, 501, 502, 503, 504, 505],
]);
const RESERVED = new Set(['awswaf', 'aws', 'waf', 'rulegroup', 'webacl', 'regexpatternset', 'ipset', 'managed']);

const responsesOf = ({ Rules = [] }: UpdateRuleGroupRequest) =>
  Rules.flatMap(({ Action }) => Action?.Block?.CustomResponse ?? []);
const bodiesOf = ({ CustomResponseBodies = {} }: UpdateRuleGroupRequest) => Object.entries(CustomResponseBodies);

const WAF_CALLS: Limit[] = [
  ...['GetRuleGroup', 'UpdateRuleGroup', 'GetIPSet', 'UpdateIPSet'].flatMap((page) => [
    entityName(`${page}Request.Name`, page),
    entityId(`${page}Request.Id`, page),
    scope(page),
  ]),
  ...['UpdateRuleGroup', 'UpdateIPSet'].map((page) => entityId(`${page}Request.LockToken`, page)),
  ...['ListRuleGroups', 'ListIPSets'].flatMap((page) => [
    scope(page),
    numbers(`${page}Request.Limit`, `${API}${page}.html`, 1, 100, 101),
    text(`${page}Request.NextMarker`, `${API}${page}.html`, 1, 256, NOT_BLANK, ' '),
  ]),
  text(
    'UpdateRuleGroupRequest.Description',
    `${API}UpdateRuleGroup.html`,
    1,
    256,
    /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/,
    'closed (for now)',
  ),
  {
    of: 'UpdateIPSetRequest.Addresses',
    rule: '10,000 ranges at most',
    source: `${GUIDE}limits.html`,
    is: (ranges: string[]) => ranges.length <= 10_000,
    bad: Array.from({ length: 10_001 }, () => '192.0.2.0/24'),
  },
  {
    of: 'UpdateIPSetRequest.Addresses',
    rule: 'CIDR, not /0, without host bits',
    source: `${API}UpdateIPSet.html`,
    is: (ranges: string[]) => ranges.every(isRange),
    bad: ['192.0.2.1/24'],
  },
];

const WAF_RULES: Limit[] = [
  entityName('Rule.Name', 'Rule'),
  numbers('Rule.Priority', `${API}Rule.html`, 0, 2 ** 31 - 1, -1),
  {
    of: 'Rule',
    rule: 'an action, and none that overrides one: that is for rules that refer to rule groups',
    source: `${API}Rule.html`,
    is: (rule: object) => 'Action' in rule && !('OverrideAction' in rule),
    bad: { Name: 'page' },
  },
  text(
    'VisibilityConfig.MetricName',
    `${API}VisibilityConfig.html`,
    1,
    255,
    /^(?!(All|Default_Action)$)[\w#:./-]+$/,
    'All',
  ),
  exactlyOne('RuleAction', `${API}RuleAction.html`, { Block: {}, Count: {} }),
  exactlyOne('Statement', `${API}Statement.html`, {}),
  exactlyOne('FieldToMatch', `${API}FieldToMatch.html`, { Method: {}, UriPath: {} }),
  several('AndStatement.Statements', `${API}AndStatement.html`),
  several('OrStatement.Statements', `${API}OrStatement.html`),
  {
    of: 'ByteMatchStatement.SearchString',
    rule: '1 to 200 bytes',
    source: `${API}ByteMatchStatement.html`,
    is: (bytes: Uint8Array) => bytes.length >= 1 && bytes.length <= 200,
    bad: new Uint8Array(201),
  },
  {
    of: 'RegexMatchStatement.RegexString',
    rule: '1 to 512 characters',
    source: `${API}RegexMatchStatement.html`,
    is: (text: string) => text.length >= 1 && text.length <= 512,
    bad: 'a'.repeat(513),
  },
  {
    of: 'RegexMatchStatement.TextTransformations',
    rule: 'one to ten, of different priorities',
    source: `${API}RegexMatchStatement.html`,
    is: (all: { Priority: number }[]) =>
      all.length >= 1 && all.length <= 10 && isUnique(all.map(({ Priority }) => Priority)),
    bad: [],
  },
  oneOf('ByteMatchStatement.PositionalConstraint', `${API}ByteMatchStatement.html`, PositionalConstraint, 'STARTS'),
  {
    of: 'ByteMatchStatement.TextTransformations',
    rule: 'one to ten, of different priorities',
    source: `${API}ByteMatchStatement.html`,
    is: (all: { Priority: number }[]) =>
      all.length >= 1 && all.length <= 10 && isUnique(all.map(({ Priority }) => Priority)),
    bad: [{ Priority: 0 }, { Priority: 0 }],
  },
  oneOf('TextTransformation.Type', `${API}TextTransformation.html`, TextTransformationType, 'CAPITALS'),
  numbers('TextTransformation.Priority', `${API}TextTransformation.html`, 0, 2 ** 31 - 1, -1),
  text('SingleHeader.Name', `${API}SingleHeader.html`, 1, 64, NOT_BLANK, 'x'.repeat(65)),
  text(
    'IPSetReferenceStatement.ARN',
    `${API}IPSetReferenceStatement.html`,
    20,
    2_048,
    NOT_BLANK,
    'drawbridge-shop-ipv4'.slice(1),
  ),
  text(
    'IPSetForwardedIPConfig.HeaderName',
    `${API}IPSetForwardedIPConfig.html`,
    1,
    255,
    /^[a-zA-Z0-9-]+$/,
    'x_forwarded_for',
  ),
  oneOf('IPSetForwardedIPConfig.FallbackBehavior', `${API}IPSetForwardedIPConfig.html`, FallbackBehavior, 'BLOCK'),
  oneOf('IPSetForwardedIPConfig.Position', `${API}IPSetForwardedIPConfig.html`, ForwardedIPPosition, 'SECOND'),
  oneOf('LabelMatchStatement.Scope', `${API}LabelMatchStatement.html`, LabelMatchScope, 'RULE'),
  text('LabelMatchStatement.Key', `${API}LabelMatchStatement.html`, 1, 1_024, /^[0-9A-Za-z_\-:]+$/, 'let in'),
  text('Label.Name', `${API}Label.html`, 1, 1_024, /^[0-9A-Za-z_\-:]+$/, 'let in'),
  {
    of: 'Label.Name',
    rule: 'five namespaces at most, each part of 1 to 128 characters and none of them reserved',
    source: `${GUIDE}waf-rule-label-requirements.html`,
    is(label: string) {
      const parts = label.split(':');
      return parts.length <= 6 && parts.every((part) => part.length >= 1 && part.length <= 128 && !RESERVED.has(part));
    },
    bad: 'awswaf:allowlisted',
  },
  {
    of: 'UpdateRuleGroupRequest',
    rule: 'names and priorities of rules are unique',
    source: `${API}Rule.html`,
    is: ({ Rules = [] }: UpdateRuleGroupRequest) =>
      isUnique(Rules.map(({ Name }) => Name)) && isUnique(Rules.map(({ Priority }) => Priority)),
    bad: {
      Rules: [
        { Name: 'a', Priority: 0 },
        { Name: 'b', Priority: 0 },
      ],
    },
  },
];

const WAF_RESPONSES: Limit[] = [
  {
    of: 'CustomResponse.ResponseCode',
    rule: 'a status code that WAF can answer with',
    source: `${GUIDE}customizing-the-response-status-codes.html`,
    is: (code: number) => RESPONSE_CODES.has(code),
    bad: 599,
  },
  entityName('CustomResponse.CustomResponseBodyKey', 'CustomResponse'),
  {
    of: 'CustomResponse.ResponseHeaders',
    rule: '1 to 10 headers, each once, and not content-type',
    source: `${GUIDE}limits.html and ${API}CustomResponse.html`,
    is(headers: CustomHTTPHeader[]) {
      const names = headers.map(({ Name = '' }) => Name.toLowerCase());
      return names.length >= 1 && names.length <= 10 && isUnique(names) && !names.includes('content-type');
    },
    bad: Array.from({ length: 11 }, (_none, index) => ({ Name: `x-${index}` })),
  },
  text('CustomHTTPHeader.Name', `${API}CustomHTTPHeader.html`, 1, 64, /^[a-zA-Z0-9._$-]+$/, 'x maintenance'),
  text('CustomHTTPHeader.Value', `${API}CustomHTTPHeader.html`, 1, 255, /^.*$/, 'x'.repeat(256)),
  oneOf('CustomResponseBody.ContentType', `${API}CustomResponseBody.html`, ResponseContentType, 'text/html'),
  {
    of: 'CustomResponseBody.Content',
    rule: '1 to 4,096 bytes',
    source: `${GUIDE}limits.html`,
    is: (body: string) => utf8(body) >= 1 && utf8(body) <= 4_096,
    bad: 'é'.repeat(2_049),
  },
  {
    of: 'UpdateRuleGroupRequest.CustomResponseBodies',
    rule: '50 bodies at most, under names like those of rules',
    source: `${GUIDE}limits.html and ${API}UpdateRuleGroup.html`,
    is: (bodies: object) =>
      Object.keys(bodies).length <= 50 &&
      Object.keys(bodies).every((key) => key.length <= 128 && ENTITY_NAME.test(key)),
    bad: { 'the page': {} },
  },
  {
    of: 'UpdateRuleGroupRequest',
    rule: '50 KB of bodies at most',
    source: `${GUIDE}limits.html`,
    is: (request: UpdateRuleGroupRequest) =>
      bodiesOf(request).reduce((sum, [, { Content = '' }]) => sum + utf8(Content), 0) <= 50 * 1_024,
    bad: { CustomResponseBodies: { page: { Content: 'x'.repeat(50 * 1_024 + 1) } } },
  },
  {
    of: 'UpdateRuleGroupRequest',
    rule: '100 response headers at most',
    source: `${GUIDE}limits.html`,
    is: (request: UpdateRuleGroupRequest) =>
      responsesOf(request).reduce((sum, { ResponseHeaders = [] }) => sum + ResponseHeaders.length, 0) <= 100,
    bad: {
      Rules: Array.from({ length: 11 }, () => ({
        Action: { Block: { CustomResponse: { ResponseHeaders: Array(10).fill({}) } } },
      })),
    },
  },
  {
    of: 'UpdateRuleGroupRequest',
    rule: 'every body that a rule answers with is there',
    source: `${API}CustomResponse.html`,
    is(request: UpdateRuleGroupRequest) {
      const known = bodiesOf(request).map(([key]) => key);
      const wanted = responsesOf(request).flatMap(({ CustomResponseBodyKey }) => CustomResponseBodyKey ?? []);
      return wanted.every((key) => known.includes(key));
    },
    bad: { Rules: [{ Action: { Block: { CustomResponse: { CustomResponseBodyKey: 'page' } } } }] },
  },
];

const SNS_CALLS: Limit[] = [
  text('PublishInput.TopicArn', SNS, 20, 2_048, /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/, 'drawbridge-production'),
  // Mail takes ASCII that begins with a letter, a number or punctuation.
  text('PublishInput.Subject', SNS, 1, 99, /^[!-~][ -~]*$/, 'x'.repeat(100)),
  {
    of: 'PublishInput.Message',
    rule: '1 to 262,144 bytes',
    source: SNS,
    is: (message: string) => utf8(message) >= 1 && utf8(message) <= 262_144,
    bad: '',
  },
];

export const LIMITS: readonly Limit[] = [...WAF_CALLS, ...WAF_RULES, ...WAF_RESPONSES, ...DYNAMODB_CALLS, ...SNS_CALLS];

/** Texts and numbers that have no limit of their own, and why. */
export const NOT_LIMITED: Readonly<Record<string, string>> = {
  ...NOT_LIMITED_IN_DYNAMODB,
};
