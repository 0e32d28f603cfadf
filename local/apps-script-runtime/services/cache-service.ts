import { happens } from '../fault-injection.ts';
import { type Caller, counted, type Scope, type Service, storeOf, type World } from '../service.ts';

/** @see https://developers.google.com/apps-script/reference/cache/cache */
const VALUE_BYTES = 100 * 1_024;
const KEY_LENGTH = 250;
const LONGEST_SECONDS = 21_600;

function look(
  { cache, clock, faultInjection, trace }: World,
  { account }: Caller,
  scope: Scope,
  key: string,
): string | null {
  const held = cache.get(`${storeOf(scope, account)} ${key}`);
  const isGone = !held || held.until <= clock.now() || happens(faultInjection, faultInjection.evictCache);
  const said = isGone ? 'nothing' : 'found';
  trace?.({ at: clock.now(), part: 'apps-script', what: `Cache.get ${key}`, said, ok: true });
  return isGone ? null : held.value;
}

export const CACHE_SERVICE: Readonly<Record<string, Service>> = {
  'Cache.get': counted(look),
  /** Only those that are there. */
  'Cache.getAll': counted((world, caller, scope: Scope, keys: string[]) => {
    const found = keys.map((key) => [key, look(world, caller, scope, key)] as const);
    return Object.fromEntries(found.filter(([, value]) => value !== null));
  }),
  'Cache.put': counted(({ cache, clock }, { account }, scope: Scope, key: string, value: string, seconds: number) => {
    if (key.length > KEY_LENGTH) throw new Error('Argument too large: key');
    if (Buffer.byteLength(value) > VALUE_BYTES) throw new Error('Argument too large: value');
    if (!(seconds >= 1 && seconds <= LONGEST_SECONDS)) throw new Error('Invalid argument: expirationInSeconds');
    cache.set(`${storeOf(scope, account)} ${key}`, { value, until: clock.now() + seconds * 1_000 });
  }),
  'Cache.removeAll': counted(({ cache }, { account }, scope: Scope, keys: string[]) => {
    for (const key of keys) cache.delete(`${storeOf(scope, account)} ${key}`);
  }),
  'Cache.remove': counted(({ cache }, { account }, scope: Scope, key: string) => {
    cache.delete(`${storeOf(scope, account)} ${key}`);
  }),
};
