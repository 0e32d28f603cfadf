import { readFileSync } from 'node:fs';
import { defineConfig } from '../../../config/define-config.ts';
import type { ConfigInput } from '../../../config/schema.ts';
import minimal from '../../../docs/examples/minimal.config.ts';

const target = { scope: 'REGIONAL' as const, region: 'eu-west-1', verification: 'none' as const };
const withServices = (services: ConfigInput['environments'][string]['services']): ConfigInput => ({
  environments: { production: { operators: ['release.manager@example.com'], services } },
});

it('fills in what a ten-line config leaves out', () => {
  expect(minimal.environments.production).toMatchObject({
    region: 'eu-west-1',
    proof: { probesPerSecond: 80 },
    retryAfterSeconds: 600,
    alarms: { email: [] },
    services: [
      {
        cloudFront: false,
        apiPrefixes: [],
        allowlist: [],
        targets: [{ clientAddress: 'source-ip', attachment: 'existing' }],
      },
    ],
  });
  const lines = readFileSync('docs/examples/minimal.config.ts', 'utf8').split('\n');
  expect(lines.filter((line) => line.trim() !== '')).toHaveLength(10);
});

it('reads its own answer again, as the Lambdas do', () => {
  expect(defineConfig(minimal)).toEqual(minimal);
});

const production = (more: object): ConfigInput => ({
  environments: {
    production: { ...withServices([{ name: 'shop', targets: [target] }]).environments.production!, ...more },
  },
});
const slackApp = (appId: string) => ({ appId, workspaces: ['T0123456789'], channels: ['C0123456789'] });
const chatChannel = { workspace: 'T0123456789', channel: 'C0123456789' };
const loadBalancer = (region: string, kind = 'app') =>
  `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/${kind}/shop/50dc6c495c0c9188`;
const dedicated = (...loadBalancerArns: string[]) => ({ ...target, attachment: { dedicated: { loadBalancerArns } } });
const cloudFront = { ...target, scope: 'CLOUDFRONT' as const, region: 'us-east-1' };

const withPage = (page: object): ConfigInput => {
  const verification = { urls: ['https://shop.example.com/'] };
  return withServices([{ name: 'shop', targets: [{ ...target, verification }], exemptPaths: ['/status'], page }]);
};

it.each([
  {},
  { statusUrl: 'https://status.example.com/', contact: 'help+shop@example.com' },
  { contact: 'https://example.com/help?from=shop' },
  { statusUrl: 'https://shop.example.com/status' },
])('takes links of the maintenance page that stay open: %j', (page) => {
  expect(defineConfig(withPage(page)).environments.production?.services[0]?.page).toEqual(page);
});

it.each<[string, ConfigInput, string]>([
  [
    'a status page that is not https',
    withPage({ statusUrl: 'http://status.example.com/' }),
    'page.statusUrl is "http://status.example.com/". It must be a full https URL',
  ],
  [
    'a link that takes the room of the page',
    withPage({ statusUrl: `https://status.example.com/${'a'.repeat(74)}` }),
    'It must be 100 characters at most: the whole page has 4,096 bytes.',
  ],
  [
    'a link that is no link as browsers send it',
    withPage({ statusUrl: 'https://status.example.com/zustände' }),
    'It must be as browsers send it',
  ],
  [
    'a contact that would run',
    withPage({ contact: 'javascript:alert(1)' }),
    'page.contact is "javascript:alert(1)". It must be an e-mail address, or a full https URL, of 100 characters at most.',
  ],
  ['a contact with more than an address', withPage({ contact: 'help@example.com?cc=x' }), 'must be an e-mail address'],
  [
    'a status page that closes with the service',
    withPage({ statusUrl: 'https://shop.example.com/news' }),
    'page.statusUrl https://shop.example.com/news, which is closed with it. Name a page of another site',
  ],
  ['a link of a misspelt name', withPage({ statusUrls: 'https://status.example.com/' }), 'Did you mean statusUrl?'],
  [
    'a public status of what is no service here',
    production({ publicStatus: ['shop', 'shpo'] }),
    'environments.production.publicStatus names "shpo". There are: shop.',
  ],
  [
    'reminders by e-mail to nobody',
    production({ reminders: { byEmail: true } }),
    'environments.production.reminders has byEmail, and alarms.email names nobody',
  ],
  [
    'a reminder days before',
    production({ reminders: { minutes: 2_880 } }),
    'reminders.minutes is 2880. It must be 720 at most',
  ],
  [
    'so few probes that nothing is ever proven',
    production({ proof: { probesPerSecond: 4 } }),
    'must be 5 at least: with fewer no change is proven before its row reads Unproven',
  ],
  [
    'how many probes are enough, which is no setting',
    production({ proof: { probes: 3 } }),
    'Did you mean probesPerSecond?',
  ],
  [
    'two services of one name, in different environments too',
    {
      environments: {
        ...withServices([{ name: 'shop', targets: [target] }]).environments,
        staging: { operators: ['developer@example.com'], services: [{ name: 'shop', targets: [target] }] },
      },
    },
    'shop-staging',
  ],
  [
    'a title that is another service’s name, in another environment',
    {
      environments: {
        ...withServices([{ name: 'shop', targets: [target] }]).environments,
        staging: {
          operators: ['developer@example.com'],
          services: [{ name: 'shop-staging', title: 'Shop', targets: [target] }],
        },
      },
    },
    'environments.staging.services[0] is called "Shop", and so is environments.production.services[0]',
  ],
  [
    'a name that is another service’s title, in another environment',
    {
      environments: {
        ...withServices([{ name: 'shop', title: 'Webshop', targets: [target] }]).environments,
        staging: { operators: ['developer@example.com'], services: [{ name: 'webshop', targets: [target] }] },
      },
    },
    'environments.staging.services[0] is called "webshop", and so is environments.production.services[0]',
  ],
  [
    'a title that only reads like another service’s',
    {
      environments: {
        ...withServices([{ name: 'shop', title: 'Web shop', targets: [target] }]).environments,
        staging: {
          operators: ['developer@example.com'],
          services: [{ name: 'shop-staging', title: 'ＷＥＢ  sh\u043ep', targets: [target] }],
        },
      },
    },
    'and so is environments.production.services[0]',
  ],
  [
    'a group that is called like a service',
    production({ groups: [{ name: 'shop', services: ['shop'] }] }),
    'environments.production.groups[0] is called "shop"',
  ],
  [
    'a CLOUDFRONT target outside us-east-1',
    withServices([{ name: 'shop', targets: [{ ...target, scope: 'CLOUDFRONT' }] }]),
    'us-east-1',
  ],
  [
    'a verification that was forgotten',
    withServices([{ name: 'shop', targets: [{ scope: 'REGIONAL', region: 'eu-west-1' } as never] }]),
    'It must be { urls: [...] }, or "none" in writing',
  ],
  [
    'a field that is misspelt',
    withServices([{ name: 'shop', targets: [target], exemptPath: ['/health'] } as never]),
    '(service "shop").exemptPath is not known. Did you mean exemptPaths?',
  ],
  [
    'a title that is too long',
    withServices([{ name: 'shop', title: 'x'.repeat(61), targets: [target] }]),
    'It must be at most 60 characters long.',
  ],
  [
    'a path that browsers send in another way',
    withServices([{ name: 'shop', targets: [target], exemptPaths: ['/gesundheit/prüfen'] }]),
    '%C3%BC instead of ü',
  ],
  [
    'a path of which WAF would compare only a part',
    withServices([{ name: 'shop', targets: [target], apiPrefixes: [`/${'a'.repeat(200)}`] }]),
    '200 characters at most',
  ],
  ['one target twice', withServices([{ name: 'shop', targets: [target, target] }]), 'REGIONAL/eu-west-1 twice'],
  [
    'a forwarded address that anybody can send',
    withServices([
      {
        name: 'shop',
        targets: [{ ...target, clientAddress: { header: 'X-Forwarded-For', position: 'FIRST' as 'LAST' } }],
      },
    ]),
    'LAST',
  ],
  [
    'host bits in an allowlist',
    withServices([{ name: 'shop', targets: [target], allowlist: ['192.0.2.9/24'] }]),
    '192.0.2.0/24',
  ],
  [
    'a probe without https',
    withServices([{ name: 'shop', targets: [{ ...target, verification: { urls: ['http://shop.example.com/'] } }] }]),
    'https',
  ],
  [
    'no operators',
    { environments: { production: { operators: [], services: [{ name: 'shop', targets: [target] }] } } },
    'operator',
  ],
  [
    'a service behind CloudFront whose cached pages would stay open',
    withServices([{ name: 'shop', cloudFront: true, targets: [target] }]),
    'service "shop" is behind CloudFront and has no CLOUDFRONT target',
  ],
  [
    'a service behind CloudFront whose load balancer would take every tester for CloudFront',
    withServices([{ name: 'shop', cloudFront: true, targets: [target, cloudFront] }]),
    'X-Forwarded-For',
  ],
  [
    'a web ACL of its own for what cannot have one',
    withServices([{ name: 'shop', targets: [dedicated(loadBalancer('eu-west-1', 'net'))] }]),
    'application load balancer',
  ],
  [
    'a web ACL of its own for a load balancer elsewhere',
    withServices([{ name: 'shop', targets: [dedicated(loadBalancer('eu-central-1'))] }]),
    'service "shop" (REGIONAL/eu-west-1) names arn:aws:elasticloadbalancing:eu-central-1',
  ],
  [
    'a web ACL of its own that protects nothing',
    withServices([{ name: 'shop', targets: [dedicated()] }]),
    'Name its load balancers',
  ],
  [
    'load balancers of a web ACL that CloudFront has',
    withServices([
      { name: 'shop', targets: [{ ...cloudFront, attachment: dedicated(loadBalancer('us-east-1')).attachment }] },
    ]),
    'its distribution names the web ACL',
  ],
  [
    'one load balancer in two services',
    withServices([
      { name: 'shop', targets: [dedicated(loadBalancer('eu-west-1'))] },
      { name: 'payments', targets: [dedicated(loadBalancer('eu-west-1'))] },
    ]),
    'service "payments" (REGIONAL/eu-west-1) names arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188, and so does "shop"',
  ],
  [
    'a load balancer of another account',
    production({
      account: '444455556666',
      services: [{ name: 'shop', targets: [dedicated(loadBalancer('eu-west-1'))] }],
    }),
    'which is in another account than production (444455556666)',
  ],
  [
    'an exempt path with a query',
    withServices([{ name: 'shop', targets: [target], exemptPaths: ['/health?deep=1'] }]),
    'WAF compares it without the query',
  ],
  ['an account that lost its leading zero', production({ account: 11_222_333_344 }), '12 digits'],
  ['an alarm to no address', production({ alarms: { email: ['on call'] } }), 'e-mail address'],
  [
    'a Slack channel by its name',
    production({ slack: { appId: 'A0123456789', workspaces: ['T0123456789'], channels: ['#releases'] } }),
    'the id of a channel, such as C0123456789',
  ],
  [
    'an environment whose sign-in domain Cognito would refuse',
    {
      environments: { 'aws-prod': withServices([{ name: 'shop', targets: [target] }]).environments.production },
    } as ConfigInput,
    'Cognito',
  ],
  [
    'a controller that is an operator, in whatever case',
    { ...production({}), controller: 'Release.Manager@example.com' },
    'controller is Release.Manager@example.com, and so is one of environments.production.operators',
  ],
  [
    'a controller that is an operator of one service',
    {
      ...withServices([{ name: 'shop', targets: [target], operators: ['controller@example.com'] }]),
      controller: 'controller@example.com',
    },
    'operators of service "shop"',
  ],
  [
    'a controller that may use its own control spreadsheet',
    { ...production({}), controller: 'controller@example.com', admins: ['controller@example.com'] },
    'one of admins',
  ],
  [
    'a controller that Google tells nothing',
    { ...production({}), controller: 'drawbridge.controller@gmail.com' },
    'an account of the Workspace domain',
  ],
  [
    'everybody of an account as whoever may break the glass',
    production({ breakGlass: { principals: ['arn:aws:iam::111122223333:root'] } }),
    'arn:aws:iam::111122223333:role/on-call',
  ],
  [
    'any role as whoever may break the glass',
    production({ breakGlass: { principals: ['arn:aws:iam::111122223333:role/*'] } }),
    'It must be the ARN of an IAM role or user',
  ],
  [
    'a header for any other',
    withServices([{ name: 'shop', targets: [target], apiHeaders: ['*'] }]),
    'It must name each header',
  ],
  [
    'more headers than WAF sends in one',
    withServices([{ name: 'shop', targets: [target], apiHeaders: Array(30).fill('X-Some-Header') }]),
    'Name only those that the apps send',
  ],
  [
    'no Slack channel',
    production({ slack: { appId: 'A0123456789', workspaces: ['T0123456789'], channels: [] } }),
    'It must name a channel',
  ],
  [
    'a slash command in capitals',
    production({
      slack: { appId: 'A0123456789', workspaces: ['T0123456789'], channels: ['C0123456789'], command: '/Drawbridge' },
    }),
    'such as /drawbridge',
  ],
  [
    'one slash command for two apps of one workspace',
    {
      environments: {
        production: production({ slack: slackApp('A0123456789') }).environments.production,
        staging: {
          ...withServices([{ name: 'shop-staging', targets: [target] }]).environments.production,
          slack: slackApp('A9876543210'),
        },
      },
    } as ConfigInput,
    'such as /drawbridge-staging',
  ],
  [
    'a chat channel that may let testers in',
    production({ chat: { ...chatChannel, allow: ['enable-allowlist'] } }),
    'It must be status, enter or exit',
  ],
  ['a chat channel that may ask for nothing', production({ chat: { ...chatChannel, allow: [] } }), 'name a command'],
  [
    'a chat channel by its name',
    production({ chat: { ...chatChannel, channel: '#releases' } }),
    'the id of a channel, such as C0123456789',
  ],
  [
    'one channel for the Slack app and for the way without one',
    production({ slack: slackApp('A0123456789'), chat: chatChannel }),
    'whose app proves who asks',
  ],
  ['a misspelt field', withServices([{ name: 'shop', targets: [target], apiPrefix: '/api' } as never]), 'apiPrefix'],
])('refuses %s and says what to fix', (_what, input, remedy) => {
  expect(() => defineConfig(input)).toThrow(remedy);
});
