import type { Members } from '../script-context.ts';
import type { Scope } from '../service.ts';
import type { Thread } from './thread.ts';

const CACHE_SECONDS = 600;

/** PropertiesService, CacheService and LockService. */
export function storage({ call, scriptContext }: Thread): Members {
  const { sealed, refuse, exception } = scriptContext;

  function properties(scope: Scope): Members {
    const set = (values: object) => {
      const texts = Object.entries(values).map(([key, value]) => [key, String(value)]);
      call('Properties.setProperties', scope, Object.fromEntries(texts));
      return self;
    };
    const all = () => call('Properties.getProperties', scope) as object;
    const self: Members = sealed('Properties', {
      getProperty: (key: string) => call('Properties.getProperty', scope, key),
      getProperties: all,
      getKeys: () => scriptContext.list(Object.keys(all())),
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
    waitLock(ms: number) {
      if (!call('Lock.tryLock', ms))
        throw exception('Lock timeout: another process was holding the lock for too long.');
    },
    releaseLock: () => void call('Lock.releaseLock'),
    hasLock: () => call('Lock.hasLock'),
  });

  return {
    PropertiesService: sealed('PropertiesService', {
      getScriptProperties: () => properties('script'),
      getUserProperties: () => properties('user'),
      getDocumentProperties: () => null,
    }),
    CacheService: sealed('CacheService', {
      getScriptCache: () => cache('script'),
      getUserCache: () => cache('user'),
      getDocumentCache: () => null,
    }),
    LockService: sealed('LockService', { getScriptLock: () => lock, getDocumentLock: () => null }),
  };
}
