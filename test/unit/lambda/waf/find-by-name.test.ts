import { WAFNonexistentItemException } from '@aws-sdk/client-wafv2';
import {
  createFindByName,
  type Found,
  type ListPage,
  type RememberedIds,
} from '../../../../lambda/src/waf/find-by-name.ts';

const PLACE = { environment: 'production', service: 'shop', scope: 'REGIONAL', region: 'eu-west-1' } as const;
const found = (id: string): Found => ({ Id: id, ARN: `arn:${id}` });
const item = (name: string, id = `id-${name}`) => ({ Name: name, Id: id, ARN: `arn:${id}` });
const gone = () => new WAFNonexistentItemException({ message: 'gone', $metadata: {} });

/** Lists that are asked for page by page, and what was asked of them. */
function listing(pages: Readonly<Record<string, ListPage | Error>>) {
  const asked: string[] = [];
  return {
    asked,
    kind: 'groups' as const,
    async page(marker = 'first'): Promise<ListPage> {
      asked.push(marker);
      const page = pages[marker];
      if (!page || page instanceof Error) throw page ?? new Error(`nobody asks for ${marker}`);
      return page;
    },
  };
}
const idOf = async (id: Found) => id.Id;

it('reads all pages once, and knows all names from then on', async () => {
  const list = listing({ first: { items: [item('a')], next: 'second' }, second: { items: [item('b')] } });
  const find = createFindByName();
  expect(await find(PLACE, 'b', list, idOf)).toBe('id-b');
  expect(await find(PLACE, 'a', list, idOf)).toBe('id-a');
  expect(list.asked).toEqual(['first', 'second']);
});

it('keeps regions and scopes apart', async () => {
  const [here, far, edge] = ['1', '2', '3'].map((id) => listing({ first: { items: [item('a', id)] } }));
  const find = createFindByName();
  if (!here || !far || !edge) throw new Error('three lists');
  expect(await find(PLACE, 'a', here, idOf)).toBe('1');
  expect(await find({ ...PLACE, region: 'us-east-1' }, 'a', far, idOf)).toBe('2');
  expect(await find({ ...PLACE, scope: 'CLOUDFRONT' }, 'a', edge, idOf)).toBe('3');
});

it('ends with an empty page, whatever marker comes with it', async () => {
  const list = listing({ first: { items: [item('a')], next: 'second' }, second: { items: [], next: 'third' } });
  const missing = createFindByName()(PLACE, 'b', list, idOf);
  await expect(missing).rejects.toMatchObject({ code: 'RULE_GROUP_MISSING' });
  expect(list.asked).toEqual(['first', 'second']);
});

it('leaves out what has no name, id or ARN', async () => {
  const items = [
    { Id: '1', ARN: 'x' },
    { Name: 'a', ARN: 'x' },
    { Name: 'b', Id: '1' },
  ];
  const find = createFindByName();
  for (const name of ['a', 'b']) {
    await expect(find(PLACE, name, listing({ first: { items } }), idOf)).rejects.toMatchObject({ retryable: false });
  }
});

it('shares one list among those who ask at once, and reads it anew for who asks later', async () => {
  const list = listing({ first: { items: [item('a')] } });
  const find = createFindByName();
  const ask = (name: string) => find(PLACE, name, list, idOf).catch(({ code }) => code);
  expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['id-a', 'id-a', 'RULE_GROUP_MISSING']);
  expect(list.asked).toHaveLength(1);
  expect(await ask('b')).toBe('RULE_GROUP_MISSING');
  expect(list.asked).toHaveLength(2);
});

it('carries on where a list was throttled, but begins anew after another fault', async () => {
  const pages: Record<string, ListPage | Error> = {
    first: { items: [item('a')], next: 'second' },
    second: Object.assign(new Error('slow down'), { name: 'ThrottlingException' }),
  };
  const list = listing(pages);
  const find = createFindByName();
  const ask = () => find(PLACE, 'b', list, idOf).catch(({ code }) => code);
  expect(await ask()).toBe('FIREWALL_BUSY');
  pages.second = new Error('reset');
  expect(await ask()).toBe('FIREWALL_UNREACHABLE');
  pages.second = { items: [item('b')] };
  expect(await ask()).toBe('id-b');
  expect(list.asked).toEqual(['first', 'second', 'second', 'first', 'second']);
});

it('finds anew what was made again under its name, once', async () => {
  const pages: Record<string, ListPage> = { first: { items: [item('a', 'old')] } };
  const list = listing(pages);
  const find = createFindByName();
  const call = async ({ Id }: Found) => {
    if (Id === 'old' && pages.first?.items[0]?.Id === 'new') throw gone();
    return Id;
  };
  expect(await find(PLACE, 'a', list, call)).toBe('old');
  pages.first = { items: [item('a', 'new')] };
  expect(await find(PLACE, 'a', list, call)).toBe('new');
  expect(list.asked).toHaveLength(2);
  await expect(find(PLACE, 'a', list, () => Promise.reject(gone()))).rejects.toMatchObject({
    code: 'RULE_GROUP_MISSING',
  });
});

it('does not list for a fault that says nothing of the id', async () => {
  const list = listing({ first: { items: [item('a')] } });
  const find = createFindByName();
  await find(PLACE, 'a', list, idOf);
  await expect(find(PLACE, 'a', list, () => Promise.reject(new Error('reset')))).rejects.toMatchObject({
    retryable: true,
  });
  expect(list.asked).toHaveLength(1);
});

describe('ids that the table remembers', () => {
  function remembered(known: Readonly<Record<string, Found>> = {}) {
    const kept: [string, string][] = [];
    const ids: RememberedIds = {
      wafId: async (_place, name) => known[name],
      rememberWafId: async (_place, name, { Id }) => void kept.push([name, Id]),
    };
    return { ids, kept };
  }

  it('are used without a list, and not written again', async () => {
    const { ids, kept } = remembered({ a: found('known') });
    const list = listing({});
    expect(await createFindByName(ids)(PLACE, 'a', list, idOf)).toBe('known');
    expect([list.asked, kept]).toEqual([[], []]);
  });

  it('are written once, after the call that they were good for', async () => {
    const { ids, kept } = remembered();
    const find = createFindByName(ids);
    const list = listing({ first: { items: [item('a')] } });
    await expect(find(PLACE, 'a', list, () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    expect(kept).toEqual([]);
    await find(PLACE, 'a', list, idOf);
    await find(PLACE, 'a', list, idOf);
    expect(kept).toEqual([['a', 'id-a']]);
  });

  it('are written again when they could not be', async () => {
    const { ids, kept } = remembered();
    let isDown = true;
    const rememberWafId: RememberedIds['rememberWafId'] = (...given) =>
      isDown ? Promise.reject(new Error('down')) : ids.rememberWafId(...given);
    const find = createFindByName({ ...ids, rememberWafId });
    const list = listing({ first: { items: [item('a')] } });
    expect(await find(PLACE, 'a', list, idOf)).toBe('id-a');
    isDown = false;
    await find(PLACE, 'a', list, idOf);
    expect(kept).toEqual([['a', 'id-a']]);
  });

  it('are replaced when nothing has them any more', async () => {
    const { ids, kept } = remembered({ a: found('old') });
    const list = listing({ first: { items: [item('a', 'new')] } });
    const call = async ({ Id }: Found) => {
      if (Id === 'old') throw gone();
      return Id;
    };
    expect(await createFindByName(ids)(PLACE, 'a', list, call)).toBe('new');
    expect(kept).toEqual([['a', 'new']]);
  });

  it('are not waited for when the table does not answer', async () => {
    const { ids } = remembered();
    const find = createFindByName({ ...ids, wafId: () => Promise.reject(new Error('down')) });
    expect(await find(PLACE, 'a', listing({ first: { items: [item('a')] } }), idOf)).toBe('id-a');
  });
});
