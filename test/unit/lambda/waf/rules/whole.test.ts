import type { FieldToMatch, Rule, Statement, TextTransformation } from '@aws-sdk/client-wafv2';
import type { ServiceConfig, TargetConfig } from '../../../../../config/schema.ts';
import { capacityOf } from '../../../../../lambda/src/waf/rules/capacity.ts';
import {
  ipSetName,
  metricName,
  namePrefix,
  type RuleInputs,
  renderRules,
  ruleGroupName,
  serviceOfGroup,
} from '../../../../../lambda/src/waf/rules/rules.ts';
import { environmentOf, NOW, PAGES, type ServiceInput } from '../../../../builders.ts';

/** All that WAF is sent for one service that uses everything, in short: whoever changes a rule sees here what changes. */

const APP = 'https://app.example.com';
const EVERYTHING: Partial<ServiceInput> = {
  hosts: ['shop.example.com'],
  apiPrefixes: ['/api/', '/v2/'],
  apiOrigins: [APP],
  apiHeaders: ['Authorization', 'X-Tenant'],
  exemptPaths: ['/health', { prefix: '/webhooks/' }],
};

function render(
  service: Partial<ServiceInput>,
  more: Partial<RuleInputs> = {},
  state: Partial<RuleInputs['state']> = {},
) {
  const config = environmentOf(service).services[0] as ServiceConfig;
  return renderRules({
    service: config,
    target: config.targets[0] as TargetConfig,
    state: { mode: 'maintenance-allowlist', revision: 7, allowlist: [], ...state },
    pages: PAGES,
    retryAfterSeconds: 600,
    allowlistArns: ['ipv4', 'ipv6'],
    now: NOW,
    ...more,
  });
}

const fieldOf = ({ UriPath, Method, SingleHeader }: FieldToMatch = {}): string =>
  UriPath ? 'path' : Method ? 'method' : `header ${SingleHeader?.Name}`;
const changed = (all: readonly TextTransformation[] = []): string =>
  all.map(({ Priority, Type }) => (Type === 'NONE' ? '' : ` ${Priority}:${Type}`)).join('');

function inShort(statement: Statement = {}): string {
  const { AndStatement, OrStatement, NotStatement, ByteMatchStatement: bytes, RegexMatchStatement: regex } = statement;
  const { LabelMatchStatement: label, IPSetReferenceStatement: set } = statement;
  const all = (one: { Statements?: Statement[] | undefined }, word: string) =>
    `(${(one.Statements ?? []).map(inShort).join(` ${word} `)})`;
  if (AndStatement) return all(AndStatement, 'and');
  if (OrStatement) return all(OrStatement, 'or');
  if (NotStatement) return `not ${inShort(NotStatement.Statement)}`;
  if (label) return `${label.Scope} ${label.Key}`;
  if (set)
    return `from ${set.ARN}${set.IPSetForwardedIPConfig ? ` by ${Object.values(set.IPSetForwardedIPConfig).join(' ')}` : ''}`;
  if (bytes) {
    const search = new TextDecoder().decode(bytes.SearchString);
    return `${fieldOf(bytes.FieldToMatch)} ${bytes.PositionalConstraint} ${search}${changed(bytes.TextTransformations)}`;
  }
  return `${fieldOf(regex?.FieldToMatch)} ~ ${regex?.RegexString}${changed(regex?.TextTransformations)}`;
}

const ruleInShort = ({ Priority, Name, Statement, RuleLabels = [], Action, VisibilityConfig }: Rule): string => {
  const { ResponseCode, CustomResponseBodyKey: body } = Action?.Block?.CustomResponse ?? {};
  const does = Action?.Count ? `count ${RuleLabels.map((one) => one.Name).join()}` : `${ResponseCode} ${body ?? ''}`;
  expect(VisibilityConfig).toEqual({ SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: Name });
  return `${Priority} ${Name}: ${does.trim()} if ${inShort(Statement)}`;
};
const headersOf = ({ Action }: Rule): string[] =>
  (Action?.Block?.CustomResponse?.ResponseHeaders ?? []).map(({ Name, Value }) => `${Name}: ${Value}`);

const API = '(path STARTS_WITH /api/ or path STARTS_WITH /v2/)';
const PROGRAM = 'json|graphql|grpc 0:LOWERCASE';
const STAYS_OUT = 'not (LABEL drawbridge:allowlisted or LABEL drawbridge:exempt or LABEL drawbridge:other-host)';
const TOLD = ['Retry-After: 600', 'Cache-Control: no-store', 'x-maintenance-mode: r7'];
const UNAVAILABLE = ['grpc-status: 14', 'grpc-message: maintenance'];
const READABLE = [`Access-Control-Allow-Origin: ${APP}`, 'Access-Control-Allow-Credentials: true'];

it('a service with everything has these rules, in this order', () => {
  expect(render(EVERYTHING).Rules.map(ruleInShort)).toEqual([
    expect.stringMatching(
      /^0 other-hosts: count drawbridge:other-host if not header host ~ .*shop.*example.*0:LOWERCASE$/,
    ),
    '1 allowlisted: count drawbridge:allowlisted if (from ipv4 or from ipv6)',
    '2 exempt-paths: count drawbridge:exempt if (path EXACTLY /health or (path STARTS_WITH /webhooks/ and path STARTS_WITH /webhooks/ 0:URL_DECODE 1:NORMALIZE_PATH))',
    `3 api-clients: count drawbridge:api-client if (path STARTS_WITH /api/ or path STARTS_WITH /v2/ or header accept ~ ${PROGRAM} or header content-type ~ ${PROGRAM})`,
    `4 preflight-1: 204 if (method EXACTLY OPTIONS and header origin EXACTLY ${APP} and ${API} and ${STAYS_OUT})`,
    `5 api-1: 503 api if (header origin EXACTLY ${APP} and LABEL drawbridge:api-client and ${STAYS_OUT})`,
    `6 api: 503 api if (LABEL drawbridge:api-client and ${STAYS_OUT})`,
    `7 everything-else: 503 page if ${STAYS_OUT}`,
  ]);
});

it('and these headers with its answers', () => {
  const [preflight, appApi, api, rest] = render(EVERYTHING).Rules.slice(4).map(headersOf);
  expect(preflight).toEqual([
    ...TOLD,
    ...READABLE,
    'Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers: Authorization,X-Tenant',
    'Access-Control-Max-Age: 60',
    'Vary: Origin',
  ]);
  expect(appApi).toEqual([
    ...[...TOLD, ...UNAVAILABLE, ...READABLE],
    'Access-Control-Expose-Headers: Retry-After, x-maintenance-mode, grpc-status, grpc-message',
    'Vary: Origin',
  ]);
  expect([api, rest]).toEqual([[...TOLD, ...UNAVAILABLE], TOLD]);
});

it('a service with nothing of that has these', () => {
  const plain = render({ apiPrefixes: [], apiOrigins: [], exemptPaths: [], hosts: [] }, { allowlistArns: [] });
  const staysOut = 'not (LABEL drawbridge:allowlisted or LABEL drawbridge:exempt)';
  expect(plain.Rules.map(ruleInShort)).toEqual([
    `0 api-clients: count drawbridge:api-client if (header accept ~ ${PROGRAM} or header content-type ~ ${PROGRAM})`,
    `1 api: 503 api if (LABEL drawbridge:api-client and ${staysOut})`,
    `2 everything-else: 503 page if ${staysOut}`,
  ]);
});

it('no header is named to browsers that nobody may send', () => {
  const [preflight] = render({ ...EVERYTHING, apiHeaders: [] })
    .Rules.slice(4)
    .map(headersOf);
  expect(preflight?.some((one) => one.startsWith('Access-Control-Allow-Headers'))).toBe(false);
});

it('behind a proxy, the address is what that wrote last', () => {
  const target = { clientAddress: { header: 'x-forwarded-for', position: 'LAST' } } as never;
  const [rule] = render({}, { target, allowlistArns: ['ipv4'] }).Rules;
  expect(rule && ruleInShort(rule)).toBe(
    '0 allowlisted: count drawbridge:allowlisted if from ipv4 by x-forwarded-for NO_MATCH LAST',
  );
});

it('says in its Description what it is, since when, and names its bodies', () => {
  const content = render({}, {}, { mode: 'maintenance', since: '2026-11-22T02:00:00.000Z' });
  expect(content.Description).toBe('drawbridge r7 maintenance since 2026-11-22T02:00:00.000Z');
  expect(render({}, {}, { mode: 'normal' })).toEqual({
    Description: 'drawbridge r7 normal',
    Rules: [],
    VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'drawbridge-shop' },
  });
  const bodies = content.CustomResponseBodies ?? {};
  expect(Object.entries(bodies).map(([name, { ContentType }]) => [name, ContentType])).toEqual([
    ['page', 'TEXT_HTML'],
    ['api', 'APPLICATION_JSON'],
  ]);
  expect(bodies.page?.Content).not.toBe('');
});

it('comes back at the planned end to the second, then in a while', () => {
  const plannedEnd = '2026-11-22T03:00:00Z';
  const at = (now: number) => headersOf(render({}, { now }, { plannedEnd }).Rules.at(-1) as Rule)[0];
  expect(at(Date.parse(plannedEnd) - 1)).toBe('Retry-After: Sun, 22 Nov 2026 03:00:00 GMT');
  expect(at(Date.parse(plannedEnd))).toBe('Retry-After: 600');
});

it('has names that say of which environment and service they are', () => {
  const name = ruleGroupName({ environment: 'production', service: 'shop' });
  expect([namePrefix('production'), name, metricName('shop')]).toEqual([
    'drawbridge-production_',
    'drawbridge-production_shop',
    'drawbridge-shop',
  ]);
  expect([ipSetName(name, 'IPV4'), ipSetName(name, 'IPV6')]).toEqual([`${name}-ipv4`, `${name}-ipv6`]);
  const arn = (path: string) => `arn:aws:wafv2:eu-west-1:111122223333:regional/${path}/0123`;
  expect(serviceOfGroup(arn('rulegroup/drawbridge-production_shop-api'))).toBe('shop-api');
  for (const other of ['rulegroup/their-rules', 'ipset/drawbridge-production_shop', 'rulegroup/drawbridge_shop']) {
    expect(serviceOfGroup(arn(other))).toBeUndefined();
  }
});

it('weighs as much as its statements together', () => {
  // In their order; a transformation weighs ten.
  expect(capacityOf(render(EVERYTHING).Rules)).toBe(13 + 4 + 26 + 30 + 11 + 6 + 4 + 3);
  const one = (Statement: Statement) => capacityOf([{ Statement } as Rule]);
  const TextTransformations = [{ Priority: 0, Type: 'NONE' as const }];
  const bytes = (PositionalConstraint: 'CONTAINS' | 'EXACTLY') =>
    one({
      ByteMatchStatement: { PositionalConstraint, TextTransformations, SearchString: undefined, FieldToMatch: {} },
    });
  expect([bytes('CONTAINS'), bytes('EXACTLY')]).toEqual([10, 2]);
  const set = (Position: 'ANY' | 'LAST') =>
    one({
      IPSetReferenceStatement: {
        ARN: '',
        IPSetForwardedIPConfig: { Position, HeaderName: '', FallbackBehavior: 'NO_MATCH' },
      },
    });
  expect([set('ANY'), set('LAST')]).toEqual([6, 2]);
  expect(() => one({ GeoMatchStatement: {} })).toThrow('GeoMatchStatement');
});
