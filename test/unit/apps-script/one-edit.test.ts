import { OWNER, type Run } from './google.ts';
import { builtCode, DUTY, MANAGER, MINUTE_MS, Night, SHEET } from './night.ts';

let code: string;
beforeAll(async () => {
  code = await builtCode();
});

let night: Night;
beforeEach(() => {
  night = new Night(code);
});

const posts = () => night.api.received.length;
const isPolling = (call: string) => call.startsWith('fetchAll get') || call.startsWith('sleep');
const result = (step: number) => String(night.value(step, 'Result'));

describe('one edit', () => {
  it('setting Go closes the service and ends in Done, with who and when', () => {
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(2, 'By')).toBe(MANAGER);
    expect(night.value(2, 'Started')).toBeInstanceOf(Date);
    expect(night.value(2, 'Finished')).toBeInstanceOf(Date);
    expect(night.value(2, 'Operation')).toMatch(/^op-[0-9a-f]{12}$/);
    expect(result(2)).toContain('Shop is closed to everyone');
    expect(night.api.received).toEqual([
      expect.objectContaining({
        service: 'shop',
        action: 'enter',
        requestedBy: MANAGER,
        source: { kind: 'sheet', spreadsheetId: SHEET, step: '2' },
      }),
    ]);
    expect(night.outbox).toEqual([]);
  });

  it('costs at most 30 service calls besides looking again', () => {
    night.google.cache.clear();
    night.api.looksNeeded = 1;
    const { calls } = night.go(2);
    expect(calls.filter((call) => !isPolling(call)).length).toBeLessThanOrEqual(30);
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('an edit that cannot matter costs two service calls at most', () => {
    const elsewhere = night.google.edit(SHEET, 2, 2, [['x']], MANAGER, { tab: 'Read me' });
    const otherColumn = night.google.edit(SHEET, night.row(2), night.column('Task'), [['Close it']], MANAGER);
    const peopleStep = night.status(3, 'Done');
    const skipped = night.status(2, 'Skipped');
    expect(elsewhere.calls).toEqual([]);
    for (const { calls } of [otherColumn, peopleStep, skipped]) expect(calls.length).toBeLessThanOrEqual(2);
    expect(night.value(3, 'Status')).toBe('Done');
    expect(night.value(2, 'Status')).toBe('Skipped');
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
    const event = ({ spreadsheet }: { spreadsheet: (id: string) => ReturnType<never> }) => {
      const source = (spreadsheet as (id: string) => any)(SHEET);
      return { source, range: source.getSheetByName('Rundown').getRange(3, 7), user: { getEmail: () => MANAGER } };
    };
    // The second execution starts while the first has read the sheet but not yet claimed.
    night.google.meanwhile = (call) => {
      if (call !== 'userProperties.getProperties') return;
      night.google.meanwhile = undefined;
      night.google.run('onRundownEdit', event as never);
    };
    night.google.run('onRundownEdit', event as never);
    expect(posts()).toBe(1);
    expect(night.value(2, 'Status')).toBe('Done');
    night.minute();
    expect(posts()).toBe(1);
    expect(night.outbox).toEqual([]);
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
    expect(result(2)).toContain('could not see who set this');
    expect(posts()).toBe(0);
  });

  it('the person of an event that typed something else is not made responsible for a Go', () => {
    night.google.type(SHEET, night.row(2), night.column('Status'), [['Go']]);
    const late = ({ spreadsheet }: any) => {
      const source = spreadsheet(SHEET);
      const range = source.getSheetByName('Rundown').getRange(3, 7);
      return { source, range, user: { getEmail: () => DUTY }, value: 'Planned' };
    };
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
    expect(result(2)).toContain('did not see who set this');
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
    expect(night.outbox).toEqual([]);
  });
});

describe('what cannot be run says why', () => {
  it('Go on a step without Action goes back to Planned', () => {
    night.go(4);
    expect(night.value(4, 'Status')).toBe('Planned');
    expect(result(4)).toContain('no Action');
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

  it('Scheduled is answered: this version does not run steps by the clock', () => {
    night.status(2, 'Scheduled');
    expect(night.value(2, 'Status')).toBe('Planned');
    expect(result(2)).toContain('Set it to Go');
  });

  it('a service that was added after connecting is found', () => {
    const network = night.api.network;
    night.set(2, 'Service', 'search');
    night.google.network = (request) => {
      const answer = network(request);
      return request.url.includes('/services')
        ? { ...answer, body: answer.body.replaceAll('"payments"', '"search"') }
        : answer;
    };
    night.go(2);
    expect(night.api.received.map(({ service }) => service)).toEqual(['search']);
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

describe('headers', () => {
  it('columns may stand in any order, with others between', () => {
    const order = ['Operation', 'Status', 'Note', 'Step', 'Service', 'By', 'Action', 'Result', 'Planned start'];
    const all = [...order, 'Finished', 'Started', 'Task', 'Owner'];
    const old = night.cells.map((line) => Object.fromEntries(line.map((cell, at) => [night.cells[0]?.[at], cell])));
    const cells = old.map((line, at) => all.map((name) => (at === 0 ? ` ${name.toUpperCase()} ` : (line[name] ?? ''))));
    cells[0] = all;
    night.google.books.get(SHEET)?.set('Rundown', cells as string[][]);
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(2, 'Note')).toBe('');
  });

  it('a missing header is told in Result, and nothing is run', () => {
    const column = night.column('Status');
    night.google.type(SHEET, 1, night.column('Action'), [['What']]);
    night.google.edit(SHEET, 3, column, [['Go']], MANAGER);
    expect(result(2)).toContain('"Action"');
    expect(posts()).toBe(0);
  });

  it('without Result it is told in a note', () => {
    night.google.type(SHEET, 1, night.column('Result'), [['Outcome']]);
    night.go(2);
    expect(night.google.notes.get('Rundown!3,7')).toContain('"Result"');
    expect(posts()).toBe(0);
  });

  it('renaming a header is answered at once, where it was done', () => {
    const column = night.column('Status');
    night.google.edit(SHEET, 1, column, [['State']], MANAGER);
    expect(night.google.notes.get(`Rundown!1,${column}`)).toContain('"Status"');
  });
});

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
    expect(log.join('\n')).toContain('op-');
    expect(night.outbox).toEqual([]);
    expect(Object.values(night.statuses())).not.toContain('Done');
  });

  it.each(['', 'Planned', 'Skipped', 'Go'])(
    'Status typed over with "%s" goes back to Running, with a sentence',
    (typed) => {
      let told: unknown;
      during(() => {
        night.status(2, typed);
        told = [night.value(2, 'Status'), result(2)];
      });
      night.go(2);
      expect(told).toEqual(['Running', expect.stringContaining('op-')]);
      expect(night.value(2, 'Status')).toBe('Done');
      expect(posts()).toBe(1);
    },
  );

  it('a cleared Operation cell is put right', () => {
    during(() => night.set(2, 'Operation', ''));
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(2, 'Operation')).toMatch(/^op-/);
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
    const marked = night.cells.filter((line) => String(line[night.column('Operation') - 1]).startsWith('op-'));
    expect(marked).toHaveLength(1);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(night.value(1, 'Status')).toBe('Planned');
    expect(posts()).toBe(1);
  });

  it('an end is never left in a row that somebody moved into its place', () => {
    night.api.looksNeeded = 1;
    let isDone = false;
    night.google.meanwhile = (call) => {
      if (call.startsWith('fetchAll get')) isDone = true;
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

describe('the network', () => {
  const failing = (times: number, answer: { status: number; body: string } | 'no answer') => {
    let left = times;
    night.api.fault = ({ method }) => {
      if (method !== 'post' || left === 0) return undefined;
      left -= 1;
      return answer;
    };
  };

  it.each([
    ['no answer', 'no answer' as const],
    ['503', { status: 503, body: '{"code":"TRY_AGAIN","message":"Try again."}' }],
    ['429', { status: 429, body: '{"message":"Too Many Requests"}' }],
  ])('%s: the same bytes are sent again until it is answered', (_name, answer) => {
    failing(70, answer);
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Running');
    expect(result(2)).toContain('don’t know yet');
    night.api.fault = undefined;
    night.minute();
    night.minute();
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
    expect(new Set(night.api.bodies).size).toBe(1);
  });

  it('a request that never arrived is Failed after the server would refuse it, and says that nothing was run', () => {
    failing(1_000, 'no answer');
    night.go(2);
    for (let minute = 0; minute < 8; minute += 1) night.minute();
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain('Nothing was run');
    expect(night.outbox).toEqual([]);
  });

  it('a refused token is taken anew, once', () => {
    night.google.cache.set('token:production', 'old');
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('being shut out while looking does not turn a committed step into Failed', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    night.api.fault = () => ({ status: 401, body: '{"message":"Unauthorized"}' });
    night.minute();
    expect(night.value(2, 'Status')).not.toBe('Failed');
    night.api.fault = undefined;
    night.api.looksNeeded = 1;
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('a sign-in that is refused before anything was sent is Failed at once', () => {
    night.google.cache.clear();
    night.api.fault = ({ url }) =>
      url.includes('auth.') ? { status: 400, body: '{"error":"invalid_client"}' } : undefined;
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain('Nothing was run');
  });

  it('accepted without proof for five minutes is Unproven, and later proof makes it Done', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    for (let minute = 0; minute < 5; minute += 1) night.minute();
    expect(night.value(2, 'Status')).toBe('Unproven');
    night.api.looksNeeded = 1;
    night.minute();
    expect(night.value(2, 'Status')).toBe('Done');
  });

  it('Go on an Unproven row runs it again', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    for (let minute = 0; minute < 6; minute += 1) night.minute();
    night.api.looksNeeded = 1;
    night.go(2);
    expect(night.value(2, 'Status')).toBe('Done');
    expect(posts()).toBe(2);
  });

  it('a superseded step is Failed and says by what', () => {
    night.api.looksNeeded = 1_000;
    night.go(2);
    const [id, operation] = [...night.api.operations][0] as [string, any];
    night.api.operations.set(id, {
      ...operation,
      state: 'superseded',
      supersededBy: { operationId: 'op-x', step: '8', by: DUTY },
    });
    night.minute();
    expect(night.value(2, 'Status')).toBe('Failed');
    expect(result(2)).toContain('step 8');
  });
});

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
    expect([place, night.outbox]).toEqual([place, []]);
    expect([place, night.value(1, 'Status'), night.value(3, 'Status')]).toEqual([place, 'Planned', 'Planned']);
  };

  it('an edit: ends true for every call, before and after', () => {
    const whole: Run = new Night(code).go(2);
    expect(whole.calls.length).toBeGreaterThan(15);
    for (let at = 1; at <= whole.calls.length; at += 1) {
      for (const side of ['before', 'after'] as const) {
        night = new Night(code);
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
        night = new Night(code);
        night.go(2, MANAGER, { cut: afterClaim });
        expect(night.minute({ at, side }).wasCut).toBe(true);
        settle();
        truth(at, side);
      }
    }
  });
});
