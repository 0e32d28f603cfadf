import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable, type Table, type Write } from '../../../../lambda/src/store/table.ts';
import { createTable as createLocalTable, type Dynamodb, startDynamodb } from '../../../../local/dynamodb/start.ts';
import { createMemoryTable } from '../../../memory-table.ts';

/** One suite over the table in memory, which most tests use, and the real one over the protocol. */

const CREDENTIALS = { accessKeyId: 'production', secretAccessKey: 'local' };
let dynamodb: Dynamodb;
let client: DynamoDBClient;
let paused: number[];
let names = 0;

beforeAll(async () => {
  dynamodb = await startDynamodb();
  // The SDK's own tries would hide ours.
  client = new DynamoDBClient({
    endpoint: dynamodb.url,
    region: 'eu-west-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await dynamodb.close();
});

async function realTable(): Promise<Table> {
  names += 1;
  const name = `table-${names}`;
  await createLocalTable(dynamodb.url, name);
  paused = [];
  const sleep = async (ms: number) => void paused.push(ms);
  return createTable(name, { client, sleep, random: () => 0.5 });
}

const key = (sk: string, pk = 'SERVICE#shop') => ({ pk, sk });
const put = (sk: string, more: object = {}, ifVersion?: number | 'absent'): Write => ({
  put: { ...key(sk), ...more },
  ...(ifVersion === undefined ? {} : { ifVersion }),
  label: `put ${sk}`,
});

describe.each([
  ['in memory', async (): Promise<Table> => createMemoryTable()],
  ['over the protocol', realTable],
])('the table %s', (_name, create) => {
  let table: Table;
  beforeEach(async () => {
    table = await create();
  });
  const get = (sk: string) => table.get<Record<string, unknown>>(key(sk));

  it('keeps what was put, without its key and without what is undefined', async () => {
    expect(await get('STATE')).toBeUndefined();
    const value = { version: 1, list: [{ range: '192.0.2.0/28' }], none: undefined, deep: { a: [], b: {} }, is: false };
    expect(await table.commit([put('STATE', value)])).toEqual({ ok: true });
    const { none: _none, ...stored } = value;
    expect(await get('STATE')).toEqual(stored);
  });

  it('puts over what is there, unless that was to be absent or another version', async () => {
    await table.commit([put('STATE', { version: 1, old: true })]);
    expect(await table.commit([put('STATE', { version: 9 }, 'absent')])).toEqual({ ok: false, failed: ['put STATE'] });
    expect(await table.commit([put('STATE', { version: 9 }, 2)])).toEqual({ ok: false, failed: ['put STATE'] });
    expect(await table.commit([put('STATE', { version: 2 }, 1)])).toEqual({ ok: true });
    expect(await get('STATE')).toEqual({ version: 2 });
    expect(await table.commit([put('STATE', { version: 3 })])).toEqual({ ok: true });
  });

  it('takes no version for one that is not there', async () => {
    expect(await table.commit([put('STATE', { version: 2 }, 1)])).toEqual({ ok: false, failed: ['put STATE'] });
    expect(await get('STATE')).toBeUndefined();
  });

  it('writes all or nothing, and says which conditions failed', async () => {
    await table.commit([put('A', { version: 1 }), put('B', { version: 1 })]);
    const done = await table.commit([
      put('A', { version: 2 }, 1),
      put('B', { version: 2 }, 7),
      put('C', { version: 1 }),
      { check: key('D'), ifVersion: 1, label: 'D is there' },
    ]);
    expect(done).toEqual({ ok: false, failed: ['put B', 'D is there'] });
    expect(await table.getAll([key('A'), key('B'), key('C')])).toEqual([{ version: 1 }, { version: 1 }, undefined]);
  });

  it('takes over what is over, and nothing before that', async () => {
    const at = (minute: number) => `2026-11-22T02:0${minute}:00.000Z`;
    const take = (now: number, until: number): Write => ({
      put: { ...key('LEASE'), until: at(until) },
      ifOver: { attribute: 'until', at: at(now) },
      label: 'lease',
    });
    expect(await table.commit([take(0, 3)])).toEqual({ ok: true });
    expect(await table.commit([take(2, 9)])).toEqual({ ok: false, failed: ['lease'] });
    expect(await table.commit([take(3, 5)])).toEqual({ ok: true });
    expect(await get('LEASE')).toEqual({ until: at(5) });
  });

  it('checks without writing', async () => {
    await table.commit([put('A', { version: 1 })]);
    const check = (ifVersion: number | 'absent', sk = 'A'): Write => ({ check: key(sk), ifVersion, label: 'check' });
    expect(await table.commit([check(1), put('B')])).toEqual({ ok: true });
    expect(await table.commit([check('absent', 'C'), put('B')])).toEqual({ ok: true });
    expect(await table.commit([check('absent'), put('C')])).toEqual({ ok: false, failed: ['check'] });
    expect(await get('A')).toEqual({ version: 1 });
    expect(await get('C')).toBeUndefined();
  });

  it('removes, on condition or not, also what is not there', async () => {
    await table.commit([put('A', { version: 1 })]);
    expect(await table.commit([{ remove: key('A'), ifVersion: 2, label: 'remove' }])).toMatchObject({ ok: false });
    expect(await table.commit([{ remove: key('A'), ifVersion: 1, label: 'remove' }])).toEqual({ ok: true });
    expect(await table.commit([{ remove: key('A'), label: 'remove' }])).toEqual({ ok: true });
    expect(await get('A')).toBeUndefined();
  });

  it('strikes an entry out of a map if it is there, and counts', async () => {
    const id = 'production-0a1b.2c#d';
    await table.commit([put('STEP', { version: 3, intents: { [id]: { by: 'x' }, other: {} } })]);
    const strike: Write = {
      update: key('STEP'),
      unset: [['intents', id]],
      ifExists: [['intents', id]],
      add: { version: 1 },
      label: 'intent',
    };
    expect(await table.commit([strike])).toEqual({ ok: true });
    expect(await get('STEP')).toEqual({ version: 4, intents: { other: {} } });
    expect(await table.commit([strike, put('A')])).toEqual({ ok: false, failed: ['intent'] });
    expect(await get('A')).toBeUndefined();
    expect(await table.commit([{ ...strike, update: key('NOWHERE') }])).toEqual({ ok: false, failed: ['intent'] });
    expect(await get('NOWHERE')).toBeUndefined();
  });

  it('counts from nothing where there is no item', async () => {
    await table.commit([{ update: key('COUNT'), add: { version: 2 }, label: 'count' }]);
    expect(await get('COUNT')).toEqual({ version: 2 });
  });

  it('takes no transaction with the same item twice', async () => {
    await expect(table.commit([put('A'), { remove: key('A'), label: 'remove' }])).rejects.toThrow(
      /cannot include multiple operations on one item/i,
    );
  });

  it('gets many in the order that they were asked for, doubles and what is missing too', async () => {
    const all = Array.from({ length: 130 }, (_none, index) => `N#${String(index).padStart(3, '0')}`);
    await table.commit(all.slice(0, 100).map((sk) => put(sk, { sk2: sk })));
    await table.commit(all.slice(100).map((sk) => put(sk, { sk2: sk })));
    const asked = [...all].reverse().flatMap((sk) => [sk, 'missing', sk]);
    const found = await table.getAll<{ sk2: string }>(asked.map((sk) => key(sk)));
    expect(found.map((item) => item?.sk2 ?? 'missing')).toEqual(asked);
    expect(await table.getAll([])).toEqual([]);
  });

  describe('queried', () => {
    const ids = Array.from({ length: 6 }, (_none, index) => `AUDIT#2026-11-22T02:0${index}:00Z`);
    beforeEach(async () => {
      await table.commit([
        put('STATE'),
        ...ids.map((sk, index) => put(sk, { index })),
        { put: { pk: 'SERVICE#other', sk: ids[0] as string }, label: 'other' },
      ]);
    });
    const query = async (options?: Parameters<Table['query']>[1]) =>
      (await table.query<{ index?: number }>('SERVICE#shop', options)).map(({ sk }) => sk);

    it('gives one partition in the order of its keys', async () => {
      expect(await query()).toEqual([...ids, 'STATE']);
      expect(await table.query('SERVICE#nobody')).toEqual([]);
      expect((await table.query('SERVICE#shop', { prefix: 'AUDIT#', most: 1 }))[0]).toEqual({ sk: ids[0], index: 0 });
    });

    it('gives what begins with a prefix, from a key on', async () => {
      expect(await query({ prefix: 'AUDIT#' })).toEqual(ids);
      expect(await query({ prefix: 'AUDIT#', from: '2026-11-22T02:03' })).toEqual(ids.slice(3));
      expect(await query({ prefix: 'AUDIT#', from: '2026-11-22T02:03:00Z' })).toEqual(ids.slice(3));
    });

    it('gives what lies between two keys, both of them too', async () => {
      expect(await query({ from: ids[4] as string, to: 'STATE', newestFirst: true })).toEqual([
        'STATE',
        ids[5],
        ids[4],
      ]);
      expect(await query({ from: ids[4] as string, to: 'STATD' })).toEqual(ids.slice(4));
    });

    it('gives the newest first, and so many at most', async () => {
      const newest = [...ids].reverse();
      expect(await query({ prefix: 'AUDIT#', newestFirst: true })).toEqual(newest);
      expect(await query({ prefix: 'AUDIT#', newestFirst: true, most: 2 })).toEqual(newest.slice(0, 2));
      const options = { prefix: 'AUDIT#', from: '2026-11-22T02:01', newestFirst: true, most: 99 };
      expect(await query(options)).toEqual(newest.slice(0, 5));
    });

    it('gives all of it, over as many pages as it takes', async () => {
      const text = 'x'.repeat(350_000);
      const many = Array.from({ length: 8 }, (_none, index) => `BIG#${index}`);
      for (const sk of many) await table.commit([put(sk, { text })]);
      expect(await query({ prefix: 'BIG#' })).toEqual(many);
      expect(await query({ prefix: 'BIG#', newestFirst: true, most: 5 })).toEqual([...many].reverse().slice(0, 5));
    });
  });
});

describe('the table over the protocol', () => {
  let table: Table;
  beforeEach(async () => {
    table = await realTable();
  });

  it.each(['conflict', 'throttled', 'unanswered'] as const)(
    'makes a transaction once that meets "%s", with longer pauses',
    async (fault) => {
      await table.commit([put('COUNT', { version: 1 })]);
      dynamodb.failNext('TransactWriteItems', fault, 3);
      const count: Write = { update: key('COUNT'), add: { version: 1 }, label: 'count' };
      expect(await table.commit([count, put('NEW', {}, 'absent')])).toEqual({ ok: true });
      expect(await table.get(key('COUNT'))).toEqual({ version: 2 });
      expect(paused).toEqual([40, 80, 160]);
    },
  );

  it('gives up when others are at the item for too long: then it says that it may be tried again', async () => {
    dynamodb.failNext('TransactWriteItems', 'conflict', 6);
    await expect(table.commit([put('A')])).rejects.toMatchObject({ code: 'TRY_AGAIN' });
    expect(await table.get(key('A'))).toBeUndefined();
  });

  it('a failed condition is no reason to try again', async () => {
    expect(await table.commit([put('A', {}, 3)])).toEqual({ ok: false, failed: ['put A'] });
    expect(paused).toEqual([]);
  });
});
