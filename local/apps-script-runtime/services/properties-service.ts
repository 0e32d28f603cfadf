import { counted, type Scope, type Service } from '../service.ts';

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

export const PROPERTIES_SERVICE: Readonly<Record<string, Service>> = {
  'Properties.getProperty': counted(
    ({ properties }, _caller, scope: Scope, key: string) => properties[scope].get(key) ?? null,
  ),
  'Properties.getProperties': counted(({ properties }, _caller, scope: Scope) => Object.fromEntries(properties[scope])),
  'Properties.setProperties': counted(({ properties }, _caller, scope: Scope, values: Record<string, string>) => {
    for (const [key, value] of merged(properties[scope], values)) properties[scope].set(key, value);
  }),
  'Properties.deleteProperty': counted(({ properties }, _caller, scope: Scope, key: string) => {
    properties[scope].delete(key);
  }),
};
