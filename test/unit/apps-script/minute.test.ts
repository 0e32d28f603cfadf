import { eachNight, MANAGER, MINUTE_MS, type Night, SHEET } from './night.ts';

let night: Night;
eachNight((made) => {
  night = made;
});

const posts = () => night.api.received.length;
const result = (step: number) => String(night.value(step, 'Result'));

describe('the tick', () => {
  it('with nothing to do costs three service calls at most', () => {
    expect(night.minute().calls.length).toBeLessThanOrEqual(3);
  });

  it('adopts a running row that the outbox has forgotten', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    for (const key of night.outbox) night.google.userProperties.delete(key);
    night.api.looksNeeded = 1;
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('a running row whose operation nobody knows is Failed: nothing was run', () => {
    night.set(2, 'Status', 'Running');
    night.set(2, 'Operation', 'op-0123456789ab');
    night.minute();
    night.minute();
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain('Nothing was run');
  });

  it('Running typed by hand goes back to Planned, with or without its event', () => {
    night.status(2, 'Running');
    expect(night.value(2, 'Status')).toBe('Planned');
    night.set(9, 'Status', 'Running');
    night.minute();
    expect(night.value(9, 'Status')).toBe('Planned');
    expect(result(9)).not.toBe('');
  });

  it('a lock that somebody else holds delays a Go, and does not lose it', () => {
    night.google.isLockFree = false;
    night.go(2);
    expect(posts()).toBe(0);
    night.google.isLockFree = true;
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(2, 'By')).toBe(MANAGER);
  });

  it('a tick that cannot have the lock sends nothing, and the next one does', () => {
    night.set(2, 'Planned start', new Date(night.google.now + 30_000));
    night.status(2, 'Scheduled');
    night.google.now += 40_000;
    night.google.isLockFree = false;
    night.minute();
    expect([posts(), night.value(2, 'Status')]).toEqual([0, 'Scheduled']);
    night.google.isLockFree = true;
    night.minute();
    expect([posts(), night.value(2, 'Status')]).toEqual([1, 'Done']);
  });

  it('a Go that was taken back while it waited is never sent', () => {
    night.google.isLockFree = false;
    night.go(2);
    night.google.isLockFree = true;
    night.set(2, 'Status', 'Planned');
    for (let minute = 0; minute < 9; minute += 1) night.minute();
    expect(posts()).toBe(0);
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(night.outbox).toEqual([]);
  });

  it('authority ends after two minutes: an old Go is not run late', () => {
    night.google.isLockFree = false;
    night.go(2);
    night.google.isLockFree = true;
    night.google.now += 3 * MINUTE_MS;
    for (let minute = 0; minute < 9; minute += 1) night.minute();
    expect(posts()).toBe(0);
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(night.outbox).toEqual([]);
  });

  it('knows as many services as there are, though a property holds 9 KB', () => {
    night.api.moreServices = 120;
    night.set(2, 'Service', 'service-119');
    night.go(2);
    expect(night.api.received.map(({ service }) => service)).toEqual(['service-119']);
    expect(night.value(2, 'Status')).toBe('Done');
    night.go(9);
    expect(night.value(9, 'Status')).toBe('Done');
  });

  it('a banner that cannot be written does not hold up what was claimed', () => {
    night.google.books.get(SHEET)?.set('Drawbridge', [['Connected until', '']]);
    const failed: string[] = [];
    night.google.meanwhile = (call) => {
      if (!call.startsWith('setValue ')) return;
      failed.push(call);
      throw new Error('Service error: Spreadsheets');
    };
    night.google.isLockFree = false;
    night.go(2);
    night.google.isLockFree = true;
    night.minute();
    expect(failed).toHaveLength(1);
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('a deleted spreadsheet does not hold up the others', () => {
    night.addSheet('release-43');
    night.google.scriptProperties.set('RELEASE_SHEETS', `release-43,${SHEET}`);
    night.google.run('install');
    night.api.looksNeeded = 1_000;
    night.google.edit('release-43', 3, 7, [['Go']], MANAGER);
    night.go(9);
    night.google.books.delete('release-43');
    night.api.looksNeeded = 1;
    night.minute();
    expect(night.value(9, 'Status')).toBe('Done');
    night.minute();
    expect(night.outbox).toEqual([]);
  });
});
