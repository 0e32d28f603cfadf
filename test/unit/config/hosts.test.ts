import { commonHost, hostPatterns, isHostOf } from '../../../config/hosts.ts';

const matched = (hosts: string[], asked: string) =>
  hostPatterns(hosts).some((pattern) => new RegExp(pattern).test(asked.toLowerCase()));

it.each([
  ['shop.example.com', true],
  ['SHOP.example.com', true],
  ['shop.example.com:8443', true],
  ['shop.example.com.', true],
  ['shop.example.com.:443', true],
  ['shopXexample.com', false],
  ['shop.example.com.au', false],
  ['my.shop.example.com', false],
  ['myshop.example.com', false],
  ['', false],
])('of a service at shop.example.com, %s is asked for: %s', (asked, expected) => {
  expect(matched(['shop.example.com'], asked)).toBe(expected);
});

it.each([
  ['de.shop.example.com', true],
  ['b2b.de.shop.example.com:443', true],
  ['shop.example.com', false],
  ['.shop.example.com', false],
  ['de.shop.example.com.evil.example.com', false],
  ['evil.example.com:1.shop.example.com', false],
])('of a service at *.shop.example.com, %s is asked for: %s', (asked, expected) => {
  expect(matched(['*.shop.example.com'], asked)).toBe(expected);
});

it('needs a second pattern only where WAF would take no longer one, and leaves no host out', () => {
  const hosts = Array.from({ length: 40 }, (_none, at) => `shop-${at}.some-long-name.example.com`);
  const patterns = hostPatterns(hosts);
  expect(Math.max(...patterns.map(({ length }) => length))).toBeLessThanOrEqual(200);
  expect(patterns.length).toBeLessThan(hosts.length / 3);
  for (const host of hosts) expect(matched(hosts, host)).toBe(true);
});

it.each([
  [['shop.example.com'], ['shop.example.com'], 'shop.example.com'],
  [['*.example.com'], ['shop.example.com'], 'shop.example.com'],
  [['shop.example.com'], ['www.example.com', '*.example.com'], 'shop.example.com'],
  [['*.shop.example.com'], ['*.example.com'], '*.shop.example.com'],
  [['*.shop.example.com'], ['shop.example.com'], undefined],
  [['*.example.com'], ['example.com', 'shop.example.org'], undefined],
  [['*.shop.example.com'], ['myshop.example.com', '*.myshop.example.com'], undefined],
])('between %j and %j, a request for %s would be closed with either', (some, others, common) => {
  expect(commonHost(some, others)).toBe(common);
  expect(commonHost(others, some)).toBe(common);
});

it('takes every host for one of a service that names none', () => {
  expect(isHostOf({ hosts: [] }, 'anything.example.com')).toBe(true);
  expect(isHostOf({ hosts: ['*.shop.example.com'] }, 'DE.shop.example.com:443')).toBe(true);
  expect(isHostOf({ hosts: ['shop.example.com'] }, 'payments.example.com')).toBe(false);
});
