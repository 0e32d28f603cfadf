import type { WebACL } from '@aws-sdk/client-wafv2';
import { defineConfig } from '../../../../config/define-config.ts';
import type { Config } from '../../../../config/schema.ts';
import { EXIT, execute } from '../../../../ops/command.ts';
import { doctorCommand } from '../../../../ops/doctor/command.ts';
import { withPermission } from '../../../../ops/doctor/finding.ts';
import type { DoctorReaders } from '../../../../ops/doctor/run-checks.ts';
import { PAGES } from '../../../builders.ts';
import { awsError, OUTPUTS } from '../aws.ts';
import { fakeTerminal } from '../terminal.ts';

const verification = { urls: ['https://shop.example.com/'] };
const config: Config = defineConfig({
  environments: {
    production: {
      operators: ['release.manager@example.com'],
      services: [
        {
          name: 'shop',
          targets: [
            { scope: 'CLOUDFRONT', region: 'us-east-1', verification },
            { scope: 'REGIONAL', region: 'eu-west-1', verification },
          ],
          exemptPaths: ['/health'],
        },
      ],
    },
  },
});

const GROUP = { name: 'drawbridge-production_shop', id: '1', arn: 'arn:group' };
const LOAD_BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop-alb/0123456789abcdef';
const WEB_ACL = {
  ...{ Name: 'site', ARN: 'arn:site' },
  Rules: [{ Name: 'drawbridge', Priority: 0, Statement: { RuleGroupReferenceStatement: { ARN: GROUP.arn } } }],
} as WebACL;

/** A deployment in which all is right. */
const healthy = (): DoctorReaders => ({
  outputs: async () => ({
    apiUrl: OUTPUTS.ApiUrl,
    tokenUrl: OUTPUTS.TokenUrl,
    userPoolId: 'p',
    clientId: 'c',
    noticeTopicArn: OUTPUTS.NoticeTopicArn,
  }),
  api: () => ({
    get: async (_url, token) =>
      token ? { status: 200, body: { environment: 'production', services: [] } } : { status: 401, body: {} },
    token: async () => 'token',
  }),
  slack: {
    post: async () => 401,
    parameters: { signingSecrets: async () => ['a'.repeat(32)], botToken: async () => 'xoxb-test' },
    identity: async () => ({ workspace: 'T0123456789', scopes: [] }),
  },
  subscriptions: async () => [{ protocol: 'email', endpoint: 'duty@example.com', isPending: false }],
  waf: {
    ruleGroups: async () => [GROUP],
    ruleGroup: async () => ({ Name: GROUP.name, Id: '1', ARN: GROUP.arn, Capacity: 250, VisibilityConfig: undefined }),
    ipSets: async () =>
      ['ipv4', 'ipv6'].map((version) => ({ name: `drawbridge-production_shop-${version}`, id: '', arn: '' })),
    webAcls: async () => [{ name: 'site', id: '2', arn: 'arn:site' }],
    webAcl: async () => WEB_ACL,
    webAclOf: async () => undefined,
    resources: async () => [LOAD_BALANCER],
    capacity: async () => 0,
  },
  distributions: async () => [{ id: 'E1', config: {} }],
  healthChecks: async () => [],
});

async function doctor(change: (readers: DoctorReaders) => Partial<DoctorReaders> = () => ({})) {
  const terminal = fakeTerminal();
  const readers = () => ({ ...healthy(), ...change(healthy()) });
  const command = doctorCommand({ readBuiltConfig: async () => ({ config, pages: PAGES }), readers });
  const code = await execute(command, ['production'], terminal);
  return { code, text: terminal.text(), ...terminal.lines };
}
const waf = (more: Partial<DoctorReaders['waf']>) => (readers: DoctorReaders) => ({ waf: { ...readers.waf, ...more } });

it('finds what the config has lost while it was closed: as the function tells it, and by rules that nobody owns', async () => {
  const proof = { state: 'verified', probes: 1, agree: 1, disagree: 0, open: 0, unknown: 0 };
  const lost = { service: 'outlet', title: 'Outlet', mode: 'maintenance', revision: 1, proof, targets: [], drift: [] };
  const services = [{ ...lost, orphaned: true }];
  const told = await doctor((readers) => ({
    api: (outputs) => ({
      ...readers.api(outputs),
      get: async (_url, token) =>
        token ? { status: 200, body: { environment: 'production', services } } : { status: 401, body: {} },
    }),
  }));
  expect(told.code).toBe(EXIT.failed);
  expect(told.text).toContain(
    '✗ Outlet is closed to everyone, and no longer in the config. → Open it (npm run drawbridge',
  );

  const OLD = { name: 'drawbridge-production_old', id: '3', arn: 'arn:old' };
  const withOld = (Rules: object[]) =>
    doctor(
      waf({
        ruleGroups: async ({ scope }) => (scope === 'REGIONAL' ? [GROUP, OLD] : [GROUP]),
        ruleGroup: async (_place, { name, id }) =>
          ({ Name: name, Id: id, Capacity: 250, ...(name === OLD.name ? { Rules } : {}) }) as never,
      }),
    );
  expect((await withOld([])).code).toBe(EXIT.done);
  const { code, text } = await withOld([{ Name: 'page' }]);
  expect(code).toBe(EXIT.failed);
  expect(text).toContain('✗ The rule group drawbridge-production_old in REGIONAL/eu-west-1 closes something');
});

it('finds nothing wrong with a deployment in which all is right', async () => {
  const { code, out, notes } = await doctor();
  expect(code).toBe(EXIT.done);
  expect(out.filter((line) => /✗|–/.test(line))).toEqual([]);
  expect(notes).toEqual(['14 ok, 0 broken, 0 not checked.']);
});

it.each<[string, (readers: DoctorReaders) => Partial<DoctorReaders>, string]>([
  ['a rule group that was never deployed', waf({ ruleGroups: async () => [] }), 'Deploy its switch stack'],
  [
    'a rule group that is too small',
    waf({ ruleGroup: async () => ({ Capacity: 100 }) as never }),
    'has 100 WCU, not 250',
  ],
  ['a set that is missing', waf({ ipSets: async () => [] }), 'no tester can be let in'],
  ['a group that no web ACL asks', waf({ webAcls: async () => [] }), 'it closes nothing'],
  ['a web ACL in front of nothing', waf({ resources: async () => [] }), 'site protects nothing'],
  ['a distribution list that is empty', () => ({ distributions: async () => [] }), 'site protects nothing'],
  [
    'a health check that maintenance fails',
    () => ({ healthChecks: async () => [{ TargetGroupName: 'nlb', HealthCheckPath: '/' }] }),
    'Add / to the service’s exemptPaths',
  ],
])('finds %s, says how to mend it, and ends with an error', async (_what, change, remedy) => {
  const { code, text } = await doctor(change);
  expect(code).toBe(EXIT.failed);
  expect(text).toContain('✗');
  expect(text).toContain(remedy);
});

const denied = () => Promise.reject(awsError('AccessDeniedException'));
it.each<[string, (readers: DoctorReaders) => Partial<DoctorReaders>]>([
  ['cloudformation:DescribeStacks', () => ({ outputs: denied })],
  ['wafv2:ListRuleGroups', waf({ ruleGroups: denied })],
  ['wafv2:GetWebACL', waf({ webAcl: denied })],
  ['wafv2:ListResourcesForWebACL', waf({ resources: denied })],
  [
    'cloudfront:ListDistributionsByWebACLId',
    () => ({ distributions: () => withPermission('cloudfront:ListDistributionsByWebACLId', denied) }),
  ],
  [
    'elasticloadbalancing:DescribeTargetGroups',
    () => ({ healthChecks: () => withPermission('elasticloadbalancing:DescribeTargetGroups', denied) }),
  ],
])('says that it could not check without %s, and goes on', async (permission, change) => {
  const { code, out, notes } = await doctor(change);
  expect(code).toBe(EXIT.done);
  expect(out.join('\n')).toContain(`not checked: needs ${permission}`);
  expect(notes.join()).toMatch(/, [12] not checked/);
  expect(out.at(-1)).not.toBe('The API');
});

it('reads the web ACLs of a place once, however many services are there', async () => {
  let read = 0;
  const twice = {
    ...config.environments.production,
    services: Array(3).fill(config.environments.production?.services[0]),
  };
  const readers = {
    ...healthy(),
    waf: {
      ...healthy().waf,
      webAcl: async () => {
        read += 1;
        return WEB_ACL;
      },
    },
  };
  const built = { config: { admins: [], environments: { production: twice } } as Config, pages: PAGES };
  await execute(
    doctorCommand({ readBuiltConfig: async () => built, readers: () => readers }),
    ['production'],
    fakeTerminal(),
  );
  expect(read).toBe(2);
});

describe('before a deployment', () => {
  const attachment = { dedicated: { loadBalancerArns: [LOAD_BALANCER] } };
  const dedicated = defineConfig({
    environments: {
      production: {
        operators: ['release.manager@example.com'],
        services: [
          { name: 'shop', targets: [{ scope: 'REGIONAL', region: 'eu-west-1', attachment, verification: 'none' }] },
        ],
      },
    },
  });
  async function asked(webAclOf: DoctorReaders['waf']['webAclOf']) {
    const terminal = fakeTerminal();
    const readers = () => ({ ...healthy(), waf: { ...healthy().waf, webAclOf } });
    const command = doctorCommand({ readBuiltConfig: async () => ({ config: dedicated, pages: PAGES }), readers });
    const code = await execute(command, ['production', '--before-deploy'], terminal);
    return { code, text: terminal.text() };
  }
  const named =
    (Name: string, more: Partial<WebACL> = {}) =>
    async () => ({ ...WEB_ACL, Name, ...more });

  it('finds the web ACL that a load balancer has already, and would lose', async () => {
    const { code, text } = await asked(named('site'));
    expect(code).toBe(EXIT.failed);
    expect(text).toContain(`${LOAD_BALANCER} has the web ACL site: deploying replaces it`);
    expect(text).toContain("{ existing: { webAcl: 'site' } }");
    expect((await asked(named('site', { ManagedByFirewallManager: true }))).text).toContain('Firewall Manager');
  });

  it('is content with none, and with our own of the last deployment', async () => {
    expect((await asked(async () => undefined)).code).toBe(EXIT.done);
    expect((await asked(named('drawbridge-production_shop'))).code).toBe(EXIT.done);
  });

  it('says which permission is missing to ask', async () => {
    const { text } = await asked(() => Promise.reject(awsError('AccessDeniedException')));
    expect(text).toContain('not checked: needs wafv2:GetWebACLForResource');
  });
});
