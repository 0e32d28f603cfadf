import * as fc from 'fast-check';
import {
  type AllowlistEntry,
  allowlistEntries,
  canonicalAllowlist,
  checkAllowlistEntry,
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
  ])('%j is refused at %s', (sent, field, remedy) => {
    expect(() => parse(allowlistEntries, sent)).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ field, message: expect.stringContaining(remedy) }),
      }),
    );
  });
});
