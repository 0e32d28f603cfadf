import { DUTY, eachNight, MANAGER, type Night, SHEET } from './night.ts';

let night: Night;
eachNight((made) => {
  night = made;
});

const posts = () => night.api.received.length;
const result = (step: number) => String(night.value(step, 'Result'));

describe('while a request is out', () => {
  const during = (act: () => void) => {
    night.google.meanwhile = (call) => {
      if (!call.startsWith('fetchAll post')) return;
      night.google.meanwhile = undefined;
      act();
    };
  };
  const blank = () => night.cells[0]?.map(() => '') as string[];

  it('a row inserted above does not mislead the answer', () => {
    during(() => night.cells.splice(1, 0, blank()));
    night.go(2);
    expect(night.row(2)).toBe(4);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(Object.values(night.statuses()).filter((status) => status === 'Done')).toHaveLength(1);
  });

  it('sorting does not mislead the answer', () => {
    during(() => night.cells.push(...night.cells.splice(1).reverse()));
    night.go(2);
    expect(night.statuses()).toMatchObject({ 1: 'Planned', 2: 'Done', 3: 'Planned', 9: 'Planned' });
  });

  it('a deleted row’s operation is finished and logged', () => {
    during(() => night.cells.splice(night.row(2) - 1, 1));
    const { log } = night.go(2);
    expect(log.join('\n')).toContain('production-');
    expect(night.outbox).toEqual([]);
    expect(Object.values(night.statuses())).not.toContain('Done');
  });

  it.each(['', 'Planned', 'Skipped', 'Go'])(
    'Status typed over with "%s" while it runs goes back to Running, with a sentence, and is Done',
    (typed) => {
      night.api.leaks('shop');
      night.go(2);
      expect(night.value(2, 'Status')).toBe('Running');
      night.status(2, typed);
      expect([night.value(2, 'Status'), result(2)]).toEqual(['Running', expect.stringContaining('production-')]);
      night.api.leaks();
      night.minute();
      night.minute();
      expect(night.value(2, 'Status')).toBe('Done');
      expect(posts()).toBe(1);
    },
  );

  it('a cleared Operation cell is put right', () => {
    during(() => night.set(2, 'Operation', ''));
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(2, 'Operation')).toMatch(/^production-/);
  });

  it('two people at once on two services: both run, each in its own name', () => {
    during(() => void night.go(9, DUTY));
    night.go(2);
    expect(night.api.received.map(({ service, requestedBy }) => [service, requestedBy])).toEqual([
      ['shop', MANAGER],
      ['payments', DUTY],
    ]);
    expect(night.statuses()).toMatchObject({ 2: 'Done', 9: 'Done' });
  });
});

describe('rows that move between the read and the write of a claim', () => {
  it('an inserted row: nothing but the step that was meant is marked, and it runs', () => {
    night.google.meanwhile = (call) => {
      if (call !== 'userProperties.setProperties' && call !== 'getValues') return;
      if (night.google.isLockFree) return;
      night.google.meanwhile = undefined;
      night.cells.splice(1, 0, night.cells[0]?.map(() => '') as string[]);
    };
    night.go(2);
    const marked = night.cells.filter((line) => String(line[night.column('Operation') - 1]).startsWith('production-'));
    expect(marked).toHaveLength(1);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(1, 'Status')).toBe('Planned');
    expect(posts()).toBe(1);
  });

  it('an end is never left in a row that somebody moved into its place', () => {
    let isDone = false;
    night.google.meanwhile = (call) => {
      if (call.startsWith('fetchAll post')) isDone = true;
      if (!isDone || call !== 'getValues') return;
      night.google.meanwhile = undefined;
      night.cells.splice(1, 0, night.cells[0]?.map(() => '') as string[]);
    };
    night.go(2);
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(1, 'Status')).toBe('Planned');
    expect(night.cells[1]?.every((cell) => cell === '')).toBe(true);
  });
});

describe('a row that is changed after it was Done', () => {
  const service = (name: string) =>
    night.google.edit(SHEET, night.row(2), night.column('Service'), [[name]], MANAGER, { typed: name } as never);

  it('says at once that what it says now has not run, and Done again a minute after that is undone', () => {
    night.go(2);
    const before = night.cells[night.row(2) - 1]?.slice();
    const id = night.value(2, 'Operation');
    service('payments');
    expect([night.value(2, 'Status'), night.value(2, 'Operation'), night.value(2, 'Finished')]).toEqual([
      'Planned',
      '',
      '',
    ]);
    expect(result(2)).toMatch(/^What this row says now has not run\. .*Enter maintenance of Shop/);
    expect(result(2)).toContain(`: Done (${id})`);
    service('shop');
    night.minute();
    expect(night.cells[night.row(2) - 1]).toEqual(before);
    expect(posts()).toBe(1);
  });

  it('runs what it says now with the next Go', () => {
    night.go(2);
    service('payments');
    night.go(2);
    expect(night.api.received.map((one) => one.service)).toEqual(['shop', 'payments']);
    expect(result(2)).toContain('Payments is closed to everyone');
  });
});
