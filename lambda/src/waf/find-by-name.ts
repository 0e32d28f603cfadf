import { WAFNonexistentItemException } from '@aws-sdk/client-wafv2';
import { RuleGroupError, wafError } from './errors.ts';
import type { Place } from './place.ts';

/** WAF's calls want an id beside the name: found by listing, remembered, and found anew when it vanishes. */

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

/** Runs a call with the id of what is called so at a place. */
export type FindByName = <T>(
  place: Place,
  name: string,
  listing: Listing,
  call: (id: Found) => Promise<T>,
) => Promise<T>;

export function createFindByName(): FindByName {
  const found = new Map<string, Found>();
  const underWay = new Map<string, Promise<void>>();
  const keyOf = ({ region, scope }: Place, name: string): string => `${region} ${scope} ${name}`;

  /** WAF lists all names or none: so all are remembered, and callers that come meanwhile share the same list. */
  function findAll(place: Place, listing: Listing): Promise<void> {
    const key = keyOf(place, listing.kind);
    const reading = underWay.get(key) ?? readAll(place, listing).finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  }

  async function readAll(place: Place, listing: Listing): Promise<void> {
    let marker: string | undefined;
    do {
      const { items, next } = await listing.page(marker);
      for (const { Name, Id, ARN } of items) {
        if (Name && Id && ARN) found.set(keyOf(place, Name), { Id, ARN });
      }
      // WAF may send a marker with its last page, and fewer items than asked for with any.
      marker = items.length > 0 ? next : undefined;
    } while (marker);
  }

  return async function findByName(place, name, listing, call) {
    const key = keyOf(place, name);
    const remembered = found.get(key);
    try {
      if (!remembered) await findAll(place, listing);
      const id = found.get(key);
      if (!id) throw RuleGroupError.missing(place, name);
      return await call(id);
    } catch (error) {
      const isGone = error instanceof WAFNonexistentItemException;
      if (isGone) found.delete(key);
      if (isGone && remembered) return findByName(place, name, listing, call);
      throw wafError(error, place, name);
    }
  };
}
