import { ALLOWLIST_MAX_ENTRIES, LONGEST_WHO } from '../../../../contract/allowlist.ts';
import { checkLines, entriesFor, isFor } from '../../../../lambda/src/rundown/plan/allowlist-lines.ts';
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

it.each(['192.0.2.10, 192.0.2.11', '192.0.2.10\n2001:db8::1', '192.0.2.10 198.51.100.0/24', '192.0.2.10;192.0.2.11,'])(
  'of several addresses in one cell (%j) it says: one per line',
  (address) => {
    expect(says(address)).toEqual([expect.stringMatching(/^Not sent: .*one per line/)]);
  },
);

it('of what is one address and something else it says what an address is', () => {
  for (const address of ['192.0.2.10 office', '192.0.2.10,']) {
    expect(says(address)).toEqual([expect.stringMatching(/^Not sent: It must be an IPv4 or IPv6 address/)]);
  }
});

it('of an Until that is a time of day or no time, first that the line is not sent', () => {
  expect(says('192.0.2.10', { text: '22:00', at: '1899-12-30T22:00:00.000Z' })).toEqual([
    'Not sent: there is a time under Until, but no date. Write both, such as 2026-11-22 06:00.',
  ]);
  expect(says('192.0.2.10', { text: 'tonight' })).toEqual([expect.stringMatching(/^Not sent: .*no date with a time/)]);
});

describe('what a line is worth', () => {
  const until = (ms: number) => ({ text: 't', at: new Date(ms).toISOString() });
  const said = (more: object, names = ['shop', 'payments']) => {
    const [first] = checkLines([{ ...line('192.0.2.10'), ...more }] as never, NOW, names);
    return { says: first?.says, isSent: first?.cidr !== undefined };
  };

  it('is its range, while its time has not ended', () => {
    expect(said({})).toEqual({ says: expect.stringContaining('Ready (192.0.2.10/32)'), isSent: true });
    expect(said({ until: until(NOW + 1) })).toMatchObject({ isSent: true });
    expect(said({ until: { text: '  ' } })).toMatchObject({ isSent: true });
    expect(said({ until: until(NOW) })).toEqual({ says: expect.stringContaining('Expired'), isSent: false });
  });

  it.each([
    ['no address', { address: '  ' }, /^$/],
    ['something else than an address', { address: 'the office' }, /^Not sent: ./],
    ['an end that is no time', { until: { text: 'tonight' } }, /^Not sent: .*is no date with a time/],
    ['an end without a date', { until: { text: '06:00', at: '1899-12-30T06:00:00Z' } }, /^Not sent: .*but no date/],
    ['a service that there is not', { services: 'shop, Shpo' }, /no Service "shpo"\. There are: shop, payments/],
  ])('with %s it is not sent', (_what, more, says) => {
    expect(said(more)).toEqual({ says: expect.stringMatching(says), isSent: false });
  });

  it('is nothing the second time, for the same services in whatever order', () => {
    const lines = [
      { ...line('192.0.2.10'), row: 4, services: 'shop,payments' },
      { ...line('192.0.2.10/32'), row: 5, services: ' Payments , shop ' },
      { ...line('192.0.2.10'), row: 6, services: 'shop' },
    ];
    const checked = checkLines(lines as never, NOW, ['shop', 'payments']);
    expect(checked.map(({ cidr }) => cidr !== undefined)).toEqual([true, false, true]);
    expect(checked[1]?.says).toContain('row 4');
  });

  it('keeps its line, so that each answer stands in its row', () => {
    const lines = ['192.0.2.10', '', 'the office', '192.0.2.10'].map((address, at) => line(address, '', at + 2));
    expect(checkLines(lines as never, NOW, ['shop']).map((one) => one.line)).toEqual(lines);
  });

  const all = ALLOWLIST_MAX_ENTRIES;
  const many = (count: number, services: string, from = 0) =>
    Array.from({ length: count }, (_one, at) => ({
      ...line(`10.${Math.floor((from + at) / 250)}.0.${(from + at) % 250}`, '', from + at + 2),
      services,
    }));
  it.each([
    ['of one service', many(all + 1, 'shop'), all],
    ['of every service', many(all + 1, ''), all],
    ['of one service, and then of every service', [...many(all - 1, 'shop'), ...many(2, '', all)], all],
    ['of every service, and then of one', [...many(all - 1, ''), ...many(2, 'shop', all)], all],
    ['of two services', [...many(all, 'shop'), ...many(2, 'payments', all)], all + 2],
    ['of a full service and another', [...many(all, 'shop'), ...many(2, 'shop,payments', all)], all],
  ])(
    'is nothing beyond the most that one service can be sent, with those for every service: lines %s',
    (_of, lines, sent) => {
      const checked = checkLines(lines as never, NOW, ['shop', 'payments']);
      expect(checked.filter(({ cidr }) => cidr !== undefined)).toHaveLength(sent);
      const refused = checked.slice(sent).map(({ says }) => says);
      expect(refused).toEqual(refused.map(() => expect.stringContaining(`${all}`)));
    },
  );
});

describe('who is let in for a service', () => {
  const entries = (lines: readonly object[], service = 'shop') =>
    entriesFor(lines as never, service, ['shop', 'payments'], NOW);

  it('are those of its lines, and of lines that name none', () => {
    const of = (services: string) => ({ ...line('192.0.2.10'), services }) as never;
    expect([isFor('shop', of('')), isFor('shop', of(' , ')), isFor('shop', of('payments, SHOP'))]).toEqual([
      true,
      true,
      true,
    ]);
    expect(isFor('shop', of('payments'))).toBe(false);
    expect(entries([{ ...line('192.0.2.10'), services: 'payments' }])).toEqual([]);
    expect(entries([{ ...line('192.0.2.10'), services: 'payments' }], 'payments')).toEqual([
      { range: '192.0.2.10/32' },
    ]);
  });

  it('with their names and their ends, where they have them', () => {
    const until = { text: 't', at: new Date(NOW + 1).toISOString() };
    expect(entries([{ ...line('192.0.2.10', '  Ana '), until }])).toEqual([
      { range: '192.0.2.10/32', who: 'Ana', until: until.at },
    ]);
    expect(entries([line('192.0.2.10', '  ')])).toEqual([{ range: '192.0.2.10/32' }]);
    expect(entries([line('192.0.2.10', ` ${'x'.repeat(LONGEST_WHO + 1)}`)])[0]).toMatchObject({
      who: 'x'.repeat(LONGEST_WHO),
    });
  });

  it('and nobody of a line that is not sent', () => {
    expect(entries([line('the office'), line('')])).toEqual([]);
  });
});
