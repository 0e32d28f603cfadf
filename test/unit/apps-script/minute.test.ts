import { GRACE_MS } from '../../../contract/timing.ts';
import { eachNight, MANAGER, MINUTE_MS, Night, SHEET } from './night.ts';

let night: Night;
const code = eachNight((made) => {
  night = made;
});

const ran = () => night.api.received.length;
const result = (step: number) => String(night.value(step, 'Result'));

describe('the tick', () => {
  it('with nothing to do costs one service call', () => {
    night.google.now += 3 * 24 * 60 * MINUTE_MS;
    for (let minute = 0; minute < 61; minute += 1) night.minute();
    const costs = Array.from({ length: 60 }, () => night.minute().calls.length);
    expect(costs.filter((cost) => cost === 1).length).toBeGreaterThanOrEqual(58);
  });

  it('tells how a running row ended whose execution has long been over', () => {
    night.api.leaks('shop');
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Running');
    night.api.leaks();
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('a running row whose operation nobody knows goes back: nothing is running', () => {
    night.set(2, 'Status', 'Running');
    night.set(2, 'Operation', 'production-01234567');
    night.minute();
    night.minute();
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(result(2)).toContain('Nothing is running here');
    expect(ran()).toBe(0);
  });

  it('Running typed by hand goes back to Planned, with or without its event', () => {
    night.status(2, 'Running');
    expect(night.value(2, 'Status')).toBe('Planned');
    night.set(9, 'Status', 'Running');
    night.minute();
    expect(night.value(9, 'Status')).toBe('Planned');
    expect(result(9)).not.toBe('');
  });

  it('a lock that somebody else holds delays an answer, and loses nothing', () => {
    night.google.isLockFree = false;
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Go');
    night.google.isLockFree = true;
    night.minute();
    expect(ran()).toBe(1);
    expect([night.value(2, 'Status'), night.value(2, 'By')]).toEqual(['Done', MANAGER]);
  });

  it('what runs by the clock does not wait for a lock: only its answer does', () => {
    night.set(2, 'Planned start', new Date(night.google.now + 5 * MINUTE_MS));
    night.status(2, 'Scheduled');
    night.google.now += 4.2 * MINUTE_MS;
    night.google.isLockFree = false;
    night.minute();
    expect([ran(), night.value(2, 'Status')]).toEqual([1, 'Scheduled']);
    night.google.isLockFree = true;
    night.minute();
    expect([ran(), night.value(2, 'Status')]).toEqual([1, 'Done']);
  });

  it('authority ends after two minutes: a Go that no server heard is not run late', () => {
    night.api.fault = () => 'no answer';
    night.go(2);
    night.api.fault = undefined;
    night.google.now += 3 * MINUTE_MS;
    for (let minute = 0; minute < 9; minute += 1) night.minute();
    expect(ran()).toBe(0);
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(result(2)).toContain('Nothing was run');
  });

  it('a Go that was taken back before any server heard of it is never run', () => {
    night.api.fault = () => 'no answer';
    night.go(2);
    night.api.fault = undefined;
    night.set(2, 'Status', 'Planned');
    for (let minute = 0; minute < 9; minute += 1) night.minute();
    expect(ran()).toBe(0);
    expect(night.value(2, 'Status')).toBe('Planned');
  });

  it('an armed step that no tick came for in time is not run late', () => {
    night.set(2, 'Planned start', new Date(night.google.now + 5 * MINUTE_MS));
    night.status(2, 'Scheduled');
    night.google.now += 5 * MINUTE_MS + GRACE_MS + 1_000;
    night.minute();
    expect([ran(), night.value(2, 'Status')]).toEqual([0, 'Failed']);
    expect(result(2)).toContain('more than ten minutes too late');
  });

  it('knows as many services as there are, though a property holds 9 KB', () => {
    night = new Night(code(), { moreServices: 120 });
    night.set(2, 'Service', 'service-119');
    night.go(2);
    expect(night.api.received.map(({ service }) => service)).toEqual(['service-119']);
    expect(night.value(2, 'Status')).toBe('Done');
    night.go(9);
    expect(night.value(9, 'Status')).toBe('Done');
    const sizes = [...night.google.userProperties.values()].map((value) => Buffer.byteLength(value));
    expect(Math.max(...sizes)).toBeLessThan(9 * 1024);
  });

  it('a banner that cannot be written holds up nothing', () => {
    night.google.books.get(SHEET)?.set('Drawbridge', [['Connected until', '']]);
    night.api.leaks('shop');
    night.go(2);
    night.api.leaks();
    const failed: string[] = [];
    night.google.meanwhile = (call) => {
      if (!/^setValues? 1,2 /.test(call)) return;
      failed.push(call);
      throw new Error('Service error: Spreadsheets');
    };
    for (let minute = 0; minute < 6; minute += 1) night.minute();
    expect(failed.length).toBeGreaterThan(0);
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('a deleted spreadsheet does not hold up the others', () => {
    night.addSheet('release-43');
    night.register('release-43');
    night.api.leaks('shop', 'payments');
    night.google.edit('release-43', 3, 7, [['Go']], MANAGER);
    night.go(9);
    night.google.books.delete('release-43');
    night.api.leaks();
    night.minute();
    expect(night.value(9, 'Status')).toBe('Done');
  });
});
