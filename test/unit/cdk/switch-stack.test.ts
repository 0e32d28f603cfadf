import { readFileSync } from 'node:fs';
import { CreateIPSetCommand, CreateRuleGroupCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { maintenanceRule } from '../../../cdk/maintenance-rule.ts';
import type { ConfigInput } from '../../../config/schema.ts';
import { ShopFirewall } from '../../../docs/examples/web-acl.cdk.ts';
import { createRuleGroupStore } from '../../../lambda/src/waf/rule-groups.ts';
import { startWaf } from '../../../local/waf/start.ts';
import { INPUT, LOAD_BALANCER, plain, removeSynthesized, resourcesOf, synthesized } from './synthesized.ts';

const REGIONAL = 'drawbridge-production-switch-eu-west-1-regional';
const CLOUDFRONT = 'drawbridge-production-switch-us-east-1-cloudfront';

/** What CloudFormation must see of a service, for ever: any other byte makes it write a group, and open a closed site. */
const FROZEN = (scope: string) => ({
  shopRuleGroup9F29D843: {
    Type: 'AWS::WAFv2::RuleGroup',
    DependsOn: ['shopTurn205178E2'],
    Properties: {
      Capacity: 250,
      Name: 'drawbridge-production_shop',
      Scope: scope,
      VisibilityConfig: {
        CloudWatchMetricsEnabled: true,
        MetricName: 'drawbridge-shop',
        SampledRequestsEnabled: true,
      },
    },
    UpdateReplacePolicy: 'Retain',
    DeletionPolicy: 'RetainExceptOnCreate',
  },
  shopIPV48A43CDFA: {
    Type: 'AWS::WAFv2::IPSet',
    DependsOn: ['shopRuleGroup9F29D843'],
    Properties: { Addresses: [], IPAddressVersion: 'IPV4', Name: 'drawbridge-production_shop-ipv4', Scope: scope },
    UpdateReplacePolicy: 'Retain',
    DeletionPolicy: 'RetainExceptOnCreate',
  },
  shopIPV6C9B67729: {
    Type: 'AWS::WAFv2::IPSet',
    DependsOn: ['shopIPV48A43CDFA'],
    Properties: { Addresses: [], IPAddressVersion: 'IPV6', Name: 'drawbridge-production_shop-ipv6', Scope: scope },
    UpdateReplacePolicy: 'Retain',
    DeletionPolicy: 'RetainExceptOnCreate',
  },
});

const asDeployed = synthesized();
afterAll(removeSynthesized);

it.each([
  [REGIONAL, 'REGIONAL'],
  [CLOUDFRONT, 'CLOUDFRONT'],
])('pins every byte that CloudFormation sees of the groups and sets of %s', (stack, scope) => {
  // Not by matchers: an empty array, an undefined and a missing key are three things to CloudFormation.
  const { Resources } = asDeployed.template(stack);
  const seen = Object.keys(FROZEN(scope)).map((id) => [id, Resources[id]]);
  expect(JSON.parse(JSON.stringify(Object.fromEntries(seen)))).toStrictEqual(FROZEN(scope));
});

it('sends nothing new to a closed site when the config, the operators or the allowlist change', () => {
  const changed = structuredClone(INPUT) as ConfigInput;
  const { production } = changed.environments as { production: ConfigInput['environments'][string] };
  production.operators.push('duty.manager@example.com');
  production.retryAfterSeconds = 60;
  production.proof = { probesPerSecond: 20 };
  production.groups = [{ name: 'everything', services: ['shop', 'payments'] }];
  Object.assign(production.services[0] as object, {
    title: 'The shop',
    apiPrefixes: ['/api/'],
    apiOrigins: ['https://app.example.com'],
    exemptPaths: ['/health'],
    allowlist: ['192.0.2.0/28'],
    operators: ['shop.lead@example.com'],
  });
  production.services.reverse();

  const after = synthesized(changed);
  for (const name of [REGIONAL, CLOUDFRONT]) expect(after.template(name)).toEqual(asDeployed.template(name));
});

it('keeps tags away from the groups and sets, and from their stack, which would hand them on', () => {
  const tagged = synthesized(INPUT, (app) => Tags.of(app).add('team', 'web'));
  expect(tagged.template(REGIONAL).Resources.shopRuleGroup9F29D843).toEqual(FROZEN('REGIONAL').shopRuleGroup9F29D843);
  expect(tagged.stack(REGIONAL).tags).toEqual({});
  const [webAcl] = resourcesOf(tagged.template(REGIONAL), 'AWS::WAFv2::WebACL');
  expect(webAcl?.Properties.Tags).toEqual([{ Key: 'team', Value: 'web' }]);
});

it('creates what the Lambdas find by name, and may touch by ARN', async () => {
  const clock = { now: Date.now, sleep: async () => {} };
  const waf = await startWaf({ clock, quotas: { writesPerSecond: 1_000, readsPerSecond: 1_000 } });
  const newClient = (region: string) =>
    new WAFV2Client({
      endpoint: waf.url,
      region,
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'local' },
    });
  try {
    for (const stack of [REGIONAL, CLOUDFRONT]) {
      const client = newClient(stack === CLOUDFRONT ? 'us-east-1' : 'eu-west-1');
      const template = asDeployed.template(stack);
      for (const { Properties } of resourcesOf(template, 'AWS::WAFv2::RuleGroup')) {
        await client.send(new CreateRuleGroupCommand(Properties as never));
      }
      for (const { Properties } of resourcesOf(template, 'AWS::WAFv2::IPSet')) {
        await client.send(new CreateIPSetCommand(Properties as never));
      }
      client.destroy();
    }
    const store = createRuleGroupStore(clock, newClient);
    const places = INPUT.environments.production.services.flatMap(({ name: service, targets }) =>
      targets.map(({ scope, region }) => ({ environment: 'production', service, scope, region })),
    );
    const found = await Promise.all(
      places.flatMap((place) => [store.read(place), store.readSet(place, 4), store.readSet(place, 6)]),
    );
    const allowed = allowedArns();
    expect(found).toHaveLength(9);
    for (const { arn } of found) {
      const inOurAccount = arn.replace(/^(arn:aws:wafv2:[^:]*:)[^:]*/, '$1111122223333');
      expect(allowed.filter((pattern) => inOurAccount.startsWith(pattern))).toEqual([expect.any(String)]);
    }
  } finally {
    await waf.close();
  }
});

/** Of the API handler, each ending where the services' names begin. */
function allowedArns(): string[] {
  const policies = resourcesOf(asDeployed.template('drawbridge-production'), 'AWS::IAM::Policy');
  const statements = policies.flatMap(
    ({ Properties }) => (Properties.PolicyDocument as { Statement: { Resource: unknown }[] }).Statement,
  );
  const arns = statements.flatMap(({ Resource }) => [Resource].flat()).map(plain);
  return [...new Set(arns.filter((arn) => arn.includes(':wafv2:')))].map((arn) => arn.replace(/\*\/\*$/, ''));
}

it('associates a web ACL of its own with each load balancer, and lets through what the group does not stop', () => {
  const template = asDeployed.template(REGIONAL);
  const [webAcl, ...others] = resourcesOf(template, 'AWS::WAFv2::WebACL');
  expect(others).toEqual([]);
  expect(webAcl?.Properties).toMatchObject({
    Name: 'drawbridge-production_payments',
    DefaultAction: { Allow: {} },
    Rules: [{ Priority: 0, OverrideAction: { None: {} }, Statement: { RuleGroupReferenceStatement: {} } }],
  });
  expect(
    resourcesOf(template, 'AWS::WAFv2::WebACLAssociation').map(({ Properties }) => Properties.ResourceArn),
  ).toEqual([LOAD_BALANCER]);
});

it('asks every service that shares a web ACL, in an order of their own', () => {
  const input = structuredClone(INPUT) as ConfigInput;
  const { production } = input.environments as { production: ConfigInput['environments'][string] };
  const [shop, payments] = production.services as [object, object];
  Object.assign(payments, { hosts: ['payments.example.com'] });
  const sharers = ['wine', 'cheese'].map((name) => ({
    name,
    hosts: [`${name}.example.com`],
    targets: [
      {
        ...{ scope: 'REGIONAL' as const, region: 'eu-west-1', verification: 'none' as const },
        attachment: { sharedWith: 'payments' },
      },
    ],
  }));
  production.services = [...sharers, payments, shop] as never;
  const shared = synthesized(input);
  const [webAcl, ...others] = resourcesOf(shared.template(REGIONAL), 'AWS::WAFv2::WebACL');
  expect(others).toEqual([]);
  expect(webAcl?.Properties).toMatchObject({
    Name: 'drawbridge-production_payments',
    Rules: [
      { Priority: 0, Name: 'drawbridge' },
      { Priority: 1, Name: 'drawbridge-cheese' },
      { Priority: 2, Name: 'drawbridge-wine' },
    ],
  });
});

it('makes a web ACL for CloudFront without associating it, and tells its ARN: the distribution names it', () => {
  const template = asDeployed.template(CLOUDFRONT);
  expect(resourcesOf(template, 'AWS::WAFv2::WebACL')).toHaveLength(1);
  expect(resourcesOf(template, 'AWS::WAFv2::WebACLAssociation')).toEqual([]);
  expect(Object.keys(template.Outputs ?? {})).toContainEqual(expect.stringMatching(/^shopWebAclArn/));
});

describe('the documented web ACLs', () => {
  const rulesOf = (stack: Stack) => {
    const [webAcl] = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL'));
    return lowerFirst((webAcl as { Properties: { Rules: unknown } }).Properties.Rules);
  };
  const exported = 'drawbridge-shop-regional-rule-group';
  const arn = { 'Fn::ImportValue': exported };
  const ours = [{ ...maintenanceRule(''), statement: { ruleGroupReferenceStatement: { arn } } }];

  it('import the rule group under the name that it is exported under', () => {
    const outputs = Object.values(asDeployed.template(REGIONAL).Outputs ?? {});
    expect(outputs.map(({ Export }) => Export?.Name)).toContain(exported);
  });

  it('put it first with the very rule that the dedicated ones have, in CDK and in CloudFormation', () => {
    const included = new Stack(new App(), 'included');
    new CfnInclude(included, 'Template', { templateFile: 'docs/examples/web-acl.cloudformation.yaml' });
    expect(rulesOf(new ShopFirewall(new App(), 'shop-firewall'))).toEqual(ours);
    expect(rulesOf(included)).toEqual(ours);
  });

  it('put it first and override nothing in Terraform', () => {
    const words = readFileSync('docs/examples/web-acl.terraform.tf', 'utf8').replace(/#.*$/gm, '').replace(/\s+/g, ' ');
    expect(words).toContain(
      'data "aws_wafv2_rule_group" "drawbridge_shop" { name = "drawbridge-production_shop" scope = "REGIONAL" }',
    );
    expect(words).toContain('rule { name = "drawbridge" priority = 0 statement { rule_group_reference_statement {');
    expect(words).toContain('override_action { none {} }');
  });
});

/** `{ Name: … }` as CloudFormation spells it → `{ name: … }` as CDK does; intrinsics stay. */
function lowerFirst(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerFirst);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.startsWith('Fn::') ? key : key.charAt(0).toLowerCase() + key.slice(1),
      lowerFirst(inner),
    ]),
  );
}

it.each([REGIONAL, CLOUDFRONT])('shows every change of %s in review', (stack) => {
  expect(asDeployed.template(stack)).toMatchSnapshot();
});
