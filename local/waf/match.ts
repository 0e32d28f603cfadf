import type ipaddr from 'ipaddr.js';
import { inRanges, type Range, readAddress } from './ip-ranges.ts';
import { matchesLabel } from './labels.ts';
import { type ByteMatch, type IpSetReference, innerOf, type RegexMatch, type Statement } from './schema.ts';
import { TRANSFORMATIONS } from './text-transformations.ts';

/** A request as WAF inspects it: as it arrived, before any header is added. Text is one character a byte. */
export interface InspectedRequest {
  readonly method: string;
  /** As sent: neither decoded nor normalized, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** By lower-case name, every value. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** The address of the connection. */
  readonly sourceIp: string;
}

export interface Surroundings {
  readonly request: InspectedRequest;
  readonly labels: ReadonlySet<string>;
  /** The context of the rule, for labels without one. */
  readonly prefix: string;
  ipSet(arn: string): readonly Range[];
}

export function matches(statement: Statement, surroundings: Surroundings): boolean {
  const { ByteMatchStatement, RegexMatchStatement, IPSetReferenceStatement, LabelMatchStatement } = statement;
  const { AndStatement, OrStatement, NotStatement } = statement;
  const inner = (one: Statement) => matches(one, surroundings);
  if (ByteMatchStatement) return matchesBytes(ByteMatchStatement, surroundings.request);
  if (RegexMatchStatement) return matchesRegex(RegexMatchStatement, surroundings.request);
  if (IPSetReferenceStatement) return matchesAddress(IPSetReferenceStatement, surroundings);
  if (LabelMatchStatement) return matchesLabel(LabelMatchStatement, surroundings.labels, surroundings.prefix);
  if (AndStatement) return AndStatement.Statements.every(inner);
  if (OrStatement) return OrStatement.Statements.some(inner);
  if (NotStatement) return !inner(NotStatement.Statement);
  throw new Error(`a statement that passed validation cannot be evaluated: ${Object.keys(statement).join(', ')}`);
}

/**
 * WAF does not apply a rule at all to a request without the header that its IP set statement reads.
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSetForwardedIPConfig.html
 */
export function applies(statement: Statement, request: InspectedRequest): boolean {
  const { HeaderName } = statement.IPSetReferenceStatement?.IPSetForwardedIPConfig ?? {};
  if (HeaderName) return request.headers[HeaderName.toLowerCase()] !== undefined;
  return innerOf(statement).every((one) => applies(one, request));
}

function matchesBytes(statement: ByteMatch, request: InspectedRequest): boolean {
  const search = Buffer.from(statement.SearchString, 'base64').toString('latin1');
  return transformed(statement, request).some((text) => COMPARISONS[statement.PositionalConstraint](text, search));
}

function matchesRegex(statement: RegexMatch, request: InspectedRequest): boolean {
  const regex = new RegExp(statement.RegexString);
  return transformed(statement, request).some((text) => regex.test(text));
}

function transformed({ FieldToMatch, TextTransformations }: ByteMatch | RegexMatch, request: InspectedRequest) {
  const inOrder = TextTransformations.toSorted((a, b) => a.Priority - b.Priority);
  return inspected(FieldToMatch, request).map((text) =>
    inOrder.reduce((sofar, { Type }) => TRANSFORMATIONS[Type](sofar), text),
  );
}

const COMPARISONS = {
  EXACTLY: (text: string, search: string) => text === search,
  STARTS_WITH: (text: string, search: string) => text.startsWith(search),
  ENDS_WITH: (text: string, search: string) => text.endsWith(search),
  CONTAINS: (text: string, search: string) => text.includes(search),
} as const;

function inspected(
  { UriPath, QueryString, Method, SingleHeader }: ByteMatch['FieldToMatch'],
  request: InspectedRequest,
) {
  if (UriPath) return [request.path];
  if (QueryString) return [request.query];
  if (Method) return [request.method];
  return request.headers[SingleHeader?.Name.toLowerCase() ?? ''] ?? [];
}

/** WAF looks at ten addresses of a header at most: the last ones. */
const MOST_FORWARDED = 10;

function matchesAddress({ ARN, IPSetForwardedIPConfig: config }: IpSetReference, surroundings: Surroundings): boolean {
  const { request } = surroundings;
  const ranges = surroundings.ipSet(ARN);
  const texts = config ? forwarded(config, request) : [request.sourceIp];
  const addresses = texts.map(readAddress).filter((one): one is ipaddr.IPv4 | ipaddr.IPv6 => one !== undefined);
  if (config && addresses.length === 0) return config.FallbackBehavior === 'MATCH';
  return addresses.some((address) => inRanges(address, ranges));
}

function forwarded(
  { HeaderName, Position }: NonNullable<IpSetReference['IPSetForwardedIPConfig']>,
  { headers }: InspectedRequest,
): string[] {
  const all = (headers[HeaderName.toLowerCase()] ?? []).flatMap((value) => value.split(',')).map((part) => part.trim());
  if (Position === 'FIRST') return all.slice(0, 1);
  return all.slice(Position === 'LAST' ? -1 : -MOST_FORWARDED);
}
