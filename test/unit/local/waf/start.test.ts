import {
  AssociateWebACLCommand,
  CreateIPSetCommand,
  CreateRuleGroupCommand,
  CreateWebACLCommand,
  GetRuleGroupCommand,
  ListRuleGroupsCommand,
  type Rule as SdkRule,
  UpdateRuleGroupCommand,
  WAFUnavailableEntityException,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { createClock } from '../../../../local/clock.ts';
import type { Hop } from '../../../../local/trace.ts';
import { startWaf, type Waf, type WafOptions } from '../../../../local/waf/start.ts';
import { always, bytes, rule } from './rules.ts';

const MANY = { writesPerSecond: 1_000, readsPerSecond: 1_000 };
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function start(more: Partial<WafOptions> = {}) {
  const clock = createClock(Date.parse('2026-11-22T02:00:00Z'));
  const waf = await startWaf({ clock, quotas: MANY, propagation: { minMs: 1_000, maxMs: 3_000 }, ...more });
  opened.push(() => waf.close());
  return { waf, clock };
}

function clientOf({ url }: Waf, { keyId = 'production', region = 'eu-west-1' } = {}): WAFV2Client {
  const client = new WAFV2Client({
    endpoint: url,
    region,
    credentials: { accessKeyId: keyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  opened.push(() => client.destroy());
  return client;
}

const Scope = 'REGIONAL';
const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'shop' };
const group = { Name: 'drawbridge-shop', Scope, Capacity: 50, VisibilityConfig } as const;

/** A call as it travels, for what the SDK would not send. */
async function post({ url }: Waf, operation: string, body: object, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSWAF_20190729.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=production/20261122/eu-west-1/wafv2/aws4_request, Signature=0',
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...((await answer.json()) as { __type?: string; message?: string }) };
}

describe('what the local WAF lacks it refuses by name:', () => {
  it('an operation', async () => {
    const { waf } = await start();
    expect(await post(waf, 'CreateAPIKey', {})).toMatchObject({
      status: 400,
      __type: 'UnknownOperationException',
      message: 'CreateAPIKey is not supported by the local WAF.',
    });
    expect(waf.calls()).toEqual([]);
  });

  const country = { GeoMatchStatement: { CountryCodes: ['NL'] } };
  const path = { UriPath: {} };
  const cases: [string, object][] = [
    ['Rules.0.Statement.GeoMatchStatement', { Statement: country }],
    [
      'Rules.0.Statement.NotStatement.Statement.GeoMatchStatement',
      { Statement: { NotStatement: { Statement: country } } },
    ],
    ['Rules.0.Statement.RuleGroupReferenceStatement', { Statement: { RuleGroupReferenceStatement: { ARN: 'arn' } } }],
    ['Rules.0.Statement.ByteMatchStatement.FieldToMatch.Body', { Statement: bytes('x', { Body: {} } as never) }],
    ['CMD_LINE', { Statement: bytes('x', path, 'EXACTLY', 'CMD_LINE' as never) }],
    ['CONTAINS_WORD', { Statement: bytes('x', path, 'CONTAINS_WORD' as never) }],
    ['Rules.0.Action.Captcha', { Statement: always, Action: { Captcha: {} } }],
    [
      'Rules.0.Action.Count.CustomRequestHandling',
      { Statement: always, Action: { Count: { CustomRequestHandling: {} } } },
    ],
    ['Tags', {}],
  ];
  it.each(cases)('%s', async (what, more) => {
    const { waf } = await start();
    const Rules = [rule({ Statement: always, ...more })];
    const body = what === 'Tags' ? { ...group, Tags: [] } : { ...group, Rules };
    const answer = await post(waf, 'CreateRuleGroup', body);
    expect(answer).toMatchObject({ status: 400, __type: 'WAFInvalidOperationException' });
    expect(answer.message).toContain(what);
    expect(answer.message).toMatch(/is not supported by the local WAF\.$/);
  });
});

it('calls what no WAF would take invalid, and names the place', async () => {
  const { waf } = await start();
  const answer = await post(waf, 'CreateRuleGroup', { ...group, Capacity: 'many' });
  expect(answer).toMatchObject({
    status: 400,
    __type: 'ValidationException',
    message: expect.stringContaining('Capacity'),
  });
  const unknown = await post(waf, 'CreateRuleGroup', {
    ...group,
    Rules: [rule({ Statement: bytes('x', { UriPath: {} }, 'EXACTLY', 'SHOUT' as never) })],
  });
  expect(unknown.__type).toBe('ValidationException');
  expect(await post(waf, 'ListRuleGroups', { Scope }, { authorization: 'Bearer x' })).toMatchObject({ status: 403 });
});

it('keeps accounts, regions and scopes apart', async () => {
  const { waf } = await start();
  const listed = async (client: WAFV2Client, scope: 'REGIONAL' | 'CLOUDFRONT' = Scope) =>
    (await client.send(new ListRuleGroupsCommand({ Scope: scope }))).RuleGroups?.map(({ ARN }) => ARN);
  const production = clientOf(waf, { region: 'us-east-1' });
  const staging = clientOf(waf, { keyId: 'staging', region: 'us-east-1' });
  await production.send(new CreateRuleGroupCommand({ ...group, Scope: 'CLOUDFRONT' }));
  await staging.send(new CreateRuleGroupCommand(group));
  expect(await listed(production)).toEqual([]);
  expect(await listed(production, 'CLOUDFRONT')).toEqual([
    expect.stringMatching(/^arn:aws:wafv2:us-east-1:111122223333:global\/rulegroup\/drawbridge-shop\//),
  ]);
  expect(await listed(staging)).toEqual([
    expect.stringMatching(/^arn:aws:wafv2:us-east-1:444455556666:regional\/rulegroup\/drawbridge-shop\//),
  ]);
  expect(await listed(clientOf(waf))).toEqual([]);
});

it('refuses what refers to an IP set that is not there', async () => {
  const { waf } = await start();
  const ARN = 'arn:aws:wafv2:eu-west-1:111122223333:regional/ipset/testers/1';
  const Rules = [rule({ Statement: { IPSetReferenceStatement: { ARN } } })];
  expect(await post(waf, 'CreateRuleGroup', { ...group, Rules })).toMatchObject({
    __type: 'WAFNonexistentItemException',
    message: expect.stringContaining(ARN),
  });
});

it('records each call and tells the trace, also of what it refused', async () => {
  const hops: Hop[] = [];
  const { waf, clock } = await start({ trace: (hop) => hops.push(hop) });
  const client = clientOf(waf, { keyId: 'staging' });
  await client.send(new CreateRuleGroupCommand(group));
  const missing = { Name: group.Name, Scope, Id: '01234567-89ab-cdef-0123-456789abcdef' } as const;
  await expect(client.send(new GetRuleGroupCommand(missing))).rejects.toThrow();
  const at = { account: '444455556666', region: 'eu-west-1' };
  expect(waf.calls()).toMatchObject([
    { operation: 'CreateRuleGroup', ...at },
    { operation: 'GetRuleGroup', ...at, error: 'WAFNonexistentItemException' },
  ]);
  expect(waf.calls().every((call) => Math.abs(call.at - clock.now()) < 60_000)).toBe(true);
  expect(hops).toMatchObject([
    { part: 'waf', what: 'CreateRuleGroup drawbridge-shop (eu-west-1)', ok: true, environment: 'staging' },
    { what: 'GetRuleGroup drawbridge-shop (eu-west-1)', ok: false, said: 'WAFNonexistentItemException' },
  ]);
});

it('shows the data plane a change some time after the control plane took it, IP sets included', async () => {
  const { waf, clock } = await start({ random: () => 0.5 });
  const client = clientOf(waf);
  const place = { account: '111122223333', region: 'eu-west-1', scope: Scope } as const;
  const created = await client.send(new CreateRuleGroupCommand(group));
  const set = await client.send(
    new CreateIPSetCommand({ Name: 'testers', Scope, IPAddressVersion: 'IPV4', Addresses: ['192.0.2.0/24'] }),
  );
  expect(waf.dataPlane.ruleGroup(place, group.Name)).toBeUndefined();
  clock.moveTo(clock.now() + 3_000);
  expect(waf.dataPlane.ruleGroup(place, group.Name)?.rules).toEqual([]);

  const ARN = set.Summary?.ARN as string;
  const { Id, LockToken } = created.Summary as { Id: string; LockToken: string };
  const Rules = [rule({ Statement: { IPSetReferenceStatement: { ARN } } })] as SdkRule[];
  await client.send(new UpdateRuleGroupCommand({ Name: group.Name, Scope, Id, LockToken, VisibilityConfig, Rules }));
  expect(waf.dataPlane.ruleGroup(place, group.Name)?.rules).toEqual([]);
  clock.moveTo(clock.now() + 3_000);
  const seen = waf.dataPlane.ruleGroup(place, group.Name);
  expect(seen?.rules).toHaveLength(1);
  expect(seen?.ipSets.get(ARN)).toHaveLength(1);
});

describe('a web ACL', () => {
  const ResourceArn = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/0123456789abcdef';
  const webAcl = { Name: 'shop', Scope, DefaultAction: { Allow: {} }, VisibilityConfig } as const;

  it('cannot stand before anything until it has spread, and then it can', async () => {
    const { waf, clock } = await start();
    const client = clientOf(waf);
    const { Summary } = await client.send(new CreateWebACLCommand(webAcl));
    const WebACLArn = Summary?.ARN as string;
    const associate = () => client.send(new AssociateWebACLCommand({ WebACLArn, ResourceArn }));
    await expect(associate()).rejects.toThrow(WAFUnavailableEntityException);
    clock.moveTo(clock.now() + 3_000);
    await associate();
  });

  it.each([
    [
      'Rules.0.Statement.ManagedRuleGroupStatement',
      { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'Common' } },
    ],
    ['RuleActionOverrides', { RuleGroupReferenceStatement: { ARN: 'arn', RuleActionOverrides: [] } }],
  ])('with %s is refused by that name', async (name, Statement) => {
    const { waf } = await start();
    const Rules = [{ Name: 'one', Priority: 0, Statement, OverrideAction: { None: {} }, VisibilityConfig }];
    expect((await post(waf, 'CreateWebACL', { ...webAcl, Rules })).message).toMatch(
      new RegExp(`${name} is not supported by the local WAF`),
    );
  });

  it('stands before load balancers only, here; other kinds are refused by name', async () => {
    const { waf } = await start();
    const WebACLArn = 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/0';
    const stage = 'arn:aws:apigateway:eu-west-1::/restapis/abc/stages/prod';
    const answer = await post(waf, 'AssociateWebACL', { WebACLArn, ResourceArn: stage });
    expect(answer.message).toMatch('A resource of apigateway is not supported by the local WAF');
  });
});
