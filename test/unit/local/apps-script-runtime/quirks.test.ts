import type { PersonsEdit, RuntimeOptions } from '../../../../local/apps-script-runtime/host.ts';
import { QUIRKS, quirksOf } from '../../../../local/apps-script-runtime/quirks.ts';
import { BOOK, INSTALL, MANAGER, runtimeHouse } from './start-runtime.ts';

const { start } = runtimeHouse();

const CODE = `${INSTALL('onEdit')}
  const sheet = () => SpreadsheetApp.openById('${BOOK}').getSheetByName('Rundown');
  function onEdit({ value, oldValue, range, user }) {
    console.log(JSON.stringify({ value, oldValue, range: range.getA1Notation(), user: user.getEmail() })); }
  function onMinute() {}
  function write() { sheet().getRange('B2').setValue('Done'); }
  function read() { console.log(JSON.stringify(sheet().getRange('C2').getValue())); }`;

async function installed(quirks: RuntimeOptions['quirks']) {
  const made = start(CODE, { quirks });
  await made.runtime.run('install');
  const edit = async (how: Partial<PersonsEdit>) => {
    const whole = { spreadsheetId: BOOK, sheet: 'Rundown', range: 'B2', values: [['Go']], user: MANAGER, ...how };
    return (await made.runtime.edit(whole).executions).map(({ log }) => JSON.parse(log[0] ?? ''));
  };
  /** What the triggers heard that nobody waits for. */
  const heard = async () => {
    await made.runtime.idle();
    return made.runtime
      .executions()
      .flatMap(({ trigger, log }) => (trigger === 'edit' ? [JSON.parse(log[0] ?? '')] : []));
  };
  return { ...made, edit, heard };
}

it('tells where each belief comes from, and believes all of them without a recording', () => {
  expect(QUIRKS.length).toBe(Object.keys(quirksOf()).length);
  for (const { id, believed, source } of QUIRKS) {
    expect(quirksOf()[id]).toBe(believed);
    expect(source).not.toBe('');
  }
});

it('refuses a recording with a quirk that it does not know, or a value that cannot be, by name', () => {
  expect(() => start('', { quirks: { moonPhase: true } })).toThrow('moonPhase');
  expect(() => start('', { quirks: { sortFiresEdit: 'perhaps' } })).toThrow('sortFiresEdit');
});

it.each([
  [false, {}],
  [true, { value: 'Go', oldValue: 'Planned' }],
])('pasteCarriesValue %s', async (pasteCarriesValue, carried) => {
  const { edit } = await installed({ pasteCarriesValue });
  expect(await edit({ how: 'pasted' })).toEqual([{ ...carried, range: 'B2', user: MANAGER }]);
});

it.each([
  [false, undefined],
  [true, ''],
])('clearCarriesValue %s', async (clearCarriesValue, value) => {
  const { edit } = await installed({ clearCarriesValue });
  expect((await edit({ values: [['']] }))[0].value).toBe(value);
});

it.each([
  [false, 0],
  [true, 1],
])('rowInsertFiresEdit, rowDeleteFiresEdit, sortFiresEdit %s', async (fires, times) => {
  const { runtime, heard } = await installed({
    rowInsertFiresEdit: fires,
    rowDeleteFiresEdit: fires,
    sortFiresEdit: fires,
  });
  runtime.insertRows(BOOK, 'Rundown', 2, 2, MANAGER);
  runtime.deleteRows(BOOK, 'Rundown', 2, 2, MANAGER);
  runtime.sort(BOOK, 'Rundown', 1, false, MANAGER);
  const ranges = ['A2:C3', 'A2:C3', 'A2:C3'].slice(0, 3 * times);
  expect((await heard()).map(({ range }) => range)).toEqual(ranges);
});

it.each([
  [true, 1],
  [false, 0],
])('undoFiresEdit %s', async (undoFiresEdit, times) => {
  const { edit, runtime } = await installed({ undoFiresEdit });
  expect(await edit({ how: 'undone' })).toHaveLength(times);
  expect(runtime.spreadsheets.get(BOOK).displayValues('Rundown')[1]?.[1]).toBe('Go');
});

it.each([
  [false, 0],
  [true, 1],
])('scriptWriteFiresEdit %s', async (scriptWriteFiresEdit, times) => {
  const { runtime, heard } = await installed({ scriptWriteFiresEdit });
  await runtime.run('write');
  expect(await heard()).toHaveLength(times);
});

it.each([
  [true, ''],
  [false, 'guest@example.org'],
])('userBlankOutsideDomain %s', async (userBlankOutsideDomain, user) => {
  const { edit } = await installed({ userBlankOutsideDomain });
  expect(await edit({ user: 'guest@example.org' })).toMatchObject([{ user }]);
});

it.each([
  ['Date', '2026-11-22T01:00:00.000Z'],
  ['number', 46348.083333333336],
])('dateCellReadsAs %s', async (dateCellReadsAs, read) => {
  const { runtime } = await installed({ dateCellReadsAs });
  expect(JSON.parse((await runtime.run('read')).log[0] ?? '')).toBe(read);
});

it('tells how often a minute’s trigger fires, for who moves the clock', async () => {
  expect((await installed({})).runtime.quirks.tickEverySeconds).toBe(60);
  expect((await installed({ tickEverySeconds: 75 })).runtime.quirks.tickEverySeconds).toBe(75);
});
