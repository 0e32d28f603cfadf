import { type AddressVersion, inRanges, readAddress, readRange, writeRange } from '../../../../local/waf/ip-ranges.ts';

const refused = (cidr: string, version: AddressVersion = 'IPV4') =>
  expect(() => readRange(cidr, version)).toThrow(`field: IP_ADDRESS, parameter: ${cidr}`);

it('takes CIDR of the set’s own version, and only the network’s own address', () => {
  for (const cidr of ['192.0.2.0/24', '192.0.2.1/32', '128.0.0.0/1'])
    expect(writeRange(readRange(cidr, 'IPV4'))).toBe(cidr);
  for (const cidr of [
    '192.0.2.1',
    '192.0.2.1/24',
    '0.0.0.0/0',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2/24',
    '::/32',
    '',
  ])
    refused(cidr);
  for (const cidr of ['2001:db8::1/64', '::/0', '2001:db8::/129', '192.0.2.0/24', '2001:db8::1', 'fe80::%1/128'])
    refused(cidr, 'IPV6');
});

it('does not read an address as something else than it says', () => {
  for (const cidr of ['0192.0.2.0/24', '192.0.2.0x1/32', '3221225985/32']) refused(cidr);
});

it('gives IPv6 back in its long form', () => {
  expect(writeRange(readRange('2001:db8::/32', 'IPV6'))).toBe('2001:0db8:0000:0000:0000:0000:0000:0000/32');
});

it('never finds an address of one version in a range of the other', () => {
  const ranges = [readRange('::/1', 'IPV6')];
  expect(inRanges(readAddress('192.0.2.1') as never, ranges)).toBe(false);
  expect(inRanges(readAddress('2001:db8::1') as never, ranges)).toBe(true);
});
