import type { Members } from '../script-context.ts';
import type { Scope } from '../service.ts';
import type { Thread } from './thread.ts';

const CACHE_SECONDS = 600;

/** PropertiesService, CacheService and LockService. */
export function storage({ call, scriptContext }: Thread): Members {
  const { sealed, refuse } = scriptContext;

  function properties(scope: Scope): Members {
    const set = (values: object) => {
      const texts = Object.entries(values).map(([key, value]) => [key, String(value)]);
      call('Properties.setProperties', scope, Object.fromEntries(texts));
      return self;
    };
    const self: Members = sealed('Properties', {
      getProperty: (key: string) => call('Properties.getProperty', scope, key),
      getProperties: () => call('Properties.getProperties', scope),
      setProperty: (key: string, value: unknown) => set({ [key]: value }),
      setProperties: (values: object, deleteAllOthers = false) =>
        deleteAllOthers ? refuse('Properties.setProperties with deleteAllOthers') : set(values),
      deleteProperty(key: string) {
        call('Properties.deleteProperty', scope, key);
        return self;
      },
    });
    return self;
  }

  const cache = (scope: Scope): Members =>
    sealed('Cache', {
      get: (key: string) => call('Cache.get', scope, key),
      put: (key: string, value: unknown, seconds = CACHE_SECONDS) =>
        void call('Cache.put', scope, key, String(value), seconds),
      getAll: (keys: readonly string[]) => call('Cache.getAll', scope, Array.from(keys, String)),
      removeAll: (keys: readonly string[]) => void call('Cache.removeAll', scope, Array.from(keys, String)),
      remove: (key: string) => void call('Cache.remove', scope, key),
    });

  const lock = sealed('Lock', {
    tryLock: (ms: number) => call('Lock.tryLock', ms),
    releaseLock: () => void call('Lock.releaseLock'),
  });

  return {
    PropertiesService: sealed('PropertiesService', {
      getScriptProperties: () => properties('script'),
      getUserProperties: () => properties('user'),
    }),
    CacheService: sealed('CacheService', {
      getUserCache: () => cache('user'),
    }),
    LockService: sealed('LockService', { getScriptLock: () => lock }),
  };
}
