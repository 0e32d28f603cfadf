import { posix } from 'node:path';
import ipaddr from 'ipaddr.js';
import type { ByteMatch, CustomResponse, IPSetReference, ResponseBody, Rule, Statement } from './model.ts';

/** The data plane: what WAF does with one request. Pure. */

export interface WebRequest {
  readonly method: string;
  /** As sent: not decoded. */
  readonly path: string;
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly clientAddress: string;
}

/** Rules in one namespace: a rule group's, or a web ACL's own. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly bodies: Readonly<Record<string, ResponseBody>>;
  /** What its labels are prefixed with, such as `awswaf:111122223333:rulegroup:drawbridge-shop:`. */
  readonly labelPrefix: string;
}

export interface Verdict {
  readonly action: 'allow' | 'block';
  readonly rule?: string;
  readonly response?: CustomResponse;
  readonly body?: ResponseBody;
  readonly labels: readonly string[];
}

export type Addresses = (ipSetArn: string) => readonly string[];

/** Evaluates rule sets one after the other, labels going along; what nothing ends is allowed. */
export function evaluate(sets: readonly RuleSet[], request: WebRequest, addresses: Addresses): Verdict {
  const labels: string[] = [];
  for (const { rules, bodies, labelPrefix } of sets) {
    for (const rule of [...rules].sort((a, b) => a.Priority - b.Priority)) {
      if (!matches(rule.Statement, { request, labels, labelPrefix, addresses })) continue;
      labels.push(...(rule.RuleLabels ?? []).map(({ Name }) => labelPrefix + Name));
      if (rule.Action?.Allow) return { action: 'allow', rule: rule.Name, labels };
      if (!rule.Action?.Block) continue;
      const response = rule.Action.Block.CustomResponse;
      const body = response?.CustomResponseBodyKey === undefined ? undefined : bodies[response.CustomResponseBodyKey];
      return { action: 'block', rule: rule.Name, response, body, labels };
    }
  }
  return { action: 'allow', labels };
}

interface Context {
  readonly request: WebRequest;
  readonly labels: readonly string[];
  readonly labelPrefix: string;
  readonly addresses: Addresses;
}

function matches(statement: Statement, context: Context): boolean {
  const { AndStatement, OrStatement, NotStatement, IPSetReferenceStatement, LabelMatchStatement, ByteMatchStatement } =
    statement;
  if (AndStatement) return AndStatement.Statements.every((one) => matches(one, context));
  if (OrStatement) return OrStatement.Statements.some((one) => matches(one, context));
  if (NotStatement) return !matches(NotStatement.Statement, context);
  if (IPSetReferenceStatement) return inSet(IPSetReferenceStatement, context);
  if (LabelMatchStatement) return hasLabel(LabelMatchStatement, context);
  if (ByteMatchStatement) return byteMatch(ByteMatchStatement, context.request);
  throw new Error(`The statement ${Object.keys(statement)} is not supported by the local WAF`);
}

/** A key without the full prefix is looked for in the rule's own namespace. */
function hasLabel(
  { Scope, Key }: NonNullable<Statement['LabelMatchStatement']>,
  { labels, labelPrefix }: Context,
): boolean {
  const wanted = Key.startsWith('awswaf:') ? Key : labelPrefix + Key;
  if (Scope === 'LABEL') return labels.includes(wanted);
  return labels.some((label) => label.startsWith(wanted.endsWith(':') ? wanted : `${wanted}:`));
}

function inSet({ ARN, IPSetForwardedIPConfig: forwarded }: IPSetReference, { request, addresses }: Context): boolean {
  const ranges = addresses(ARN);
  const isListed = (address: string) => ranges.some((range) => contains(range, address));
  if (!forwarded) return isListed(request.clientAddress);
  const header = request.headers[forwarded.HeaderName.toLowerCase()];
  // Without the header WAF does not apply the rule at all, whatever the fallback says.
  if (header === undefined) return false;
  const chain = header.split(',').map((part) => part.trim());
  const chosen = forwarded.Position === 'ANY' ? chain : [forwarded.Position === 'FIRST' ? chain[0] : chain.at(-1)];
  const valid = chosen.filter((one): one is string => one !== undefined && ipaddr.isValid(one));
  if (valid.length === 0) return forwarded.FallbackBehavior === 'MATCH';
  return valid.some(isListed);
}

function contains(range: string, address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const client = ipaddr.process(address);
  const [network, bits] = ipaddr.parseCIDR(range);
  if (client instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && client.match(network, bits);
  return network instanceof ipaddr.IPv6 && (client as ipaddr.IPv6).match(network, bits);
}

function byteMatch(
  { SearchString, FieldToMatch, TextTransformations, PositionalConstraint }: ByteMatch,
  request: WebRequest,
): boolean {
  const search = Buffer.from(SearchString, 'base64').toString('latin1');
  const raw = field(FieldToMatch, request);
  if (raw === undefined) return false;
  const text = [...TextTransformations]
    .sort((a, b) => a.Priority - b.Priority)
    .reduce((value, { Type }) => transform(Type, value), raw);
  switch (PositionalConstraint) {
    case 'EXACTLY':
      return text === search;
    case 'STARTS_WITH':
      return text.startsWith(search);
    case 'ENDS_WITH':
      return text.endsWith(search);
    default:
      return text.includes(search);
  }
}

function field(wanted: ByteMatch['FieldToMatch'], { method, path, query, headers }: WebRequest): string | undefined {
  if (wanted.Method) return method;
  if (wanted.UriPath) return path;
  if (wanted.QueryString) return query;
  return headers[wanted.SingleHeader?.Name.toLowerCase() ?? ''];
}

function transform(type: string, value: string): string {
  switch (type) {
    case 'LOWERCASE':
      return value.toLowerCase();
    case 'URL_DECODE':
      return value
        .replace(/\+/g, ' ')
        .replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    case 'NORMALIZE_PATH':
      return posix.normalize(value);
    default:
      return value;
  }
}
