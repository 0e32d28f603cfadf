import * as fc from 'fast-check';
import {
  type AllowlistEntry,
  allowlistEntries,
  allowlistSchema,
  canonicalAllowlist,
  checkAllowlistEntry,
  liveEntries,
  unseenRange,
} from '../../../contract/allowlist.ts';
import { parse } from '../../../contract/parse.ts';

const cidr = (typed: string) => {
  const checked = checkAllowlistEntry(typed);
  return checked.ok ? checked.cidr : `no: ${checked.message}`;
};

describe('an allowlist entry', () => {
  it.each([
    ['192.0.2.10', '192.0.2.10/32'],
    [' 192.0.2.0/24 ', '192.0.2.0/24'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['2001:DB8:0:0::/32', '2001:db8::/32'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:c000::/19', '2001:c000::/19'],
  ])('%s is sent to WAF as %s', (typed, expected) => {
    expect(cidr(typed)).toBe(expected);
  });

  it.each([
    ['0.0.0.0/0', 'whole internet'],
    ['::/0', 'whole internet'],
    ['192.0.2.10/24', '192.0.2.0/24'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['10.0.0.0/7', 'too wide'],
    ['192.0.2.0/33', 'up to 32'],
    ['192.0.2.0/', 'number'],
    ['192.0.2.0/240', 'up to 32'],
    ['192.0.2.0/2400', 'number up to 32'],
    ['192.0.2.0/24x', 'number up to 32'],
    ['192.0.2.0/x24', 'number up to 32'],
    ['2001:db8::/129', 'number up to 128'],
    ['2001:d00::/18', '/19 is the widest'],
    ['2001:db8::1/64', 'Write 2001:db8::/64 for the range, or 2001:db8::1/128 for the one address.'],
    ['192.0.2', 'IPv4 or IPv6'],
    ['192.0.02.1', 'IPv4 or IPv6'],
    ['fe80::1%eth0', 'IPv4 or IPv6'],
    ['192.0.2.0/24/24', 'IPv4 or IPv6'],
    ['office', 'IPv4 or IPv6'],
    ['::ffff:192.0.2.1', '192.0.2.1/32'],
    ['', 'IPv4 or IPv6'],
  ])('%s is refused, and the answer says what would be right (%s)', (typed, remedy) => {
    const checked = checkAllowlistEntry(typed);
    expect(checked).toMatchObject({ ok: false, message: expect.stringContaining(remedy) });
  });

  it('is the same address or nothing at all, whatever is typed', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 8, max: 32 }), (address, bits) => {
        const checked = checkAllowlistEntry(`${address}/${bits}`);
        const hostBits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) % 2 ** (32 - bits);
        expect(checked.ok).toBe(hostBits === 0);
        if (checked.ok) expect(checked.cidr).toBe(`${address}/${bits}`);
      }),
    );
  });
});

it('equal allowlists are equal however they were typed', () => {
  expect(canonicalAllowlist(['2001:db8::/32', '192.0.2.1', '192.0.2.1/32'])).toEqual(
    canonicalAllowlist(['192.0.2.1/32', '2001:DB8::/32']),
  );
});

it('a list of ranges is sorted, each once, and says which one is none', () => {
  expect(parse(allowlistSchema, ['192.0.2.9', '192.0.2.1', '192.0.2.9/32'])).toEqual(['192.0.2.1/32', '192.0.2.9/32']);
  const refused = (sent: unknown) => () => parse(allowlistSchema, sent);
  expect(refused(['192.0.2.1', 7])).toThrow('The field [1] is 7. It must be text.');
  expect(refused(['office'])).toThrow('IPv4 or IPv6');
  const many = (count: number) => Array.from({ length: count }, (_one, at) => `192.0.${at >> 8}.${at & 255}`);
  expect(parse(allowlistSchema, many(1_000))).toHaveLength(1_000);
  expect(refused(many(1_001))).toThrow('It may have 1000 entries at most.');
});

it('a tester is let in until the very moment that was said, and without one as long as this lasts', () => {
  const until = '2026-11-22T04:00:00.000Z';
  const entries = ['192.0.2.1/32', { range: '192.0.2.2/32', until }, { range: '192.0.2.3/32', who: 'Ana' }];
  const at = (ms: number) => liveEntries(entries, Date.parse(until) + ms);
  expect(at(-1)).toEqual(entries);
  expect(at(0)).toEqual([entries[0], entries[2]]);
});

it.each([
  ['10.0.0.0/8', 'private'],
  ['fd00::/32', 'private'],
  ['100.64.0.0/10', 'carrier'],
  ['169.254.1.1/32', 'link-local'],
  ['127.0.0.1/32', 'loopback'],
  ['::1/128', 'loopback'],
  ['198.18.0.0/15', 'benchmark'],
  ['198.19.255.255/32', 'benchmark'],
  ['2001:2::/48', 'benchmark'],
  ['198.20.0.1/32', undefined],
  ['8.8.8.8/32', undefined],
])('%s is seen by no site on the internet: %s', (range, kind) => expect(unseenRange(range)).toBe(kind));

describe('what an operation lets in', () => {
  const RANGE = '192.0.2.1/32';
  const [early, late] = ['2026-11-22T04:00:00.000Z', '2026-11-22T05:00:00.000Z'];
  it.each<[string, AllowlistEntry[], AllowlistEntry[]]>([
    ['plain ranges are plain ranges', ['192.0.2.9', RANGE], [RANGE, '192.0.2.9/32']],
    ['a range without a person and an end is plain', [{ range: '192.0.2.1' }], [RANGE]],
    [
      'of two ends the later counts',
      [
        { range: RANGE, until: early },
        { range: RANGE, until: late },
      ],
      [{ range: RANGE, until: late }],
    ],
    ['no end is later than any', [{ range: RANGE, until: late }, RANGE], [RANGE]],
    [
      'who comes from one range is named together',
      [
        { range: RANGE, who: 'Ben', until: early },
        { range: '192.0.2.1', who: 'Ana', until: early },
      ],
      [{ range: RANGE, who: 'Ben, Ana', until: early }],
    ],
    [
      'nobody is named twice, and blanks are nobody',
      [
        { range: RANGE, who: ' Ben ' },
        { range: RANGE, who: 'Ben' },
        { range: RANGE, who: ' ' },
      ],
      [{ range: RANGE, who: 'Ben' }],
    ],
    [
      'ends are equal however they are written',
      [{ range: RANGE, until: '2026-11-22T04:00:00Z' }],
      [{ range: RANGE, until: early }],
    ],
  ])('%s', (_what, sent, canonical) => {
    expect(parse(allowlistEntries, sent)).toEqual(canonical);
  });

  it.each<[unknown, string, string]>([
    [[RANGE, { range: '0.0.0.0/0' }], '[1].range', 'whole internet'],
    [[{ range: RANGE, until: 'tonight' }], '[0].until', 'ISO 8601'],
    [[{ range: RANGE, who: 'x'.repeat(129) }], '[0].who', '128'],
    [['office'], '[0]', 'IPv4 or IPv6'],
    [[7], '[0]', 'range, who, until'],
    [[{ range: 7 }], '[0].range', 'It must be text.'],
    [[{ range: RANGE, who: 7 }], '[0].who', 'It must be text.'],
    [[{ range: RANGE, why: 'x' }], '[0].why', 'not known'],
    [Array.from({ length: 1_001 }, () => RANGE), '(the whole body)', '1000 entries at most'],
  ])('%j is refused at %s', (sent, field, remedy) => {
    expect(() => parse(allowlistEntries, sent)).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ field, message: expect.stringContaining(remedy) }),
      }),
    );
  });
});
