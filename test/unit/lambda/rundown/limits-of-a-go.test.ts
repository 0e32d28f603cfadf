import type { Armed, Question, StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { knownServices } from '../../../../lambda/src/model/service-names.ts';
import type { PlanInputs } from '../../../../lambda/src/rundown/plan/effects.ts';
import { pickedRow, type Row } from '../../../../lambda/src/rundown/plan/row.ts';
import {
  armedFor,
  BLANK,
  type Cells,
  editOf,
  isoAt,
  minutes,
  NOW,
  ofShopAlone,
  planned,
  rowOf,
  runOf,
  type Situation,
  told,
  toldOf,
} from './planner.ts';
import { CONTROLLER, createWorld, MANAGER } from './terminal.ts';

/** Where exactly a Go, a Scheduled and an armed step stop being run: each limit on both of its sides. */

const SECOND_MS = 1_000;

describe('a Go is somebody’s', () => {
  it('for two minutes after it was seen, and not a moment longer', () => {
    expect(told({ edit: editOf({ seenAt: isoAt(NOW - minutes(2)) }) })).toBe('start');
    expect(told({ edit: editOf({ seenAt: isoAt(NOW - minutes(2) - 1) }) })).toContain('more than two minutes after');
  });

  it('only where the event covered the Status of that row, in that tab', () => {
    expect(told({})).toBe('start');
    expect(told({ edit: editOf({ coversStatus: false }) })).toBe('wait');
    expect(told({ edit: editOf({ rows: [3] }) })).toBe('wait');
    expect(told({ edit: editOf({ tab: 'services' }) })).toBe('wait');
    expect(told({ edit: 'none' })).toBe('wait');
  });

  it('only if that is what was typed, however it was written', () => {
    expect(told({ edit: editOf({ typed: ' GO ' }) })).toBe('start');
    expect(told({ edit: editOf({ typed: 'Planned' }) })).toBe('wait');
  });

  it('never of the account that the script runs as, nor of a blank name', () => {
    expect(told({ edit: editOf({ by: ` ${CONTROLLER.toUpperCase()} ` }) })).toContain('did not report who');
    expect(told({ edit: editOf({ by: '  ' }) })).toContain('did not report who');
    expect(planned({ edit: editOf({ by: '  ' }) })).toMatchObject({ note: { kind: 'not-run', who: '' } });
    expect(told({ edit: editOf({ by: MANAGER }), inputs: { controller: ` ${MANAGER} ` } })).toContain('did not report');
    expect(planned({ edit: editOf({ by: ` ${MANAGER} ` }) })).toMatchObject({ start: { requestedBy: MANAGER } });
  });

  it('and one that nobody was seen to set waits, then says what is wrong with it', () => {
    const otherwise = (row: Row) => {
      const effect = planned({ row, edit: 'none' });
      return effect.kind === 'wait' ? toldOf(effect.otherwise) : effect.kind;
    };
    expect(otherwise(rowOf())).toContain('did not report who set this');
    expect(otherwise(rowOf({ action: 'Close it' }))).toContain('Close it');
    for (const action of ['', ' ']) expect(otherwise(rowOf({ action }))).toContain('did not report who set this');
    const nobody = { kind: 'wait', shows: `Go ${rowOf().plan}`, otherwise: { note: { kind: 'not-run', who: '' } } };
    expect(planned({ edit: 'none' })).toMatchObject(nobody);
    const unknown = rowOf({ action: 'Close it' });
    expect(planned({ row: unknown, edit: 'none' })).toMatchObject({ ...nobody, shows: `Go ${unknown.plan}` });
  });
});

describe('what cannot be run', () => {
  it.each([
    ['no action', { action: ' ' }, 'choose an Action. There are: Enter maintenance, '],
    ['an unknown action', { action: 'Close it' }, 'Close it'],
    ['an unknown service', { service: 'shpo' }, 'shpo'],
  ])('%s: Failed, with what there is', (_what, cells, says) => {
    const effect = planned({ row: rowOf(cells) });
    expect(effect).toMatchObject({
      kind: 'answer',
      cells: { status: 'Failed' },
      note: { kind: 'not-run', who: MANAGER },
    });
    expect(toldOf(effect)).toContain(says);
  });

  it('leaves a step that is armed or done what it was', () => {
    const row = rowOf({ service: 'shpo', planned: NOW + minutes(30) });
    const armed = armedFor(row);
    expect(planned({ row, record: { armed } })).toMatchObject({ kind: 'answer', cells: { status: 'Scheduled' } });
    const shop = rowOf({ planned: NOW + minutes(30) });
    const stranger = { row: shop, record: { armed }, edit: editOf({ by: 'passer.by@example.com' }) };
    expect(planned(stranger)).toMatchObject({ kind: 'answer', cells: { status: 'Scheduled' } });
    expect(told(stranger)).toContain('passer.by@example.com is not an operator of Shop');
    // Of a step that is not armed the server says so, and audits it.
    expect(planned({ ...stranger, record: {} })).toMatchObject({ kind: 'start' });
    const done = { status: 'Done', result: 'Closed.', started: '', finished: isoAt(NOW - 1), by: '', operation: '' };
    const record = { run: runOf({ isOver: true }), decided: done };
    expect(planned({ row, record })).toMatchObject({ kind: 'answer', cells: { status: 'Done' } });
  });

  it('puts back to Planned what was only said to be Done', () => {
    const decided = { ...BLANK, status: 'Done', result: 'By hand.' };
    const nobody = { record: { decided, isAnswered: true }, edit: editOf({ by: '' }) };
    expect(planned(nobody)).toMatchObject({ kind: 'answer', cells: { status: 'Planned' } });
    // And what was proven, but left out by people since.
    const leftOut = { run: runOf({ isOver: true }), decided: { ...decided, status: 'Skipped', finished: isoAt(NOW) } };
    expect(planned({ ...nobody, record: leftOut })).toMatchObject({ kind: 'answer', cells: { status: 'Planned' } });
  });

  it('names the services that a title could mean', () => {
    const known = knownServices({
      operators: [MANAGER],
      services: ['shop-a', 'shop-b'].map((name) => ({ name, title: 'The shop', operators: [] })),
      groups: [],
    } as never);
    const says = told({ row: rowOf({ service: 'the shop' }), inputs: { known } });
    expect(says).toContain('"the shop" could be The shop (shop-a) and The shop (shop-b).');
  });

  it('in a sheet that is retired is neither a Go nor a Scheduled that somebody sets', () => {
    const inputs = { sheet: { timeZone: 'Etc/UTC', retiredAt: isoAt(NOW) } as PlanInputs['sheet'] };
    for (const status of ['Go', 'Scheduled']) {
      const effect = planned({ row: rowOf({ status, planned: NOW + minutes(5) }), inputs });
      expect(effect).toMatchObject({ kind: 'answer', cells: { status: 'Planned' }, note: { who: MANAGER } });
      expect(toldOf(effect)).toContain('this release sheet is retired');
    }
    expect(planned({ row: rowOf({ status: 'Skipped' }), inputs })).toEqual({ kind: 'accept' });
    expect(planned({ inputs, edit: 'none' })).toMatchObject({ kind: 'wait' });
  });
});

describe('a Go in production is on plan', () => {
  const early = (ms: number, cells: Cells = {}) => told({ row: rowOf({ ...cells, planned: NOW + ms }) });

  it('ten minutes before and after its time', () => {
    expect(early(minutes(10))).toBe('start');
    expect(early(minutes(10) + 1)).toContain('is in 10 minutes');
    // Until when a second Go counts is said on the sheet's clock.
    expect(early(minutes(11))).toContain('set Go again within a minute, until 02:01:00.');
    expect(early(-minutes(10))).toBe('start');
    expect(early(-minutes(11))).toContain('was 11 minutes ago');
  });

  it('for an exit half an hour before and after it', () => {
    const exit = { action: 'Exit maintenance' };
    expect(early(minutes(30), exit)).toBe('start');
    expect(early(-minutes(30), exit)).toBe('start');
    expect(early(minutes(30) + 1, exit)).toContain('is in 30 minutes');
    expect(early(-minutes(30) - 1, exit)).toContain('was 30 minutes ago');
  });

  it('up to a minute before the next time in the rundown, of any service, but three minutes at least', () => {
    const beside = (ms: number, otherMs: number) =>
      told({
        row: rowOf({ planned: NOW + ms }),
        others: [rowOf({ row: 3, service: 'payments', status: 'Planned', planned: NOW + ms + otherMs })],
      });
    expect(beside(minutes(5), minutes(6))).toBe('start');
    expect(beside(minutes(5) + 1, minutes(6))).toContain('is in 5 minutes');
    expect(beside(minutes(5), -minutes(6))).toBe('start');
    expect(beside(minutes(5) + 1, -minutes(6))).toContain('is in 5 minutes');
    expect(beside(minutes(3), minutes(1))).toBe('start');
    expect(beside(minutes(3) + 1, minutes(1))).toContain('is in 3 minutes');
    // Steps of the same moment are no other time.
    expect(beside(minutes(10), 0)).toBe('start');
  });

  it('later by as much as the last step that ran was late', () => {
    const lateBy = (ms: number, ...others: readonly Row[]) => told({ row: rowOf({ planned: NOW - ms }), others });
    const ran = (row: number, startedAt: number, plannedAt: number) =>
      rowOf({ row, service: 'payments', status: 'Done', started: isoAt(startedAt), planned: plannedAt });
    const [first, last] = [NOW - minutes(90), NOW - minutes(40)];
    expect(lateBy(minutes(15), ran(3, last, last - minutes(5)))).toBe('start');
    expect(lateBy(minutes(15) + SECOND_MS, ran(3, last, last - minutes(5)))).toContain('was 15 minutes ago');
    // Not the latest of all, and not one that was early.
    expect(lateBy(minutes(15), ran(3, first, first - minutes(30)), ran(4, last, last))).toContain('was 15 minutes ago');
    expect(lateBy(minutes(10), ran(3, last, last + minutes(5)))).toBe('start');
    // A step without a time is neither late nor early.
    expect(lateBy(minutes(5), rowOf({ row: 3, service: 'payments', status: 'Done', started: isoAt(last) }))).toBe(
      'start',
    );
    // What is said to have started later than now tells nothing.
    expect(lateBy(minutes(15), ran(3, NOW + 1, NOW - minutes(45)))).toContain('was 15 minutes ago');
    expect(lateBy(minutes(15), ran(3, NOW, NOW - minutes(45)))).toBe('start');
  });

  it('with a time that can be read, or none', () => {
    expect(told({ row: rowOf({ planned: 'at two' }) })).toContain('"at two"');
    expect(told({ row: rowOf({ planned: '  ' }) })).toBe('start');
  });

  it('after the steps of its service before it: by time, else by place', () => {
    const other = (cells: Cells) => rowOf({ row: 1, step: '9', status: 'Planned', ...cells });
    const beside = (one: Row, cells: Cells = {}) => told({ row: rowOf(cells), others: [one] });
    expect(beside(other({}))).toContain('9');
    expect(beside(other({ row: 3 }))).toBe('start');
    expect(beside(other({ status: 'Done' }))).toBe('start');
    expect(beside(other({ status: 'Skipped' }))).toBe('start');
    expect(beside(other({ action: '' }))).toBe('start');
    expect(beside(other({ service: 'payments' }))).toBe('start');
    expect(beside(other({ service: 'storefront' }))).toContain('9');
    // Where one of them has no time, its place tells.
    expect(beside(other({ planned: NOW + minutes(5) }))).toContain('9');
    expect(beside(other({ row: 3, planned: NOW - minutes(5) }))).toBe('start');
    // A pick in the tab Services is no step of the rundown.
    const pick = { ...BLANK, row: 1, service: 'shop', action: 'Exit maintenance', status: '' };
    expect(beside(pickedRow(pick as never))).toBe('start');
    const at = { planned: NOW };
    expect(beside(other({ row: 3, planned: NOW - 1 }), at)).toContain('before it');
    expect(beside(other({ planned: NOW + minutes(60) }), at)).toBe('start');
    expect(beside(other({ row: 3, planned: NOW }), at)).toBe('start');
    expect(beside(other({ planned: NOW }), at)).toContain('before it');
    expect(beside(other({}), { action: 'Exit maintenance' })).toBe('start');
  });

  it('the first time: what is Done already would run again', () => {
    const decided = { ...BLANK, status: 'Done', result: 'Closed.', finished: isoAt(NOW - 1) };
    const again = (more: object) =>
      told({ record: { run: runOf({ isOver: true }), decided: { ...decided, ...more } } });
    expect(again({})).toContain('Done already');
    expect(again({ finished: '' })).toBe('start');
    // A row that came with a copy of its tab says so too, and ran nothing here.
    expect(told({ record: { decided } })).toBe('start');
  });

  it('asked about nowhere else', () => {
    const row = rowOf({ planned: NOW + minutes(60) });
    expect(told({ row, inputs: { isProduction: false } })).toBe('start');
  });
});

describe('a second Go', () => {
  const question: Question = { kind: 'off-plan', by: MANAGER.toUpperCase(), at: isoAt(NOW), syncId: 'sync-1' };
  const row = rowOf({ planned: NOW + minutes(60), result: 'Not run yet.' });
  const second = (more: Partial<Question>, one = row, record: Partial<StepRecord> = {}) =>
    planned({ row: one, record: { question: { ...question, ...more }, ...record } });

  it.each([
    ['off-plan', 60_000],
    ['take-over', 120_000],
  ] as const)('to %s counts within its time', (kind, ms) => {
    const takeOver = kind === 'take-over';
    expect(second({ kind, at: isoAt(NOW - ms) })).toMatchObject({ kind: 'start', start: { takeOver } });
    expect(second({ kind, at: isoAt(NOW - ms - 1) })).toMatchObject({ kind: 'answer', asks: MANAGER });
  });

  it('counts only as the answer of that person to what stands there, for the same action, by another event', () => {
    expect(second({})).toMatchObject({ kind: 'start' });
    expect(second({ by: 'duty.manager@example.com' })).toMatchObject({ kind: 'answer', asks: MANAGER });
    expect(second({ syncId: 'sync-2' })).toMatchObject({ kind: 'answer' });
    expect(second({ action: row.action })).toMatchObject({ kind: 'start' });
    expect(second({ action: 'Exit maintenance' })).toMatchObject({ kind: 'answer' });
    const decided = { status: 'Planned', result: 'Something else.', started: '', finished: '', by: '', operation: '' };
    expect(second({}, row, { decided })).toMatchObject({ kind: 'answer' });
  });
});

describe('what runs', () => {
  const running = (cells: Cells, more: Partial<Situation> = {}, record: Partial<StepRecord> = {}) => {
    const row = rowOf({ operation: 'production-00000001', ...cells });
    return planned({ row, record: { run: runOf(), ...record }, ...more });
  };

  it('is begun anew by a Go only when it should long be proven', () => {
    const startedBefore = (ms: number) => running({}, {}, { run: runOf({ startedAt: isoAt(NOW - ms) }) });
    expect(startedBefore(minutes(5))).toMatchObject({ kind: 'answer' });
    expect(startedBefore(minutes(5) + 1)).toMatchObject({ kind: 'start' });
    const old = { run: runOf({ startedAt: isoAt(NOW - minutes(6)) }) };
    expect(running({}, { edit: 'none' }, old)).toEqual({ kind: 'keep' });
    expect(toldOf(running({ status: 'Skipped' }, {}, old))).toContain('production-00000001');
  });

  it('is not stopped by what is typed over it, and says so to whoever typed it', () => {
    const effect = running({ status: 'Skipped' });
    expect(effect).toMatchObject({ kind: 'answer', note: { kind: 'not-run', who: MANAGER } });
    expect(toldOf(effect)).toContain('production-00000001');
    expect(effect).not.toHaveProperty('cells.status');
    expect(running({ status: 'Skipped' }, { edit: 'none' })).toEqual({ kind: 'keep' });
    // Its row has not been told yet, or says what it was told.
    expect(running({ status: 'Planned' })).toEqual({ kind: 'keep' });
    const toldBefore = [{ status: 'Accepted', result: '', started: '', finished: '', by: '', operation: '' }];
    expect(running({ status: 'Accepted' }, {}, { told: toldBefore as never })).toEqual({ kind: 'keep' });
  });
});

describe('an armed step', () => {
  const row = (cells: Cells = {}) => rowOf({ status: 'Scheduled', planned: NOW, ...cells });
  const armed = (cells: Cells = {}, more: Partial<Situation> = {}, what: Partial<Armed> = {}) =>
    planned({ row: row(cells), edit: 'none', ...more, record: { armed: armedFor(row(cells), what), ...more.record } });

  it('fires at its time, on rows that were read then, up to ten minutes later', () => {
    expect(armed()).toMatchObject({ kind: 'start', start: { requestedBy: MANAGER, takeOver: false } });
    expect(armed({ planned: NOW + 1 })).toEqual({ kind: 'keep' });
    expect(armed({}, { inputs: { readAt: NOW - 1 } })).toEqual({ kind: 'keep' });
    expect(armed({ planned: NOW + 1 }, { inputs: { readAt: NOW + 5 } })).toEqual({ kind: 'keep' });
    expect(armed({ planned: NOW - minutes(10) })).toMatchObject({ kind: 'start' });
    expect(armed({ planned: NOW - minutes(10) - 1 })).toMatchObject({
      kind: 'disarm',
      cells: { status: 'Failed', operation: '', by: '' },
      note: { kind: 'disarmed', isMissed: true, who: '' },
    });
  });

  it('fails in its turn while a step before it is open, in production alone', () => {
    const open = rowOf({ row: 1, step: '9', status: 'Planned' });
    const effect = armed({}, { others: [open] });
    expect(effect).toMatchObject({ kind: 'disarm', cells: { status: 'Failed' }, note: { who: '' } });
    expect(toldOf(effect)).toContain('step 9 before it was not done');
    expect(armed({}, { others: [open], inputs: { isProduction: false } })).toMatchObject({ kind: 'start' });
  });

  it('is disarmed by an operator’s change of its plan, and waits for the event of any other', () => {
    const changed = { edit: editOf({ coversStatus: false, coversPlan: true }) };
    for (const what of [{ step: '7' }, { service: 'payments' }, { action: 'exit' as const }]) {
      expect(armed({}, changed, what)).toMatchObject({
        kind: 'disarm',
        cells: { status: 'Planned' },
        note: { who: MANAGER },
      });
      for (const more of [{}, { edit: editOf() }]) {
        expect(armed({}, more, what)).toMatchObject({
          kind: 'wait',
          shows: `changed ${row().plan}`,
          otherwise: { kind: 'disarm', cells: { status: 'Planned' }, note: { who: '' } },
        });
      }
    }
    expect(armed({}, {}, { timeZone: 'Europe/Berlin' })).toMatchObject({ kind: 'wait' });
    // The same moment in another zone is another time in the sheet: an operator may say so.
    const zone = armed({ planned: NOW + minutes(5) }, changed, { timeZone: 'Europe/Berlin' });
    expect(zone).toMatchObject({ kind: 'arm', armed: { timeZone: 'Etc/UTC', at: isoAt(NOW + minutes(5)) } });
    expect(armed({ planned: NOW + minutes(5) }, {}, { at: isoAt(NOW) })).toMatchObject({ kind: 'wait' });
  });

  it('is moved by an operator to a later time only', () => {
    const move = (to: number, from: number, by = MANAGER) =>
      armed({ planned: to }, { edit: editOf({ coversStatus: false, coversPlan: true, by }) }, { at: isoAt(from) });
    const moved = { kind: 'arm', armed: { at: isoAt(NOW + minutes(9)) }, note: { kind: 'moved', who: MANAGER } };
    expect(move(NOW + minutes(9), NOW + minutes(5))).toMatchObject(moved);
    expect(move(NOW + minutes(5), NOW + minutes(9))).toMatchObject({ kind: 'disarm', cells: { status: 'Planned' } });
    expect(move(NOW, NOW - minutes(1))).toMatchObject({ kind: 'disarm' });
    expect(move(NOW + 1, NOW - minutes(1))).toMatchObject({ kind: 'arm' });
    expect(toldOf(move(NOW + minutes(9), NOW, 'passer.by@example.com'))).toContain('passer.by@example.com');
    expect(move(NOW + minutes(9), NOW, '')).toMatchObject({ kind: 'disarm' });
    const moved9 = (service: string, inputs: Partial<PlanInputs>) => {
      const edit = editOf({ coversStatus: false, coversPlan: true });
      return toldOf(armed({ service, planned: NOW + minutes(9) }, { edit, inputs }, { service, at: isoAt(NOW) }));
    };
    // Of each service of a group; and of none that the config has no longer.
    const known = ofShopAlone(knownServices(createWorld().deps.config));
    expect(moved9('shop', { known })).toContain('Still armed');
    expect(moved9('storefront', { known })).toContain('who is not an operator');
    expect(moved9('shpo', {})).toContain('who is not an operator');
  });

  it('is taken back by whatever else is set, by anybody', () => {
    const back = (status: string) => armed({ status, planned: NOW + minutes(5) }, { edit: editOf() });
    expect(back('Planned')).toMatchObject({ kind: 'disarm', cells: { status: 'Planned' }, note: { who: MANAGER } });
    expect(back('Skipped')).toMatchObject({ kind: 'disarm', cells: { status: 'Skipped', by: '' } });
    expect(back('Done')).toMatchObject({ kind: 'disarm', cells: { status: 'Done', by: MANAGER } });
    expect(back('Running')).toMatchObject({ kind: 'disarm', cells: { status: 'Planned' } });
    expect(armed({ status: 'Planned' })).toMatchObject({ kind: 'disarm', note: { who: '' } });
  });

  it('does not fire when its service was opened since it was armed', () => {
    const openedSince: PlanInputs['openedSince'] = (services, since) => `${services.join()} was opened after ${since}`;
    const effect = armed({}, { inputs: { openedSince } });
    expect(toldOf(effect)).toBe(`shop was opened after ${isoAt(NOW - minutes(60))}`);
    const note = { kind: 'disarmed', who: '', plannedAt: isoAt(NOW) };
    expect(effect).toMatchObject({ kind: 'disarm', cells: { status: 'Planned' }, note });
  });

  it('is disarmed where its service is in the config no longer', () => {
    const effect = armed({ service: 'shpo' }, {}, { service: 'shpo' });
    expect(effect).toMatchObject({ kind: 'disarm', cells: { status: 'Planned' }, note: { who: '' } });
  });

  it('is not taken back by an earlier answer that is written over it late', () => {
    const over = { status: 'Failed', result: 'Why not.' };
    const late = (cells: Cells, more: Partial<Situation> = {}) => armed({ ...over, ...cells }, more, { over });
    expect(late({})).toEqual({ kind: 'keep' });
    expect(late({ status: 'Skipped' })).toMatchObject({ kind: 'disarm' });
    expect(late({ result: 'Something else.' })).toMatchObject({ kind: 'disarm' });
    expect(late({ operation: 'production-00000009' })).toMatchObject({ kind: 'disarm' });
    expect(late({}, { edit: editOf() })).toMatchObject({ kind: 'disarm' });
    expect(armed({ ...over })).toMatchObject({ kind: 'disarm' });
  });

  it('is disarmed by a move to no time, or to one that the clocks leave out', () => {
    const to = (plannedStart: Row['plannedStart']) => {
      const at = Date.parse('2027-03-28T00:30:00Z');
      const one = { ...row({ planned: at }), plannedStart };
      return planned({
        row: one,
        record: { armed: armedFor(row({ planned: at }), { timeZone: 'Europe/Berlin' }) },
        edit: editOf({ coversStatus: false, coversPlan: true, seenAt: isoAt(at - minutes(60)) }),
        inputs: { now: at - minutes(60), sheet: { timeZone: 'Europe/Berlin' } as PlanInputs['sheet'] },
      });
    };
    const skipped = to({ text: ' 2027-03-28 02:30 ', at: '2027-03-28T01:30:00Z' });
    expect(skipped).toMatchObject({ kind: 'disarm', cells: { status: 'Planned' }, note: { who: MANAGER } });
    expect(toldOf(skipped)).toContain('Disarmed: 2027-03-28 02:30 does not exist');
    expect(toldOf(skipped)).toContain('Did you mean 2027-03-28 03:30 (01:30 UTC)?');
    expect(toldOf(to({ text: 'later' }))).toContain('Planned start "later" is no date with a time');
  });
});

describe('Scheduled', () => {
  const arm = (cells: Cells = {}, more: Partial<Situation> = {}) =>
    planned({ row: rowOf({ status: 'Scheduled', planned: NOW + minutes(5), ...cells }), ...more });

  it('arms what is to come, in the name of whoever set it', () => {
    expect(arm()).toMatchObject({
      kind: 'arm',
      armed: { requestedBy: MANAGER, at: isoAt(NOW + minutes(5)), armedAt: isoAt(NOW), action: 'enter', text: 't' },
      note: { kind: 'armed', who: MANAGER, plannedAt: isoAt(NOW + minutes(5)) },
    });
    expect(toldOf(arm())).toBe(
      `Armed by ${MANAGER}: runs by itself at 2026-11-22 02:05 UTC. Set Planned to disarm it.`,
    );
    expect(arm({ planned: NOW + 1 })).toMatchObject({ kind: 'arm' });
    expect(arm({ planned: NOW })).toMatchObject({ kind: 'answer', cells: { status: 'Planned' } });
  });

  it.each([
    ['no time', { planned: '' }, 'Planned start is empty'],
    ['blanks', { planned: '  ' }, 'Planned start is empty'],
    ['words', { planned: 'at two' }, 'at two'],
    ['a time without a date', { planned: Date.parse('1899-12-30T02:00:00Z') }, 'has a time but no date'],
    ['no service of ours', { service: 'shpo' }, 'no Service "shpo"'],
  ])('with %s is not armed', (_what, cells, says) => {
    expect(toldOf(arm(cells))).toContain(says);
    const status = 'service' in cells ? 'Failed' : 'Planned';
    expect(arm(cells)).toMatchObject({ kind: 'answer', cells: { status } });
  });

  it.each([
    ['2026-10-25T00:30:00Z', 'the first one is meant'],
    ['2026-10-25T01:30:00Z', 'the second one is meant'],
  ])('with a time that comes twice says which is meant: %s', (iso, says) => {
    const row = { ...rowOf({ status: 'Scheduled' }), plannedStart: { text: '2026-10-25 02:30', at: iso } };
    const now = Date.parse('2026-10-24T12:00:00Z');
    const inputs = { now, sheet: { timeZone: 'Europe/Berlin' } as PlanInputs['sheet'] };
    expect(told({ row, inputs, edit: editOf({ seenAt: isoAt(now) }) })).toContain(says);
  });

  it('with a time that the clocks leave out is not armed', () => {
    const skipped = Date.parse('2027-03-28T01:30:00Z');
    const plannedStart = { text: '2027-03-28 02:30', at: isoAt(skipped) };
    const row = { ...rowOf({ status: 'Scheduled' }), plannedStart };
    const inputs = { now: skipped - minutes(60), sheet: { timeZone: 'Europe/Berlin' } as PlanInputs['sheet'] };
    const edit = editOf({ seenAt: isoAt(skipped - minutes(60)) });
    expect(toldOf(planned({ row, inputs, edit }))).toContain('02:30');
    expect(planned({ row, inputs, edit })).toMatchObject({ kind: 'answer', cells: { status: 'Planned' } });
  });

  it('of somebody who may not, or of nobody, is not armed', () => {
    const stranger = arm({}, { edit: editOf({ by: 'passer.by@example.com' }) });
    expect(stranger).toMatchObject({ kind: 'answer', cells: { status: 'Planned' } });
    expect(toldOf(stranger)).toContain('Not armed: passer.by@example.com is not an operator of Shop');
    expect(arm({}, { edit: 'none' })).toMatchObject({
      kind: 'wait',
      shows: `Scheduled ${rowOf({ status: 'Scheduled', planned: NOW + minutes(5) }).plan}`,
      otherwise: { cells: { status: 'Planned' }, note: { who: '' } },
    });
    expect(toldOf(arm({}, { edit: editOf({ by: '' }) }))).toContain('did not report who set this');
  });

  it('says what must be done first, and what it would meet', () => {
    const open = (status: string) => rowOf({ row: 1, step: '9', status });
    expect(toldOf(arm({}, { others: [open('Planned')] }))).toContain('9');
    const alone = toldOf(arm());
    expect(toldOf(arm({}, { others: [open('Scheduled')] }))).toBe(alone);
    expect(toldOf(arm({}, { others: [open('Running')] }))).toBe(alone);
    expect(toldOf(arm({}, { inputs: { conflictsOf: () => ['Somebody else closes it.'] } }))).toContain(
      'Somebody else closes it.',
    );
  });
});

describe('several Gos in one edit', () => {
  it('of one service run nothing, whichever of its names they use; of two services both run', () => {
    const other = (service: string) => rowOf({ row: 3, step: '2', service });
    const both = { edit: editOf({ rows: [2, 3] }), inputs: { isProduction: false } };
    expect(planned({ ...both, others: [other('shop')] })).toMatchObject({ kind: 'answer', note: { who: MANAGER } });
    expect(planned({ ...both, others: [other('storefront')] })).toMatchObject({ kind: 'answer' });
    expect(planned({ ...both, others: [other('payments')] })).toMatchObject({ kind: 'start' });
    // Also where one of them would be asked about first.
    const asks = { ...other('shop'), plannedStart: { text: 't', at: isoAt(NOW + minutes(60)) } };
    const says = told({ edit: both.edit, others: [asks], inputs: { isProduction: true } });
    expect(says).toContain('steps 1 and 2 of Shop were set to Go at once');
  });
});

describe('a pick in Do now', () => {
  const pick = (action: string) => pickedRow({ ...BLANK, row: 2, service: 'shop', action, status: '' } as never);
  const edit = editOf({ tab: 'services' });

  it('asks for a second one in production', () => {
    expect(toldOf(planned({ row: pick('Enter maintenance'), edit }))).toContain('in production');
    const anywhere = { row: pick('Enter maintenance'), edit, inputs: { isProduction: false } };
    expect(planned(anywhere)).toMatchObject({ kind: 'start', start: { action: 'enter' } });
  });

  it('of somebody whom Google did not name, or seen too late, says so in its own words', () => {
    expect(toldOf(planned({ row: pick('Enter maintenance'), edit: editOf({ tab: 'services', by: '' }) }))).toContain(
      'Pick',
    );
    const late = editOf({ tab: 'services', seenAt: isoAt(NOW - minutes(3)) });
    expect(toldOf(planned({ row: pick('Enter maintenance'), edit: late }))).toContain('more than two minutes after');
  });
});
