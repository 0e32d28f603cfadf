import { readDuration } from '../../../../contract/duration.ts';
import { nearest } from '../../../../lambda/src/model/nearest.ts';
import { knownServices } from '../../../../lambda/src/model/service-names.ts';
import { readCommand } from '../../../../lambda/src/slack/commands.ts';
import { environmentOf } from '../../../builders.ts';

const config = environmentOf();
const [shop] = config.services;
const payments = { ...shop, name: 'payments', title: 'Payments' } as NonNullable<typeof shop>;
const known = knownServices({
  ...config,
  services: [...config.services, payments],
  groups: [{ name: 'storefront', services: ['shop', 'payments'] }],
});
const read = (text: string) => readCommand(text, known, '/drawbridge');

const HOUR = 3_600_000;

it.each([
  ['', { kind: 'form' }],
  ['   ', { kind: 'form' }],
  ['help', { kind: 'help' }],
  ['status', { kind: 'status', services: [] }],
  ['status shop', { kind: 'status', services: ['shop'] }],
  ['STATUS Shop', { kind: 'status', services: ['shop'] }],
  ['enter', { kind: 'form', action: 'enter' }],
  ['enable-allowlist', { kind: 'form', action: 'enable-allowlist' }],
  ['enter shop', { kind: 'wish', wish: { action: 'enter', named: 'shop', services: ['shop'] } }],
  ['rehearse enter shop', { kind: 'rehearsal', wish: { action: 'enter', named: 'shop', services: ['shop'] } }],
  ['  enter   shop  ', { kind: 'wish', wish: { action: 'enter', named: 'shop', services: ['shop'] } }],
  [
    'enter shop for 2h',
    { kind: 'wish', wish: { action: 'enter', named: 'shop', services: ['shop'], forMs: 2 * HOUR } },
  ],
  ['exit storefront', { kind: 'wish', wish: { action: 'exit', named: 'storefront', services: ['shop', 'payments'] } }],
  ['enable-allowlist shop', { kind: 'wish', wish: { action: 'enable-allowlist', named: 'shop', services: ['shop'] } }],
  [
    'enable-allowlist shop 192.0.2.7 for 2h',
    {
      kind: 'wish',
      wish: {
        action: 'enable-allowlist',
        named: 'shop',
        services: ['shop'],
        ranges: ['192.0.2.7/32'],
        forMs: 2 * HOUR,
      },
    },
  ],
  [
    'enable-allowlist shop 192.0.2.7, 2001:db8::/32',
    {
      kind: 'wish',
      wish: {
        action: 'enable-allowlist',
        named: 'shop',
        services: ['shop'],
        ranges: ['192.0.2.7/32', '2001:db8::/32'],
      },
    },
  ],
])('"%s" is understood', (text, intent) => {
  expect(read(text)).toEqual(intent);
});

it.each([
  ['entr shop', 'Did you mean enter?'],
  ['opne shop', 'There is no "opne". There are: status, enter'],
  ['eixt shop', 'Did you mean exit?'],
  ['enable shop', 'Did you mean enable-allowlist?'],
  ['rehearse', 'Say which action of which service'],
  ['rehearse status', 'Say which action of which service'],
  ['rehearse enter', 'Say which action of which service'],
  ['rehearse enter shpo', 'Did you mean shop?'],
  ['enter shpo', 'There is no service "shpo" here. Did you mean shop? There are: shop, payments, storefront.'],
  ['enter checkout', 'There is no service "checkout" here. There are: shop, payments, storefront.'],
  ['exit payment', 'Did you mean payments?'],
  ['enter shop now', '"now" is not understood here'],
  ['enter shop payments', '"payments" is not understood here'],
  ['status shop payments', '"payments" is not understood here'],
  ['enter shop for ages', '"ages" is no length of time'],
  ['enter shop for', '"" is no length of time'],
  ['enter shop for 31d', '"31d" is no length of time'],
  ['exit shop for 2h', '"for" says how long'],
  ['enable-allowlist shop for 2h', 'enable-allowlist names no address here'],
  ['enable-allowlist shop 192.0.2.300', '"192.0.2.300" is no address to let in'],
  ['enable-allowlist shop 0.0.0.0/0', 'the whole internet'],
  ['enable-allowlist shop everybody', '"everybody" is no address to let in'],
  ['enter <!channel>', 'There is no service "<!channel>" here'],
])('"%s" runs nothing, and says what could be meant', (text, message) => {
  const intent = read(text);
  expect(intent.kind).toBe('wrong');
  expect(intent.kind === 'wrong' && intent.message).toContain(message);
  expect(intent.kind === 'wrong' && intent.message).toContain('Nothing was run.');
});

it.each([
  ['30m', 30 * 60_000],
  ['2h', 2 * HOUR],
  ['1h30m', 1.5 * HOUR],
  ['1 h 30 min', 1.5 * HOUR],
  ['2 hours', 2 * HOUR],
  ['1d', 24 * HOUR],
  ['30 days', 720 * HOUR],
  ['0m', undefined],
  ['2', undefined],
  ['-2h', undefined],
  ['2h!', undefined],
  ['99999999h', undefined],
])('"%s" is so long', (text, ms) => {
  expect(readDuration(text)).toBe(ms);
});

it.each([
  ['shpo', 'shop'],
  ['sho', 'shop'],
  ['pay', 'payments'],
  ['x', undefined],
  ['database', undefined],
])('for "%s" the nearest is offered, if it is near', (typed, word) => {
  expect(nearest(typed, ['shop', 'payments'])).toBe(word);
});
