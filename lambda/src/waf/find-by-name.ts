import { WAFNonexistentItemException } from '@aws-sdk/client-wafv2';
import { isThrottled, RuleGroupError, wafError } from './errors.ts';
import type { Place } from './place.ts';

/**
 * WAF's calls want an id beside the name: found by listing, remembered in the table for the next cold start, and found anew
 * when nothing has it any more.
 */

export interface Found {
  readonly Id: string;
  readonly ARN: string;
}

export interface ListPage {
  readonly items: readonly { Name?: string; Id?: string; ARN?: string }[];
  readonly next?: string | undefined;
}

/** Where the ids of one kind are listed. */
export interface Listing {
  readonly kind: 'groups' | 'sets';
  page(marker?: string): Promise<ListPage>;
}

/** Outlives an instance. What it does not know, or cannot tell now, is listed. */
export interface RememberedIds {
  wafId(place: Place, name: string): Promise<Found | undefined>;
  rememberWafId(place: Place, name: string, found: Found): Promise<void>;
}

/** Runs a call with the id of what is called so at a place. */
export type FindByName = <T>(
  place: Place,
  name: string,
  listing: Listing,
  call: (id: Found) => Promise<T>,
) => Promise<T>;

export function createFindByName(remembered?: RememberedIds): FindByName {
  const found = new Map<string, Found>();
  /** By name, the id that the table has. */
  const stored = new Map<string, string>();
  const underWay = new Map<string, Promise<void>>();
  const markers = new Map<string, string>();
  const keyOf = ({ region, scope }: Place, name: string): string => `${region} ${scope} ${name}`;

  /** WAF lists all names or none: so all are remembered, and callers that come meanwhile share the same list. */
  function findAll(place: Place, listing: Listing): Promise<void> {
    const key = keyOf(place, listing.kind);
    const reading = underWay.get(key) ?? readAll(place, listing, key).finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  }

  /** One that was throttled for too long is carried on with where it ended: its pages are kept. */
  async function readAll(place: Place, listing: Listing, key: string): Promise<void> {
    let marker = markers.get(key);
    markers.delete(key);
    do {
      const { items, next } = await listing.page(marker).catch((error: unknown) => {
        if (marker && isThrottled(error)) markers.set(key, marker);
        throw error;
      });
      for (const { Name, Id, ARN } of items) {
        if (Name && Id && ARN) found.set(keyOf(place, Name), { Id, ARN });
      }
      // WAF may send a marker with its last page, and fewer items than asked for with any.
      marker = items.length > 0 ? next : undefined;
    } while (marker);
  }

  async function known(place: Place, name: string, key: string): Promise<Found | undefined> {
    if (found.has(key)) return found.get(key);
    const id = await remembered?.wafId(place, name).catch(() => undefined);
    if (id) stored.set(key, id.Id);
    // A list may have found it meanwhile.
    const newest = found.get(key) ?? id;
    if (newest) found.set(key, newest);
    return newest;
  }

  async function remember(place: Place, name: string, key: string, id: Found): Promise<void> {
    if (!remembered || stored.get(key) === id.Id) return;
    stored.set(key, id.Id);
    // Without it, the next cold start lists once more.
    await remembered.rememberWafId(place, name, id).catch(() => stored.delete(key));
  }

  return async function findByName(place, name, listing, call) {
    const key = keyOf(place, name);
    const attempt = async (id: Found) => {
      const answer = await call(id);
      await remember(place, name, key, id);
      return answer;
    };
    try {
      const id = await known(place, name, key);
      if (id) {
        try {
          return await attempt(id);
        } catch (error) {
          if (!(error instanceof WAFNonexistentItemException)) throw error;
          if (found.get(key) === id) found.delete(key);
        }
      }
      if (!found.has(key)) await findAll(place, listing);
      const fresh = found.get(key);
      if (!fresh) throw RuleGroupError.missing(place, name);
      return await attempt(fresh);
    } catch (error) {
      throw wafError(error, place, name);
    }
  };
}
