import { AUDIT_TAB } from '../../../../release-sheet-template/audit.ts';
import type { Cell } from '../google.ts';
import { builtCode, DUTY, MANAGER, MINUTE_MS, SHEET } from '../night.ts';
import { BoardNight } from './board-night.ts';

let code: string;
beforeAll(async () => {
  code = await builtCode();
});

let night: BoardNight;
beforeEach(() => {
  night = new BoardNight(code);
});

const minutes = (count: number) => {
  for (let minute = 0; minute < count; minute += 1) night.minute();
};
/** Minutes in which no reconciler finds out what is so. */
const ticks = (count: number) => {
  for (let minute = 0; minute < count; minute += 1) {
    night.google.now += MINUTE_MS;
    night.google.run('onMinute');
  }
};
const BY_HAND = { action: 'enter', requestedBy: DUTY, source: { kind: 'break-glass' } } as const;
const typeInto = (tab: string, row: number, header: string, value: Cell) =>
  night.google.edit(SHEET, row, night.place(tab, header), [[value]], MANAGER, { tab });

describe('the tab Services', () => {
  it('has a row for each service of every environment, in the order that they were told', () => {
    const rows = night.lines('Services').map(({ Service, Environment, Mode }) => [Service, Environment, Mode]);
    expect(rows).toEqual([
      ['shop', 'production', 'Open'],
      ['payments', 'production', 'Open'],
      ['shop-staging', 'staging', 'Open'],
    ]);
  });

  it('says Closed when that is proven, and who holds it, within the minute', () => {
    night.go(9);
    night.minute();
    expect(night.board('payments')).toMatchObject({ Mode: 'Closed', 'Held by': `Step 9 of this sheet (${MANAGER})` });
  });

  it('says no more than Closing while it is not proven', () => {
    night.api.leaks('payments');
    night.go(9);
    night.minute();
    expect(night.board('payments').Mode).toBe('Closing…');
    expect(night.board('payments')['What we know']).toMatch(/not proven yet: (\d+) of \1 probes did not see it/);
  });

  it('says In doubt, and whom to call, when somebody else keeps changing the rules', () => {
    night.go(9);
    const at = new Date(night.google.now).toISOString();
    night.api.state('payments', { drift: [{ target: 'REGIONAL/eu-west-1', state: 'contested', at, revision: 1 }] });
    ticks(6);
    expect(night.board('payments').Mode).toBe('In doubt');
    expect(night.board('payments')['What we know']).toMatch(/^CONTESTED since .* Call the on-call engineer/);
  });

  it('follows what was done elsewhere within five minutes of its night', () => {
    night.api.operate({ ...BY_HAND, operationId: 'production-aaaaaaaa', service: 'shop' });
    minutes(6);
    expect(night.board('shop')).toMatchObject({ Mode: 'Closed', 'Held by': `${DUTY}, not from a sheet` });
  });

  it('keeps each service in its row, wherever people sorted it, and leaves their own columns alone', () => {
    const tab = night.google.tab(SHEET, 'Services');
    for (const line of tab) line.push('');
    (tab[0] as Cell[]).splice(-1, 1, 'Note');
    const [header, shop, payments] = tab.splice(0, 3) as Cell[][];
    (payments as Cell[]).splice(-1, 1, 'call Ann first');
    tab.unshift(header as Cell[], payments as Cell[], shop as Cell[]);
    night.go(2);
    night.minute();
    expect(night.lines('Services').map(({ Service, Mode, Note }) => [Service, Mode, Note])).toEqual([
      ['payments', 'Open', 'call Ann first'],
      ['shop', 'Closed', ''],
      ['shop-staging', 'Open', ''],
    ]);
  });

  it('says until when it may be counted on; an environment that does not answer makes its rows old, and only those', () => {
    const before = Number(night.board('shop-staging')['Good until']);
    night.api.fault = (request) => (request.url.includes('staging') ? 'no answer' : undefined);
    // Staging has no step there, and vouches for an hour.
    minutes(75);
    expect(Number(night.board('shop-staging')['Good until'])).toBe(before);
    expect(Number(night.board('shop')['Good until'])).toBeGreaterThan(night.google.now);
    expect(before).toBeLessThan(night.google.now);
  });

  it('is put right when somebody writes over it', () => {
    night.go(9);
    typeInto('Services', night.boardRow('payments'), 'Mode', 'Open');
    night.minute();
    expect(night.board('payments').Mode).toBe('Closed');
  });

  it.each(['shpo', 'payments'])('has each service once, also after somebody wrote %s over another’s name', (name) => {
    typeInto('Services', night.boardRow('shop'), 'Service', name);
    night.minute();
    const names = night.lines('Services').map(({ Service }) => Service);
    expect(names.sort()).toEqual(['payments', 'shop', 'shop-staging']);
  });

  it('writes a block for what changed in all rows, not a call for each cell', () => {
    night.pick('shop', 'Enter maintenance');
    const { calls } = night.minute();
    const started = calls.findIndex((call) => call.includes('/tables'));
    expect(started).toBeGreaterThan(0);
    const written = calls.slice(started).filter((call) => call.startsWith('setValues'));
    // Mode to What we know of one row; As of and Good until of all; the heartbeat; and one line of the audit.
    expect(written.length).toBeLessThanOrEqual(6);
  });

  it('costs nothing at rest: a tick is one service call, and an edit beside it two at most', () => {
    night.google.now += 3 * 24 * 60 * MINUTE_MS;
    minutes(61);
    const costs = Array.from({ length: 120 }, () => night.minute().calls.length);
    // Each hour it is looked at, and its boards are made up.
    expect(costs.filter((cost) => cost > 1).length).toBeLessThanOrEqual(4);
    for (const line of night.google.tab(SHEET, 'Services')) line.push('Note');
    const beside = typeInto('Services', 3, 'Note', 'call Ann first');
    expect(beside.calls.length).toBeLessThanOrEqual(2);
    const cleared = typeInto('Services', 3, 'Do now', '');
    expect(cleared.calls.length).toBeLessThanOrEqual(2);
  });
});

describe('the tab Audit', () => {
  const lines = () => night.lines('Audit').map(({ What, Service, Step, Outcome }) => [What, Service, Step, Outcome]);
  const play = () => {
    night.go(2);
    night.pick('payments', 'Enter maintenance');
    night.go(8);
    minutes(3);
  };
  const PLAYED = [
    ['Enter maintenance', 'shop', '2', 'Done'],
    ['Enter maintenance', 'payments', 'Services', 'Done'],
    ['Exit maintenance', 'shop', '8', 'Done'],
  ];

  it('tells each operation once, in order, with who, how long, and how late', () => {
    play();
    minutes(20);
    expect(lines()).toEqual(PLAYED);
    expect(night.lines('Audit')[0]).toMatchObject({
      Who: MANAGER,
      Took: expect.stringMatching(/^\d+ s$/),
      Planned: expect.any(Date),
      'Late by': '4 min early',
      Operation: night.ran[0],
    });
  });

  it('tells an operation when it has ended, not before; and as Unproven after a day', () => {
    night.api.leaks('shop');
    night.go(2);
    minutes(5);
    expect(lines()).toEqual([]);
    night.google.now += 25 * 60 * MINUTE_MS;
    minutes(70);
    expect(lines()).toEqual([['Enter maintenance', 'shop', '2', 'Unproven']]);
    night.api.leaks();
    minutes(70);
    expect(lines()).toHaveLength(1);
  });

  it('loses nothing while an API does not answer', () => {
    night.tablesFault = () => 'no answer';
    play();
    expect(lines()).toEqual([]);
    night.tablesFault = undefined;
    minutes(7);
    expect(lines()).toEqual(PLAYED);
  });

  it('tells of armed, moved and disarmed steps, which are no operations', () => {
    night.set(2, 'Planned start', new Date(night.google.now + 20 * MINUTE_MS));
    night.status(2, 'Scheduled');
    night.google.edit(
      SHEET,
      night.row(2),
      night.column('Planned start'),
      [[new Date(night.google.now + 40 * MINUTE_MS)]],
      MANAGER,
    );
    minutes(2);
    night.status(2, 'Planned');
    minutes(2);
    expect(night.lines('Audit').map(({ What, Who, Service }) => [What, Who, Service])).toEqual([
      ['Armed', MANAGER, 'shop'],
      ['Moved', MANAGER, 'shop'],
      ['Disarmed', MANAGER, 'shop'],
    ]);
  });

  it('tells why an armed step is armed no more when it was set to Go, or its row was deleted', () => {
    const later = new Date(night.google.now + 20 * MINUTE_MS);
    for (const step of [2, 9]) {
      night.set(step, 'Planned start', later);
      night.status(step, 'Scheduled');
    }
    night.go(2);
    night.cells.splice(night.row(9) - 1, 1);
    minutes(3);
    const lines = night
      .lines('Audit')
      .map(({ What, Step, Details }) => [What, String(Step).replace(/^'/, ''), Details]);
    expect(lines).toEqual([
      ['Armed', '2', expect.any(String)],
      ['Armed', '9', expect.any(String)],
      ['Enter maintenance', '2', expect.any(String)],
      ['Disarmed', '2', expect.stringContaining('It was set to Go instead.')],
      ['Disarmed', '9', expect.stringContaining('Its row is gone from the rundown.')],
    ]);
  });

  it.each([
    ['a cell was written over', (tab: Cell[][]) => ((tab[1] as Cell[])[1] = 'somebody.else@example.com')],
    ['a line was deleted', (tab: Cell[][]) => tab.splice(2, 1)],
    ['a line was copied', (tab: Cell[][]) => tab.splice(2, 0, [...(tab[1] as Cell[])])],
    ['everything was cleared', (tab: Cell[][]) => tab.slice(1).map((line) => line.fill(''))],
  ])('is written anew when %s, with or without its event', (_what, forge) => {
    play();
    for (const isSeen of [true, false]) {
      forge(night.google.tab(SHEET, 'Audit'));
      if (isSeen)
        night.google.edit(SHEET, 2, 1, [[night.google.tab(SHEET, 'Audit')[1]?.[0] as Cell]], MANAGER, { tab: 'Audit' });
      minutes(isSeen ? 2 : 8);
      expect([isSeen, lines()]).toEqual([isSeen, PLAYED]);
      expect(night.lines('Audit')[0]?.Who).toBe(MANAGER);
    }
  });

  it('has every line once when two ticks write it at the same time, and is not taken for forged', () => {
    const whole = (() => {
      night = new BoardNight(code);
      night.tablesFault = () => 'no answer';
      night.go(2);
      night.tablesFault = undefined;
      minutes(4);
      return night.minute().calls.length;
    })();
    for (let at = 1; at <= whole; at += 1) {
      night = new BoardNight(code);
      night.tablesFault = () => 'no answer';
      night.go(2);
      night.tablesFault = undefined;
      minutes(4);
      let isOver = false;
      night.google.meanwhile = (_call, count) => {
        if (isOver || count !== at) return;
        isOver = true;
        night.google.run('onMinute');
      };
      night.minute();
      night.google.meanwhile = undefined;
      expect([at, lines()]).toEqual([at, [['Enter maintenance', 'shop', '2', 'Done']]]);
    }
  });

  it('has room for more lines than the tab had rows', () => {
    const room = night.google.tab(SHEET, 'Audit').length;
    for (let run = 0; run < room + 3; run += 1) {
      night.pick('payments', run % 2 === 0 ? 'Enter maintenance' : 'Exit maintenance');
    }
    minutes(7);
    expect(lines()).toHaveLength(room + 3);
    expect(night.google.tab(SHEET, 'Audit')[0]).toEqual(AUDIT_TAB.columns.map(({ header }) => header));
  });
});

describe('the tab Allowlist', () => {
  const check = (row: number) => night.lines('Allowlist')[row - 2]?.Check;
  const address = (row: number, value: string) => typeInto('Allowlist', row, 'Address or range', value);

  it('checks each line within the minute after it was typed, and asks nobody while it is', () => {
    const typed = address(2, '192.0.2.10/24');
    night.minute();
    expect(check(2)).toContain('Write 192.0.2.0/24 for the range, or 192.0.2.10/32 for the one address');
    expect(typed.calls.filter((call) => call.includes('http'))).toEqual([]);
    address(2, '192.0.2.10');
    night.minute();
    expect(check(2)).toBe('Ready (192.0.2.10/32): it is let in at the next Enable allowlist.');
    address(3, '192.0.2.10/32');
    night.minute();
    expect(check(3)).toBe('Not sent twice: row 2 says the same.');
    typeInto('Allowlist', 3, 'Services', 'shpo');
    night.minute();
    expect(check(3)).toBe(
      [
        'production: Not sent: there is no Service "shpo". There are: shop, payments.',
        'staging: Not sent: there is no Service "shpo". There are: shop-staging.',
      ].join('\n'),
    );
    typeInto('Allowlist', 2, 'Until', new Date(night.google.now - MINUTE_MS));
    night.minute();
    expect(check(2)).toContain('Expired');
  });

  it('names every line beyond the thousand that can be sent for one service', () => {
    const header = night.google.tab(SHEET, 'Allowlist')[0] as Cell[];
    const line = (at: number) =>
      header.map((name): Cell => (name === 'Address or range' ? `192.0.${at >> 8}.${at & 255}` : ''));
    night.google.tab(SHEET, 'Allowlist').splice(1, 6, ...Array.from({ length: 1_002 }, (_line, at) => line(at)));
    address(2, '198.51.100.1');
    night.minute();
    const told = night.lines('Allowlist').map(({ Check }) => String(Check));
    expect(told.flatMap((check, at) => (check.startsWith('Not sent: 1000 lines at most') ? [at] : []))).toEqual([
      1000, 1001,
    ]);
  });

  it('says which step lets a line in that was added later, and when it is in', () => {
    night.go(2);
    address(2, '192.0.2.10');
    const sent = () => night.api.received.filter(({ action }) => action === 'enable-allowlist');
    night.go(5);
    minutes(3);
    expect(sent()[0]?.allowlist).toEqual([{ range: '192.0.2.10/32' }]);
    expect(check(2)).toContain('production: Let in (192.0.2.10/32).');
    address(3, '192.0.2.11');
    night.minute();
    expect(check(3)).toContain('production: Not sent yet (192.0.2.11/32): set step 5 to Go.');
    night.go(5);
    minutes(3);
    expect([check(2), check(3)]).toEqual([
      expect.stringContaining('production: Let in (192.0.2.10/32).'),
      expect.stringContaining('production: Let in (192.0.2.11/32).'),
    ]);
  });
});

describe('a long allowlist', () => {
  it('is sent whole', () => {
    const tab = night.google.tab(SHEET, 'Allowlist');
    const header = tab[0] as Cell[];
    for (let line = 0; line < 500; line += 1) {
      const cells = header.map((): Cell => '');
      cells.splice(0, 2, `192.0.${line >> 8}.${line & 255}`, 'Älva Ångström, Testlabor Süd');
      tab.splice(1 + line, 1, cells);
    }
    night.go(2);
    night.go(5);
    expect(night.api.received.map(({ allowlist = [] }) => allowlist.length)).toEqual([0, 500]);
  });
});
