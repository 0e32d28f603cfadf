import type { Rule } from '@aws-sdk/client-wafv2';
import type { ServiceConfig } from '../../../../config/schema.ts';
import {
  judgeAssociation,
  judgeDedicated,
  judgeName,
  judgeReference,
  judgeSharing,
  protectedBy,
  referringTo,
  type SeenWebAcl,
} from '../../../../ops/doctor/web-acls.ts';

const GROUP = 'arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/drawbridge-production_shop/1';
const rule = (Name: string, Priority: number, more: Partial<Rule> = {}): Rule => ({
  ...{ Name, Priority, Statement: { GeoMatchStatement: { CountryCodes: ['NL'] } } },
  VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: Name },
  ...more,
});
const ours = (Priority: number, more: Partial<Rule> = {}): Rule =>
  rule('drawbridge', Priority, {
    Statement: { RuleGroupReferenceStatement: { ARN: GROUP } },
    OverrideAction: { None: {} },
    ...more,
  });
const acl = (Rules: Rule[], more: Partial<SeenWebAcl> = {}): SeenWebAcl => ({
  Name: 'site',
  ARN: 'arn:site',
  Rules,
  ...more,
});
const judged = (subject: SeenWebAcl) => judgeReference(subject, GROUP).map(({ state, what }) => `${state}: ${what}`);

it('is content when our group is asked first and its answer counts, in whatever order the rules are told', () => {
  expect(judged(acl([rule('bots', 5), ours(0)]))).toEqual(['ok: site asks our group first, and its answer counts.']);
});

it('finds the rules that are asked before ours, as one of them may let everybody in', () => {
  expect(judged(acl([rule('office', 0), rule('bots', 9), ours(3)]))).toEqual([
    expect.stringContaining('broken: site asks office before ours'),
  ]);
});

it('finds a group that is only counted: it looks closed in the console, and shuts nobody out', () => {
  expect(judged(acl([ours(0, { OverrideAction: { Count: {} } })]))).toEqual([
    expect.stringContaining('nobody is shut out'),
  ]);
});

it('finds single rules of ours that the web ACL turns off', () => {
  const RuleActionOverrides = [{ Name: 'everything-else', ActionToUse: { Count: {} } }];
  const Statement = { RuleGroupReferenceStatement: { ARN: GROUP, RuleActionOverrides } };
  expect(judged(acl([ours(0, { Statement })]))).toEqual([
    expect.stringContaining('overrides rules of our group (everything-else)'),
  ]);
});

it('finds Firewall Manager’s groups, which come before every rule whatever its number', () => {
  const PreProcessFirewallManagerRuleGroups = [
    { Name: 'central' },
  ] as SeenWebAcl['PreProcessFirewallManagerRuleGroups'];
  expect(judged(acl([ours(0)], { PreProcessFirewallManagerRuleGroups }))).toEqual([
    expect.stringContaining('Firewall Manager'),
  ]);
});

it('knows which web ACLs are about this group', () => {
  const other = acl([rule('bots', 0)], { Name: 'other' });
  expect(referringTo([other, acl([ours(0)])], GROUP).map(({ Name }) => Name)).toEqual(['site']);
});

it('takes a web ACL that protects nothing for broken', () => {
  expect(judgeAssociation(acl([]), [])).toMatchObject({ state: 'broken', what: 'site protects nothing.' });
  expect(judgeAssociation(acl([]), ['arn:lb'])).toMatchObject({ state: 'ok' });
});

it('asks for every kind of resource before it says that there is none', async () => {
  const asked: string[] = [];
  const waf = {
    async resources(_place: object, _arn: string, type: string) {
      asked.push(type);
      return type === 'API_GATEWAY' ? ['arn:api'] : [];
    },
  };
  const place = { scope: 'REGIONAL' as const, region: 'eu-west-1' };
  expect(await protectedBy(waf, place, acl([]))).toEqual(['arn:api']);
  expect(asked).toEqual(['APPLICATION_LOAD_BALANCER', 'API_GATEWAY']);
});

it('says which dedicated load balancer has lost its web ACL', () => {
  const dedicated = { attachment: { dedicated: { loadBalancerArns: ['arn:one', 'arn:two'] } } } as never;
  const found = judgeDedicated({ Name: 'drawbridge-shop', ARN: 'arn:acl', Rules: [] }, ['arn:one'], dedicated);
  expect(found).toMatchObject([{ state: 'broken', what: expect.stringContaining('arn:two') }]);
  expect(judgeDedicated({ Name: 'site', ARN: 'arn:acl', Rules: [] }, [], { attachment: 'existing' } as never)).toEqual(
    [],
  );
});

describe('a web ACL that asks several of our groups', () => {
  const service = (name: string, hosts: string[]) => ({ name, hosts }) as unknown as ServiceConfig;
  const groupOf = (name: string, Priority: number) =>
    ours(Priority, {
      Name: name,
      Statement: {
        RuleGroupReferenceStatement: { ARN: GROUP.replace('_shop', `_${name}`) },
      },
    });
  const shared = acl([groupOf('payments', 0), ours(1)]);
  const sharing = (hosts: string[], others: ServiceConfig[]) =>
    judgeSharing(shared, service('shop', hosts), others).map(({ state, what }) => `${state}: ${what}`);

  it('may ask another service’s group before ours: it allows nothing', () => {
    expect(judged(shared)).toEqual(['ok: site asks our group first, and its answer counts.']);
  });

  it('is content while their hosts differ', () => {
    expect(sharing(['shop.example.com'], [service('payments', ['payments.example.com'])])).toEqual([
      'ok: site asks payments too, which have other hosts.',
    ]);
    expect(judgeSharing(acl([ours(0)]), service('shop', []), [])).toEqual([]);
  });

  it('finds a service without hosts, which closes the others with it', () => {
    expect(sharing([], [service('payments', ['payments.example.com'])])).toEqual([
      expect.stringContaining('broken: site asks the groups of payments too, and shop has no hosts'),
    ]);
  });

  it('finds hosts of both', () => {
    expect(sharing(['*.example.com'], [service('payments', ['payments.example.com'])])).toEqual([
      expect.stringContaining('broken: site asks payments too, and payments.example.com is a host of both'),
    ]);
  });

  it('is the one that the config names', () => {
    const named = (webAcl: string) => judgeName(shared, { attachment: { existing: { webAcl } } } as never);
    expect(named('site')).toEqual([]);
    expect(named('ingress')).toMatchObject([{ state: 'broken', what: expect.stringContaining('ingress') }]);
  });
});
