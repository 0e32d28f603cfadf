/**
 * Makes `Date` of this thread follow the shifted clock; timers stay real.
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
}
