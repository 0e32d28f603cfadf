import { cellsWhere } from '../../../../local/page/conditional.ts';
import { BANNER_COLOURS, CONNECTED, DOUBT_COLOURS, NOT_CONNECTED } from '../../../../release-sheet-template/tab.ts';
import { MANAGER, OWNER, runtimeHouse } from '../../local/apps-script-runtime/start-runtime.ts';
import { builtScript } from '../built-script.ts';
import { ADMIN, OPERATOR, OUTSIDER, office, officeFrom, urlOf } from './office.ts';

const house = runtimeHouse();
let code: string;
beforeAll(async () => {
  code = await builtScript();
});
const open = (more: Parameters<typeof office>[2] = {}) => office(house, code, more);

describe('who may work the control spreadsheet', () => {
  it.each([
    ['', 'Google did not report who set this'],
    [OWNER, 'Google did not report who set this'],
    [OUTSIDER, `${OUTSIDER} is not on the list of administrators. They are: ${ADMIN}.`],
  ])('a Go by "%s" is answered, and nothing is done', async (user, words) => {
    const { work, runtime } = await open();
    const before = runtime.spreadsheets.list().length;
    for (const action of ['Create', 'Retire']) {
      expect(await work('Release 43', action, '', user)).toMatchObject({
        status: 'Failed',
        result: expect.stringContaining(words),
      });
    }
    expect(runtime.spreadsheets.list()).toHaveLength(before);
  });
});

describe('Create', () => {
  it('sets what a new sheet must not inherit: the locale and zone of the control spreadsheet', async () => {
    const { work, book, control } = await open({ accountTimeZone: 'Asia/Kolkata' });
    book(control).setTimeZone('Europe/Berlin');
    book(control).setLocale('de_DE');
    const { id, status } = await work('Release 43', 'Create');
    expect([status, book(id).timeZone, book(id).locale]).toEqual(['Done', 'Europe/Berlin', 'de_DE']);
  });

  it('lets in who asked and the operators, as nobody else could open it yet', async () => {
    const { work, book } = await open();
    const { id } = await work('Release 43', 'Create');
    expect([...book(id).editors].sort()).toEqual([OWNER, OPERATOR, ADMIN].sort());
  });

  it('the banner stands in the first column, frozen, and headers are found beside it', async () => {
    const { work, book, runtime } = await open();
    const { id } = await work('Release 43', 'Create');
    const [first] = book(id).displayValues('Rundown');
    expect(first?.slice(0, 3)).toEqual([CONNECTED, 'Step', 'Planned start']);
    const { frozenColumns, conditionalFormats } = book(id).formatting('Rundown');
    expect([frozenColumns, conditionalFormats[0]?.ranges]).toEqual([1, [expect.stringMatching(/^A1:/), 'A2:A']]);
    expect(book(id).formulas('Rundown')[0]?.[0]).toMatch(
      /^=IF\(NOW\(\)>Drawbridge!\$B\$1;"NOT CONNECTED: nothing set here is run";"Connected"&/,
    );
    await runtime.tick();
    expect(runtime.executions().at(-1)?.error).toBeUndefined();
  });

  it('the banner tells how the services stand and counts down to the next step; a copy shows none of it', async () => {
    const { work, book, runtime, api, clock } = await open();
    const { id } = await work('Release 43', 'Create');
    const banner = () => book(id).displayValues('Rundown')[0]?.[0];
    const pass = (minutes: number) => clock.moveTo(clock.now() + minutes * 60_000);
    expect(banner()).toBe(CONNECTED);
    api.banner = {
      now: 'Shop: Closed 02:05\nPayments: Open',
      next: { step: '=5', at: new Date(clock.now() + 12 * 60_000).toISOString() },
    };
    pass(1);
    await runtime.tick();
    expect(banner()).toBe('Connected\nShop: Closed 02:05\nPayments: Open\nStep =5 in 11 min');
    pass(4);
    expect(banner()).toContain('Step =5 in 7 min');
    await runtime.tick();
    pass(9);
    expect(banner()).toContain('Step =5 2 min late');
    pass(20);
    expect(banner()).toBe(NOT_CONNECTED);
  });

  it('the banner is amber while a service is in doubt, and red above all when nobody stands behind the sheet', async () => {
    const { work, book, runtime, api, clock } = await open();
    const { id } = await work('Release 43', 'Create');
    const first = [{ row: 1, column: 1, rows: 1, columns: 1 }];
    const look = () =>
      book(id)
        .formatting('Rundown')
        .conditionalFormats.filter(({ ranges }) => ranges[0]?.startsWith('A1'))
        .find(({ when }) => 'formula' in when && cellsWhere(book(id), 'Rundown', first, when.formula).length > 0)
        ?.background;
    const told = async (now: string) => {
      api.banner = { now };
      clock.moveTo(clock.now() + 60_000);
      await runtime.tick();
      return look();
    };
    expect(await told('Shop: Closed 02:05')).toBeUndefined();
    expect(await told('Shop: In doubt 02:06')).toBe(DOUBT_COLOURS.background);
    clock.moveTo(clock.now() + 40 * 60_000);
    expect(look()).toBe(BANNER_COLOURS.notConnected);
  });

  it('protects what lies below for as long as the sheet grows, and writes no comma into a formula', async () => {
    const { work, book } = await open();
    const { id } = await work('Release 43', 'Create');
    for (const tab of ['Rundown', 'Services']) {
      const { protections, validations, conditionalFormats } = book(id).formatting(tab);
      expect(protections.map(({ range }) => range).filter((range) => !/^([A-Z]+)2:\1$/.test(range ?? ''))).toEqual([]);
      expect(validations.map(({ range }) => range).filter((range) => !/^([A-Z]+)2:\1$/.test(range))).toEqual([]);
      const formulas = conditionalFormats.flatMap(({ when }) => ('formula' in when ? [when.formula] : []));
      expect([...formulas, ...book(id).formulas(tab).flat()].join('\n').replace(/"[^"]*"/g, '')).not.toContain(',');
    }
  });

  it('beside an address makes nobody an editor of that sheet', async () => {
    const { work, book, runtime } = await open();
    const { id } = runtime.spreadsheets.create({
      id: 'payroll',
      name: 'Payroll',
      timeZone: 'Etc/UTC',
      tabs: { Sheet1: [] },
      sharedWith: [OWNER],
    });
    expect(await work('Payroll', 'Create', urlOf(id))).toMatchObject({ status: 'Done' });
    expect(book(id).editors).toEqual([OWNER]);
  });
});

describe('Copy', () => {
  const payroll = (sharedWith: readonly string[]) => ({
    ...{ id: 'payroll', name: 'Payroll', timeZone: 'Etc/UTC', owner: OUTSIDER },
    tabs: { Sheet1: [['salary', '1']] },
    sharedWith: [OWNER, ...sharedWith],
  });

  it('of a sheet that the person could not open is refused: its copy would be theirs', async () => {
    const { work, runtime } = await open();
    runtime.spreadsheets.create(payroll([]));
    const before = runtime.spreadsheets.list().length;
    const told = await work('Payroll 2', 'Copy', urlOf('payroll'));
    expect(told).toMatchObject({ status: 'Failed', result: expect.stringContaining(`not shared with ${ADMIN}`) });
    expect(runtime.spreadsheets.list()).toHaveLength(before);
  });

  it('lets in who asked, and of the operators only those who could open the original', async () => {
    const { work, runtime, book } = await open();
    runtime.spreadsheets.create(payroll([ADMIN]));
    const { id, status } = await work('Payroll 2', 'Copy', urlOf('payroll'));
    expect([status, [...book(id).editors].sort()]).toEqual(['Done', [OWNER, ADMIN].sort()]);
  });
});

describe('Go again, where the execution died', () => {
  /** Cut after that call of the first Go. @returns What the second one came to. */
  async function twice(from: Awaited<ReturnType<typeof office>>, cells: readonly string[], at: number) {
    const { runtime, control, write, book } = officeFrom(house, code, from);
    await write(control, 'Releases', 'A3:C3', [[...cells]]);
    runtime.cutNext({ at, side: 'after', function: 'onControlEdit' });
    await write(control, 'Releases', 'D3', [['Go']]);
    const [cut] = runtime.executions().slice(-1);
    if (cut?.cut) await write(control, 'Releases', 'D3', [['Go']]);
    const [, , address = '', status] = book(control).displayValues('Releases')[2] ?? [];
    const [id = ''] = /[^/]+(?=\/edit)/.exec(address) ?? [];
    return { runtime, book, id, status, calls: cut?.calls ?? [] };
  }

  it('a copy that was live already is gone on with: no second one is made', async () => {
    const from = await open();
    const original = await from.work('Release 41', 'Create');
    const cells = ['Release 43', 'Copy', urlOf(original.id)];
    const { calls } = await twice(from, cells, Number.POSITIVE_INFINITY);
    const registered = calls.lastIndexOf('Properties.setProperties') + 1;
    for (const at of [registered - 1, registered, registered + 3]) {
      const { runtime, id, status } = await twice(from, cells, at);
      const live = runtime
        .triggers()
        .flatMap(({ handler, sourceId }) => (handler === 'onRundownEdit' ? [sourceId] : []));
      expect([status, live.sort()]).toEqual(['Done', [original.id, id].sort()]);
    }
  });

  it('what was written into Read me stands under its header', async () => {
    const from = await open();
    const cells = ['Release 43', 'Create', ''];
    const clean = await twice(from, cells, Number.POSITIVE_INFINITY);
    const writes = clean.calls.flatMap((call, index) => (call === 'Range.setValues' ? [index + 1] : [])).slice(-8);
    for (const at of writes) {
      const { book, id } = await twice(from, cells, at);
      expect([at, book(id).displayValues('Read me')]).toEqual([at, clean.book(clean.id).displayValues('Read me')]);
    }
  });
});

describe('Register', () => {
  it('makes nobody an editor, and leaves the zone and locale of the sheet as they are', async () => {
    const { work, runtime, book } = await open();
    const { id } = runtime.spreadsheets.create({
      id: 'theirs',
      name: 'Theirs',
      timeZone: 'America/New_York',
      tabs: { Rundown: [] },
      owner: OUTSIDER,
      sharedWith: [OWNER],
    });
    expect(await work('Theirs', 'Register', urlOf(id))).toMatchObject({ status: 'Done' });
    expect([book(id).editors, book(id).timeZone, book(id).locale]).toEqual([
      [OUTSIDER, OWNER],
      'America/New_York',
      'en_US',
    ]);
  });

  it('takes the tab with our headers for the rundown, whatever it is called, and makes no second one', async () => {
    const { work, runtime, book, api } = await open();
    const headers = [
      'Step',
      'Planned start',
      'Service',
      'Action',
      'Status',
      'Result',
      'Started',
      'Finished',
      'By',
      'Operation',
    ];
    const { id } = runtime.spreadsheets.create({
      id: 'theirs',
      name: 'Theirs',
      timeZone: 'Etc/UTC',
      tabs: { Night: [headers, ['1', '', 'shop', 'Enter maintenance', 'Planned']] },
    });
    expect(await work('Theirs', 'Register', urlOf(id))).toMatchObject({ status: 'Done' });
    expect(book(id).tabNames()).not.toContain('Rundown');
    await runtime.tick();
    expect(api.synced.find(({ environment }) => environment === 'production')?.body.steps).toEqual([
      expect.objectContaining({ step: '1', service: 'shop' }),
    ]);
  });
});

describe('Retire', () => {
  it('lets every environment disarm first, in the name of who retires it', async () => {
    const { work, api, book, runtime, clock } = await open();
    const { id } = await work('Release 43', 'Create');
    expect(await work('Release 43', 'Retire', urlOf(id))).toMatchObject({
      status: 'Done',
      result: expect.stringContaining('nothing set in it will run'),
    });
    expect(api.synced.map(({ environment, body: { cause, by } }) => [environment, cause, by])).toEqual([
      ['production', 'poll', ADMIN],
      ['staging', 'poll', ADMIN],
      ['production', 'retire', ADMIN],
      ['staging', 'retire', ADMIN],
    ]);
    expect(
      runtime
        .triggers()
        .map(({ handler }) => handler)
        .sort(),
    ).toEqual(['onControlEdit', 'onMinute']);
    clock.moveTo(clock.now() + 1_000);
    expect(book(id).displayValues('Rundown')[0]?.[0]).toBe(NOT_CONNECTED);
  });

  it('is refused while one of them cannot be told: what is armed there would run without the sheet', async () => {
    const { work, api, runtime, book } = await open();
    const { id } = await work('Release 43', 'Create');
    api.fault = ({ url }) => (url.includes('api.staging') ? 'no answer' : undefined);
    const told = await work('Release 43', 'Retire', urlOf(id));
    expect(told).toMatchObject({ status: 'Failed', result: expect.stringContaining('staging: Address unavailable') });
    expect(told.result).toContain('still connected');
    expect(runtime.triggers().map(({ handler }) => handler)).toContain('onRundownEdit');
    expect(book(id).displayValues('Rundown')[0]?.[0]).toBe(CONNECTED);
  });

  it('of a sheet that nobody connected says so', async () => {
    const { work } = await open();
    expect(await work('x', 'Retire', urlOf('nowhere'))).toMatchObject({
      status: 'Failed',
      result: expect.stringContaining('not connected'),
    });
  });
});

it('Update after the rundown tab was deleted makes a new one, and remembers it', async () => {
  const { work, book, runtime, write, health } = await open();
  const { id } = await work('Release 43', 'Create');
  const [rundown] = book(id).tabs();
  book(id).deleteTab(rundown?.sheetId as number);
  await runtime.tick();
  expect((await health()).map(({ found }) => found)).toContain(
    'The tab that was its rundown is gone: nothing set in it is run.',
  );
  expect(await work('Release 43', 'Update', urlOf(id))).toMatchObject({ status: 'Done' });
  await write(id, 'Rundown', 'B2:H2', [['1', '', 'x', 'y', 'shop', 'Enter maintenance', 'Planned']], MANAGER);
  expect((await health()).filter(({ check }) => check.startsWith('Sheet'))).toEqual([]);
});
