import { type Caller, counted, type Scope, type Service, storeOf, type World } from '../service.ts';

/** @see https://developers.google.com/apps-script/guides/services/quotas */
const VALUE_BYTES = 9 * 1_024;
const ALL_BYTES = 500 * 1_024;

function merged(held: ReadonlyMap<string, string>, values: Readonly<Record<string, string>>): Map<string, string> {
  const next = new Map(held);
  for (const [key, value] of Object.entries(values)) {
    if (Buffer.byteLength(value) > VALUE_BYTES) throw new Error(`Argument too large: value of ${key}`);
    next.set(key, value);
  }
  const total = [...next].reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (total <= ALL_BYTES) return next;
  throw new Error('You have exceeded the property storage quota. Please remove some properties and try again.');
}

const heldBy = ({ properties }: World, { account }: Caller, scope: Scope): ReadonlyMap<string, string> =>
  properties.get(storeOf(scope, account)) ?? new Map();

const hold = ({ properties }: World, { account }: Caller, scope: Scope, held: ReadonlyMap<string, string>): void =>
  void properties.set(storeOf(scope, account), held);

export const PROPERTIES_SERVICE: Readonly<Record<string, Service>> = {
  'Properties.getProperty': counted(
    (world, caller, scope: Scope, key: string) => heldBy(world, caller, scope).get(key) ?? null,
  ),
  'Properties.getProperties': counted((world, caller, scope: Scope) =>
    Object.fromEntries(heldBy(world, caller, scope)),
  ),
  'Properties.setProperties': counted((world, caller, scope: Scope, values: Record<string, string>) =>
    hold(world, caller, scope, merged(heldBy(world, caller, scope), values)),
  ),
  'Properties.deleteProperty': counted((world, caller, scope: Scope, key: string) => {
    const left = [...heldBy(world, caller, scope)].filter(([one]) => one !== key);
    hold(world, caller, scope, new Map(left));
  }),
};
