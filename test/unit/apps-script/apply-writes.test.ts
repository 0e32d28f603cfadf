import { type Answers, applyAnswers } from '../../../apps-script/src/apply-writes.ts';
import { answerTo, runsElsewhere, type Wanted } from '../../../apps-script/src/own-answers.ts';
import type { AnswerCells } from '../../../contract/sync-answer.ts';
import { SERVICES_TAB } from '../../../release-sheet-template/services.ts';
import { type Cell, FakeSheet, memoryStore, NOW, portsWith, shown } from './fake-sheet.ts';
import { HEADER_LINE, row } from './rows.ts';

const TAB = 0;
const at = (header: string) => HEADER_LINE.indexOf(header);
const PLANNED = new Date('2026-11-22T02:05:00.000Z');

/** Steps 2 to 5, all alike but for their number; step 3 is set to Go. */
function night() {
  const sheet = new FakeSheet();
  const line = (step: number): Cell[] =>
    HEADER_LINE.map((header) => {
      const cells: Record<string, Cell> = {
        Step: String(step),
        'Planned start': PLANNED,
        Service: 'shop',
        Action: 'Enter maintenance',
        Status: step === 3 ? 'Go' : 'Planned',
        Result: step === 3 ? 'Sending…' : `as step ${step} says`,
      };
      return cells[header] ?? '';
    });
  const cells = sheet.add('Rundown', [[...HEADER_LINE], line(2), line(3), line(4), line(5)], TAB);
  const memory = memoryStore();
  const ports = portsWith({ memory });
  const apply = (...answers: Answers[]) => applyAnswers(ports, sheet.face, TAB, answers);
  const value = (step: number, header: string) => cells.find((one) => one[at('Step')] === String(step))?.[at(header)];
  return { sheet, cells, memory, ports, apply, value };
}

const going = row(3, { plannedStart: { text: shown(PLANNED), at: PLANNED.toISOString() }, status: 'Go' });
const RUNNING: AnswerCells = {
  ...{ status: 'Running', result: 'Closing…', started: '2026-11-22T02:00:03.456Z', finished: '' },
  ...{ by: 'ada@example.com', operation: 'production-1' },
};
const wanted = (cells: AnswerCells, more: Partial<Wanted> = {}): Wanted => ({ ...answerTo(going, cells), ...more });
const answers = (sequence: number, ...rows: Wanted[]): Answers => ({ environment: 'production', sequence, rows });
const writes = ({ calls }: FakeSheet) => calls.filter((call) => call.startsWith('write'));
/** What is said of step 3 once it runs. */
const then = (cells: AnswerCells): Wanted => {
  const { basis, ...one } = wanted(cells);
  return { ...one, basis: { ...basis, was: [{ status: 'Running', operation: 'production-1' }] } };
};

it('writes our cells of the row in one call, and touches no other', () => {
  const { sheet, apply, value, cells } = night();
  const before = cells.map((line) => line.slice(0, at('Status')));
  expect(apply(answers(1, wanted(RUNNING)))).toEqual({ isChanged: false, gone: [] });
  // Each is a slow call. What is checked has left Google's cache, and the next execution finds it there.
  expect(sheet.calls).toEqual([
    'flush',
    'values',
    'shown',
    expect.stringMatching(/^write 3,/),
    'flush',
    'values',
    'shown',
  ]);
  expect(['Status', 'By', 'Operation'].map((name) => value(3, name))).toEqual([
    'Running',
    'ada@example.com',
    'production-1',
  ]);
  expect(cells.map((line) => line.slice(0, at('Status')))).toEqual(before);
  expect(value(4, 'Result')).toBe('as step 4 says');
});

it('writes only what differs: an answer that says what stands there writes nothing', () => {
  const { sheet, apply } = night();
  apply(answers(1, wanted(RUNNING)));
  const callsOf = (answer: Answers) => {
    sheet.calls.length = 0;
    apply(answer);
    return sheet.calls;
  };
  // A cell keeps the seconds of a time, and no more.
  const same = answers(2, wanted({ ...RUNNING, started: '2026-11-22T02:00:03.999Z' }));
  expect(callsOf(same)).toEqual(['flush', 'values', 'shown']);
  // A sentence in a wrong row starts nothing: it is not read back.
  expect(callsOf(answers(3, then({ result: 'Closing… 3 of 5 probes still get in' })))).toEqual([
    ...['flush', 'values', 'shown', expect.stringContaining('3 of 5 probes'), 'flush'],
  ]);
});

it('a time that comes back from the sheet as the other one of a repeated hour is not written each minute', () => {
  const { sheet, ports, cells } = night();
  (cells[2] as Cell[])[at('Started')] = new Date('2026-10-25T00:30:00Z');
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const inBerlin = { ...ports, formatTime: (time: Date) => clock.format(time) };
  applyAnswers(inBerlin, sheet.face, TAB, [answers(1, wanted({ started: '2026-10-25T01:30:00Z' }))]);
  expect(writes(sheet)).toEqual([]);
  applyAnswers(inBerlin, sheet.face, TAB, [answers(2, wanted({ started: '2026-10-25T01:30:01Z' }))]);
  expect(writes(sheet)).toHaveLength(1);
});

it('a time is written as a date to the second, and anything else as text', () => {
  const { apply, value } = night();
  apply(answers(1, wanted({ started: '2026-11-22T02:00:03.456Z', finished: 'soon' })));
  expect(value(3, 'Started')).toEqual(new Date('2026-11-22T02:00:03.000Z'));
  expect(value(3, 'Finished')).toBe('soon');
});

describe('answers that overtake each other', () => {
  it('an older one is not written over a newer one', () => {
    const { apply, value } = night();
    apply(answers(5, wanted(RUNNING)));
    apply(answers(7, then({ result: '4 of 5 probes agree' })));
    expect(apply(answers(6, then({ result: '1 of 5 probes agrees' })))).toEqual({
      isChanged: true,
      gone: [],
    });
    expect(value(3, 'Result')).toBe('4 of 5 probes agree');
  });

  it('one without rows is overtaken by nobody', () => {
    const { apply } = night();
    apply(answers(5, wanted(RUNNING)));
    const staging = { environment: 'staging', sequence: 1, rows: [then({ result: 'staging' })] };
    expect(apply(answers(4), staging)).toEqual({ isChanged: false, gone: [] });
  });

  it('one with the same number is no older one: polls do not count on', () => {
    const { apply, value } = night();
    apply(answers(5, wanted(RUNNING)));
    apply(answers(5, then({ result: '4 of 5 probes agree' })));
    expect(value(3, 'Result')).toBe('4 of 5 probes agree');
  });

  it('only a new number of an answer with rows is kept: each is a slow call', () => {
    const { memory, ports, sheet } = night();
    const calls: string[] = [];
    const counted: typeof memory = {
      ...memory,
      sequences: (...given) => {
        calls.push('read');
        return memory.sequences(...given);
      },
      putSequences: (...given) => {
        if (given[1].size > 0) calls.push(`write ${[...given[1].values()].join()}`);
        memory.putSequences(...given);
      },
    };
    const callsOf = (...given: Answers[]) => {
      calls.length = 0;
      applyAnswers({ ...ports, memory: counted }, sheet.face, TAB, given);
      return [...calls];
    };
    expect(callsOf(answers(5, wanted(RUNNING)))).toEqual(['read', 'write 5']);
    expect(callsOf(answers(5, then({ result: 'as before' })))).toEqual(['read']);
    expect(callsOf(answers(4, then({ result: 'too late' })))).toEqual(['read']);
    expect(callsOf(answers(6), { environment: '', rows: [then({ result: 'our own words' })] })).toEqual([]);
  });

  it('each environment counts for itself', () => {
    const { apply, value, memory } = night();
    apply(answers(7, wanted({ result: 'production' })));
    apply({ environment: 'staging', sequence: 1, rows: [wanted({ result: 'staging' })] });
    expect(value(3, 'Result')).toBe('staging');
    expect([...memory.sequences('release-42', NOW)].sort()).toEqual([
      ['production', 7],
      ['staging', 1],
    ]);
  });

  it('the number is kept before the first cell is written, under the lock', () => {
    const { sheet, memory, apply } = night();
    let kept: number | undefined;
    sheet.meanwhile = (call) => {
      if (call.startsWith('write')) kept ??= memory.sequences('release-42', NOW).get('production');
    };
    apply(answers(7, wanted(RUNNING)));
    expect(kept).toBe(7);
  });

  it('without the lock nothing is written', () => {
    const { sheet, ports } = night();
    const busy = { ...ports, locked: () => undefined };
    expect(applyAnswers(busy, sheet.face, TAB, [answers(1, wanted(RUNNING))])).toBeUndefined();
    expect(sheet.calls).toEqual([]);
  });

  it('nothing to write takes no lock and no call', () => {
    const { sheet, ports } = night();
    const locked = () => {
      throw new Error('locked');
    };
    expect(applyAnswers({ ...ports, locked }, sheet.face, TAB, [answers(9)])).toEqual({
      isChanged: false,
      gone: [],
    });
    expect(sheet.calls).toEqual([]);
  });
});

describe('a row that says otherwise by now', () => {
  it('is left alone, and the sheet is to be read again', () => {
    const { apply, value, cells } = night();
    (cells[2] as Cell[])[at('Status')] = 'Planned';
    expect(apply(answers(1, wanted(RUNNING)))).toMatchObject({ isChanged: true });
    expect([value(3, 'Status'), value(3, 'Operation')]).toEqual(['Planned', '']);
  });

  it('one that is gone is told, and no other is taken for it', () => {
    const { apply, cells, sheet } = night();
    cells.splice(2, 1);
    expect(apply(answers(1, wanted(RUNNING)))?.gone).toHaveLength(1);
    expect(writes(sheet)).toEqual([]);
  });

  it('nor is one told whose tab is gone, or has lost its headers: there is nothing to read again', () => {
    const deleted = night();
    deleted.sheet.tabs.length = 0;
    const headless = night();
    (headless.cells[0] as Cell[])[at('Status')] = 'State';
    for (const { apply, sheet } of [deleted, headless]) {
      expect(apply(answers(1, wanted(RUNNING)))).toEqual({
        isChanged: false,
        gone: [wanted(RUNNING)],
      });
      expect(writes(sheet)).toEqual([]);
    }
  });

  it('a plan that was corrected meanwhile was not judged: its Go is left alone and read again', () => {
    const { apply, value, cells } = night();
    (cells[2] as Cell[])[at('Planned start')] = new Date('2026-11-22T03:05:00.000Z');
    expect(apply(answers(1, wanted(RUNNING)))).toEqual({ isChanged: true, gone: [] });
    expect(value(3, 'Status')).toBe('Go');
  });

  it('the others are written all the same', () => {
    const { apply, value, cells } = night();
    (cells[2] as Cell[])[at('Status')] = 'Planned';
    const other = { ...going, row: 4, step: '4', status: 'Planned' };
    apply(answers(1, wanted(RUNNING), answerTo(other, { result: 'not now' })));
    expect(value(4, 'Result')).toBe('not now');
  });

  it('what is only meant over a certain Result never counts as a change', () => {
    const { apply, value } = night();
    apply({ environment: '', rows: [wanted({ result: 'before' }, { onlyOver: 'Sending…' })] });
    expect(value(3, 'Result')).toBe('before');
    expect(apply({ environment: '', rows: [wanted({ result: 'again' }, { onlyOver: 'Sending…' })] })?.isChanged).toBe(
      false,
    );
    expect(value(3, 'Result')).toBe('before');
    const other = night();
    (other.cells[2] as Cell[])[at('Status')] = 'Planned';
    const own = { environment: '', rows: [wanted({ result: 'again' }, { onlyOver: 'Sending…' })] };
    expect(other.apply(own)).toEqual({ isChanged: false, gone: [] });
    expect(other.value(3, 'Result')).toBe('Sending…');
    other.cells.splice(2, 1);
    expect(other.apply(own)).toEqual({ isChanged: false, gone: [] });
  });
});

describe('rows that move between our read and our write', () => {
  const BLANK_LINE = () => HEADER_LINE.map((): Cell => '');
  const once = (sheet: FakeSheet, call: string, act: () => void) => {
    sheet.meanwhile = (one) => {
      if (!one.startsWith(call)) return;
      sheet.meanwhile = undefined;
      act();
    };
  };

  it('a row inserted above: what hit another row is undone there, and stands where it was meant', () => {
    const { sheet, cells, apply, value } = night();
    once(sheet, 'shown', () => cells.splice(1, 0, BLANK_LINE()));
    // Whether the undoing itself hit its row, the next reading tells.
    expect(apply(answers(1, wanted(RUNNING)))).toMatchObject({ isChanged: true });
    expect(value(3, 'Status')).toBe('Running');
    expect([value(2, 'Status'), value(2, 'Result'), value(2, 'Operation')]).toEqual(['Planned', 'as step 2 says', '']);
    expect(cells.filter((line) => line[at('Operation')] === 'production-1')).toHaveLength(1);
  });

  it.each<[string, AnswerCells]>([
    ['a Status', { status: 'Failed' }],
    ['an id', { operation: 'production-1' }],
  ])('%s that hit another row could start something there, and is undone', (_what, cells) => {
    const one = night();
    once(one.sheet, 'shown', () => one.cells.splice(1, 0, BLANK_LINE()));
    one.apply(answers(1, wanted(cells)));
    expect([one.value(2, 'Status'), one.value(2, 'Operation')]).toEqual(['Planned', '']);
    expect([one.value(3, 'Status'), one.value(3, 'Operation')]).toEqual([cells.status ?? 'Go', cells.operation ?? '']);
  });

  it('a blank row that was hit is blank again', () => {
    const { sheet, cells, apply } = night();
    once(sheet, 'shown', () => cells.splice(2, 0, BLANK_LINE()));
    apply(answers(1, wanted(RUNNING)));
    expect(cells[2]?.every((cell) => cell === '')).toBe(true);
    expect(cells[3]?.[at('Status')]).toBe('Running');
  });

  it('a sort: only the step that was meant says Done', () => {
    const { sheet, cells, apply } = night();
    once(sheet, 'shown', () => cells.push(...cells.splice(1).reverse()));
    apply(answers(1, wanted({ ...RUNNING, status: 'Done' })));
    const done = cells.filter((line) => line[at('Status')] === 'Done').map((line) => line[at('Step')]);
    expect(done).toEqual(['3']);
  });

  it('rows that go on moving are tried twice, then to be read again', () => {
    const { sheet, cells, apply } = night();
    // Each time before we write, never before we check.
    let readings = 0;
    sheet.meanwhile = (call) => {
      if (call === 'shown' && ++readings % 2 === 1) cells.splice(1, 0, BLANK_LINE());
    };
    expect(apply(answers(1, wanted(RUNNING)))).toEqual({ isChanged: true, gone: [] });
    expect(writes(sheet).filter((call) => call.includes('"Running"'))).toHaveLength(2);
    expect(cells.filter((line) => line[at('Status')] === 'Running')).toEqual([]);
  });

  it('a row that somebody sets back under our hands is to be read again', () => {
    const { sheet, cells, apply } = night();
    sheet.meanwhile = (call) => {
      if (call.startsWith('write')) (cells[2] as Cell[])[at('Status')] = 'Go';
    };
    expect(apply(answers(1, wanted({ status: 'Failed' })))).toEqual({ isChanged: true, gone: [] });
  });

  it.each([
    ['its number is edited', { Step: '3b' }],
    ['only its number is left', { 'Planned start': '', Service: '', Action: '' }],
    ['only its time is left', { Step: '', Service: '', Action: '' }],
    ['only its service and action are left', { Step: '', 'Planned start': '' }],
  ])('a step whose plan is being written anew keeps what was written into it: %s', (_what, edits) => {
    const { sheet, cells, apply } = night();
    once(sheet, 'write', () => {
      for (const [header, text] of Object.entries(edits)) (cells[2] as Cell[])[at(header)] = text;
    });
    expect(apply(answers(1, wanted(RUNNING)))).toMatchObject({ isChanged: false });
    expect(cells[2]?.[at('Status')]).toBe('Running');
  });

  it('one whose whole plan was emptied is none any more: it says nothing, and what runs has lost its row', () => {
    const { sheet, cells, apply } = night();
    once(sheet, 'write', () => {
      for (const header of ['Step', 'Planned start', 'Service', 'Action']) (cells[2] as Cell[])[at(header)] = '';
    });
    expect(apply(answers(1, wanted(RUNNING)))?.gone).toHaveLength(1);
    expect(cells[2]?.[at('Status')]).toBe('');
  });
});

describe('the tab Services', () => {
  const headers = SERVICES_TAB.columns.map(({ header }) => header);
  const place = (header: string) => headers.indexOf(header);
  function board(pick: string) {
    const one = night();
    const lineOf = (service: string, picked: string) =>
      headers.map((header): Cell => (header === 'Service' ? service : header === 'Do now' ? picked : ''));
    const cells = one.sheet.add(SERVICES_TAB.name, [[...headers], lineOf('shop', pick), lineOf('payments', '')], 7);
    const statuses = () =>
      Object.fromEntries(cells.slice(1).map((line) => [String(line[place('Service')]), line[place('Status')]]));
    return { ...one, board: cells, statuses, line: () => cells[1] as Cell[] };
  }
  const picked = (cells: AnswerCells): Wanted => ({
    tab: 'services',
    basis: {
      ...answerTo(going, {}).basis,
      row: 2,
      step: 'Do now',
      plannedStart: { text: '' },
      was: [{ status: '', operation: '' }],
    },
    cells,
  });

  it('Do now is emptied with its answer', () => {
    const { apply, line } = board('Enter maintenance');
    apply(answers(1, picked({ ...RUNNING, pick: '' })));
    expect([line()[place('Do now')], line()[place('Status')]]).toEqual(['', 'Running']);
  });

  it('what was picked since is somebody’s next wish, and stays', () => {
    const { apply, line } = board('Exit maintenance');
    apply(answers(1, picked({ ...RUNNING, pick: '' })));
    expect(line()[place('Do now')]).toBe('Exit maintenance');
  });

  it.each<[string, (cells: Cell[][]) => void, Record<string, string>]>([
    ['sorted', (cells) => cells.push(...cells.splice(1).reverse()), { shop: 'Running', payments: '' }],
    [
      'given a blank row',
      (cells) =>
        cells.splice(
          1,
          0,
          headers.map(() => ''),
        ),
      { '': '', shop: 'Running', payments: '' },
    ],
  ])('%s between our read and our write, only the service that was meant says so', (_what, move, told) => {
    const { sheet, apply, board: cells, statuses } = board('Enter maintenance');
    sheet.meanwhile = (call) => {
      if (call !== 'values') return;
      sheet.meanwhile = undefined;
      move(cells);
    };
    apply(answers(1, picked({ ...RUNNING, pick: '' })));
    expect(statuses()).toEqual(told);
  });
});

it('a running step whose row is nowhere is told in every open step of its service, once', () => {
  const rows = [
    row(2),
    row(3, { status: 'Done' }),
    row(4, { service: 'payments' }),
    row(5, { action: 'Exit maintenance' }),
  ];
  const told = runsElsewhere(rows, wanted(RUNNING));
  expect(told.map(({ basis }) => basis.row)).toEqual([2, 5]);
  const result = told[0]?.cells.result ?? '';
  expect(result).toContain('production-1');
  expect(runsElsewhere([row(2, { result })], wanted(RUNNING))).toEqual([]);
});
