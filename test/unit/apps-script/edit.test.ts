import { editEvent, OWNER } from './google.ts';
import { DUTY, eachNight, MANAGER, type Night, SHEET } from './night.ts';

let night: Night;
eachNight((made) => {
  night = made;
});

const posts = () => night.api.received.length;
const result = (step: number) => String(night.value(step, 'Result'));

describe('one edit', () => {
  it('setting Go closes the service and ends in Done, with who and when', () => {
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(2, 'By')).toBe(MANAGER);
    expect(night.value(2, 'Started')).toBeInstanceOf(Date);
    expect(night.value(2, 'Finished')).toBeInstanceOf(Date);
    expect(night.value(2, 'Operation')).toMatch(/^production-[0-9a-f]{8}$/);
    expect(result(2)).toContain('Shop is closed to everyone');
    expect(night.api.received).toEqual([
      expect.objectContaining({
        service: 'shop',
        action: 'enter',
        requestedBy: MANAGER,
        source: { kind: 'sheet', spreadsheetId: SHEET, step: '2' },
      }),
    ]);
    expect(night.unfinished()).toEqual([]);
  });

  it('costs at most eight service calls until its request is sent, and 35 besides following it', () => {
    night.google.cache.clear();
    const { calls } = night.go(2);
    const isSync = (call: string) => call.startsWith('fetchAll post https://api.');
    expect(calls.filter((call) => call.startsWith('fetchAll')).length).toBeGreaterThan(0);
    expect(calls.findIndex((call) => call.startsWith('fetchAll'))).toBeLessThanOrEqual(8);
    expect(calls.filter((call) => !isSync(call)).length).toBeLessThanOrEqual(35);
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('an edit that cannot matter costs no service call, and one of people’s own rows two at most', () => {
    const elsewhere = night.google.edit(SHEET, 2, 2, [['x']], MANAGER, { tab: 'Read me' });
    const otherColumn = night.google.edit(SHEET, night.row(2), night.column('Task'), [['Close it']], MANAGER);
    const peopleStep = night.status(3, 'Done');
    expect(elsewhere.calls).toEqual([]);
    for (const { calls } of [otherColumn, peopleStep]) expect(calls.length).toBeLessThanOrEqual(2);
    expect(night.value(3, 'Status')).toBe('Done');
  });

  it('a step that is set to Skipped stays so', () => {
    night.status(2, 'Skipped');
    night.minute();
    expect(night.value(2, 'Status')).toBe('Skipped');
    expect(posts()).toBe(0);
  });

  it('a tick with nothing due costs one service call', () => {
    night.google.now += 1_000;
    expect(night.google.run('onMinute').calls).toEqual(['userProperties.getProperties']);
  });

  it('setting Go on a Done row runs it again under a new id', () => {
    night.go(2);
    const first = night.value(2, 'Operation');
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(2, 'Operation')).not.toBe(first);
    expect(posts()).toBe(2);
  });

  it('an event that comes twice runs the step once', () => {
    night.google.type(SHEET, night.row(2), night.column('Status'), [['Go']]);
    const event = editEvent({ book: SHEET, row: 3, column: 7, user: MANAGER });
    // The second execution starts while the first has read the sheet but not yet claimed.
    night.google.meanwhile = (call) => {
      if (call !== 'userProperties.getProperties') return;
      night.google.meanwhile = undefined;
      night.google.run('onRundownEdit', event);
    };
    night.google.run('onRundownEdit', event);
    expect(posts()).toBe(1);
    expect(night.value(2, 'Status')).toBe('Done');
    night.minute();
    expect(posts()).toBe(1);
    expect(night.unfinished()).toEqual([]);
  });

  it('never writes a cell that is not its own, and never Planned start, Service or Action', () => {
    const own = ['Status', 'Result', 'Started', 'Finished', 'By', 'Operation'].map((name) => night.column(name) - 1);
    const foreign = () => night.cells.map((line) => line.filter((_, at) => !own.includes(at)));
    const before = foreign();
    for (const step of [2, 5, 7, 8]) night.go(step);
    night.go(4);
    expect(foreign()).toEqual(before);
  });
});

describe('whose Go it is', () => {
  it.each([
    ['', 'nobody named'],
    [OWNER, 'the controller’s own account'],
  ])('a Go by "%s" (%s) goes back to Planned with the reason', (user) => {
    night.go(2, user);
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(result(2)).toContain('Google did not report who set this');
    expect(posts()).toBe(0);
  });

  it('the person of an event that typed something else is not made responsible for a Go', () => {
    night.google.type(SHEET, night.row(2), night.column('Status'), [['Go']]);
    const late = editEvent({ book: SHEET, row: 3, column: 7, user: DUTY, value: 'Planned' });
    night.google.run('onRundownEdit', late);
    expect(posts()).toBe(0);
    expect(night.value(2, 'Status')).toBe('Go');
  });

  it('a Go whose event was lost goes back to Planned after a minute, not at once', () => {
    night.set(2, 'Status', 'Go');
    night.minute();
    expect(night.value(2, 'Status')).toBe('Go');
    night.minute();
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(result(2)).toContain('Google did not report who set this');
    expect(posts()).toBe(0);
  });

  it('an edit of another row does not run a Go that nobody was seen to set', () => {
    night.set(2, 'Status', 'Go');
    night.go(9);
    expect(night.value(2, 'Status')).toBe('Go');
    expect(night.api.received.map(({ service }) => service)).toEqual(['payments']);
  });

  it('a refused person reads the server’s reason and the id to quote', () => {
    night.go(2, 'intern@example.com');
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain('intern@example.com is not an operator');
    expect(result(2)).toContain(String(night.value(2, 'Operation')));
    expect(night.unfinished()).toEqual([]);
  });
});

describe('what cannot be run says why', () => {
  it('Go on a step without Action goes back to Planned', () => {
    night.go(4);
    expect(night.value(4, 'Status')).toBe('Planned');
    expect(result(4)).toContain('your own step');
  });

  it.each([
    ['Service', 'checkout', 'payments, shop-staging'],
    ['Service', '', 'payments, shop-staging'],
    ['Action', 'Close', 'Enter maintenance, Enable allowlist'],
    ['Action', '', 'Enter maintenance, Enable allowlist'],
  ])('a wrong %s "%s" fails and names what there is', (header, value, expected) => {
    night.set(2, header, value);
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain(expected);
    expect(posts()).toBe(0);
  });

  it('a service that was added after connecting is found', () => {
    const properties = night.google.userProperties;
    for (const [key, value] of properties) {
      if (key.startsWith('names:production')) properties.set(key, value.replaceAll('payments', 'search'));
    }
    night.go(9);
    if (posts() === 0) night.minute();
    night.go(9);
    expect(night.api.received.map(({ service }) => service)).toContain('payments');
  });

  it('several Gos of one service in one paste: none runs, all are told', () => {
    night.google.edit(SHEET, night.row(7), night.column('Status'), [['Go'], ['Go']], MANAGER);
    expect([night.value(7, 'Status'), night.value(8, 'Status')]).toEqual(['Planned', 'Planned']);
    expect(result(7)).toContain('7 and 8');
    expect(posts()).toBe(0);
  });

  it('Gos of two services in one paste both run', () => {
    night.google.edit(SHEET, night.row(8), night.column('Status'), [['Go'], ['Go']], MANAGER);
    expect([night.value(8, 'Status'), night.value(9, 'Status')]).toEqual(['Done', 'Done']);
    expect(posts()).toBe(2);
  });

  it('a copied row with the same operation: neither fires, both are told', () => {
    night.go(2);
    const copied = [...(night.cells[night.row(2) - 1] as string[])];
    night.cells.push(copied);
    const row = night.cells.length;
    night.google.edit(SHEET, row, night.column('Status'), [['Go']], MANAGER);
    expect(posts()).toBe(1);
    expect(night.cells[row - 1]?.[night.column('Status') - 1]).toBe('Planned');
    for (const line of [night.cells[2], night.cells[row - 1]]) {
      expect(line?.[night.column('Result') - 1]).toContain('same operation');
    }
  });
});
