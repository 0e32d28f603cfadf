import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/** Real milliseconds: after a move, a waiter notices this much later at most. */
const CHECK_EVERY_MS = 50;

/**
 * Makes this thread follow the shifted clock: `Date`, and waiting with `node:timers/promises`, as Lambdas do for a step's
 * second. Timers of callbacks stay real, as they cut off calls that hang: a moved clock hangs no call.
 * @param shift - Milliseconds to add, one Float64 that the host may change at any time.
 */
export function installClock(shift: SharedArrayBuffer): void {
  const cell = new Float64Array(shift);
  const RealDate = Date;
  const realNow = RealDate.now;
  const now = () => realNow() + Math.trunc(cell[0] as number);
  RealDate.now = now;
  const ShiftedDate = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = ShiftedDate;
  globalThis.Date = ShiftedDate;
  installWaiting(now);
}

function installWaiting(now: () => number): void {
  const real = timers.setTimeout;
  const wait: typeof real = async (delayMs = 1, value, options) => {
    const until = now() + delayMs;
    for (let leftMs = delayMs; leftMs > 0; leftMs = until - now()) {
      await real(Math.min(leftMs, CHECK_EVERY_MS), undefined, options);
    }
    return value as never;
  };
  Object.assign(timers, { setTimeout: wait });
  syncBuiltinESMExports();
}
