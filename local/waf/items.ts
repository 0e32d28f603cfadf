import { randomUUID } from 'node:crypto';
import { duplicate, limitExceeded, nonexistent, staleLock } from './errors.ts';
import type { Scope } from './schema.ts';

/** Where something stands: names are unique within it, and quotas hold for it. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly scope: Scope;
}

/** A named thing in WAF. A change makes a new lock token, and the old one worthless. */
export interface Item<T> {
  readonly place: Place;
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly lockToken: string;
  readonly value: T;
}

export type Reference = { readonly name: string; readonly id: string } | { readonly arn: string };

export interface ItemsOptions<T> {
  readonly kind: 'rulegroup' | 'ipset' | 'webacl';
  /** How many there may be in an account and region. */
  readonly most: number;
  /** Called after every change; without a value when the item is gone. */
  onChange(item: Item<T>, value: T | undefined): void;
}

export type Items<T> = ReturnType<typeof createItems<T>>;

const keyOf = ({ account, region, scope }: Place): string => `${account}/${region}/${scope}`;

/** All items of one kind. Every method throws WafError as WAF answers. */
export function createItems<T>({ kind, most, onChange }: ItemsOptions<T>) {
  const places = new Map<string, Map<string, Item<T>>>();

  function at(place: Place): Map<string, Item<T>> {
    const known = places.get(keyOf(place)) ?? new Map<string, Item<T>>();
    places.set(keyOf(place), known);
    return known;
  }

  function put(item: Item<T>): Item<T> {
    at(item.place).set(item.name, item);
    onChange(item, item.value);
    return item;
  }

  function find(place: Place, reference: Reference): Item<T> {
    const items = at(place);
    const byName = 'name' in reference;
    const item = byName ? items.get(reference.name) : [...items.values()].find(({ arn }) => arn === reference.arn);
    if (!item || (byName && item.id !== reference.id)) {
      throw nonexistent(`${kind} ${byName ? reference.name : reference.arn}`);
    }
    return item;
  }

  function unlock(place: Place, reference: Reference, lockToken: string): Item<T> {
    const item = find(place, reference);
    if (item.lockToken !== lockToken) throw staleLock();
    return item;
  }

  return {
    create(place: Place, name: string, value: T): Item<T> {
      const items = at(place);
      if (items.has(name)) throw duplicate(name);
      if (items.size >= most) throw limitExceeded(`${most} of kind ${kind}`);
      const id = randomUUID();
      const reach = place.scope === 'CLOUDFRONT' ? 'global' : 'regional';
      const arn = `arn:aws:wafv2:${place.region}:${place.account}:${reach}/${kind}/${name}/${id}`;
      return put({ place, name, id, arn, lockToken: randomUUID(), value });
    },

    find,

    /** By name, so that a page stays right when items come and go between two calls. */
    list(place: Place, limit: number, after = ''): { page: Item<T>[]; next?: string } {
      const all = [...at(place).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      const rest = all.filter(({ name }) => name > after);
      const page = rest.slice(0, limit);
      return { page, ...(rest.length > limit ? { next: page.at(-1)?.name } : {}) };
    },

    /** The present item, if the token is still its own. For checks that must see it before {@link replace}. */
    unlock,

    replace(item: Item<T>, value: T): Item<T> {
      return put({ ...item, value, lockToken: randomUUID() });
    },

    remove(item: Item<T>): void {
      at(item.place).delete(item.name);
      onChange(item, undefined);
    },

    all: (place: Place): Item<T>[] => [...at(place).values()],
  };
}
