import { sheetHost } from '../../../local/sheet-host.ts';
import { CONTROLLER } from '../../../local/sheets.ts';
import type { Stack } from '../../../local/stack.ts';
import { HEARTBEAT_LABELS, HEARTBEAT_TAB } from '../../../release-sheet-template/tab.ts';
import { BOOK, runtimeHouse } from './apps-script-runtime/start-runtime.ts';

const house = runtimeHouse();
const MANAGER = 'release.manager@example.com';
const INTERN = 'intern@example.com';
const CODE = `
  function onMinute() { console.log(Session.getEffectiveUser().getEmail()); }
  function breaks() { throw new Error('no such row'); }
`;

/** A runtime with a control spreadsheet and two release sheets, of which the second was seeded. */
function hosted() {
  const { runtime, clock } = house.start(CODE, { owner: CONTROLLER });
  const release = (id: string) => {
    const heartbeat = HEARTBEAT_LABELS.map((label, at) => [label, at === 1 ? id : '']);
    const rundown = [
      ['Step', 'Status', 'Result'],
      ['1', 'Planned', ''],
      ['2', 'Planned', ''],
    ];
    const tabs = { Rundown: rundown, [HEARTBEAT_TAB]: heartbeat };
    const made = runtime.spreadsheets.create({ id, name: id, timeZone: 'Europe/Berlin', tabs });
    made.tab(HEARTBEAT_TAB).formatting.isHidden = true;
    const { formatting } = made.tab('Rundown');
    const column = (at: number) => ({ row: 2, column: at, rows: Number.POSITIVE_INFINITY, columns: 1 });
    const lock = { description: 'Only operators set Status.', domainEdit: false };
    formatting.protections = [
      { ...lock, id: '1', area: column(2), warningOnly: false, editors: [MANAGER] },
      { ...lock, id: '2', area: column(3), warningOnly: true },
    ];
    formatting.validate(column(2), { choices: ['Planned', 'Go'], showDropdown: true, allowInvalid: false });
    return made;
  };
  runtime.spreadsheets.create({ id: 'control', name: 'Control', timeZone: 'Etc/UTC', tabs: { Releases: [] } });
  release('older');
  release('seeded');
  const parts = { runtime, clock, releaseSheet: 'seeded', controlSheet: 'control', notices: [], hops: [], slack: {} };
  return { runtime, host: sheetHost({ ...parts, sites: [], onHop: () => () => {} } as unknown as Stack) };
}

const kinds = (host: ReturnType<typeof hosted>['host']) => host.spreadsheets().map(({ id, kind }) => [id, kind]);

describe('which spreadsheets there are', () => {
  it('begins with the seeded one, then other release sheets, the control spreadsheet, copies, and what the script made besides', async () => {
    const { host } = hosted();
    const copy = await host.copy({ id: 'older', name: 'Release 43' });
    expect(kinds(host)).toEqual([
      ['seeded', 'release'],
      ['older', 'release'],
      ['control', 'control'],
      [copy, 'copy'],
      [BOOK, undefined],
    ]);
    expect(host.spreadsheets().at(-2)).toMatchObject({ name: 'Release 43', timeZone: 'Europe/Berlin' });
  });

  it('takes a copy for a release sheet as soon as somebody has registered it', async () => {
    const { host, runtime } = hosted();
    const copy = await host.copy({ id: 'seeded', user: MANAGER });
    const edit = { spreadsheetId: copy, sheet: HEARTBEAT_TAB, range: 'B2', values: [[copy]], user: MANAGER };
    await runtime.edit(edit).executions;
    expect(kinds(host)).toContainEqual([copy, 'release']);
  });

  it('means the seeded one where none is named', () => {
    const { host, runtime } = hosted();
    runtime.spreadsheets.get('older').insertTab('Notes');
    expect([host.tabs(), host.tabs('older')]).toEqual([
      ['Rundown', 'Drawbridge'],
      ['Rundown', 'Drawbridge', 'Notes'],
    ]);
    expect(host.tabFacts().filter(({ isHidden }) => isHidden)).toEqual([{ name: 'Drawbridge', isHidden: true }]);
  });
});

describe('an edit by hand', () => {
  const edit = (range: string, value: string, user: string) => ({ sheet: 'Rundown', range, values: [[value]], user });
  const refused = (field: string, words: RegExp) =>
    expect.objectContaining({ code: 'INVALID_FIELD', field, message: expect.stringMatching(words) });

  it('is refused in the words of Sheets, with the field that it is about', async () => {
    const { host } = hosted();
    await expect(host.edit(edit('B2', 'Go', INTERN))).rejects.toEqual(refused('user', /protected cell/));
    await expect(host.edit(edit('B2', 'Maybe', MANAGER))).rejects.toEqual(refused('values', /data validation rules/));
    await expect(host.edit(edit('A9999', 'x', MANAGER))).rejects.toEqual(refused('range', /outside the dimensions/));
    await expect(host.edit(edit('A2', '=VLOOKUP(1)', MANAGER))).rejects.toEqual(refused('values', /VLOOKUP/));
    expect(host.values('Rundown')[1]).toEqual(['1', 'Planned', '']);
  });

  it('says what Sheets asks before it lets somebody through', async () => {
    const { host } = hosted();
    expect((await host.edit(edit('C2', 'mine', MANAGER))).warnings).toEqual([expect.stringMatching(/Edit anyway/)]);
    expect((await host.edit(edit('B2', 'Go', MANAGER))).warnings).toEqual([]);
  });

  it('is the release manager’s account where Google names nobody', async () => {
    const { host } = hosted();
    await host.edit(edit('B2', 'Go', ''));
    expect(host.values('Rundown')[1]?.[1]).toBe('Go');
  });

  it('holds rows to the same protections', async () => {
    const { host } = hosted();
    const rows = { sheet: 'Rundown', row: 2, user: INTERN };
    await expect(host.rows({ ...rows, kind: 'delete' })).rejects.toEqual(refused('user', /protected cell/));
    await expect(host.rows({ ...rows, kind: 'delete', row: 9_999, user: MANAGER })).rejects.toEqual(
      refused('row', /9999/),
    );
    const { warnings } = await host.rows({ ...rows, kind: 'delete', user: MANAGER });
    expect(warnings).toEqual([expect.stringMatching(/Edit anyway/)]);
    expect(host.values('Rundown')).toHaveLength(2);
  });
});

describe('the editor’s Run button', () => {
  it('runs as the owner, or as whoever presses it', async () => {
    const { host } = hosted();
    expect(await host.run('onMinute')).toMatchObject({ ok: true, log: [CONTROLLER] });
    expect(await host.run('onMinute', INTERN)).toMatchObject({ ok: true, log: [INTERN] });
  });

  it('answers what a function died of, and names one that there is not', async () => {
    const { host } = hosted();
    expect(await host.run('breaks')).toEqual({ ok: false, log: [], error: 'no such row' });
    await expect(host.run('onMinite')).rejects.toMatchObject({
      code: 'UNKNOWN_FUNCTION',
      message: expect.stringContaining('onMinite'),
      field: 'function',
    });
  });
});

it('tells the page of new spreadsheets and tabs, and of what changed in which one', async () => {
  const { host, runtime } = hosted();
  const heard: object[] = [];
  const end = host.onChange((event) => heard.push(event));
  const copy = await host.copy({ id: 'older' });
  runtime.spreadsheets.get('older').insertTab('Notes');
  await host.edit({ spreadsheet: 'older', sheet: 'Rundown', range: 'A2', values: [['7']], user: MANAGER });
  end();
  runtime.spreadsheets.get('older').insertTab('More');
  expect(heard).toEqual([
    { kind: 'spreadsheets', spreadsheet: copy },
    { kind: 'spreadsheets', spreadsheet: 'older' },
    { kind: 'sheet', spreadsheet: 'older', sheet: 'Rundown', what: 'cells' },
  ]);
});
