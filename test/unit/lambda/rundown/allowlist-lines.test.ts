import { checkLines } from '../../../../lambda/src/rundown/plan/allowlist-lines.ts';
import { NOW } from '../../../builders.ts';

const line = (address: string, who = '', row = 2) => ({
  row,
  address,
  who,
  until: { text: '' },
  services: '',
  note: '',
});
const notes = (...lines: ReturnType<typeof line>[]) =>
  checkLines(lines as never, NOW, ['shop']).map(({ note }) => note);

it.each([
  ['10.1.2.3', 'private network'],
  ['fd00:7e57::1', 'private network'],
  ['100.64.3.4', 'CGNAT'],
  ['100.127.255.255', 'CGNAT'],
  ['169.254.10.1', 'link-local'],
  ['fe80::1', 'link-local'],
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['198.18.0.9', 'benchmarking'],
  ['198.19.255.1', 'benchmarking'],
  ['2001:2::7', 'benchmarking'],
])('says of %s that a site on the internet never sees it (%s)', (address, kind) => {
  expect(notes(line(address, 'Ana'))[0]).toMatch(/a site on the internet never sees/);
  expect(notes(line(address, 'Ana'))[0]).toContain(kind);
});

it.each(['192.0.2.10', '198.51.100.1', '203.0.113.0/24', '198.20.0.1', '2001:db8::1'])(
  'has nothing against %s',
  (address) => {
    expect(notes(line(address))).toEqual(['']);
  },
);

it('asks for the other kind of address of a tester with one kind, in whatever case the name is written', () => {
  expect(notes(line('192.0.2.10', 'Ana'))).toEqual([expect.stringContaining('only IPv4 is listed')]);
  expect(notes(line('2001:db8::1', 'Ana'))).toEqual([expect.stringContaining('an IPv4 address as well')]);
  expect(notes(line('192.0.2.10', 'Ana'), line('2001:db8::1', ' ANA', 3))).toEqual(['', '']);
  expect(notes(line('192.0.2.10', 'Ana'), line('2001:db8::1', 'Ben', 3))).toEqual([
    expect.stringContaining('only IPv4'),
    expect.stringContaining('only IPv6'),
  ]);
});

it('counts only addresses that are sent', () => {
  expect(notes(line('192.0.2.10', 'Ana'), line('2001:db8::/200', 'Ana', 3))).toEqual([
    expect.stringContaining('only IPv4'),
    '',
  ]);
});

const says = (address: string, until: { text: string; at?: string } = { text: '' }) =>
  checkLines([{ ...line(address), until }] as never, NOW, ['shop']).map((one) => one.says);

it.each(['192.0.2.10, 192.0.2.11', '192.0.2.10\n2001:db8::1', '192.0.2.10 198.51.100.0/24'])(
  'of several addresses in one cell (%j) it says: one per line',
  (address) => {
    expect(says(address)).toEqual([expect.stringMatching(/^Not sent: .*one per line/)]);
  },
);

it('of what is one address and something else it says what an address is', () => {
  expect(says('192.0.2.10 office')).toEqual([expect.stringMatching(/^Not sent: It must be an IPv4 or IPv6 address/)]);
});

it('of an Until that is a time of day or no time, first that the line is not sent', () => {
  expect(says('192.0.2.10', { text: '22:00', at: '1899-12-30T22:00:00.000Z' })).toEqual([
    'Not sent: there is a time under Until, but no date. Write both, such as 2026-11-22 06:00.',
  ]);
  expect(says('192.0.2.10', { text: 'tonight' })).toEqual([expect.stringMatching(/^Not sent: .*no date with a time/)]);
});
