import type { StepRecord } from '../../../../lambda/src/model/rundown-record.ts';
import { pickedRow, type Row } from '../../../../lambda/src/rundown/plan/row.ts';
import { armedFor, BLANK, type Cells, editOf, isoAt, NOW, planned, rowOf, runOf, toldOf } from './planner.ts';
import { DUTY, MANAGER } from './terminal.ts';

/** What people set besides Go and Scheduled, what they paste, and what came twice. */

const ID = 'production-00000001';
const decided = (more: object = {}) => ({ ...BLANK, status: 'Planned', ...more });
const there = (cells: Cells, record: Partial<StepRecord> = {}, more: object = {}) =>
  planned({ row: rowOf(cells), record, ...more });

describe('a Status that people set', () => {
  it('is theirs where it is one of theirs', () => {
    for (const status of ['Planned', 'Skipped', '', '  ']) expect(there({ status })).toEqual({ kind: 'accept' });
    expect(there({ status: 'Planned' }, { decided: decided(), isAnswered: true })).toEqual({ kind: 'keep' });
  });

  it('is Done by hand in their name, if they were seen, and says so', () => {
    const cells = { status: 'Done', started: '', finished: '', operation: '' };
    expect(there({ status: 'Done' })).toMatchObject({
      cells: { ...cells, by: MANAGER },
      note: { kind: 'hand', who: MANAGER },
    });
    expect(there({ status: 'Done' }, {}, { edit: 'none' })).toMatchObject({
      cells: { ...cells, by: '' },
      note: { who: '' },
    });
  });

  it('is put back where only we can know it', () => {
    for (const status of ['Running', 'Accepted', 'Unproven', 'Failed']) {
      const effect = there({ status });
      expect(effect).toMatchObject({
        kind: 'answer',
        cells: { status: 'Planned' },
        note: { kind: 'not-run', who: MANAGER },
      });
      expect(toldOf(effect)).not.toBe('');
    }
    expect(toldOf(there({ status: 'Running' }))).toContain('Nothing is running here');
    expect(toldOf(there({ status: 'Failed' }))).not.toContain('Nothing is running here');
    expect(there({ status: 'Failed' }, {}, { edit: 'none' })).toMatchObject({ note: { who: '' } });
  });

  it('stays, with what may stand there, where it is no word of ours', () => {
    const effect = there({ status: 'later' });
    expect(effect).toMatchObject({
      kind: 'answer',
      cells: { status: 'later' },
      note: { kind: 'not-run', who: MANAGER },
    });
    expect(toldOf(effect)).toContain('later');
    expect(there({ status: 'later' }, {}, { edit: 'none' })).toMatchObject({ note: { who: '' } });
  });

  it('is not asked for in a row that still tells of what it ran as another step', () => {
    const row: Row = { ...rowOf({ status: 'Done', operation: ID }), word: 'Planned', isOutdated: true };
    expect(planned({ row })).toEqual({ kind: 'keep' });
  });

  it('is of the run that its operation names, where the record lost it', () => {
    const run = runOf();
    const known = { inputs: { runOf: () => run } };
    for (const status of ['Running', 'Done', 'Failed']) {
      expect(there({ status, operation: ID }, {}, known)).toEqual({ kind: 'adopt', run });
      expect(there({ status }, {}, known).kind).toBe('answer');
    }
    // People's own words are no run of ours.
    expect(there({ status: 'Skipped', operation: ID }, {}, known)).toEqual({ kind: 'accept' });
  });
});

describe('an answer that the row does not show yet', () => {
  const seen = {
    row: 2,
    step: '1',
    plannedStart: { text: '' },
    service: 'shop',
    action: 'Enter maintenance',
    operation: '',
  };
  const answered = { isAnswered: true, decided: decided({ status: 'Failed', result: 'Why not.' }) };

  it('is given again, not asked for anew', () => {
    const record = { ...answered, seen: { ...seen, status: 'Go' } };
    expect(there({ status: 'Go', result: '' }, record)).toEqual({ kind: 'keep' });
    // Who has read it and sets Go again means it.
    expect(there({ status: 'Go', result: 'Why not.' }, record).kind).toBe('start');
    expect(there({ status: 'Go', action: 'Exit maintenance' }, record).kind).toBe('start');
    expect(there({ status: 'Go', operation: ID }, record).kind).toBe('start');
    // Written in part: its operation came before its Status.
    const inPart = { ...record, decided: decided({ status: 'Failed', result: 'Why not.', operation: ID }) };
    expect(there({ status: 'Go', operation: ID }, inPart)).toEqual({ kind: 'keep' });
    expect(there({ status: 'Go' }, { ...record, isAnswered: false }).kind).toBe('start');
    expect(there({ status: 'Go' }, { ...record, seen: { ...seen, status: 'Planned' } }).kind).toBe('start');
  });

  it('is waited for without an event, as the row was or as it was told to be', () => {
    const record = { ...answered, seen: { ...seen, status: 'Planned' } };
    const nobody = { edit: 'none' };
    expect(there({ status: 'Planned' }, record, nobody)).toEqual({ kind: 'keep' });
    expect(there({ status: 'Planned', action: 'Exit maintenance' }, record, nobody)).toEqual({ kind: 'accept' });
    expect(there({ status: 'Skipped' }, record, nobody)).toEqual({ kind: 'accept' });
    const told = [{ ...decided({ status: 'Skipped' }) }] as never;
    expect(there({ status: 'Skipped' }, { ...record, told }, nobody)).toEqual({ kind: 'keep' });
    expect(there({ status: 'Skipped', operation: ID }, { ...record, told }, nobody)).toEqual({ kind: 'accept' });
    expect(there({ status: 'Done' }, { ...record, told }, nobody)).toMatchObject({ note: { kind: 'hand' } });
    expect(there({ status: 'Planned' }, record)).toEqual({ kind: 'accept' });
  });
});

it('what nobody was seen to set goes on waiting to be put back, though it was answered before', () => {
  for (const status of ['Go', 'Scheduled']) {
    const row = rowOf({ status });
    const { step, plannedStart, service, action, operation } = row;
    const seen = { row: 2, step, plannedStart, service, action, status, operation };
    const unattributed = { shows: `${status} ${row.plan}`, since: isoAt(NOW) };
    const record = { isAnswered: true, decided: decided(), seen };
    expect(planned({ row, edit: 'none', record: { ...record, unattributed } })).toMatchObject({ kind: 'wait' });
    expect(planned({ row, edit: 'none', record })).toEqual({ kind: 'keep' });
  }
});

describe('an id that stands in two rows', () => {
  const other = (cells: Cells = {}) => rowOf({ row: 3, step: '2', status: 'Planned', operation: ID, ...cells });
  const copied = (cells: Cells, record: Partial<StepRecord> = {}, others: Row[] = [other()], more: object = {}) =>
    planned({ row: rowOf({ operation: ID, ...cells }), record, others, ...more });

  it('runs in neither of them, and says where the other is', () => {
    const effect = copied({ status: 'Go' });
    expect(effect).toMatchObject({
      kind: 'answer',
      cells: { status: 'Planned' },
      note: { kind: 'not-run', who: MANAGER },
    });
    expect(toldOf(effect)).toContain('3');
    // The other one is told too, and keeps its Status.
    const twin = copied({ status: 'Done' }, {}, [other({ status: 'Go' })], { edit: editOf({ rows: [3] }) });
    expect(twin).toMatchObject({ kind: 'answer', note: { kind: 'not-run' } });
    expect(twin).not.toHaveProperty('cells.status');
    expect(toldOf(twin)).toContain('3');
    // Nobody was seen to ask, or what was seen asks for nothing.
    expect(copied({ status: 'Go' }, {}, [other()], { edit: 'none' }).kind).toBe('wait');
    expect(copied({ status: 'Planned' }, {}, [other({ status: 'Skipped' })])).toEqual({ kind: 'accept' });
    const scheduled = copied({ status: 'Scheduled' });
    expect(scheduled).toMatchObject({ kind: 'answer', cells: { status: 'Planned' } });
    expect(toldOf(scheduled)).toBe(toldOf(effect));
  });

  it('disarms what was armed under it, and stays until a person has said which is the copy', () => {
    const record = { armed: armedFor(rowOf()), decided: decided({ operation: ID }) };
    expect(copied({ status: 'Scheduled' }, record, [other()], { edit: 'none' })).toMatchObject({
      kind: 'disarm',
      cells: { status: 'Planned', operation: ID },
    });
  });

  it('is no proof in the row that it was pasted into', () => {
    const nobody = { edit: 'none' };
    expect(copied({ status: 'Done' }, {}, [other()], nobody)).toMatchObject({
      cells: { status: 'Done', operation: '' },
      note: { kind: 'hand' },
    });
    const blank = { started: '', finished: '', by: '', operation: '' };
    for (const [status, version] of [
      ['Done', 0],
      ['Failed', 0],
      ['Failed', 1],
    ] as const) {
      const effect = copied({ status, started: isoAt(NOW), by: DUTY }, { version }, [other()], nobody);
      expect(effect).toMatchObject({ cells: { status: 'Planned', ...blank }, note: { kind: 'not-run', who: '' } });
      expect(toldOf(effect)).toContain(`(${ID}) was run in row 3`);
    }
    const byManager = copied({ status: 'Done' }, { version: 0 });
    expect(byManager).toMatchObject({ cells: { status: 'Planned' }, note: { who: MANAGER } });
    // What runs there is not ended by what is pasted over it.
    const running = { run: runOf({ id: 'production-00000002' }), isAnswered: true };
    expect(toldOf(copied({ status: 'Done' }, running))).toContain('is running (production-00000002)');
    // Nor is it the run of another row, whatever its record lost.
    const known = { ...nobody, inputs: { runOf: () => runOf() } };
    expect(copied({ status: 'Done' }, {}, [other()], known).kind).toBe('answer');
    const own = { run: runOf({ isOver: true }), decided: decided({ status: 'Done', operation: ID }), isAnswered: true };
    expect(copied({ status: 'Done' }, own, [other()], nobody)).toEqual({ kind: 'keep' });
    // The row that ran it is put right, whatever is typed there; a step that was answered otherwise is not that row.
    expect(toldOf(copied({ status: 'Failed' }, own, [other()], nobody))).toContain('only Drawbridge sets Failed');
    const answered = { decided: decided(), isAnswered: true };
    expect(toldOf(copied({ status: 'Failed' }, answered, [other()], nobody))).toContain('was run in row 3');
    expect(copied({ status: 'Planned' }, {}, [other()], nobody)).toEqual({ kind: 'accept' });
  });

  it('of what another row ran is no run of this one, whatever was set over it', () => {
    const nobody = { edit: 'none' };
    const original = { run: runOf(), decided: decided({ status: 'Running', operation: ID }), isAnswered: true };
    const beside = (cells: Cells, more: object = {}) =>
      planned({
        row: rowOf({ operation: ID, result: 'Closing…', by: DUTY, ...cells }),
        record: { isAnswered: false },
        others: [other({ status: 'Running' })],
        otherRecord: original,
        ...more,
      } as never);
    for (const [status, stays] of [
      ['Planned', 'Planned'],
      ['', 'Planned'],
      ['Skipped', 'Skipped'],
    ] as const) {
      const effect = beside({ status }, nobody);
      expect(effect).toMatchObject({ kind: 'answer', cells: { status: stays, by: '', operation: '' } });
      expect(toldOf(effect)).toContain('was run in row 3');
    }
    // A Go in one of them runs neither; what was copied into the other's Status is no run either.
    const asked = { edit: editOf({ rows: [3] }), others: [other({ status: 'Go' })] };
    for (const status of ['Running', 'Unproven']) {
      expect(beside({ status }, asked)).toMatchObject({ kind: 'answer', cells: { status: 'Planned' } });
    }
  });

  it('that was never run for its row is taken out of it, also where no other row has it', () => {
    const skipped = rowOf({ status: 'Skipped', operation: ID });
    const effect = (more: object) => planned({ row: skipped, record: { isAnswered: false }, ...more } as never);
    const nobody = { inputs: { runOf: () => undefined } };
    const dragged = { others: [other({ operation: '' })], otherRecord: { decided: decided({ operation: ID }) } };
    expect(effect({ ...nobody, ...dragged })).toEqual({ kind: 'accept', hasStrayId: true });
    expect(effect(nobody)).toEqual({ kind: 'accept', hasStrayId: true });
    // It stays where it was run, in a row that was answered, and there is none in most.
    expect(effect({ inputs: { runOf: () => runOf() } })).toEqual({ kind: 'accept' });
    expect(effect({ ...nobody, record: { isAnswered: true } })).not.toHaveProperty('hasStrayId');
    expect(planned({ ...nobody, row: rowOf({ status: 'Skipped' }), record: { isAnswered: false } })).toEqual({
      kind: 'accept',
    });
  });
});

describe('a pick in Do now', () => {
  const pick = (cells: object = {}) =>
    pickedRow({ ...BLANK, row: 2, service: 'shop', action: 'Exit maintenance', status: '', ...cells } as never);
  const edit = editOf({ tab: 'services' });
  const seen = {
    row: 2,
    step: '',
    plannedStart: { text: '' },
    service: 'shop',
    action: 'Exit maintenance',
    status: '',
    operation: '',
  };
  const picked = (record: Partial<StepRecord>, cells: object = {}, more: object = {}) =>
    planned({ row: pick(cells), edit, record: { seen, ...record }, inputs: { isProduction: false, ...more } });

  it('runs once, however often its event comes', () => {
    expect(picked({}).kind).toBe('start');
    expect(picked({ run: runOf() })).toEqual({ kind: 'keep' });
    const over = (startedAt: number) => ({ run: runOf({ isOver: true, startedAt: isoAt(startedAt) }) });
    expect(picked(over(NOW - 1)).kind).toBe('start');
    expect(picked(over(NOW))).toEqual({ kind: 'keep' });
    expect(picked(over(NOW - 1), { status: 'Running', operation: ID })).toEqual({ kind: 'keep' });
    expect(picked(over(NOW - 1), { status: 'Running', operation: 'production-0000000f' }).kind).toBe('start');
    expect(picked(over(NOW - 1), { status: 'Done', operation: ID }).kind).toBe('start');
  });

  it('that was answered stands until the script has emptied it', () => {
    const answered = { seen, isAnswered: true, decided: decided({ status: '', result: 'Why not.' }) };
    const standing = planned({ row: pick({ result: 'Why not.' }), edit: 'none', record: answered });
    expect(standing).toEqual({ kind: 'keep' });
    expect(picked(answered, { result: 'Why not.' }).kind).toBe('start');
  });

  it('that nobody was seen to make is put back, though the row does not say yet how the last one ended', () => {
    const told = [{ status: 'Running', operation: ID }];
    const last = {
      run: runOf({ isOver: true }),
      isAnswered: true,
      decided: decided({ status: 'Done', operation: ID }),
    };
    const row = pick({ action: 'Enter maintenance', status: 'Running', operation: ID });
    expect(planned({ row, edit: 'none', record: { ...last, seen, told } })).toMatchObject({ kind: 'wait' });
  });

  it('of another action overtakes what runs, by another event', () => {
    const running = { run: runOf(), seen: { ...seen, action: 'Enter maintenance' } };
    expect(picked(running)).toMatchObject({ kind: 'start', start: { action: 'exit' } });
    expect(picked(running, {}, { syncId: 'sync-1' })).toEqual({ kind: 'keep' });
    for (const status of ['', 'Go', 'Skipped'])
      expect(picked(running, { action: '', status })).toEqual({ kind: 'keep' });
  });

  it('that says that it runs is of the run that it names, or is put right', () => {
    const run = runOf();
    const stray = (operation: string) =>
      planned({ row: pick({ action: '', status: 'Running', operation }), edit: 'none', inputs: { runOf: () => run } });
    expect(stray(ID)).toEqual({ kind: 'adopt', run });
    expect(stray('')).toMatchObject({ kind: 'answer', cells: { status: '' }, note: { kind: 'not-run', who: '' } });
    expect(planned({ row: pick({ action: '', status: 'Done' }), edit: 'none' })).toEqual({ kind: 'keep' });
    // Of a run that is over it is only late: its row is told again how that ended.
    const over = {
      run: runOf({ isOver: true }),
      isAnswered: true,
      decided: decided({ status: 'Done', operation: ID }),
    };
    const late = { ...over, seen: { ...seen, action: '', status: 'Running', operation: ID } };
    expect(picked(late, { action: '', status: 'Running', operation: ID })).toEqual({ kind: 'keep' });
  });

  it('of no service, of an unknown one and of none of our actions is told what there is', () => {
    expect(toldOf(picked({}, { service: ' ' }))).toContain('no service');
    expect(toldOf(picked({}, { service: 'shpo' }))).toContain('shpo');
    expect(toldOf(picked({}, { action: 'Close it' }))).toContain('Close it');
  });

  it('that rehearses runs nothing; while something runs it is told so', () => {
    const rehearsal = { action: 'Rehearse: Enter maintenance' };
    expect(picked({}, rehearsal)).toMatchObject({ kind: 'rehearse', requestedBy: MANAGER });
    const told = { kind: 'not-rehearsed', run: runOf(), note: { kind: 'not-run', who: MANAGER } };
    expect(picked({ run: runOf() }, rehearsal)).toMatchObject(told);
    expect(picked({ rehearsal: {} as never }, rehearsal)).toEqual({ kind: 'keep' });
    expect(toldOf(picked({}, { ...rehearsal, service: 'shpo' }))).toContain('shpo');
    const nobody = planned({ row: pick(rehearsal), edit: 'none' });
    expect(nobody.kind === 'wait' && toldOf(nobody.otherwise)).toContain('did not report who set this');
  });
});
