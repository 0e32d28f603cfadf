import type { Commit, Item, Key, Table, Write } from '../lambda/src/store/table.ts';

/** A table in memory with the same semantics: a shared suite compares it with the real one. */
export interface MemoryTable extends Table {
  /** Every call so far, such as `get SERVICE#shop STATE` or `commit sheet, step 000001`. */
  readonly calls: string[];
  /** Called before and after each call; a test throws there, or lets others act. */
  meanwhile: ((call: string, side: 'before' | 'after') => void | Promise<void>) | undefined;
  items(): Item[];
}

const idOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));
const withoutKeys = ({ pk: _pk, sk: _sk, ...value }: Item) => value;

/** What is stored is handed out as it is: whoever changes it fails. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

/** @param from - What is stored from the beginning. */
export function createMemoryTable(from: readonly Item[] = []): MemoryTable {
  const stored = new Map(from.map((item) => [idOf(item), item]));
  const calls: string[] = [];

  async function call<T>(what: string, work: () => T): Promise<T> {
    calls.push(what);
    await table.meanwhile?.(what, 'before');
    const answer = work();
    await table.meanwhile?.(what, 'after');
    return answer;
  }

  const table: MemoryTable = {
    calls,
    meanwhile: undefined,
    items: () => [...stored.values()],
    get: <T>(key: Key) =>
      call(`get ${idOf(key)}`, () => {
        const item = stored.get(idOf(key));
        return item && (withoutKeys(item) as T);
      }),
    getAll: <T>(keys: readonly Key[]) =>
      call(`getAll ${keys.map(idOf).join(', ')}`, () =>
        keys.map((key) => {
          const item = stored.get(idOf(key));
          return item && (withoutKeys(item) as T);
        }),
      ),
    query: <T>(
      pk: string,
      {
        prefix = '',
        from,
        to,
        newestFirst = false,
        most = Number.POSITIVE_INFINITY,
      }: Parameters<Table['query']>[1] = {},
    ) =>
      call(`query ${pk} ${prefix}`.trim(), () => {
        const found = [...stored.values()]
          .filter((item) => item.pk === pk && item.sk.startsWith(prefix))
          .filter((item) => from === undefined || item.sk >= `${prefix}${from}`)
          .filter((item) => to === undefined || item.sk <= to)
          .sort((a, b) => (a.sk < b.sk ? -1 : 1) * (newestFirst ? -1 : 1));
        return found.slice(0, most).map(({ pk: _pk, ...item }) => item as T & { sk: string });
      }),
    commit: (writes) => call(`commit ${writes.map(({ label }) => label).join(', ')}`, () => commit(stored, writes)),
  };
  return table;
}

/** The execution that first makes such a call dies there, before the call or after it; those after it live. */
export function dieOnceAt(table: MemoryTable, call: RegExp, when: 'before' | 'after'): void {
  table.meanwhile = (what, side) => {
    if (side !== when || !call.test(what)) return;
    table.meanwhile = undefined;
    throw new Error('the execution died');
  };
}

const keyOf = (write: Write): Key =>
  'put' in write ? write.put : 'remove' in write ? write.remove : 'update' in write ? write.update : write.check;

function commit(stored: Map<string, Item>, writes: readonly Write[]): Commit {
  if (writes.length === 0 || writes.length > 100) throw new Error(`a transaction of ${writes.length} items`);
  const ids = writes.map((write) => idOf(keyOf(write)));
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice) throw new Error(`Transaction request cannot include multiple operations on one item: ${twice}`);
  const failed = writes.filter((write) => !holds(stored.get(idOf(keyOf(write))), write)).map(({ label }) => label);
  if (failed.length > 0) return { ok: false, failed };
  for (const write of writes) apply(stored, write);
  return { ok: true };
}

function holds(item: Item | undefined, write: Write): boolean {
  if ('update' in write) return (write.ifExists ?? []).every((path) => at(item, path) !== undefined);
  if ('put' in write && write.ifOver) {
    const { attribute, at: over } = write.ifOver;
    return item === undefined || String(item[attribute]) <= over;
  }
  const { ifVersion } = write;
  if (ifVersion === undefined) return true;
  return ifVersion === 'absent' ? item === undefined : item?.version === ifVersion;
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((here, name) => (here as Record<string, unknown> | undefined)?.[name], value);

function apply(stored: Map<string, Item>, write: Write): void {
  if ('put' in write) stored.set(idOf(write.put), frozen(copy(write.put)));
  if ('remove' in write) stored.delete(idOf(write.remove));
  if ('update' in write) {
    const item = copy(stored.get(idOf(write.update)) ?? { ...write.update }) as Record<string, unknown> & Key;
    for (const path of write.unset ?? []) {
      const parent = at(item, path.slice(0, -1)) as Record<string, unknown> | undefined;
      if (parent) delete parent[path[path.length - 1] as string];
    }
    for (const [name, by] of Object.entries(write.add ?? {})) item[name] = Number(item[name] ?? 0) + by;
    stored.set(idOf(write.update), frozen(item));
  }
}
