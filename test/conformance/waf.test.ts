/**
 * What Drawbridge relies on from the WAFv2 API. Runs against the local one, or against another endpoint:
 * CONFORMANCE_WAF_ENDPOINT (such as https://wafv2.eu-west-1.amazonaws.com), CONFORMANCE_WAF_REGION, and credentials
 * from the environment. It creates a few small things, and deletes them again. CONFORMANCE_WAF_LOAD_BALANCER is the ARN of a
 * load balancer without a web ACL; without it associations are tried at the local WAF alone.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AssociateWebACLCommand,
  CheckCapacityCommand,
  CreateIPSetCommand,
  CreateRuleGroupCommand,
  type CreateRuleGroupCommandInput,
  CreateWebACLCommand,
  type CreateWebACLCommandInput,
  DeleteIPSetCommand,
  DeleteRuleGroupCommand,
  DeleteWebACLCommand,
  DisassociateWebACLCommand,
  GetIPSetCommand,
  GetRuleGroupCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  ListResourcesForWebACLCommand,
  ListRuleGroupsCommand,
  ListWebACLsCommand,
  type Rule,
  UpdateIPSetCommand,
  UpdateRuleGroupCommand,
  UpdateWebACLCommand,
  WAFAssociatedItemException,
  WAFDuplicateItemException,
  WAFInvalidParameterException,
  WAFNonexistentItemException,
  WAFOptimisticLockException,
  WAFV2Client,
  type WAFV2ClientConfig,
} from '@aws-sdk/client-wafv2';
import { createClock } from '../../local/clock.ts';
import { startWaf } from '../../local/waf/start.ts';
import type { Quotas } from '../../local/waf/throttle.ts';

const { CONFORMANCE_WAF_ENDPOINT: remote, CONFORMANCE_WAF_REGION: region = 'eu-west-1' } = process.env;
const LOCAL_LOAD_BALANCER = `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/app/shop/0123456789abcdef`;
const { CONFORMANCE_WAF_LOAD_BALANCER: loadBalancer = remote ? undefined : LOCAL_LOAD_BALANCER } = process.env;
/** Between two writes of one kind against a service that counts. */
const PAUSE_MS = remote ? 1_100 : 0;
const Scope = 'REGIONAL' as const;

const opened: { close(): Promise<void> }[] = [];
const clients: WAFV2Client[] = [];
let waf: WAFV2Client;

async function clientOf(quotas: Partial<Quotas>, more: WAFV2ClientConfig = {}) {
  const config: WAFV2ClientConfig = { region, ...more };
  if (remote) config.endpoint = remote;
  else {
    const local = await startWaf({ clock: createClock(), quotas, propagation: { minMs: 0, maxMs: 0 } });
    opened.push(local);
    Object.assign(config, {
      endpoint: local.url,
      credentials: { accessKeyId: 'production', secretAccessKey: 'local' },
    });
  }
  const client = new WAFV2Client(config);
  clients.push(client);
  return client;
}

beforeAll(async () => {
  const many = 1_000;
  waf = await clientOf({
    ...{ writesPerSecond: many, readsPerSecond: many },
    ...{ associationsPerSecond: many, lookUpsPerSecond: many },
  });
});

const mess: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const clear of mess.reverse()) {
    await sleep(PAUSE_MS);
    await clear().catch(() => undefined);
  }
  for (const client of clients) client.destroy();
  await Promise.all(opened.map((one) => one.close()));
}, 120_000);

const paced = async <T>(call: () => Promise<T>): Promise<T> => {
  await sleep(PAUSE_MS);
  return call();
};

const visibility = (MetricName: string) => ({
  SampledRequestsEnabled: false,
  CloudWatchMetricsEnabled: false,
  MetricName,
});

const bytes = (text: string) => new TextEncoder().encode(text);

const blockPath = (path: string, more: Partial<Rule> = {}): Rule => ({
  Name: 'path',
  Priority: 0,
  Statement: {
    ByteMatchStatement: {
      SearchString: bytes(path),
      FieldToMatch: { UriPath: {} },
      TextTransformations: [{ Priority: 0, Type: 'NONE' }],
      PositionalConstraint: 'STARTS_WITH',
    },
  },
  Action: { Block: {} },
  VisibilityConfig: visibility('path'),
  ...more,
});

const answering = (CustomResponse: object): Rule => blockPath('/x', { Action: { Block: { CustomResponse } } as never });

async function createGroup(more: Partial<CreateRuleGroupCommandInput> = {}) {
  const Name = `drawbridge-conformance-${randomUUID().slice(0, 8)}`;
  const input = { Name, Scope, Capacity: 50, VisibilityConfig: visibility(Name), ...more } as const;
  const { Summary } = await paced(() => waf.send(new CreateRuleGroupCommand(input)));
  const named = { Name: Summary?.Name, Scope, Id: Summary?.Id } as { Name: string; Scope: typeof Scope; Id: string };
  mess.push(async () => {
    const { LockToken } = await waf.send(new GetRuleGroupCommand(named));
    await waf.send(new DeleteRuleGroupCommand({ ...named, LockToken: LockToken as string }));
  });
  return { ...named, ARN: Summary?.ARN as string, LockToken: Summary?.LockToken as string };
}

async function createSet(IPAddressVersion: 'IPV4' | 'IPV6', Addresses: string[]) {
  const Name = `drawbridge-conformance-${randomUUID().slice(0, 8)}`;
  const { Summary } = await paced(() => waf.send(new CreateIPSetCommand({ Name, Scope, IPAddressVersion, Addresses })));
  const named = { Name, Scope, Id: Summary?.Id as string } as const;
  mess.push(async () => {
    const { LockToken } = await waf.send(new GetIPSetCommand(named));
    await waf.send(new DeleteIPSetCommand({ ...named, LockToken: LockToken as string }));
  });
  return { ...named, ARN: Summary?.ARN as string, LockToken: Summary?.LockToken as string };
}

type Group = Awaited<ReturnType<typeof createGroup>>;

const update = (group: Omit<Group, 'ARN'>, more: object = {}) =>
  paced(() => {
    const { Name, Id, LockToken } = group;
    return waf.send(
      new UpdateRuleGroupCommand({ Name, Scope, Id, LockToken, VisibilityConfig: visibility(Name), ...more }),
    );
  });

/** The error's name: the SDK has a class only for what the model names. */
const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: Error) => error.name,
  );

describe('lock tokens', () => {
  it('take a write that follows the last read, and refuse one that does not', async () => {
    const group = await createGroup();
    const { NextLockToken } = await update(group, { Description: 'drawbridge r1' });
    expect(NextLockToken).not.toBe(group.LockToken);
    await expect(update(group, { Description: 'drawbridge r2' })).rejects.toThrow(WAFOptimisticLockException);
    await update({ ...group, LockToken: NextLockToken as string }, { Description: 'drawbridge r3' });
    const { RuleGroup } = await waf.send(new GetRuleGroupCommand({ Name: group.Name, Scope, Id: group.Id }));
    expect(RuleGroup?.Description).toBe('drawbridge r3');
  });

  it('let only one of two writers through who read the same', async () => {
    const set = await createSet('IPV4', []);
    const write = (address: string) =>
      waf.send(
        new UpdateIPSetCommand({ Name: set.Name, Scope, Id: set.Id, LockToken: set.LockToken, Addresses: [address] }),
      );
    await paced(() => write('192.0.2.1/32'));
    await expect(paced(() => write('192.0.2.2/32'))).rejects.toThrow(WAFOptimisticLockException);
    const { IPSet } = await waf.send(new GetIPSetCommand({ Name: set.Name, Scope, Id: set.Id }));
    expect(IPSet?.Addresses).toEqual(['192.0.2.1/32']);
  });
});

describe('a rule group', () => {
  it('gives back what was written, by name and by ARN, with search strings as bytes', async () => {
    const rule = answering({
      ResponseCode: 503,
      CustomResponseBodyKey: 'page',
      ResponseHeaders: [{ Name: 'Retry-After', Value: '600' }],
    });
    const CustomResponseBodies = {
      page: { ContentType: 'TEXT_HTML', Content: '<p>Back soon, at 3 o’clock.</p>' },
    } as const;
    const group = await createGroup({ Rules: [rule], CustomResponseBodies });
    const byName = await waf.send(new GetRuleGroupCommand({ Name: group.Name, Scope, Id: group.Id }));
    const byArn = await waf.send(new GetRuleGroupCommand({ ARN: group.ARN }));
    for (const { RuleGroup, LockToken } of [byName, byArn]) {
      expect(RuleGroup).toMatchObject({
        Name: group.Name,
        Id: group.Id,
        ARN: group.ARN,
        Capacity: 50,
        CustomResponseBodies,
      });
      expect(RuleGroup?.LabelNamespace).toMatch(new RegExp(`^awswaf:\\d{12}:rulegroup:${group.Name}:$`));
      expect(Buffer.from(RuleGroup?.Rules?.[0]?.Statement?.ByteMatchStatement?.SearchString ?? []).toString()).toBe(
        '/x',
      );
      expect(RuleGroup?.Rules?.[0]?.Action).toEqual(rule.Action);
      expect(LockToken).toBe(group.LockToken);
    }
  });

  it('loses everything that an update leaves out', async () => {
    const CustomResponseBodies = { page: { ContentType: 'TEXT_PLAIN', Content: 'closed' } } as const;
    const group = await createGroup({ Description: 'drawbridge r1', Rules: [blockPath('/')], CustomResponseBodies });
    await update(group);
    const { RuleGroup } = await waf.send(new GetRuleGroupCommand({ Name: group.Name, Scope, Id: group.Id }));
    expect(RuleGroup?.Rules ?? []).toEqual([]);
    expect(RuleGroup?.Description ?? '').toBe('');
    expect(RuleGroup?.CustomResponseBodies ?? {}).toEqual({});
    expect(RuleGroup?.Capacity).toBe(50);
  });

  it('is unknown when it was never there, under another id, and after it was deleted', async () => {
    const group = await createGroup();
    const get = (Name: string, Id: string) => waf.send(new GetRuleGroupCommand({ Name, Scope, Id }));
    await expect(get('drawbridge-nobody', group.Id)).rejects.toThrow(WAFNonexistentItemException);
    await expect(get(group.Name, randomUUID())).rejects.toThrow(WAFNonexistentItemException);
    const { Name, Id, LockToken } = group;
    await paced(() => waf.send(new DeleteRuleGroupCommand({ Name, Scope, Id, LockToken })));
    await expect(get(Name, Id)).rejects.toThrow(WAFNonexistentItemException);
  });

  it('has a name that nobody else has', async () => {
    const { Name } = await createGroup();
    await expect(createGroup({ Name })).rejects.toThrow(WAFDuplicateItemException);
  });

  it('is listed page by page, once', async () => {
    const made = [await createGroup(), await createGroup(), await createGroup()].map(({ Name }) => Name);
    const seen: string[] = [];
    let NextMarker: string | undefined;
    for (let page = 0; page < 200; page += 1) {
      const answer = await waf.send(new ListRuleGroupsCommand({ Scope, Limit: 2, NextMarker }));
      const { RuleGroups = [] } = answer;
      expect(RuleGroups.length).toBeLessThanOrEqual(2);
      seen.push(...RuleGroups.map(({ Name }) => Name as string));
      NextMarker = answer.NextMarker;
      if (!NextMarker || RuleGroups.length < 2) break;
    }
    expect(seen.filter((name) => made.includes(name)).sort()).toEqual(made.sort());
  });

  it('at the CLOUDFRONT scope exists in us-east-1 only', async () => {
    if (region === 'us-east-1') return;
    const call = waf.send(new ListRuleGroupsCommand({ Scope: 'CLOUDFRONT' }));
    await expect(call).rejects.toThrow(WAFInvalidParameterException);
  });

  it('never takes rules beyond the capacity it was created with', async () => {
    const group = await createGroup({ Capacity: 3 });
    const two = [blockPath('/a'), blockPath('/b', { Name: 'other', Priority: 1 })];
    const { Capacity } = await waf.send(new CheckCapacityCommand({ Scope, Rules: two }));
    expect(Capacity).toBe(4);
    expect(await refusal(update(group, { Rules: two }))).toBe('WAFInvalidParameterException');
    await update(group, { Rules: two.slice(0, 1) });
  });
});

/** What is refused, without leaving anything behind. Which of its errors the service takes is not promised. */
describe('a rule group is refused with', () => {
  const page = (Content: string) => ({ page: { ContentType: 'TEXT_HTML', Content } as const });
  const header = (Name: string, Value = '1') => ({ ResponseCode: 503, ResponseHeaders: [{ Name, Value }] });
  const cases: Record<string, Partial<CreateRuleGroupCommandInput>> = {
    'a body over 4,096 bytes, though not characters': { CustomResponseBodies: page('é'.repeat(2_049)) },
    'bodies over 50 KB in all': {
      CustomResponseBodies: Object.fromEntries(
        Array.from({ length: 13 }, (_, at) => [`page${at}`, page('x'.repeat(4_096)).page]),
      ),
    },
    'a response code that WAF does not know': { Rules: [answering({ ResponseCode: 599 })] },
    'a body that is not there': { Rules: [answering({ ResponseCode: 503, CustomResponseBodyKey: 'nowhere' })] },
    'a content-type header': { Rules: [answering(header('Content-Type'))] },
    'a header value over 255 characters': { Rules: [answering(header('x-note', 'x'.repeat(256)))] },
    'eleven headers': {
      Rules: [
        answering({
          ResponseCode: 503,
          ResponseHeaders: Array.from({ length: 11 }, (_, at) => ({ Name: `x-${at}`, Value: '1' })),
        }),
      ],
    },
    'two rules of one priority': { Rules: [blockPath('/a'), blockPath('/b', { Name: 'other' })] },
    'two rules of one name': { Rules: [blockPath('/a'), blockPath('/b', { Priority: 1 })] },
    'a rule without an action': { Rules: [blockPath('/a', { Action: undefined })] },
    'an OR of one': {
      Rules: [blockPath('/a', { Statement: { OrStatement: { Statements: [blockPath('/a').Statement as never] } } })],
    },
    'a reserved word in a label': { Rules: [blockPath('/a', { RuleLabels: [{ Name: 'awswaf:pass' }] })] },
    'a search string over 200 bytes': { Rules: [blockPath('/'.repeat(201))] },
    'a description of strange characters': { Description: 'closed <now>' },
    'a name with a space': { Name: 'drawbridge shop' },
  };
  it.each(Object.entries(cases))('%s', async (_what, more) => {
    const said = await refusal(createGroup(more));
    expect(said).toMatch(
      /^(WAFInvalidParameterException|WAFLimitsExceededException|WAFNonexistentItemException|ValidationException)$/,
    );
  });

  it('no more than the limits: a page of exactly 4,096 bytes and ten headers are taken', async () => {
    const ResponseHeaders = Array.from({ length: 10 }, (_, at) => ({ Name: `x-${at}`, Value: 'x'.repeat(255) }));
    await createGroup({
      Rules: [answering({ ResponseCode: 503, CustomResponseBodyKey: 'page', ResponseHeaders })],
      CustomResponseBodies: page('é'.repeat(2_048)),
    });
  });
});

describe('an IP set', () => {
  const refused: [string, 'IPV4' | 'IPV6', string][] = [
    ['an address without its prefix', 'IPV4', '192.0.2.1'],
    ['host bits', 'IPV4', '192.0.2.1/24'],
    ['the whole internet', 'IPV4', '0.0.0.0/0'],
    ['a prefix that is too long', 'IPV4', '192.0.2.0/33'],
    ['an address of the other version', 'IPV4', '2001:db8::/32'],
    ['IPv6 host bits', 'IPV6', '2001:db8::1/64'],
    ['the whole of IPv6', 'IPV6', '::/0'],
    ['what is no address', 'IPV4', 'office/32'],
  ];
  it.each(refused)('refuses %s', async (_what, version, address) => {
    await expect(createSet(version, [address])).rejects.toThrow(WAFInvalidParameterException);
  });

  it('names the address that it refuses', async () => {
    await expect(createSet('IPV4', ['192.0.2.0/24', '198.51.100.1/24'])).rejects.toMatchObject({
      Field: 'IP_ADDRESS',
      Parameter: '198.51.100.1/24',
      message: expect.stringContaining('198.51.100.1/24'),
    });
  });

  it('keeps its addresses when an update is refused', async () => {
    const { Name, Id, LockToken } = await createSet('IPV6', ['2001:db8::/32']);
    const wrong = { Name, Scope, Id, LockToken, Addresses: ['2001:db8::/0'] };
    await expect(paced(() => waf.send(new UpdateIPSetCommand(wrong)))).rejects.toThrow(WAFInvalidParameterException);
    const after = await waf.send(new GetIPSetCommand({ Name, Scope, Id }));
    expect(after.IPSet?.Addresses).toHaveLength(1);
    expect(after.LockToken).toBe(LockToken);
  });

  it('cannot be deleted while a rule group refers to it', async () => {
    const set = await createSet('IPV4', ['192.0.2.0/24']);
    const Statement = { IPSetReferenceStatement: { ARN: set.ARN } } as Rule['Statement'];
    await createGroup({ Rules: [blockPath('/', { Statement })] });
    const { Name, Id, LockToken } = set;
    const call = paced(() => waf.send(new DeleteIPSetCommand({ Name, Scope, Id, LockToken })));
    await expect(call).rejects.toThrow(WAFAssociatedItemException);
  });
});

describe('a web ACL', () => {
  const reference = (ARN: string, more: Partial<Rule> = {}): Rule => ({
    Name: 'drawbridge',
    Priority: 0,
    Statement: { RuleGroupReferenceStatement: { ARN } },
    OverrideAction: { None: {} },
    VisibilityConfig: visibility('drawbridge'),
    ...more,
  });

  async function createWebAcl(more: Partial<CreateWebACLCommandInput> = {}) {
    const Name = `drawbridge-conformance-${randomUUID().slice(0, 8)}`;
    const input = { Name, Scope, DefaultAction: { Allow: {} }, VisibilityConfig: visibility(Name), ...more };
    const { Summary } = await paced(() => waf.send(new CreateWebACLCommand(input)));
    const named = { Name: Summary?.Name as string, Scope, Id: Summary?.Id as string };
    mess.push(async () => {
      const { LockToken } = await waf.send(new GetWebACLCommand(named));
      await waf.send(new DeleteWebACLCommand({ ...named, LockToken: LockToken as string }));
    });
    return { ...named, ARN: Summary?.ARN as string, LockToken: Summary?.LockToken as string };
  }

  const updateAcl = ({ Name, Id, LockToken }: Awaited<ReturnType<typeof createWebAcl>>, Rules: Rule[]) =>
    paced(() => {
      const DefaultAction = { Allow: {} };
      const VisibilityConfig = visibility(Name);
      return waf.send(new UpdateWebACLCommand({ Name, Scope, Id, LockToken, DefaultAction, VisibilityConfig, Rules }));
    });

  it('holds rules of its own and references to rule groups, and is charged what the groups reserve', async () => {
    const group = await createGroup();
    const webAcl = await createWebAcl();
    await updateAcl(webAcl, [reference(group.ARN), blockPath('/admin', { Priority: 1 })]);
    const { WebACL, LockToken } = await waf.send(new GetWebACLCommand({ Name: webAcl.Name, Scope, Id: webAcl.Id }));
    expect(WebACL).toMatchObject({ ARN: webAcl.ARN, Capacity: 52, DefaultAction: { Allow: {} } });
    expect(WebACL?.Rules?.map(({ Name }) => Name)).toEqual(['drawbridge', 'path']);
    expect(LockToken).not.toBe(webAcl.LockToken);
    await expect(updateAcl(webAcl, [])).rejects.toThrow(WAFOptimisticLockException);
    const { WebACLs = [] } = await waf.send(new ListWebACLsCommand({ Scope, Limit: 100 }));
    expect(WebACLs.map(({ Name }) => Name)).toContain(webAcl.Name);
  });

  it('keeps a rule group that it refers to from being deleted', async () => {
    const group = await createGroup();
    await createWebAcl({ Rules: [reference(group.ARN)] });
    const { Name, Id, LockToken } = group;
    const call = paced(() => waf.send(new DeleteRuleGroupCommand({ Name, Scope, Id, LockToken })));
    await expect(call).rejects.toThrow(WAFAssociatedItemException);
  });

  const cases: Record<string, (arn: string) => Partial<CreateWebACLCommandInput>> = {
    'without a default action': () => ({ DefaultAction: {} }),
    'whose reference has an action of its own': (arn) => ({ Rules: [reference(arn, { Action: { Block: {} } })] }),
    'whose reference says nothing of the group’s actions': (arn) => ({
      Rules: [reference(arn, { OverrideAction: undefined })],
    }),
    'whose own rule overrides': () => ({ Rules: [blockPath('/', { OverrideAction: { None: {} } })] }),
    'that refers to a rule group that is not there': (arn) => ({
      Rules: [reference(`${arn.slice(0, -12)}000000000000`)],
    }),
    'with two rules of one priority': (arn) => ({ Rules: [reference(arn), blockPath('/')] }),
  };
  it.each(Object.entries(cases))('is refused %s', async (_what, more) => {
    const { ARN } = await createGroup();
    expect(await refusal(createWebAcl(more(ARN)))).toMatch(
      /^(WAFInvalidParameterException|WAFNonexistentItemException|ValidationException)$/,
    );
  });

  (loadBalancer ? it : it.skip)(
    'stands before a load balancer, one at a time',
    async () => {
      const ResourceArn = loadBalancer as string;
      const [one, other] = [await createWebAcl(), await createWebAcl()];
      /** What was just made is not everywhere yet. */
      const associate = async (WebACLArn: string) => {
        for (let tries = 0; ; tries += 1) {
          try {
            return await waf.send(new AssociateWebACLCommand({ WebACLArn, ResourceArn }));
          } catch (error) {
            if (!/Unavailable|Throttl/.test((error as Error).name) || tries === 30) throw error;
            await sleep(2 * PAUSE_MS);
          }
        }
      };
      const standing = async () => {
        await sleep(2 * PAUSE_MS);
        const { WebACL } = await waf.send(new GetWebACLForResourceCommand({ ResourceArn }));
        return WebACL?.Name;
      };
      await associate(one.ARN);
      expect(await standing()).toBe(one.Name);
      await associate(other.ARN);
      expect(await standing()).toBe(other.Name);
      const { ResourceArns } = await waf.send(new ListResourcesForWebACLCommand({ WebACLArn: other.ARN }));
      expect(ResourceArns).toEqual([ResourceArn]);
      const { Name, Id, LockToken } = other;
      const remove = paced(() => waf.send(new DeleteWebACLCommand({ Name, Scope, Id, LockToken })));
      await expect(remove).rejects.toThrow(WAFAssociatedItemException);
      await sleep(2 * PAUSE_MS);
      await waf.send(new DisassociateWebACLCommand({ ResourceArn }));
      expect(await standing()).toBeUndefined();
    },
    120_000,
  );

  it('cannot stand before what is no resource', async () => {
    const { ARN: WebACLArn } = await createWebAcl();
    const ResourceArn = 'arn:aws:s3:::a-bucket-of-nobody';
    const call = paced(() => waf.send(new AssociateWebACLCommand({ WebACLArn, ResourceArn })));
    await expect(call).rejects.toThrow(WAFInvalidParameterException);
  });
});

it('refuses calls over five a second with ThrottlingException, and takes them a little later', async () => {
  const client = await clientOf({}, { maxAttempts: 1 });
  const list = () => refusal(client.send(new ListRuleGroupsCommand({ Scope })));
  const burst = await Promise.all(Array.from({ length: 30 }, list));
  expect(new Set(burst)).toEqual(new Set(['accepted', 'ThrottlingException']));
  await sleep(1_200);
  expect(await list()).toBe('accepted');
});
