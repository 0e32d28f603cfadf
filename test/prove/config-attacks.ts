/** Settings that would open a door, or close the wrong one, and what is said of them. Data; `attack.ts` tries it. */

const target = {
  scope: 'REGIONAL',
  region: 'eu-west-1',
  verification: { urls: ['https://shop.example.com/'] },
};
const service = (more: object = {}) => ({ name: 'shop', targets: [target], ...more });
const production = (more: object) => ({
  controller: 'controller@example.com',
  environments: { production: { operators: ['manager@example.com'], services: [service()], ...more } },
});
const services = (...all: object[]) => production({ services: all });
const probing = (...urls: string[]) => services(service({ targets: [{ ...target, verification: { urls } }] }));
const slack = (more: object) =>
  production({
    slack: { appId: 'A0123456789', workspaces: ['T0123456789'], channels: ['C0123456789'], ...more },
  });

export const CONFIGS: readonly (readonly [what: string, config: object, due: string])[] = [
  ['a path as name', services(service({ name: '../payments' })), 'It must be a service name'],
  ['a name of a prototype', services(service({ name: '__proto__' })), 'It must be a service name'],
  ['a formula as name', services(service({ name: '=shop' })), 'It must be a service name'],
  ['one name twice', services(service(), service()), 'shop'],
  ['the controller as operator', production({ operators: ['controller@example.com'] }), 'controller@example.com'],
  ['everybody as operator', production({ operators: ['*'] }), 'e-mail address'],
  ['nobody as operator', production({ operators: [] }), 'operators'],
  ['every principal', production({ breakGlass: { principals: ['*'] } }), 'breakGlass.principals'],
  [
    'every role',
    production({ breakGlass: { principals: ['arn:aws:iam::111122223333:role/*'] } }),
    'breakGlass.principals',
  ],
  [
    'the root of an account',
    production({ breakGlass: { principals: ['arn:aws:iam::111122223333:root'] } }),
    'breakGlass.principals',
  ],
  ['everybody let in', services(service({ allowlist: ['0.0.0.0/0'] })), 'allowlist'],
  ['half of the internet let in', services(service({ allowlist: ['128.0.0.0/1'] })), 'allowlist'],
  [
    'an address that anybody can send',
    services(service({ targets: [{ ...target, clientAddress: { header: 'X-Forwarded-For', position: 'FIRST' } }] })),
    'It must be LAST',
  ],
  ['every path exempt', services(service({ exemptPaths: [{ prefix: '/' }] })), 'every page would stay open'],
  ['probes without TLS', probing('http://shop.example.com/'), 'https'],
  ['probes with a password', probing('https://user:password@shop.example.com/'), 'urls'],
  [
    'CloudFront elsewhere than in us-east-1',
    services(service({ targets: [{ ...target, scope: 'CLOUDFRONT' }] })),
    'us-east-1',
  ],
  ['a contact that would run', services(service({ page: { contact: 'javascript:alert(1)' } })), 'page.contact'],
  ['no workspace', slack({ workspaces: [] }), 'It must name a workspace'],
  ['a channel by its name', slack({ channels: ['#general'] }), 'It must be the id of a channel'],
  ['a command of two words', slack({ command: '/draw bridge' }), 'It must be a slash command'],
  ['a setting of another spelling', production({ operatorz: [] }), 'operatorz'],
  ['a setting of a prototype', production({ constructor: 1 }), 'constructor'],
];
