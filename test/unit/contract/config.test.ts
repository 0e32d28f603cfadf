import { type ConfigInput, defineConfig } from '../../../contract/config.ts';

const target = { scope: 'REGIONAL' as const, region: 'eu-west-1', verification: 'none' as const };
const withServices = (services: ConfigInput['environments'][string]['services']): ConfigInput => ({
  environments: { production: { operators: ['release.manager@example.com'], services } },
});

it('fills in what a ten-line config leaves out', () => {
  const config = defineConfig(withServices([{ name: 'shop', targets: [target] }]));
  expect(config.environments.production).toMatchObject({
    proof: { probes: 5, spreadSeconds: 10 },
    retryAfterSeconds: 600,
    services: [{ apiPrefixes: [], allowlist: [], targets: [{ clientAddress: 'source-ip' }] }],
  });
});

it.each<[string, ConfigInput, string]>([
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
    'a CLOUDFRONT target outside us-east-1',
    withServices([{ name: 'shop', targets: [{ ...target, scope: 'CLOUDFRONT' }] }]),
    'us-east-1',
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
  ['a misspelt field', withServices([{ name: 'shop', targets: [target], apiPrefix: '/api' } as never]), 'apiPrefix'],
])('refuses %s and says what to mend', (_what, input, remedy) => {
  expect(() => defineConfig(input)).toThrow(remedy);
});
