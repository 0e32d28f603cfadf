import { defineConfig } from '../../../config/define-config.ts';
import { notesOn } from '../../../config/notes.ts';
import type { ConfigInput } from '../../../config/schema.ts';

type ServiceInput = ConfigInput['environments'][string]['services'][number];
type Attachment = ServiceInput['targets'][number]['attachment'];

const LOAD_BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188';
const OWN = { dedicated: { loadBalancerArns: [LOAD_BALANCER] } };
const NAMED = { existing: { webAcl: 'ingress' } };

const service = (name: string, hosts: string[], attachment: Attachment, region = 'eu-west-1'): ServiceInput => ({
  name,
  hosts,
  targets: [{ scope: 'REGIONAL', region, attachment, verification: 'none' }],
});
const environment = (...services: ServiceInput[]) => ({
  account: '111122223333',
  operators: ['release.manager@example.com'],
  services,
});
const production = (...services: ServiceInput[]): ConfigInput => ({
  environments: { production: environment(...services) },
});

const SHOP = ['shop.example.com', '*.shop.example.com'];
const PAYMENTS = ['payments.example.com'];

it.each<[string, ConfigInput]>([
  [
    'a dedicated web ACL',
    production(service('shop', SHOP, OWN), service('payments', PAYMENTS, { sharedWith: 'shop' })),
  ],
  ['somebody else’s web ACL', production(service('shop', SHOP, NAMED), service('payments', PAYMENTS, NAMED))],
  [
    'somebody else’s web ACL, from two environments',
    {
      environments: {
        production: environment(service('shop', SHOP, NAMED)),
        staging: environment(service('shop-staging', ['staging.example.com'], NAMED)),
      },
    },
  ],
])('lets services share %s when each has hosts of its own', (_what, input) => {
  expect(() => defineConfig(input)).not.toThrow();
});

const twenty = Array.from({ length: 20 }, (_none, at) =>
  service(`service-${at}`, [`service-${at}.example.com`], { sharedWith: 'shop' }),
);

it.each<[string, ConfigInput, RegExp]>([
  [
    'one without hosts among them',
    production(service('shop', SHOP, OWN), service('payments', [], { sharedWith: 'shop' })),
    /one web ACL asks "shop" and "payments", and "payments" has no hosts: closing it closes all of them/,
  ],
  [
    'one without hosts behind a named web ACL of somebody else',
    production(service('shop', [], NAMED), service('payments', PAYMENTS, NAMED)),
    /"shop" has no hosts/,
  ],
  [
    'hosts of both',
    production(service('shop', SHOP, OWN), service('payments', ['pay.shop.example.com'], { sharedWith: 'shop' })),
    /pay\.shop\.example\.com is among the hosts of "shop" and of "payments".*Leave it with one/,
  ],
  [
    'hosts of both in two environments of one account',
    {
      environments: {
        production: environment(service('shop', SHOP, NAMED)),
        staging: environment(service('shop-staging', ['new.shop.example.com'], NAMED)),
      },
    },
    /new\.shop\.example\.com is among the hosts of "shop" and of "shop-staging"/,
  ],
  [
    'hosts of both where the web ACLs are not named',
    production(service('shop', SHOP, 'existing'), service('payments', ['*.example.com'], 'existing')),
    /hosts of "shop" and of "payments".*existing: \{ webAcl \}/,
  ],
  [
    'a web ACL that nobody has',
    production(service('shop', SHOP, 'existing'), service('payments', PAYMENTS, { sharedWith: 'shop' })),
    /"payments" \(REGIONAL\/eu-west-1\) is attached to the web ACL of "shop", which has no dedicated one there/,
  ],
  [
    'a web ACL of another place',
    production(service('shop', SHOP, OWN), service('payments', PAYMENTS, { sharedWith: 'shop' }, 'eu-central-1')),
    /has no dedicated one there/,
  ],
  [
    'a misspelt owner',
    production(service('shop', SHOP, OWN), service('payments', PAYMENTS, { sharedWith: 'shp' })),
    /There are: shop/,
  ],
  ['more groups than a web ACL takes', production(service('shop', SHOP, OWN), ...twenty), /21 rule groups of 250 WCU/],
  [
    'a load balancer twice',
    production(service('shop', SHOP, OWN), service('payments', PAYMENTS, OWN)),
    /write attachment: \{ sharedWith: "shop" \} here, and give both their hosts/,
  ],
  [
    'a load balancer in two environments',
    {
      environments: {
        production: environment(service('shop', SHOP, OWN)),
        staging: environment(service('shop-staging', PAYMENTS, OWN)),
      },
    },
    /Set both to \{ existing: \{ webAcl \} \}/,
  ],
  ['a host with a port', production(service('shop', ['shop.example.com:443'], 'existing')), /without a port/],
  ['a host in capitals', production(service('shop', ['Shop.example.com'], 'existing')), /lower case/],
  [
    'a wildcard in the middle',
    production(service('shop', ['shop.*.example.com'], 'existing')),
    /\*\.shop\.example\.com/,
  ],
])('refuses %s and says what to do', (_what, input, remedy) => {
  expect(() => defineConfig(input)).toThrow(remedy);
});

it('notes a service without hosts that may stand behind the web ACL of one with hosts', () => {
  const notes = (attachment: Attachment) =>
    notesOn(defineConfig(production(service('shop', [], attachment), service('payments', PAYMENTS, 'existing')))).join(
      '\n',
    );
  expect(notes('existing')).toContain(
    '"shop" (REGIONAL/eu-west-1) has no hosts: if the web ACL of "payments" asks it too',
  );
  expect(notes(NAMED)).not.toContain('has no hosts');
});
