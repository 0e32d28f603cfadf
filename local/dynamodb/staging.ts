import { type Done, type Item, type ItemDb, promised, type Store } from './dynalite.ts';

/** A store for one write that reads the real one and only notes what is to be written. */
export interface Staging {
  readonly store: Store;
  /** The item as it was, if the write has read one. */
  found(): Item | undefined;
  /** The item as it is to be; undefined if it is deleted, or was not written. */
  written(): Item | undefined;
  /** Writes it, as far as it was noted. */
  commit(): Promise<void>;
}

export function createStaging(real: Store): Staging {
  const notes: (() => Promise<void>)[] = [];
  let found: Item | undefined;
  let written: Item | undefined;

  const noting = (items: ItemDb): ItemDb => ({
    // Writes stand in one queue: nobody else is at the item.
    lock: (_key, run) => run((done) => done),
    get: items.get,
    put(key, item, done) {
      notes.push(() => promised((wrote) => items.put(key, item, wrote)));
      done(null);
    },
    del(key, done) {
      notes.push(() => promised((wrote) => items.del(key, wrote)));
      done(null);
    },
  });

  function table(items: ItemDb): ItemDb {
    const noted = noting(items);
    return {
      ...noted,
      get: (key, done: Done<Item | undefined>) =>
        items.get(key, (error, item) => {
          found = item;
          done(error, item);
        }),
      put(key, item, done) {
        written = item;
        noted.put(key, item, done);
      },
    };
  }

  return {
    store: {
      ...real,
      getItemDb: (name) => table(real.getItemDb(name)),
      getIndexDb: (type, name, index) => noting(real.getIndexDb(type, name, index)),
    },
    found: () => found,
    written: () => written,
    async commit() {
      for (const note of notes) await note();
    },
  };
}
