import type { PersonsEdit, RuntimeOptions } from '../../../../../local/apps-script-runtime/host.ts';
import { BOOK, MANAGER, OWNER, runtimeHouse } from '../start-runtime.ts';

const { start } = runtimeHouse();

const INTERN = 'intern@example.com';
const SHEET = `const book = SpreadsheetApp.openById('${BOOK}'); const sheet = book.getSheetByName('Rundown');`;
const STATUS_FOR_THE_MANAGER = `const kept = sheet.getRange('B2:B').protect().setDescription('Status');
  kept.removeEditors(kept.getEditors()); kept.addEditors(['${MANAGER}']);`;

/** The body has run as the script; `edit` types Go into B2 unless told otherwise. */
async function prepared(body: string, more: Partial<RuntimeOptions> = {}) {
  const { runtime } = start(
    `function main() { ${SHEET} ${body} } function write() { ${SHEET} sheet.getRange('B2').setValue('Nonsense'); }
    function clear() { ${SHEET} sheet.clear(); } function cut() { ${SHEET} sheet.deleteRows(2, 1); }`,
    more,
  );
  expect((await runtime.run('main')).error).toBeUndefined();
  const edit = (how: Partial<PersonsEdit> = {}) =>
    runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range: 'B2', values: [['Go']], user: INTERN, ...how });
  const status = () => runtime.spreadsheets.get(BOOK).displayValues('Rundown')[1]?.[1];
  return { runtime, edit, status };
}

describe('a protected range', () => {
  it('refuses who is not among its editors, in Google’s words, and changes nothing', async () => {
    const { edit, status } = await prepared(STATUS_FOR_THE_MANAGER);
    expect(() => edit()).toThrow(
      'You are trying to edit a protected cell or object. Please contact the spreadsheet owner',
    );
    expect(() => edit({ range: 'A1:C4', values: Array.from({ length: 4 }, () => ['', '', '']) })).toThrow('protected');
    expect(() => edit({ user: '' })).toThrow('protected');
    expect(status()).toBe('Planned');
  });

  it('lets its editors and the owner in, also an editor whom Google does not name', async () => {
    const { edit, status } = await prepared(STATUS_FOR_THE_MANAGER);
    edit({ user: MANAGER.toUpperCase() });
    expect(status()).toBe('Go');
    edit({ user: OWNER, values: [['Planned']] });
    expect(status()).toBe('Planned');
    edit({ user: '', account: MANAGER });
    expect(status()).toBe('Go');
  });

  it('lets everybody in until an editor is taken off it, and leaves the cells beside it alone', async () => {
    const { edit, status } = await prepared(`sheet.getRange('B2:B').protect().addEditors(['${MANAGER}']);`);
    edit();
    expect(status()).toBe('Go');
    const beside = await prepared(STATUS_FOR_THE_MANAGER);
    expect(() => beside.edit({ range: 'A2' })).not.toThrow();
  });

  it('that only warns lets everybody pass, and tells them', async () => {
    const { edit, status } = await prepared(`${STATUS_FOR_THE_MANAGER} kept.setWarningOnly(true);`);
    expect(edit().warnings).toEqual([expect.stringContaining('Edit anyway?')]);
    expect(status()).toBe('Go');
    expect(edit({ range: 'A2' }).warnings).toEqual([]);
  });

  it('refuses a script that runs as another account, and obeys its owner', async () => {
    const { runtime, status } = await prepared(STATUS_FOR_THE_MANAGER);
    for (const name of ['write', 'clear', 'cut'])
      expect((await runtime.run(name, { user: INTERN })).error).toContain('protected cell');
    expect(status()).toBe('Planned');
    expect((await runtime.run('write')).error).toBeUndefined();
    expect(status()).toBe('Nonsense');
  });

  it('refuses its rows to be deleted, sorted or inserted by who may not edit it, unless inserting was seen to work', async () => {
    const { runtime } = await prepared(STATUS_FOR_THE_MANAGER);
    expect(() => runtime.deleteRows(BOOK, 'Rundown', 2, 1, INTERN)).toThrow('protected');
    expect(() => runtime.sort(BOOK, 'Rundown', 1, true, INTERN)).toThrow('protected');
    expect(() => runtime.insertRows(BOOK, 'Rundown', 3, 1, INTERN)).toThrow('protected');
    runtime.insertRows(BOOK, 'Rundown', 3, 1, MANAGER);
    const lax = await prepared(STATUS_FOR_THE_MANAGER, { quirks: { rowInsertObeysProtection: false } });
    lax.runtime.insertRows(BOOK, 'Rundown', 3, 1, INTERN);
    expect(lax.runtime.spreadsheets.get(BOOK).displayValues('Rundown')).toHaveLength(4);
  });

  it('tells a script what it is, and is gone when it is removed', async () => {
    const { runtime } = await prepared(`${STATUS_FOR_THE_MANAGER}
      const [one] = sheet.getProtections(SpreadsheetApp.ProtectionType.RANGE);
      const told = [one.getDescription(), one.getRange().getA1Notation(), one.isWarningOnly(), one.canEdit(), one.canDomainEdit(),
        one.getEditors().map((user) => user.getEmail())];
      one.remove();
      console.log(JSON.stringify([told, sheet.getProtections(SpreadsheetApp.ProtectionType.RANGE).length]));`);
    const told = ['Status', 'B2:B1000', false, true, false, [OWNER, MANAGER]];
    expect(JSON.parse(runtime.executions()[0]?.log[0] ?? '')).toEqual([told, 0]);
  });
});

it('protects a whole tab, once', async () => {
  const { edit, runtime } =
    await prepared(`const all = sheet.protect(); all.removeEditors(all.getEditors()); sheet.protect();
    console.log(sheet.getProtections(SpreadsheetApp.ProtectionType.SHEET).length);`);
  expect(() => edit({ range: 'A2' })).toThrow('protected');
  expect(runtime.executions()[0]?.log).toEqual(['1']);
});

it('lets the owner’s whole domain in if that is set', async () => {
  const { edit } = await prepared(`${STATUS_FOR_THE_MANAGER} kept.setDomainEdit(true);`);
  expect(() => edit()).not.toThrow();
  expect(() => edit({ user: 'guest@example.org' })).toThrow('protected');
});

describe('a validation', () => {
  const list = (more = '') =>
    `sheet.getRange('B2:B').setDataValidation(SpreadsheetApp.newDataValidation().requireValueInList(['Go', 'Planned'], true)${more}.build());`;
  const STRICT = list('.setAllowInvalid(false)');

  it('rejects a typed value that is not in its list, and says what is', async () => {
    const { edit, status } = await prepared(STRICT);
    expect(() => edit({ values: [['Stop']] })).toThrow(
      'The data you entered in cell B2 violates the data validation rules set on this cell. Please enter one of the following values: Go, Planned.',
    );
    expect(status()).toBe('Planned');
    edit();
    edit({ values: [['']] });
    expect(status()).toBe('');
  });

  it('lets a paste pass, also of one cell, unless a paste was seen to be held to it', async () => {
    const { edit, status } = await prepared(STRICT);
    edit({ range: 'B2:B3', values: [['Stop'], ['Stop']] });
    expect(status()).toBe('Stop');
    edit({ values: [['Halt']], how: 'pasted' });
    expect(status()).toBe('Halt');
    const strict = await prepared(STRICT, { quirks: { pasteObeysValidation: true } });
    expect(() => strict.edit({ range: 'B2:B3', values: [['Go'], ['Stop']] })).toThrow('cell B3 violates');
  });

  it('that allows what is invalid keeps it, and tells the person', async () => {
    const { edit, status } = await prepared(list());
    expect(edit({ values: [['Stop']] }).warnings).toEqual([expect.stringContaining('cell B2 violates')]);
    expect(status()).toBe('Stop');
    expect(edit().warnings).toEqual([]);
  });

  it('stops a script as well, unless it was seen not to', async () => {
    const { runtime, status } = await prepared(STRICT);
    expect((await runtime.run('write')).error).toContain('cell B2 violates');
    expect(status()).toBe('Planned');
    const lax = await prepared(STRICT, { quirks: { scriptWriteObeysValidation: false } });
    expect((await lax.runtime.run('write')).error).toBeUndefined();
    expect(lax.status()).toBe('Nonsense');
  });

  it('can be set for other cells, and taken off', async () => {
    const { runtime } = await prepared(`${STRICT}
      const rule = SpreadsheetApp.newDataValidation().requireValueInList(['Go'], false).build();
      sheet.getRange('A2').setDataValidation(rule); sheet.getRange('B2:B').setDataValidation(null);`);
    expect(runtime.spreadsheets.get(BOOK).formatting('Rundown').validations).toEqual([
      { range: 'A2', choices: ['Go'], showDropdown: false, allowInvalid: true },
    ]);
  });
});
