import type { CustomHTTPHeader, CustomResponseBody, Rule, Statement, VisibilityConfig } from '@aws-sdk/client-wafv2';
import type { ServiceConfig, TargetConfig } from '../../../../config/schema.ts';
import type { ServiceState } from '../../model/service-state.ts';
import { type Pages, renderPages } from './pages.ts';
import {
  allOf,
  anyOf,
  fromSets,
  header,
  hostIn,
  labelled,
  method,
  not,
  pathIs,
  pathUnder,
  safePathUnder,
  speaksApi,
} from './statements.ts';

/**
 * The wanted state of one service as WAF rules. Pure and deterministic: the same state renders the same
 * rules, so what is there can be compared with what should be.
 */
export interface RuleGroupContent {
  readonly Description: string;
  readonly VisibilityConfig: VisibilityConfig;
  readonly Rules: Rule[];
  readonly CustomResponseBodies?: Record<string, CustomResponseBody>;
}

export interface RuleInputs {
  readonly service: ServiceConfig;
  readonly target: Pick<TargetConfig, 'clientAddress'>;
  readonly state: Pick<ServiceState, 'mode' | 'revision' | 'since' | 'plannedEnd' | 'allowlist'>;
  readonly pages: Pages;
  readonly retryAfterSeconds: number;
  /** ARNs of the IP sets that hold the allowlist; empty ones are left out. */
  readonly allowlistArns: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Who carries one is not answered by us, but by the site behind its other rules. Three, so that WAF's log says why. */
const ALLOWLISTED = 'drawbridge:allowlisted';
const EXEMPT = 'drawbridge:exempt';
const OTHER_HOST = 'drawbridge:other-host';
/** Who carries it is a program, and gets JSON: found out once, as the answers to each origin need it. */
const API_CLIENT = 'drawbridge:api-client';

const API_BODY = 'api';
const PAGE_BODY = 'page';
const PREFLIGHT_MAX_AGE_SECONDS = '60';

/** Of all rule groups and IP sets of an environment, and of no other's: its name has no underscore. */
export const namePrefix = (environment: string): string => `drawbridge-${environment}_`;
export const ruleGroupName = ({ environment, service }: { environment: string; service: string }): string =>
  `${namePrefix(environment)}${service}`;
/** Such as `arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/drawbridge-production_shop/…`. */
export const serviceOfGroup = (arn: string): string | undefined =>
  /\/rulegroup\/drawbridge-[^_/]+_([^/]+)\//.exec(arn)?.[1];
/** As CloudWatch shows it: services have names of their own over all environments. */
export const metricName = (service: string): string => `drawbridge-${service}`;

/** One set of a rule group for each kind of addresses. */
export const IP_SET_VERSIONS = ['IPV4', 'IPV6'] as const;
export const ipSetName = (ruleGroup: string, version: (typeof IP_SET_VERSIONS)[number]): string =>
  `${ruleGroup}-${version.toLowerCase()}`;

export function renderRules(inputs: RuleInputs): RuleGroupContent {
  const { service, state } = inputs;
  const base = {
    Description: `drawbridge r${state.revision} ${state.mode}${state.since ? ` since ${state.since}` : ''}`,
    VisibilityConfig: visibility(metricName(service.name)),
  };
  if (state.mode === 'normal') return { ...base, Rules: [] };
  const rules = [...letPass(inputs), apiClients(inputs), ...answer(inputs)];
  return {
    ...base,
    Rules: rules.map((rule, Priority) => ({
      Priority,
      VisibilityConfig: visibility(rule.Name as string),
      ...rule,
    })) as Rule[],
    CustomResponseBodies: bodies(inputs),
  };
}

const visibility = (MetricName: string): VisibilityConfig => ({
  SampledRequestsEnabled: true,
  CloudWatchMetricsEnabled: true,
  MetricName,
});

type Part = Pick<Rule, 'Name' | 'Statement' | 'Action' | 'RuleLabels'>;

/** Count and label, not Allow: Allow would let testers past every other rule of the site. */
const count = (Name: string, label: string, Statement: Statement): Part => ({
  Name,
  Statement,
  Action: { Count: {} },
  RuleLabels: [{ Name: label }],
});

const apiPathsOf = ({ apiPrefixes }: ServiceConfig): Statement[] => apiPrefixes.map(pathUnder);

const apiClients = ({ service }: RuleInputs): Part =>
  count('api-clients', API_CLIENT, anyOf([...apiPathsOf(service), ...speaksApi]));

function letPass({ service, target, state, allowlistArns }: RuleInputs): Part[] {
  const parts: Part[] = [];
  // A reference to a rule group takes no condition of its own: what is another service's must be told apart in here.
  if (service.hosts.length > 0) parts.push(count('other-hosts', OTHER_HOST, not(hostIn(service.hosts))));
  if (state.mode === 'maintenance-allowlist' && allowlistArns.length > 0) {
    parts.push(count('allowlisted', ALLOWLISTED, fromSets(allowlistArns, target.clientAddress)));
  }
  if (service.exemptPaths.length > 0) {
    const paths = service.exemptPaths.map((path) =>
      typeof path === 'string' ? pathIs(path) : safePathUnder(path.prefix),
    );
    parts.push(count('exempt-paths', EXEMPT, anyOf(paths)));
  }
  return parts;
}

/** Block by absence of the labels: a request without the forwarded header stays out. */
function answer(inputs: RuleInputs): Part[] {
  const { service, state } = inputs;
  const letPassed = [ALLOWLISTED, EXEMPT, ...(service.hosts.length > 0 ? [OTHER_HOST] : [])];
  const unlabelled = not(anyOf(letPassed.map(labelled)));
  const isApi = labelled(API_CLIENT);
  const told: CustomHTTPHeader[] = [
    { Name: 'Retry-After', Value: retryAfter(inputs) },
    { Name: 'Cache-Control', Value: 'no-store' },
    { Name: 'x-maintenance-mode', Value: `r${state.revision}` },
  ];
  const block = (
    Name: string,
    Statement: Statement,
    code: number,
    body: string | undefined,
    headers: CustomHTTPHeader[],
  ): Part => ({
    Name,
    Statement,
    Action: {
      Block: { CustomResponse: { ResponseCode: code, CustomResponseBodyKey: body, ResponseHeaders: headers } },
    },
  });
  const preflights = service.apiOrigins.map((origin, index) =>
    block(
      `preflight-${index + 1}`,
      allOf([method('OPTIONS'), header('origin', origin), anyOf(apiPathsOf(service)), unlabelled]),
      204,
      undefined,
      [...told, ...preflightHeaders(origin, service.apiHeaders)],
    ),
  );
  const apis = service.apiOrigins.map((origin, index) =>
    block(`api-${index + 1}`, allOf([header('origin', origin), isApi, unlabelled]), 503, API_BODY, [
      ...told,
      ...UNAVAILABLE,
      ...corsHeaders(origin),
    ]),
  );
  return [
    ...preflights,
    ...apis,
    block('api', allOf([isApi, unlabelled]), 503, API_BODY, [...told, ...UNAVAILABLE]),
    block('everything-else', unlabelled, 503, PAGE_BODY, told),
  ];
}

/**
 * For gRPC-Web, whose clients read it beside a body that is not theirs: WAF sends no content type of gRPC. Those that do not
 * take 503 for the same.
 * @see https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
 */
const UNAVAILABLE: CustomHTTPHeader[] = [
  { Name: 'grpc-status', Value: '14' },
  { Name: 'grpc-message', Value: 'maintenance' },
];

const corsHeaders = (origin: string): CustomHTTPHeader[] => [
  { Name: 'Access-Control-Allow-Origin', Value: origin },
  { Name: 'Access-Control-Allow-Credentials', Value: 'true' },
  { Name: 'Access-Control-Expose-Headers', Value: 'Retry-After, x-maintenance-mode, grpc-status, grpc-message' },
  { Name: 'Vary', Value: 'Origin' },
];

const preflightHeaders = (origin: string, apiHeaders: readonly string[]): CustomHTTPHeader[] => [
  { Name: 'Access-Control-Allow-Origin', Value: origin },
  { Name: 'Access-Control-Allow-Credentials', Value: 'true' },
  { Name: 'Access-Control-Allow-Methods', Value: 'GET, HEAD, POST, PUT, PATCH, DELETE' },
  ...(apiHeaders.length > 0 ? [{ Name: 'Access-Control-Allow-Headers', Value: apiHeaders.join(',') }] : []),
  { Name: 'Access-Control-Max-Age', Value: PREFLIGHT_MAX_AGE_SECONDS },
  { Name: 'Vary', Value: 'Origin' },
];

/** The planned end while the plan holds; once it is overdue, nobody knows better than "in a while". */
function retryAfter({ service, state, retryAfterSeconds, now }: RuleInputs): string {
  const { plannedEnd } = state;
  const remainingSeconds = plannedEnd ? (Date.parse(plannedEnd) - now) / 1_000 : 0;
  if (!plannedEnd || remainingSeconds <= 0) return String(retryAfterSeconds);
  return service.plannedEndAs === 'date' ? new Date(plannedEnd).toUTCString() : String(inSteps(remainingSeconds));
}

/** Rules do not count down by themselves: each step is a write of the reconciler's, and every client comes a little late. */
function inSteps(seconds: number): number {
  const step = seconds > 3_600 ? 1_800 : 300;
  return Math.ceil(seconds / step) * step;
}

function bodies(inputs: RuleInputs): Record<string, CustomResponseBody> {
  const { pages, state, service, now } = inputs;
  const { html, json } = renderPages(pages, service, { ...state, retryAfter: retryAfter(inputs), now });
  return {
    [PAGE_BODY]: { ContentType: 'TEXT_HTML', Content: html },
    [API_BODY]: { ContentType: 'APPLICATION_JSON', Content: json },
  };
}
