import { evaluate, type ResolvedRuleGroup, type RuleGroupReference } from '../../../../local/waf/evaluate.ts';
import { readRange } from '../../../../local/waf/ip-ranges.ts';
import type { Rule } from '../../../../local/waf/schema.ts';
import { always, labelled, not, pathIs, request, rule } from './rules.ts';

const ACCOUNT = '111122223333';
const PREFIX = `awswaf:${ACCOUNT}:rulegroup:drawbridge-shop:`;
const TESTERS = 'arn:aws:wafv2:eu-west-1:111122223333:regional/ipset/testers/1';

const groupOf = (...rules: Rule[]): ResolvedRuleGroup => ({
  account: ACCOUNT,
  name: 'drawbridge-shop',
  arn: 'arn:group',
  rules,
  customResponseBodies: { page: { ContentType: 'TEXT_HTML', Content: '<p>Back soon</p>' } },
  ipSets: new Map([[TESTERS, [readRange('192.0.2.0/24', 'IPV4'), readRange('2001:db8::/32', 'IPV6')]]]),
});

const reference = (OverrideAction: RuleGroupReference['OverrideAction'] = { None: {} }): RuleGroupReference => ({
  Name: 'first',
  Priority: 0,
  Statement: { RuleGroupReferenceStatement: { ARN: 'arn:group' } },
  OverrideAction,
});

function judge(
  rules: readonly Rule[],
  asked = request(),
  { own = [], override }: { own?: Rule[]; override?: RuleGroupReference['OverrideAction'] } = {},
) {
  const webAcl = {
    account: ACCOUNT,
    name: 'site',
    rules: [reference(override), ...own],
    defaultAction: 'allow',
  } as const;
  const group = groupOf(...rules);
  return evaluate(webAcl, asked, { ruleGroup: () => group, ipSet: () => undefined });
}

const fromTesters = { IPSetReferenceStatement: { ARN: TESTERS } };
const letTestersPass = rule({
  Name: 'allowlisted',
  Priority: 0,
  Statement: fromTesters,
  Action: { Count: {} },
  RuleLabels: [{ Name: 'drawbridge:pass' }],
});
const closeToOthers = rule({
  Name: 'everything-else',
  Priority: 1,
  Statement: not(labelled('drawbridge:pass')),
  Action: {
    Block: {
      CustomResponse: {
        ResponseCode: 503,
        CustomResponseBodyKey: 'page',
        ResponseHeaders: [{ Name: 'Retry-After', Value: '600' }],
      },
    },
  },
});

it('answers a blocked request with the custom status, headers and body', () => {
  expect(judge([closeToOthers])).toMatchObject({
    action: 'block',
    matchedRule: 'everything-else',
    response: { status: 503, headers: { 'Retry-After': '600' }, body: '<p>Back soon</p>', contentType: 'text/html' },
  });
});

it('answers a block without a custom response with 403', () => {
  expect(judge([rule({ Statement: always })]).response).toMatchObject({ status: 403, contentType: 'text/html' });
});

it('lets a counted tester pass, IPv4 or IPv6, and nobody else', () => {
  const rules = [letTestersPass, closeToOthers];
  expect(judge(rules, request({ sourceIp: '192.0.2.77' }))).toMatchObject({
    action: 'allow',
    labels: [`${PREFIX}drawbridge:pass`],
  });
  expect(judge(rules, request({ sourceIp: '2001:db8::1' })).action).toBe('allow');
  expect(judge(rules, request({ sourceIp: '198.51.100.1' })).action).toBe('block');
  expect(judge(rules, request({ sourceIp: '2001:db9::1' })).action).toBe('block');
});

it('still holds the other rules of the site against a counted tester, but not against an allowed one', () => {
  const own = [rule({ Name: 'no-admin', Priority: 1, Statement: pathIs('/admin') })];
  const asked = request({ path: '/admin' });
  expect(judge([letTestersPass, closeToOthers], asked, { own })).toMatchObject({ matchedRule: 'no-admin' });
  const allowTesters = { ...letTestersPass, Action: { Allow: {} } };
  expect(judge([allowTesters, closeToOthers], asked, { own })).toMatchObject({
    action: 'allow',
    matchedRule: 'allowlisted',
  });
});

it('goes by priority, not by the order in which rules were written', () => {
  expect(judge([closeToOthers, letTestersPass], request({ sourceIp: '192.0.2.1' })).action).toBe('allow');
  const late = { ...letTestersPass, Priority: 2 };
  expect(judge([late, closeToOthers], request({ sourceIp: '192.0.2.1' })).action).toBe('block');
});

it('a group that is only counted labels, but does not answer', () => {
  const labelling = { ...closeToOthers, RuleLabels: [{ Name: 'closed' }] };
  const verdict = judge([labelling], request(), { override: { Count: {} } });
  expect(verdict).toMatchObject({ action: 'allow', labels: [`${PREFIX}closed`] });
});

it('a label of the group is out of reach for the web ACL under its short name', () => {
  const counted = rule({ Statement: always, Action: { Count: {} }, RuleLabels: [{ Name: 'seen' }] });
  const own = (Key: string) => [rule({ Name: 'own', Priority: 1, Statement: labelled(Key) })];
  expect(judge([counted], request(), { own: own('seen') }).action).toBe('allow');
  expect(judge([counted], request(), { own: own(`${PREFIX}seen`) }).action).toBe('block');
});

it('a rule does not see the label that it adds itself', () => {
  const late = rule({ Statement: labelled('late'), RuleLabels: [{ Name: 'late' }] });
  expect(judge([late])).toEqual({ action: 'allow', labels: [] });
});

it('takes the default action when nothing ends it', () => {
  const webAcl = { account: ACCOUNT, name: 'site', rules: [], defaultAction: 'block' } as const;
  const verdict = evaluate(webAcl, request(), { ruleGroup: () => undefined, ipSet: () => undefined });
  expect(verdict).toMatchObject({ action: 'block', response: { status: 403 } });
});

it('a reference to a group that is gone does nothing', () => {
  const webAcl = { account: ACCOUNT, name: 'site', rules: [reference()], defaultAction: 'allow' } as const;
  expect(evaluate(webAcl, request(), { ruleGroup: () => undefined, ipSet: () => undefined }).action).toBe('allow');
});
