import { jest } from '@jest/globals';
import { NEVER_SYNCED } from '../../../apps-script/src/memory.ts';
import { connection } from './connections.ts';
import { memoryStore } from './fake-sheet.ts';

const { names: _names, ...stored } = connection('production', {});

it('remembers connections, sheets, when each is synced next and the last sequence, and nothing else', () => {
  const store = memoryStore();
  store.putConnections([stored]);
  store.putNames(new Map([['production', connection('production', { shop: 'Shop' }).names]]));
  store.putSheet({ id: 'a', name: 'Release 42', tabId: 0 });
  store.putSynced(new Map([['a', { ...NEVER_SYNCED, nextSyncAt: 5 }]]), { day: '2026-11-22', ms: 7 });
  store.putSequences('a', new Map([['production', 3]]), 100);
  store.mark('a', 9);
  store.putControl('control');
  store.putAdmins(['ada@example.com']);
  const memory = store.load();
  expect(memory.connections).toEqual([connection('production', { shop: 'Shop' })]);
  expect(memory.sheets).toEqual([{ id: 'a', name: 'Release 42', tabId: 0 }]);
  expect(memory.synced('a').nextSyncAt).toBe(5);
  expect(memory.markedAt('a')).toBe(9);
  expect([memory.control, memory.admins, memory.runtime.ms]).toEqual(['control', ['ada@example.com'], 7]);
  expect([...store.sequences('a', 200)]).toEqual([['production', 3]]);
  const kinds = [...store.all.keys()].map((key) => key.split(':')[0]);
  expect([...new Set(kinds)].sort()).toEqual([
    'admins',
    'connection',
    'control',
    'mark',
    'names',
    'runtime',
    'sequence',
    'sheet',
    'synced',
  ]);
});

it('the names of five hundred services fit, though a property holds 9 KB', () => {
  const store = memoryStore();
  const services = Object.fromEntries(
    Array.from({ length: 500 }, (_one, at) => [`service-with-a-long-name-${at}`, `サービス ${at} of the whole shop`]),
  );
  store.putConnections([stored]);
  store.putNames(new Map([['production', connection('production', services).names]]));
  expect(store.load().connections[0]?.names.services).toHaveLength(500);
});

it('names whose parts do not fit together are none: the next answer tells them anew', () => {
  const store = memoryStore();
  const services = Object.fromEntries(Array.from({ length: 200 }, (_one, at) => [`service-${at}`, `Service ${at}`]));
  store.putConnections([stored]);
  store.putNames(new Map([['production', connection('production', services).names]]));
  store.all.delete('names:production:1');
  expect(store.load().connections[0]?.names).toEqual({ hash: '', services: [], groups: [] });
});

it('a damaged property is left out, and the others are there', () => {
  const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const store = memoryStore();
  store.putSheet({ id: 'a', name: 'Release 42' });
  store.all.set('sheet:b', '{"id":');
  store.all.set('synced:a', 'x');
  const memory = store.load();
  expect(memory.sheets.map(({ id }) => id)).toEqual(['a']);
  expect(memory.synced('a')).toEqual(NEVER_SYNCED);
  expect(error).toHaveBeenCalledWith('The property sheet:b is damaged and was left out.');
  error.mockRestore();
});

it('nothing of a removed sheet is left, and nothing of another one goes', () => {
  const store = memoryStore();
  for (const id of ['a', 'ab']) {
    store.putSheet({ id, name: id });
    store.putSynced(new Map([[id, NEVER_SYNCED]]), { day: '', ms: 0 });
    store.putSequences(id, new Map([['production', 1]]), 0);
    store.mark(id, 1);
  }
  store.removeSheet('a');
  expect([...store.all.keys()].filter((key) => /:a(:|$)/.test(key))).toEqual([]);
  expect([...store.all.keys()].filter((key) => /:ab(:|$)/.test(key))).toHaveLength(4);
});

it('a sequence is forgotten when no late answer can come any more: a server that began anew is heard', () => {
  const store = memoryStore();
  store.putSequences('a', new Map([['production', 9_000]]), 0);
  expect(store.sequences('a', 9 * 60_000).get('production')).toBe(9_000);
  expect(store.sequences('a', 11 * 60_000).get('production')).toBeUndefined();
});
