import type { AuditEntry } from '../../contract/audit.ts';
import { RELEASE_MANAGER } from '../../local/people.ts';
import { stepOf } from '../../local/sheet-rows.ts';
import { CONTROLLER } from '../../local/sheets.ts';
import type { Stack } from '../../local/stack.ts';
import { CONTROL_SHEET } from '../../release-sheet-template/control.ts';
import { CONNECTED, NOT_CONNECTED } from '../../release-sheet-template/tab.ts';
import { RELEASE_SHEET } from '../../release-sheet-template/template.ts';
import { go, signed, startTestStack, type } from '../stack.ts';

/** The control spreadsheet, as the people who look after release sheets work it; through the built Code.js. */

let stack: Stack;
beforeAll(async () => {
  stack = await startTestStack();
}, 60_000);
afterAll(() => stack?.close());

const RELEASES = CONTROL_SHEET[0]?.name as string;
const HEALTH = CONTROL_SHEET[1]?.name as string;
const book = (id: string) => stack.runtime.spreadsheets.get(id);
const urlOf = (id: string) => `https://docs.google.com/spreadsheets/d/${id}/edit`;
const wholeOf = (id: string) =>
  RELEASE_SHEET.map(({ name }) => [name, book(id).displayValues(name), book(id).formatting(name)] as const);

async function write(spreadsheetId: string, sheet: string, range: string, values: unknown[][]): Promise<void> {
  await stack.runtime.edit({ spreadsheetId, sheet, range, values, user: RELEASE_MANAGER, how: 'pasted' }).executions;
}

let next = 3;
/** One row of Releases, set to Go. @returns What the row says then. */
async function work(
  release: string,
  action: string,
  url = '',
): Promise<{ status: string; result: string; id: string }> {
  const row = next;
  next += 1;
  await write(stack.controlSheet, RELEASES, `A${row}:C${row}`, [[release, action, url]]);
  await write(stack.controlSheet, RELEASES, `D${row}`, [['Go']]);
  const [, , address = '', status = '', result = ''] = book(stack.controlSheet).displayValues(RELEASES)[row - 1] ?? [];
  return { status, result, id: /\/d\/([^/]+)/.exec(address)?.[1] ?? '' };
}

const health = async () => {
  const { error } = await stack.runtime.run('checkHealth');
  expect(error).toBeUndefined();
  return book(stack.controlSheet)
    .displayValues(HEALTH)
    .slice(1)
    .filter(([check]) => check)
    .map(([check = '', state = '', found = '', remedy = '']) => ({ check, state, found, remedy }));
};

it('Create makes every tab with its headers, lists and protections, and connects the sheet', async () => {
  const { status, id } = await work('Release 43', 'Create');
  expect(status).toBe('Done');
  for (const { name, columns, hasBanner } of RELEASE_SHEET) {
    const own = book(id)
      .displayValues(name)[0]
      ?.slice(hasBanner ? 1 : 0);
    expect(own?.slice(0, columns.length)).toEqual(columns.map(({ header }) => header));
  }
  const { validations, protections } = book(id).formatting('Rundown');
  expect(JSON.stringify(validations)).toContain('Scheduled');
  expect(JSON.stringify(protections)).toContain('Only operators set Status.');
  await write(id, 'Rundown', 'B2:H2', [['1', '', 'x', 'y', 'payments', 'Enter maintenance', 'Planned']]);
  await write(id, 'Rundown', 'H2', [['Go']]);
  expect(book(id).displayValues('Rundown')[1]?.[7]).not.toBe('Go');
});

it('Update changes nothing in a sheet that is up to the template', async () => {
  const { id } = await work('Release 44', 'Create');
  await write(id, 'Rundown', 'B2:D2', [['1', '2026-12-01 02:00', 'Close the shop']]);
  const before = wholeOf(id);
  expect(await work('Release 44', 'Update', urlOf(id))).toMatchObject({ status: 'Done' });
  expect(wholeOf(id)).toEqual(before);
});

it('Update gives an older sheet what it lacks, and keeps what people wrote', async () => {
  const { id } = stack.runtime.spreadsheets.create({
    id: 'old-sheet',
    name: 'Old',
    timeZone: 'Etc/UTC',
    tabs: {
      Rundown: [
        ['Task', 'Status', 'Ours'],
        ['Close the shop', 'Planned', 'call Ada first'],
      ],
    },
  });
  expect(await work('Old', 'Update', urlOf(id))).toMatchObject({ status: 'Done' });
  const [headers = [], row = []] = book(id).displayValues('Rundown');
  expect(headers.slice(0, 3)).toEqual(['Task', 'Status', 'Ours']);
  for (const { header } of RELEASE_SHEET[0]?.columns ?? []) expect(headers).toContain(header);
  expect(row.slice(0, 3)).toEqual(['Close the shop', 'Planned', 'call Ada first']);
  expect(book(id).tabNames()).toEqual(expect.arrayContaining(RELEASE_SHEET.map(({ name }) => name)));
});

const cellOf = (id: string, service: string, action: string) =>
  `H${
    book(id)
      .displayValues('Rundown')
      .findIndex((line) => line[5] === service && line[6] === action) + 1
  }`;
const rowAt = (id: string, cell: string) => book(id).displayValues('Rundown')[Number(cell.slice(1)) - 1] ?? [];

/** Status and Operation of all steps, but for those that wait for their time. */
const leftOver = (id: string) =>
  book(id)
    .displayValues('Rundown')
    .slice(1)
    .flatMap((line) => [line[7], line[12]])
    .filter((cell) => cell && cell !== 'Planned');

async function runsIn(id: string): Promise<void> {
  const cell = cellOf(id, 'shop', 'Enter maintenance');
  await write(id, 'Rundown', cell, [['Go']]);
  expect(rowAt(id, cell).slice(7, 9)).toEqual(['Done', expect.stringContaining('Shop is closed to everyone')]);
  await write(id, 'Rundown', cellOf(id, 'shop', 'Exit maintenance'), [['Go']]);
  const { protections } = book(id).formatting('Rundown');
  const lock = protections.find(({ description }) => description === 'Only operators set Status.');
  expect(lock?.editors).toEqual(expect.arrayContaining([CONTROLLER, RELEASE_MANAGER]));
}

it('Copy makes a sheet of its own from another, which starts clean and runs', async () => {
  await go(stack, 'payments', 'Enter maintenance');
  await type(stack, stepOf(stack, 'payments', 'Exit maintenance').cell('Status'), 'Scheduled');
  const told = await work('Release 45', 'Copy', urlOf(stack.releaseSheet));
  expect(told).toMatchObject({ status: 'Done', result: expect.stringContaining('2 steps were set back to Planned') });
  expect(book(told.id)).toMatchObject({ name: 'Release 45', owner: CONTROLLER });
  expect(told.id).not.toBe(stack.releaseSheet);
  expect(leftOver(told.id)).toEqual([]);
  // The sheet that it was copied from goes on.
  expect(stepOf(stack, 'payments', 'Exit maintenance').value('Status')).toBe('Scheduled');
  await runsIn(told.id);
});

it('a copy that a person made is inert; registered, it starts clean, says how many steps were set back, and runs', async () => {
  const copy = stack.runtime.copySpreadsheet(stack.releaseSheet, { user: RELEASE_MANAGER });
  const executions = stack.runtime.executions().length;
  await write(copy, 'Rundown', cellOf(copy, 'shop', 'Enter maintenance'), [['Go']]);
  expect(stack.runtime.executions()).toHaveLength(executions);
  // Its protections came along, and let in nobody but who copied it.
  const refused = await work('Copy', 'Register', urlOf(copy));
  expect(refused).toMatchObject({ status: 'Failed', result: expect.stringContaining('"Only operators set Status."') });
  for (const name of book(copy).tabNames()) {
    for (const { description, warningOnly } of book(copy).formatting(name).protections) {
      if (!warningOnly) stack.runtime.unprotect(copy, description, RELEASE_MANAGER);
    }
  }
  // To update it connects nothing, and does not make it a sheet of its own.
  const updated = await work('Copy', 'Update', urlOf(copy));
  expect(updated).toMatchObject({ status: 'Done', result: expect.stringContaining('It is not connected') });
  const told = await work('Copy', 'Register', urlOf(copy));
  expect(told).toMatchObject({ status: 'Done', result: expect.stringContaining('3 steps were set back to Planned') });
  expect(leftOver(copy)).toEqual([]);
  await runsIn(copy);
});

it('Retire disarms what is armed in the sheet, and lets go of it', async () => {
  expect(stepOf(stack, 'payments', 'Exit maintenance').value('Status')).toBe('Scheduled');
  expect(await work('Release 42', 'Retire', urlOf(stack.releaseSheet))).toMatchObject({ status: 'Done' });
  const { entries } = (await (await signed(stack, '/audit')).json()) as { entries: AuditEntry[] };
  expect(entries.at(-1)).toMatchObject({ kind: 'disarmed', service: 'payments', by: RELEASE_MANAGER });
  stack.clock.moveTo(stack.clock.now() + 1_000);
  expect(book(stack.releaseSheet).displayValues('Rundown')[0]?.[0]).toBe(NOT_CONNECTED);
  const executions = stack.runtime.executions().length;
  await type(stack, stepOf(stack, 'shop', 'Enter maintenance').cell('Status'), 'Go');
  expect(stack.runtime.executions()).toHaveLength(executions);
  expect(await work('Release 42', 'Register', urlOf(stack.releaseSheet))).toMatchObject({ status: 'Done' });
});

it('a copy turns red within half an hour of its night, and the sheet that it was copied from does not', async () => {
  const banner = (id: string) => book(id).displayValues('Rundown')[0]?.[0];
  await stack.runtime.tick();
  const copy = stack.runtime.copySpreadsheet(stack.releaseSheet, { user: RELEASE_MANAGER });
  for (const minutes of [10, 1, 1, 9, 1, 1, 8]) {
    stack.clock.moveTo(stack.clock.now() + minutes * 60_000);
    await stack.runtime.tick();
  }
  expect([banner(copy), banner(stack.releaseSheet)?.split('\n')[0]]).toEqual([NOT_CONNECTED, CONNECTED]);
}, 60_000);

it.each([
  ['no action', 'X', '', '', 'Choose an Action'],
  ['no name', '', 'Create', '', 'Write a name'],
  ['no address', 'X', 'Register', 'release', 'no address of a Google Sheet'],
  ['an address that cannot be opened', 'X', 'Register', urlOf('nowhere'), 'Share it with'],
])('%s is answered in the row', async (_what, release, action, url, why) => {
  expect(await work(release, action, url)).toMatchObject({ status: 'Failed', result: expect.stringContaining(why) });
});

it('checkHealth finds what is broken, and says how to fix it', async () => {
  expect((await health()).filter(({ state }) => state !== 'Good')).toEqual([]);
  await write(stack.releaseSheet, 'Rundown', 'G1', [['What']]);
  const broken = (await health()).filter(({ state }) => state !== 'Good');
  expect(broken).toEqual([expect.objectContaining({ found: expect.stringContaining('"Action"') })]);
  expect(broken[0]?.remedy).not.toBe('');
  await write(stack.releaseSheet, 'Rundown', 'G1', [['Action']]);
});

it('checkHealth names a sheet that everybody with its link can read', async () => {
  book(stack.releaseSheet).isOpenByLink = true;
  const broken = (await health()).filter(({ state }) => state !== 'Good');
  expect(broken).toEqual([
    {
      check: 'Open by link',
      state: 'Fix',
      found: 'Everybody with the link can read: Release 42.',
      remedy: expect.stringContaining('Restricted'),
    },
  ]);
  book(stack.releaseSheet).isOpenByLink = false;
  expect((await health()).filter(({ state }) => state !== 'Good')).toEqual([]);
});

it.each(['connect', 'install', 'checkHealth'])('%s answers its owner alone', async (name) => {
  const { error } = await stack.runtime.run(name, { user: 'intern@example.com' });
  expect(error).toContain('Only drawbridge.controller@example.com may run this');
});
