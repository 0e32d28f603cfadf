import { claimOf, namesOf, syncRequest } from '../../../apps-script/src/sync-request.ts';
import { connection, PRODUCTION, STAGING } from './connections.ts';
import { row } from './rows.ts';

const both = [STAGING, PRODUCTION];
const claim = (service: string, operation = '', connections = both) =>
  claimOf(connections, { service, operation })?.environment;

describe('which environment a row belongs to', () => {
  it.each([
    ['shop', 'production'],
    [' Shop-Staging ', 'staging'],
    ['Shop (staging)', 'staging'],
    ['storefront', 'production'],
    ['ｓｈｏｐ', 'production'],
    ['', undefined],
    ['checkout', undefined],
  ])('the Service "%s" is of %s', (service, environment) => expect(claim(service)).toBe(environment));

  it('a row with an operation belongs to that operation’s environment, whatever its Service says', () => {
    expect(claim('shop', 'staging-0123')).toBe('staging');
    expect(claim('checkout', 'production-0123')).toBe('production');
    expect(claim('shop', 'op-0123')).toBe('production');
    expect(claim('shop', 'stagingx-0123')).toBe('production');
  });

  it('of two environments whose names begin alike, the operation’s own', () => {
    const prod = connection('prod', { a: 'A' });
    const eu = connection('prod-eu', { b: 'B' });
    expect(claim('', 'prod-eu-1', [prod, eu])).toBe('prod-eu');
    expect(claim('', 'prod-us-1', [prod, eu])).toBe('prod');
  });

  it('no other environment takes a name or a title of production', () => {
    const hostile = connection('staging', { webshop: 'Shop', payments: 'Payments', shop: 'x', toys: 'Storefront' });
    for (const service of ['Webshop', 'Shop', 'payments', 'Storefront']) {
      expect(claim(service, '', [hostile, PRODUCTION])).toBe('production');
    }
    expect(claim('toys', '', [hostile, PRODUCTION])).toBe('staging');
  });

  it('a title only counts where no name fits', () => {
    const one = connection('test', { alpha: 'beta' });
    const other = connection('staging', { beta: 'Beta' });
    expect(claim('beta', '', [one, other])).toBe('staging');
  });

  it('people are told of production’s services first, then of groups', () => {
    expect(namesOf(both)).toEqual(['shop', 'webshop', 'payments', 'shop-staging', 'storefront']);
  });
});

describe('what each environment is sent', () => {
  const rows = {
    readAt: Date.parse('2026-11-22T02:00:00Z'),
    steps: [
      row(2, { service: '', action: '' }),
      row(3),
      row(4, { service: 'shop-staging' }),
      row(5, { service: 'checkout' }),
      row(6, { service: '', action: 'Exit maintenance', operation: 'production-1' }),
    ],
    allowlist: ['', 'shop', 'shop-staging, shop', 'shop-staging', 'nowhere'].map((services, at) => ({
      ...{ row: at + 2, address: '192.0.2.1', who: '', until: { text: '' } },
      services,
    })),
  };
  const facts = {
    syncId: 'sync-1',
    cause: 'edit' as const,
    sheet: { name: 'Release 42', timeZone: 'Etc/UTC', locale: 'en_GB' },
    edit: {
      tab: 'rundown' as const,
      ...{ by: 'ada@example.com', rows: [3, 4, 5], coversStatus: true, coversPlan: false },
      seenAt: '2026-11-22T02:00:00.000Z',
    },
  };
  const sentTo = (one: typeof PRODUCTION) => syncRequest(both, one, rows, facts);
  const numbers = (list: readonly unknown[] = []) => (list as { row: number }[]).map(({ row }) => row);

  it('its own rows and nothing of the others’, not even which of them were edited', () => {
    expect(numbers(sentTo(PRODUCTION).steps)).toEqual([3, 6]);
    expect(sentTo(PRODUCTION).edit?.rows).toEqual([3]);
    expect(numbers(sentTo(STAGING).steps)).toEqual([4]);
    expect(sentTo(STAGING).edit?.rows).toEqual([4]);
  });

  it('lines of the allowlist that name no service, or one of its own, or one that nobody knows', () => {
    expect(numbers(sentTo(PRODUCTION).allowlist)).toEqual([2, 3, 4, 6]);
    expect(numbers(sentTo(STAGING).allowlist)).toEqual([2, 4, 5, 6]);
  });

  it('no tasks, no owners, no cells that nobody asked for', () => {
    const [step] = sentTo(PRODUCTION).steps as Record<string, unknown>[];
    expect(Object.keys(step ?? {}).sort()).toEqual(
      'action by finished operation plannedStart result row service started status step'.split(' '),
    );
  });

  it('a tab that was not read is left out, and the hash of the names that are known goes along', () => {
    const { steps, picks, allowlist, namesHash } = syncRequest(both, STAGING, { readAt: rows.readAt }, facts);
    expect([steps, picks, allowlist, namesHash]).toEqual([undefined, undefined, undefined, 'hash-staging']);
  });
});
