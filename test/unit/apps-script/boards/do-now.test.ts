import { OWNER } from '../google.ts';
import { builtCode, DUTY, MINUTE_MS, SHEET } from '../night.ts';
import { BoardNight } from './board-night.ts';

let code: string;
beforeAll(async () => {
  code = await builtCode();
});

let night: BoardNight;
beforeEach(() => {
  night = new BoardNight(code);
});

const ENTER = 'Enter maintenance';
const result = () => String(night.board('payments').Result);
/** Long enough for everything to come to its end: authority, a board of a near night, an unseen pick. */
const settle = () => {
  for (const wait of [1, 1, 3, 3, 3, 3]) {
    night.google.now += (wait - 1) * MINUTE_MS;
    night.minute();
  }
};

describe('what is picked in Do now', () => {
  it('runs at once, tells where it came from, and is gone from the cell when it is over', () => {
    night.pick('payments', ENTER);
    expect(night.api.received).toMatchObject([
      {
        service: 'payments',
        action: 'enter',
        requestedBy: 'release.manager@example.com',
        source: { spreadsheetId: SHEET, step: 'Services' },
      },
    ]);
    expect(night.board('payments')).toMatchObject({ 'Do now': '', Status: 'Done', By: 'release.manager@example.com' });
  });

  it('is sent with the planned end that the rundown has for the service', () => {
    night.pick('payments', ENTER);
    const exit = night.value(10, 'Planned start') as Date;
    expect(night.api.received[0]?.plannedEnd).toBe(new Date(exit.getTime()).toISOString());
  });

  it('runs once however often its event comes, and however late', () => {
    night.api.leaks('payments');
    night.pick('payments', ENTER);
    night.eventOfPick('payments', ENTER);
    night.eventOfPick('payments');
    night.api.leaks();
    night.minute();
    night.minute();
    expect(night.board('payments').Status).toBe('Done');
    night.eventOfPick('payments', ENTER);
    settle();
    expect(night.ran).toHaveLength(1);
  });

  it('runs once when its event comes twice at the same time', () => {
    const whole = new BoardNight(code);
    const most = whole.pick('payments', ENTER).calls.length;
    expect(most).toBeGreaterThan(10);
    // At every third call: what happens between two of them is no other story.
    for (let at = 1; at <= most; at += 3) {
      night = new BoardNight(code);
      let isOver = false;
      night.google.meanwhile = (_call, count) => {
        // One that comes after the end is a pick of its own.
        if (isOver || count !== at || night.board('payments').Finished !== '') return;
        isOver = true;
        night.eventOfPick('payments', ENTER);
      };
      night.pick('payments', ENTER);
      night.google.meanwhile = undefined;
      settle();
      expect([at, night.ran.length, night.board('payments').Status]).toEqual([at, 1, 'Done']);
    }
  });

  it.each([2, 4, 7, 9])(
    'tells the end of a rehearsal whose event comes twice, the second time at call %d of the first',
    (at) => {
      let isOver = false;
      night.google.meanwhile = (_call, count) => {
        if (isOver || count !== at) return;
        isOver = true;
        night.eventOfPick('shop', 'Rehearse all steps');
        night.google.now += 1;
      };
      const run = night.pick('shop', 'Rehearse all steps');
      expect([isOver, run.error]).toEqual([true, undefined]);
      expect(night.board('shop')).toMatchObject({
        'Do now': '',
        Result: expect.stringMatching(/^Rehearsed .*6 steps/),
      });
    },
  );

  it('rehearses all steps at once: each says what would happen, and nothing is run', () => {
    const statuses = () => [2, 5, 7, 8].map((step) => night.value(step, 'Status'));
    const before = statuses();
    night.pick('shop', 'Rehearse all steps');
    expect(night.board('shop')).toMatchObject({ 'Do now': '', Status: '', Operation: '' });
    expect(night.board('shop').Result).toContain('Nothing was changed.');
    for (const step of [2, 5, 7, 8]) expect(night.value(step, 'Result')).toMatch(/^Rehearsed \d{4}-/);
    expect(night.value(2, 'Result')).toContain('Enter maintenance would close Shop to everyone');
    settle();
    expect([statuses(), night.ran]).toEqual([before, []]);
  });

  it('says of a step whose Service nobody knows that it would not run, beside a rehearsal of all', () => {
    night.set(9, 'Service', 'paymnts');
    night.pick('shop', 'Rehearse all steps');
    expect(night.value(9, 'Result')).toContain(
      'Rehearsed: this step would not run. Nothing was run: there is no Service',
    );
    expect([night.value(9, 'Status'), night.value(2, 'Result')]).toEqual([
      'Planned',
      expect.stringContaining('would close Shop'),
    ]);
    night.set(9, 'Service', 'payments');
    night.minute();
    night.pick('shop', 'Rehearse all steps');
    expect(night.value(9, 'Result')).toContain('Enter maintenance would close Payments to everyone');
    expect(night.ran).toEqual([]);
  });

  it('rehearses one action, in the row of its service alone', () => {
    night.pick('payments', 'Rehearse: Enter maintenance');
    expect(night.board('payments')).toMatchObject({ 'Do now': '', Status: '' });
    expect(result()).toContain('Enter maintenance would close Payments to everyone');
    expect(night.value(2, 'Result')).toBe('');
    settle();
    expect(night.ran).toEqual([]);
  });

  it('asks for a second pick in production, and forgets the first after a minute', () => {
    night = new BoardNight(code, { isProduction: true });
    night.pick('payments', ENTER);
    expect(night.board('payments')).toMatchObject({ 'Do now': '', Status: '' });
    expect(result()).toContain('Payments is in production');
    night.google.now += MINUTE_MS + 1;
    night.pick('payments', ENTER);
    expect(night.ran).toEqual([]);
    night.pick('payments', ENTER, DUTY);
    expect(night.ran).toEqual([]);
    night.pick('payments', 'Exit maintenance', DUTY);
    expect(night.ran).toEqual([]);
    // That was asked about something else in between.
    night.pick('payments', ENTER, DUTY);
    expect(night.ran).toEqual([]);
    night.pick('payments', ENTER, DUTY);
    expect(night.ran).toHaveLength(1);
    // The second pick is used up.
    night.pick('payments', ENTER, DUTY);
    expect(night.ran).toHaveLength(1);
  });

  it('that nobody was seen to pick is never run, and is taken back', () => {
    night.google.type(SHEET, night.boardRow('payments'), night.place('Services', 'Do now'), [[ENTER]], 'Services');
    for (let minute = 0; minute < 12; minute += 1) night.minute();
    expect(night.ran).toEqual([]);
    expect(night.board('payments')['Do now']).toBe('');
    expect(result()).toContain('Google did not report who set this');
  });

  it.each([
    ['by the script’s own account', ENTER, OWNER, '', 'Google did not report who'],
    ['by nobody', ENTER, '', '', 'Google did not report who'],
    ['that is no action', 'Close it', 'release.manager@example.com', 'Failed', 'no Action "Close it"'],
  ])('%s is not run, and says why', (_who, action, user, status, why) => {
    night.pick('payments', action, user);
    // What is no action may be a note: the tick answers it.
    if (status === 'Failed') settle();
    expect(night.ran).toEqual([]);
    expect(night.board('payments')).toMatchObject({ 'Do now': '', Status: status });
    expect(result()).toContain(why);
  });

  it('in a row without a service is taken back, and says so', () => {
    const row = night.boardRow('shop-staging') + 1;
    const place = night.place('Services', 'Do now');
    night.google.edit(SHEET, row, place, [[ENTER]], DUTY, { tab: 'Services' });
    const cells = night.google.tab(SHEET, 'Services')[row - 1];
    expect([cells?.[place - 1], cells?.[place + 1]]).toEqual(['', expect.stringContaining('choose a Service')]);
  });

  it('by somebody who is no operator is refused by the API, and says so', () => {
    night.pick('payments', ENTER, 'intern@example.com');
    expect(night.board('payments')).toMatchObject({ 'Do now': '', Status: 'Failed' });
    expect(result()).toContain('intern@example.com is not an operator');
  });

  it('overtakes what is still running there', () => {
    night.api.leaks('payments');
    night.pick('payments', ENTER);
    expect(night.board('payments')).toMatchObject({ 'Do now': ENTER, Status: 'Running' });
    night.api.leaks();
    night.pick('payments', 'Exit maintenance');
    expect(night.api.received.map(({ action }) => action)).toEqual(['enter', 'exit']);
    settle();
    expect(night.board('payments')).toMatchObject({ 'Do now': '', Status: 'Done' });
    expect(night.board('payments').Operation).toBe(night.ran[1]);
  });

  it('takes over from another sheet at the second pick', () => {
    const source = { kind: 'sheet', spreadsheetId: 'release-43', step: '1' } as const;
    const other = { operationId: 'production-aaaaaaaa', service: 'payments', action: 'enter' } as const;
    night.api.operate({ ...other, requestedBy: DUTY, source });
    night.pick('payments', 'Exit maintenance');
    expect(result()).toContain('pick it again within two minutes');
    night.pick('payments', 'Exit maintenance');
    expect(night.api.received.slice(1)).toMatchObject([{ action: 'exit', takeOver: true }]);
  });

  it('to open a service disarms what is armed for it', () => {
    night.set(9, 'Planned start', new Date(night.google.now + 20 * MINUTE_MS));
    night.status(9, 'Scheduled');
    night.pick('payments', 'Exit maintenance');
    night.minute();
    expect(night.value(9, 'Status')).toBe('Planned');
    expect(String(night.value(9, 'Result'))).toContain('Disarmed');
  });

  it('does not care where the row or the columns have gone meanwhile', () => {
    night.api.leaks('payments');
    night.pick('payments', ENTER);
    const tab = night.google.tab(SHEET, 'Services');
    const [header, shop, payments] = tab.splice(0, 3);
    tab.unshift(header as never, payments as never, shop as never);
    night.api.leaks();
    night.minute();
    expect(night.board('payments')).toMatchObject({ 'Do now': '', Status: 'Done' });
    expect(night.board('shop').Status).toBe('');
  });

  it('is told to its end, though somebody emptied the cell meanwhile', () => {
    night.api.leaks('payments');
    night.pick('payments', ENTER);
    night.google.type(SHEET, night.boardRow('payments'), night.place('Services', 'Do now'), [['']], 'Services');
    night.api.leaks();
    settle();
    expect(night.board('payments').Status).toBe('Done');
  });
});
