import { onEdit } from '../../../apps-script/src/edit.ts';
import type { Edit } from '../../../apps-script/src/may-matter.ts';
import { says } from '../../../apps-script/src/sentences.ts';
import type { StepRow } from '../../../contract/sync-request.ts';
import { ALLOWLIST_TAB } from '../../../release-sheet-template/allowlist.ts';
import { SERVICES_TAB } from '../../../release-sheet-template/services.ts';
import { type Cell, FakeSheet, NOW } from './fake-sheet.ts';
import { HEADER_LINE } from './rows.ts';
import { connected, readAgain, runningAnswer } from './stub-api.ts';

const ADA = 'ada@example.com';
const ID = 'release-42';
const at = (header: string) => HEADER_LINE.indexOf(header);

/** Steps 2 to 6: of production, of staging, of nobody, of people, and an exit. */
function night({ tabId = 0 as number | undefined, tabName = 'Rundown' } = {}) {
  const sheet = new FakeSheet();
  const line = (step: number, service: string, action: string): Cell[] =>
    HEADER_LINE.map((header) => {
      const cells: Record<string, Cell> = {
        ...{ Step: String(step), 'Planned start': new Date(NOW + step * 60_000), Service: service, Action: action },
        ...{ Status: 'Planned', Result: 'as it was' },
      };
      return cells[header] ?? '';
    });
  const cells = sheet.add(
    tabName,
    [
      [...HEADER_LINE],
      line(2, 'shop', 'Enter maintenance'),
      line(3, 'shop-staging', 'Enter maintenance'),
      line(4, 'checkout', 'Enter maintenance'),
      line(5, '', ''),
      line(6, 'shop', 'Exit maintenance'),
      line(7, 'shop', 'Enable allowlist'),
      line(8, '', 'Exit maintenance'),
    ],
    0,
  );
  const { memory, api, clock, ports } = connected();
  memory.putSheet({ id: ID, name: 'Release 42', ...(tabId === undefined ? {} : { tabId }) });

  const edit = (row: number, header: string, value: Cell, more: Partial<Edit> & { tab?: string } = {}) => {
    const { tab = tabName, ...rest } = more;
    const target = sheet.tabs.find(({ name }) => name === tab) as FakeSheet['tabs'][number];
    const column = (target.cells[0] as string[]).indexOf(header);
    (target.cells[row - 1] as Cell[])[column] = value;
    const face = sheet.face.tabNamed(tab);
    if (!face) throw new Error(`there is no tab ${tab}`);
    onEdit(ports, sheet.face, face, {
      ...{ tabName: tab, firstRow: row, lastRow: row, firstColumn: column, lastColumn: column, user: ADA },
      typed: String(value),
      ...rest,
    });
  };
  const go = (row: number, more: Parameters<typeof edit>[3] = {}) => edit(row, 'Status', 'Go', more);
  const value = (row: number, header: string) => (cells[row - 1] as Cell[])[at(header)];
  return { sheet, cells, memory, api, clock, ports, edit, go, value };
}

describe('a Go', () => {
  it('is sent with who set it and which rows it covered, and the row says what was answered', () => {
    const { api, go, value, memory } = night();
    go(2);
    expect(api.sent).toEqual([
      expect.objectContaining({
        ...{ protocol: 1, cause: 'edit', syncId: 'sync-1', readAt: new Date(NOW).toISOString() },
        edit: {
          ...{ tab: 'rundown', by: ADA, typed: 'Go', rows: [2], coversStatus: true, coversPlan: false },
          seenAt: new Date(NOW).toISOString(),
        },
        sheet: { name: 'Release 42', timeZone: 'Etc/UTC', locale: 'en_GB' },
      }),
    ]);
    expect([value(2, 'Status'), value(2, 'Result')]).toEqual(['Running', 'Closing shop…']);
    expect(memory.load().markedAt(ID)).toBe(NOW);
  });

  it('before it is sent the next minute knows of it, and its row says that it is on its way', () => {
    const { api, go, memory, value } = night();
    let told: unknown;
    api.instead = () => {
      told = [memory.load().markedAt(ID), value(2, 'Result'), value(2, 'Status')];
      return undefined;
    };
    go(2);
    expect(told).toEqual([NOW, says.sending, 'Go']);
  });

  it('of each environment goes to that one alone, with its own rows', () => {
    const { api, go } = night();
    go(3);
    expect(api.requests.map(({ environment }) => environment)).toEqual(['staging']);
    expect(api.sent[0]?.steps).toEqual([expect.objectContaining({ row: 3 })]);
  });

  it('by nobody, and by the account that the script runs as, is nobody’s', () => {
    for (const user of ['', 'Drawbridge.Controller@example.com']) {
      const { api, go } = night();
      go(2, { user });
      expect(api.sent[0]?.edit?.by).toBe('');
    }
  });

  it('that was pasted with other cells carries nothing that was typed', () => {
    const { api, go } = night();
    go(2, { typed: undefined, firstColumn: 0, lastColumn: 5 });
    expect(api.sent[0]?.edit).toMatchObject({ rows: [2], coversStatus: true, coversPlan: true });
    expect(api.sent[0]?.edit).not.toHaveProperty('typed');
  });

  it('on Enable allowlist brings the lines of the Allowlist along; no other does', () => {
    const { api, go, sheet } = night();
    sheet.add(ALLOWLIST_TAB.name, [
      ALLOWLIST_TAB.columns.map(({ header }) => header),
      ['192.0.2.1', 'Ada', '', '', '', ''],
    ]);
    go(2);
    go(7);
    expect(api.sent.map(({ allowlist }) => allowlist?.length)).toEqual([undefined, 1]);
  });

  it('whose Result the answer leaves alone gets it back', () => {
    const { api, go, value } = night();
    api.instead = (environment) => ({ kind: 'ok', body: api.answer(environment, []) });
    go(2);
    expect([value(2, 'Status'), value(2, 'Result')]).toEqual(['Go', 'as it was']);
  });
});

describe('an answer that does not come', () => {
  it('the same bytes are sent again for a minute, then nobody says that nothing was run', () => {
    const { api, go, value, clock } = night();
    api.instead = () => 'lost';
    go(2);
    expect(new Set(api.requests.map(({ body }) => body)).size).toBe(1);
    expect(api.requests.length).toBeGreaterThan(5);
    expect(clock.now - NOW).toBeLessThan(70_000);
    expect(value(2, 'Status')).toBe('Go');
    expect(value(2, 'Result')).toContain("We don't know yet whether this was run: Address unavailable");
    expect(value(2, 'Result')).toContain('Do not go on with the next step.');
  });

  it('one that comes late is written like any other', () => {
    const { api, go, value } = night();
    api.instead = () => (api.requests.length < 4 ? 'lost' : undefined);
    go(2);
    expect(value(2, 'Status')).toBe('Running');
  });

  it('of one environment does not hold up another’s', () => {
    const { api, edit, value, cells, clock } = night();
    (cells[1] as Cell[])[at('Status')] = 'Go';
    let productionAt = 0;
    api.instead = (environment) => {
      if (environment === 'staging') return 'lost';
      productionAt = clock.now;
      return undefined;
    };
    edit(3, 'Status', 'Go', { firstRow: 2, lastRow: 3, typed: undefined });
    expect([value(2, 'Status'), productionAt]).toEqual(['Running', NOW]);
    expect(value(3, 'Result')).toContain("don't know yet");
  });

  it('a refusal says that nothing was changed; after a lost answer it cannot', () => {
    const refused = { kind: 'problem', code: 'INVALID_FIELD', message: 'It was not understood.' } as const;
    const first = night();
    first.api.instead = () => refused;
    first.go(2);
    expect([first.value(2, 'Status'), first.value(2, 'Result')]).toEqual(['Failed', says.refused(refused.message)]);
    const second = night();
    second.api.instead = () => (second.api.requests.length === 1 ? 'lost' : refused);
    second.go(2);
    expect(second.value(2, 'Status')).toBe('Go');
    expect(second.value(2, 'Result')).toBe(says.unanswered(refused.message));
  });

  it('not being let in says so, and whom to ask', () => {
    const { api, go, value } = night();
    api.instead = () => ({ kind: 'denied', why: 'it answered 401' });
    go(2);
    expect([value(2, 'Status'), value(2, 'Result')]).toEqual(['Failed', says.notLetIn('it answered 401')]);
  });
});

describe('rows that are older than what is known', () => {
  it('are read again: the edited row is found by what it plans, and the same event goes out with newer rows', () => {
    const { api, go, cells, clock, value } = night();
    api.instead = () => {
      if (api.requests.length > 1) return undefined;
      clock.now += 1_000;
      cells.splice(
        1,
        0,
        HEADER_LINE.map((): Cell => ''),
      );
      return readAgain;
    };
    go(2);
    const [first, second] = api.sent;
    expect(second?.syncId).toBe(first?.syncId);
    expect(second?.edit).toEqual({ ...first?.edit, rows: [3] });
    expect(Date.parse(second?.readAt ?? '') - Date.parse(first?.readAt ?? '')).toBe(1_000);
    expect(value(3, 'Status')).toBe('Running');
  });

  it('with Result as it was: our own words must not hide the question that a second Go confirms', () => {
    const { api, go } = night();
    api.instead = () => (api.requests.length > 1 ? undefined : readAgain);
    go(2);
    expect(api.sent[1]?.steps?.[0]).toMatchObject({ row: 2, result: 'as it was' });
  });

  it('three times at most; then it is left to the next minute', () => {
    const { api, go, value } = night();
    api.instead = () => readAgain;
    go(2);
    expect(api.requests).toHaveLength(4);
    expect(value(2, 'Result')).toBe(says.unanswered(says.changedAgain));
  });

  it('and a row that asks for nothing by then does not stay on its way', () => {
    const { api, go, value, cells } = night();
    api.instead = () => {
      (cells[1] as Cell[])[at('Status')] = 'Skipped';
      return readAgain;
    };
    go(2);
    expect([value(2, 'Status'), value(2, 'Result')]).toEqual(['Skipped', says.unanswered(says.changedAgain)]);
    const other = night();
    other.api.instead = () => {
      if (other.api.requests.length > 1) return { kind: 'denied', why: 'it answered 401' };
      (other.cells[1] as Cell[])[at('Status')] = 'Skipped';
      return readAgain;
    };
    other.go(2);
    expect([other.value(2, 'Status'), other.value(2, 'Result')]).toEqual(['Skipped', 'as it was']);
  });

  it('a row that is gone by then is nobody’s Go any more', () => {
    const { api, go, cells } = night();
    api.instead = () => {
      if (api.requests.length > 1) return undefined;
      cells.splice(1, 1);
      return readAgain;
    };
    go(2);
    expect(api.sent.at(-1)?.edit?.rows).toEqual([]);
  });
});

it('an answer that another execution overtook is not written, and the row does not stay on its way: it is read and sent again', () => {
  const { api, memory, go, value } = night();
  api.instead = (environment, { cause, steps = [] }) => {
    const rows = [runningAnswer(environment, steps[0] as StepRow)];
    if (cause === 'tick') return { kind: 'ok', body: api.answer(environment, rows, { sequence: 9 }) };
    memory.putSequences(ID, new Map([[environment, 8]]), NOW);
    return { kind: 'ok', body: api.answer(environment, rows, { sequence: 7 }) };
  };
  go(2);
  expect(api.sent.map(({ cause, steps }) => [cause, (steps as StepRow[])[0]?.result])).toEqual([
    ['edit', 'as it was'],
    ['tick', says.sending],
  ]);
  expect([value(2, 'Status'), value(2, 'Result')]).toEqual(['Running', 'Closing shop…']);
});

it('without the lock nothing is written: it is read and sent again', () => {
  const { ports, sheet, cells, api } = night();
  let isBusy = true;
  const locked = <T>(work: () => T): T | undefined => {
    if (!isBusy) return work();
    isBusy = false;
    return undefined;
  };
  api.instead = (environment, { steps = [] }) => ({
    kind: 'ok',
    body: api.answer(environment, [runningAnswer(environment, steps[0] as StepRow)]),
  });
  (cells[1] as Cell[])[at('Status')] = 'Go';
  const place = { firstRow: 2, lastRow: 2, firstColumn: at('Status'), lastColumn: at('Status') };
  const tab = sheet.face.tabNamed('Rundown');
  if (tab) onEdit({ ...ports, locked }, sheet.face, tab, { tabName: 'Rundown', ...place, user: ADA, typed: 'Go' });
  expect(api.sent.map(({ cause }) => cause)).toEqual(['edit', 'tick']);
  expect(cells[1]?.[at('Status')]).toBe('Running');
});

describe('what the environments want followed', () => {
  it('is polled, without rows, for two minutes in all; then the tick goes on', () => {
    const { api, go, clock } = night();
    api.afterMs = 2_000;
    go(2);
    const polls = api.sent.slice(1);
    expect(polls.length).toBeGreaterThan(30);
    for (const { cause, steps } of polls) expect([cause, steps]).toEqual(['poll', undefined]);
    expect(clock.now - NOW).toBeLessThanOrEqual(120_000);
  });

  it('a row that says otherwise by then is read and sent again', () => {
    const { api, go, cells, value } = night();
    api.instead = (environment, { cause, steps }) => {
      const [step] = (steps ?? []) as StepRow[];
      if (cause === 'edit' && step) {
        (cells[1] as Cell[])[at('Status')] = 'Skipped';
        return { kind: 'ok', body: api.answer(environment, [runningAnswer(environment, step)]) };
      }
      return { kind: 'ok', body: api.answer(environment, step ? [runningAnswer(environment, step)] : []) };
    };
    go(2);
    expect(api.sent.map(({ cause }) => cause)).toEqual(['edit', 'tick']);
    expect(api.sent[1]?.steps?.[0]).toMatchObject({ status: 'Skipped' });
    expect(value(2, 'Status')).toBe('Running');
  });

  it('a row that says otherwise is read once more where somebody else’s reading was newer', () => {
    const { api, go, cells, value } = night();
    let ticks = 0;
    api.instead = (environment, { cause, steps }) => {
      const [step] = (steps ?? []) as StepRow[];
      if (cause === 'edit') (cells[1] as Cell[])[at('Status')] = 'Skipped';
      if (cause === 'tick') ticks += 1;
      if (cause === 'tick' && ticks === 1) return readAgain;
      return { kind: 'ok', body: api.answer(environment, step ? [runningAnswer(environment, step)] : []) };
    };
    go(2);
    expect(api.sent.map(({ cause }) => cause)).toEqual(['edit', 'tick', 'tick']);
    expect(value(2, 'Status')).toBe('Running');
  });

  it('a step that runs without a row is told in the open steps of its service', () => {
    const { api, go, cells, value } = night();
    api.instead = (environment, { steps }) => {
      const rows = ((steps ?? []) as StepRow[]).filter(({ status }) => status === 'Go');
      cells.splice(1, 1);
      return {
        kind: 'ok',
        body: api.answer(
          environment,
          rows.map((step) => runningAnswer(environment, step)),
        ),
      };
    };
    go(2);
    // Of the same service: the exit and the allowlist, a row higher by now.
    expect(value(5, 'Result')).toContain('Enter maintenance of shop is running');
    expect(value(6, 'Result')).toContain('Enter maintenance of shop is running');
    expect(value(2, 'Result')).toBe('as it was');
  });
});

describe('what no environment knows of', () => {
  const nothing = { production: ['shop'], staging: ['shop-staging'] };

  it.each([
    [4, 'there is no Service "checkout". There are: shop, shop-staging.'],
    [8, 'choose a Service. There are: '],
  ])('row %s is answered by the script itself: %s', (row, words) => {
    const { api, go, value } = night();
    api.services = nothing;
    go(row);
    expect([value(row, 'Status'), value(row, 'Result')]).toEqual(['Failed', expect.stringContaining(words)]);
    expect(api.requests).toEqual([]);
  });

  it.each(['Running', 'Unproven'])(
    '%s that somebody types there goes back to Planned, and people’s own step keeps it',
    (word) => {
      const { edit, value, api } = night();
      api.services = nothing;
      edit(4, 'Status', word);
      edit(5, 'Status', word);
      expect([value(4, 'Status'), value(4, 'Result')]).toEqual([
        'Planned',
        expect.stringContaining('there is no Service "checkout"'),
      ]);
      expect([value(5, 'Status'), value(5, 'Result')]).toEqual([word, 'as it was']);
    },
  );

  it('a Service that is new is asked for first, once', () => {
    const { api, go, value } = night();
    api.services = { production: ['shop', 'checkout'] };
    go(4);
    expect([api.servicesAsked, api.requests.map(({ environment }) => environment)]).toEqual([1, ['production']]);
    expect(value(4, 'Status')).toBe('Running');
  });

  it('people’s own step goes back to Planned, and says that there is nothing to run', () => {
    const { go, value, api } = night();
    go(5);
    expect([value(5, 'Status'), value(5, 'Result')]).toEqual(['Planned', says.noAction]);
    expect(api.requests).toEqual([]);
  });
});

describe('edits that wait for the next minute', () => {
  it.each([
    ['one of our own cells', 'Result', 'forged', 3],
    ['Skipped of a step at rest', 'Status', 'Skipped', 2],
    ['the plan of a step that waits for nothing', 'Service', 'payments', 2],
  ])('%s', (_what, header, value, row) => {
    const { edit, memory, api, sheet } = night();
    edit(row, header, value, { typed: undefined });
    expect(memory.load().markedAt(ID)).toBe(NOW);
    expect(api.requests).toEqual([]);
    expect(sheet.calls).toEqual(['values']);
  });

  it.each([
    ['the plan of an armed step', 2, { Status: 'Scheduled' }],
    ['the plan of a step with an operation', 2, { Operation: 'production-1' }],
    ['the time of an exit, while something is closed', 6, { Status: 'Planned' }],
  ])('but %s is heard at once', (_what, row, cells) => {
    const { edit, api, cells: all } = night();
    for (const [header, value] of Object.entries(cells)) (all[row - 1] as Cell[])[at(header)] = value as string;
    (all[6] as Cell[])[at('Status')] = 'Done';
    edit(row, 'Planned start', new Date(NOW + 3_600_000), { typed: '46000.5' });
    expect(api.sent[0]?.edit).toMatchObject({ rows: [row], coversPlan: true, coversStatus: false });
  });

  it('nothing at all: people’s own columns and rows', () => {
    const { edit, memory, sheet, cells } = night();
    (cells[0] as Cell[]).push('Task');
    for (const line of cells.slice(1)) line.push('');
    edit(2, 'Task', 'shop');
    edit(5, 'Status', 'Done');
    expect(memory.load().markedAt(ID)).toBe(0);
    expect(sheet.calls).toEqual(['values', 'values']);
  });
});

describe('a tab that is not the rundown', () => {
  it('a duplicate says that nothing set in it is run, and where the rundown is', () => {
    const { sheet, cells, go, api, memory } = night();
    sheet.add(
      'Copy of Rundown',
      cells.map((line) => [...line]),
      9,
    );
    (sheet.tabs[0] as { name: string }).name = 'Night of the 22nd';
    go(2, { tab: 'Copy of Rundown' });
    expect(sheet.tabs[1]?.cells[1]?.[at('Result')]).toBe(says.otherTab('Night of the 22nd'));
    expect(api.requests).toEqual([]);
    expect(memory.load().markedAt(ID)).toBe(0);
  });

  it('a renamed rundown goes on', () => {
    const { go, value } = night({ tabName: 'Night of the 22nd' });
    go(2);
    expect(value(2, 'Status')).toBe('Running');
  });

  it('before it was ever read the one called Rundown is it, and is remembered', () => {
    const { go, value, memory } = night({ tabId: undefined });
    go(2);
    expect(value(2, 'Status')).toBe('Running');
    expect(memory.load().sheets[0]?.tabId).toBe(0);
  });

  it('if the rundown is gone, the tab says so, and so does the log', () => {
    const { go, value, api } = night({ tabId: 7 });
    go(2);
    expect(value(2, 'Result')).toBe(says.goneTab);
    expect(api.requests).toEqual([]);
  });

  it('of a sheet that was retired says that it is not connected', () => {
    const { go, value, memory } = night();
    memory.removeSheet(ID);
    go(2);
    expect(value(2, 'Result')).toBe(says.notRegistered);
  });

  it('any other table costs one read of its headers', () => {
    const { sheet, edit, api } = night();
    sheet.add(
      'Phones',
      [
        ['Name', 'Status'],
        ['Ada', ''],
      ],
      8,
    );
    edit(2, 'Status', 'Go', { tab: 'Phones' });
    expect([sheet.calls, api.requests]).toEqual([['headers'], []]);
  });
});

describe('broken headers', () => {
  it('are told in Result of the row that was set to Go', () => {
    const { cells, go, value, api } = night();
    (cells[0] as Cell[])[at('Action')] = 'What';
    go(2);
    expect(value(2, 'Result')).toContain('the column "Action" is missing');
    expect(api.requests).toEqual([]);
  });

  it('without Result, in a note', () => {
    const { cells, go, sheet } = night();
    (cells[0] as Cell[])[at('Result')] = 'Outcome';
    go(2);
    expect(sheet.calls).toContainEqual(expect.stringMatching(/^note 2,\d+ .*"Result"/));
  });

  it('below row 1 are told with the row that they stand in', () => {
    const { cells, go, sheet } = night();
    cells.unshift(
      HEADER_LINE.map((): Cell => ''),
      HEADER_LINE.map((): Cell => ''),
    );
    (cells[0] as Cell[])[at('Status')] = 'Status';
    go(4);
    expect(sheet.calls).toContainEqual(expect.stringMatching(/^note 4,\d+ .*stands in row 3/));
  });

  it('are told where they were broken, and no more once they are right', () => {
    const { edit, sheet, memory } = night();
    edit(1, 'Status', 'State');
    expect(sheet.calls.at(-1)).toContain('"Status" is missing');
    edit(1, 'State', 'Status');
    expect(sheet.calls.at(-1)).toMatch(/^note 1,\d+ Go runs it now/);
    expect(memory.load().markedAt(ID)).toBe(NOW);
  });
});

describe('Do now', () => {
  const headers = SERVICES_TAB.columns.map(({ header }) => header);
  function board() {
    const one = night();
    const line = (service: string) => headers.map((header): Cell => (header === 'Service' ? service : ''));
    const cells = one.sheet.add(SERVICES_TAB.name, [[...headers], line('shop'), line('checkout')], 5);
    const value = (row: number, header: string) => (cells[row - 1] as Cell[])[headers.indexOf(header)];
    const pick = (row: number, action: string, more: Partial<Edit> = {}) =>
      one.edit(row, 'Do now', action, { tab: SERVICES_TAB.name, ...more });
    return { ...one, pick, value };
  }

  it('goes out with the board’s rows alone, and is marked for the next minute', () => {
    const { api, pick, memory } = board();
    pick(2, 'Exit maintenance');
    expect(api.sent).toEqual([
      expect.objectContaining({
        cause: 'edit',
        picks: [expect.objectContaining({ row: 2, service: 'shop', action: 'Exit maintenance' })],
        edit: expect.objectContaining({ tab: 'services', rows: [2], typed: 'Exit maintenance', coversStatus: true }),
      }),
    ]);
    expect(api.sent[0]).not.toHaveProperty('steps');
    expect(memory.load().markedAt(ID)).toBe(NOW);
  });

  it('for a service that nobody knows is taken back, and says so', () => {
    const { pick, value, api } = board();
    api.services = { production: ['shop'] };
    pick(3, 'Exit maintenance');
    expect([value(3, 'Do now'), value(3, 'Result')]).toEqual([
      '',
      expect.stringContaining('there is no Service "checkout"'),
    ]);
  });

  it('any other edit of the board only marks the sheet', () => {
    const { edit, api, sheet, memory } = board();
    edit(2, 'Mode', 'Open', { tab: SERVICES_TAB.name });
    expect([sheet.calls, api.requests, memory.load().markedAt(ID)]).toEqual([[], [], NOW]);
  });
});
