import type { Range } from './ip-ranges.ts';
import { labelPrefix } from './labels.ts';
import { applies, type InspectedRequest, matches } from './match.ts';
import type { CustomResponse, CustomResponseBodies, Rule } from './schema.ts';

/** A rule group with its IP sets, as one request meets it. */
export interface ResolvedRuleGroup {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  readonly rules: readonly Rule[];
  readonly customResponseBodies: CustomResponseBodies;
  readonly ipSets: ReadonlyMap<string, readonly Range[]>;
}

/** Only a web ACL may hold these. `Count` lets the group label, but not answer. */
export interface RuleGroupReference {
  readonly Name: string;
  readonly Priority: number;
  readonly Statement: { readonly RuleGroupReferenceStatement: { readonly ARN: string } };
  readonly OverrideAction: { readonly None?: object; readonly Count?: object };
}

export interface WebAcl {
  readonly account: string;
  readonly name: string;
  readonly rules: readonly (Rule | RuleGroupReference)[];
  readonly defaultAction: 'allow' | 'block';
}

/** What the references of a web ACL lead to; what does not exist does nothing. */
export interface Resolve {
  ruleGroup(arn: string): ResolvedRuleGroup | undefined;
  ipSet(arn: string): readonly Range[] | undefined;
}

export interface BlockResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly contentType?: string;
}

export interface Verdict {
  readonly action: 'allow' | 'block';
  readonly response?: BlockResponse;
  /** Fully qualified, in the order in which they were added. */
  readonly labels: readonly string[];
  /** The rule that ended it; none if it was the default action. */
  readonly matchedRule?: string;
}

const CONTENT_TYPES = {
  TEXT_HTML: 'text/html',
  TEXT_PLAIN: 'text/plain',
  APPLICATION_JSON: 'application/json',
} as const;

/** What a block without a custom response looks like. */
const FORBIDDEN: BlockResponse = {
  status: 403,
  headers: {},
  contentType: 'text/html',
  body: '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>\r\n',
};

interface Context {
  readonly prefix: string;
  readonly bodies: CustomResponseBodies;
  ipSet(arn: string): readonly Range[];
}

type Ending = Pick<Verdict, 'action' | 'response' | 'matchedRule'>;

const byPriority = <T extends { readonly Priority: number }>(rules: readonly T[]): T[] =>
  rules.toSorted((a, b) => a.Priority - b.Priority);

/**
 * What a web ACL does with one request. Rules go by priority; Count labels and goes on, Allow and Block end it.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing.html
 */
export function evaluate(webAcl: WebAcl, request: InspectedRequest, resolve: Resolve): Verdict {
  const labels = new Set<string>();
  const own: Context = {
    prefix: labelPrefix(webAcl.account, 'webacl', webAcl.name),
    bodies: {},
    ipSet: (arn) => resolve.ipSet(arn) ?? [],
  };
  for (const rule of byPriority(webAcl.rules)) {
    const ending =
      'OverrideAction' in rule
        ? ruleGroup(rule, request, labels, resolve)
        : applyRule(rule as Rule, request, labels, own);
    if (ending) return { ...ending, labels: [...labels] };
  }
  const { defaultAction: action } = webAcl;
  return { action, ...(action === 'block' ? { response: FORBIDDEN } : {}), labels: [...labels] };
}

function ruleGroup(
  { Statement, OverrideAction }: RuleGroupReference,
  request: InspectedRequest,
  labels: Set<string>,
  resolve: Resolve,
): Ending | undefined {
  const group = resolve.ruleGroup(Statement.RuleGroupReferenceStatement.ARN);
  if (!group) return undefined;
  const context: Context = {
    prefix: labelPrefix(group.account, 'rulegroup', group.name),
    bodies: group.customResponseBodies,
    ipSet: (arn) => group.ipSets.get(arn) ?? [],
  };
  for (const rule of byPriority(group.rules)) {
    const ending = applyRule(rule, request, labels, context);
    if (ending) return OverrideAction.Count ? undefined : ending;
  }
  return undefined;
}

function applyRule(
  { Name, Statement, Action, RuleLabels = [] }: Rule,
  request: InspectedRequest,
  labels: Set<string>,
  context: Context,
): Ending | undefined {
  const { prefix, ipSet } = context;
  if (!applies(Statement, request) || !matches(Statement, { request, labels, prefix, ipSet })) return undefined;
  for (const label of RuleLabels) labels.add(`${prefix}${label.Name}`);
  if (Action?.Allow) return { action: 'allow', matchedRule: Name };
  if (!Action?.Block) return undefined;
  return { action: 'block', response: respond(Action.Block.CustomResponse, context.bodies), matchedRule: Name };
}

function respond(custom: CustomResponse | undefined, bodies: CustomResponseBodies): BlockResponse {
  if (!custom) return FORBIDDEN;
  const body = custom.CustomResponseBodyKey ? bodies[custom.CustomResponseBodyKey] : undefined;
  return {
    status: custom.ResponseCode,
    headers: Object.fromEntries((custom.ResponseHeaders ?? []).map(({ Name, Value }) => [Name, Value])),
    body: body?.Content ?? '',
    ...(body ? { contentType: CONTENT_TYPES[body.ContentType] } : {}),
  };
}
