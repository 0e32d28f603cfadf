import { counted, type Service } from '../service.ts';

export const LOCK_SERVICE: Readonly<Record<string, Service>> = {
  'Lock.tryLock': counted(({ lock }, { id }, ms: number) => lock.tryLock(id, ms)),
  'Lock.releaseLock': counted(({ lock }, { id }) => lock.release(id)),
};
