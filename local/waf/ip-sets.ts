import * as z from 'zod/mini';
import { ipSetArns } from './check-rules.ts';
import { associated, limitExceeded } from './errors.ts';
import { type AddressVersion, type Range, readRange, writeRange } from './ip-ranges.ts';
import type { Item, Place } from './items.ts';
import { LIMITS } from './limits.ts';
import { itemName, listRequest, lockedItem, pageOf, placeOf, summaryOf } from './named.ts';
import { type Handlers, operation } from './operation.ts';
import type { Stores } from './rule-groups.ts';
import * as schema from './schema.ts';
import { refersTo } from './web-acls.ts';

const createRequest = z.strictObject({
  Name: schema.name,
  Scope: schema.scope,
  Description: z.optional(schema.description),
  IPAddressVersion: z.enum(['IPV4', 'IPV6']),
  Addresses: schema.addresses,
});
const updateRequest = z.strictObject({
  ...lockedItem,
  Description: z.optional(schema.description),
  Addresses: schema.addresses,
});

export interface IpSet {
  readonly Description?: string;
  readonly IPAddressVersion: AddressVersion;
  readonly ranges: readonly Range[];
}

function readRanges(addresses: readonly string[], version: AddressVersion): Range[] {
  if (addresses.length > LIMITS.addressesPerIpSet) {
    throw limitExceeded(`${LIMITS.addressesPerIpSet} addresses in an IP set`);
  }
  return addresses.map((address) => readRange(address, version));
}

const describe = ({ name, id, arn, value }: Item<IpSet>) => ({
  Name: name,
  Id: id,
  ARN: arn,
  Description: value.Description ?? '',
  IPAddressVersion: value.IPAddressVersion,
  Addresses: value.ranges.map(writeRange),
});

export const ipSetOperations = ({ ruleGroups, ipSets, webAcls }: Stores): Handlers => {
  function checkUnused(place: Place, { arn, name }: Item<IpSet>): void {
    const used =
      ruleGroups.all(place).some(({ value }) => ipSetArns(value.Rules ?? []).has(arn)) ||
      webAcls.all(place).some(({ value }) => refersTo(value, arn));
    if (used) throw associated(name);
  }

  return {
    CreateIPSet: operation(createRequest, ({ Name, Scope, Addresses, ...rest }, caller) => {
      const place = placeOf(Scope, caller);
      const ranges = readRanges(Addresses, rest.IPAddressVersion);
      return { Summary: summaryOf(ipSets.create(place, Name, { ...rest, ranges })) };
    }),

    GetIPSet: operation(z.strictObject(itemName), ({ Name, Scope, Id }, caller) => {
      const item = ipSets.find(placeOf(Scope, caller), { name: Name, id: Id });
      return { IPSet: describe(item), LockToken: item.lockToken };
    }),

    ListIPSets: operation(listRequest, (asked, caller) => {
      const { summaries, NextMarker } = pageOf(ipSets, asked, caller);
      return { IPSets: summaries, NextMarker };
    }),

    /** Replaces all addresses. */
    UpdateIPSet: operation(updateRequest, ({ Name, Scope, Id, LockToken, Addresses, Description }, caller) => {
      const item = ipSets.unlock(placeOf(Scope, caller), { name: Name, id: Id }, LockToken);
      const { IPAddressVersion } = item.value;
      const ranges = readRanges(Addresses, IPAddressVersion);
      return { NextLockToken: ipSets.replace(item, { Description, IPAddressVersion, ranges }).lockToken };
    }),

    DeleteIPSet: operation(z.strictObject(lockedItem), ({ Name, Scope, Id, LockToken }, caller) => {
      const place = placeOf(Scope, caller);
      const item = ipSets.unlock(place, { name: Name, id: Id }, LockToken);
      checkUnused(place, item);
      ipSets.remove(item);
      return {};
    }),
  };
};
