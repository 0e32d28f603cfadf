import type { Run } from './google.ts';
import { eachNight, MANAGER, Night } from './night.ts';

let night: Night;
const code = eachNight((made) => {
  night = made;
});

const result = (step: number) => String(night.value(step, 'Result'));

/** However an execution is cut, the next wake-ups finish the step or tell, and never run it twice. */
describe('killed at any service call', () => {
  const settle = () => {
    for (let minute = 0; minute < 9; minute += 1) night.minute();
  };
  const truth = (k: number, side: string) => {
    const place = `cut ${side} call ${k}`;
    const status = night.value(2, 'Status');
    const ids = new Set(night.api.received.map(({ operationId }) => operationId));
    expect([place, ids.size <= 1]).toEqual([place, true]);
    expect([place, status]).toEqual([place, ids.size === 1 ? 'Done' : 'Planned']);
    if (status === 'Planned') expect([place, result(2)]).toEqual([place, expect.stringMatching(/set.*Go|Go.*again/i)]);
    expect([place, night.unfinished()]).toEqual([place, []]);
    expect([place, night.value(1, 'Status'), night.value(3, 'Status')]).toEqual([place, 'Planned', 'Planned']);
  };

  it('an edit: ends true for every call, before and after', () => {
    const whole: Run = new Night(code()).go(2);
    expect(whole.calls.length).toBeGreaterThan(15);
    for (let at = 1; at <= whole.calls.length; at += 1) {
      for (const side of ['before', 'after'] as const) {
        night = new Night(code());
        night.google.isFresh = true;
        expect(night.go(2, MANAGER, { cut: { at, side } }).wasCut).toBe(true);
        settle();
        truth(at, side);
        night.go(2);
        expect(night.value(2, 'Status')).toBe('Done');
      }
    }
  });

  it('the tick that finishes a cut edit: ends true for every call, before and after', () => {
    const afterClaim = { at: 12, side: 'after' } as const;
    night.go(2, MANAGER, { cut: afterClaim });
    const whole = night.minute();
    expect(whole.calls.length).toBeGreaterThan(6);
    for (let at = 1; at <= whole.calls.length; at += 1) {
      for (const side of ['before', 'after'] as const) {
        night = new Night(code());
        night.go(2, MANAGER, { cut: afterClaim });
        expect(night.minute({ at, side }).wasCut).toBe(true);
        settle();
        truth(at, side);
      }
    }
  });
});
