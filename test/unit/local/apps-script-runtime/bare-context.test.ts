import { createClock } from '../../../../local/clock.ts';
import { NIGHT, runtimeHouse } from './start-runtime.ts';

const { start, ask } = runtimeHouse();

it('offers the globals of V8 and no others of Node or a browser', async () => {
  const names =
    'setTimeout setInterval queueMicrotask fetch URL URLSearchParams TextEncoder crypto atob btoa process require module Buffer structuredClone performance window document'.split(
      ' ',
    );
  expect(await ask(`return ${JSON.stringify(names)}.filter((name) => name in globalThis)`)).toEqual([]);
  expect(await ask('return [typeof JSON, typeof Map, typeof Promise, typeof Intl, typeof console.log]')).toEqual([
    'object',
    'function',
    'function',
    'object',
    'function',
  ]);
});

it('hands out values of the script’s own kinds', async () => {
  const body = `
    const cells = SpreadsheetApp.openById('release-42').getSheetByName('Rundown').getDataRange().getValues();
    let caught;
    try { SpreadsheetApp.openById('none'); } catch (error) { caught = error; }
    return [cells instanceof Array, cells[0] instanceof Array, cells[1][2] instanceof Date, caught instanceof Error, caught.name];`;
  expect(await ask(body)).toEqual([true, true, true, true, 'Exception']);
});

it('lives on the local clock, however the script asks for the time', async () => {
  const clock = createClock(Date.UTC(2031, 5, 1));
  const years =
    'return [new Date().getUTCFullYear(), new Date(Date.now()).getUTCFullYear(), Number(Date().slice(11, 15))]';
  expect(await ask(years, { clock })).toEqual([2031, 2031, 2031]);
  expect(await ask(`return [new Date(0).getTime(), new Date() instanceof Date, Date.UTC(2026, 0)]`)).toEqual([
    0,
    true,
    Date.UTC(2026, 0),
  ]);
});

it.each([
  ["Utilities.newBlob('x')", 'Utilities.newBlob'],
  ['SpreadsheetApp.getActiveSheet()', 'SpreadsheetApp.getActiveSheet'],
  ["SpreadsheetApp.openById('release-42').moveActiveSheet(1)", 'Spreadsheet.moveActiveSheet'],
  ["SpreadsheetApp.openById('release-42').getSheets()[0].getRange('A1').getFormulasR1C1()", 'Range.getFormulasR1C1'],
  ['PropertiesService.getUserProperties().setProperties({}, true)', 'Properties.setProperties with deleteAllOthers'],
  [
    "UrlFetchApp.fetchAll([{ url: 'https://api.example.com/', escaping: true }])",
    'UrlFetchApp.fetchAll with the option escaping',
  ],
  ["Utilities.formatDate(new Date(), 'Etc/UTC', 'EEE')", 'The date format EEE'],
  ['MailApp.sendEmail("a@example.com", "x", "y")', 'MailApp'],
  ['SpreadsheetApp.getUi()', 'SpreadsheetApp.getUi'],
  ['LockService.getDocumentLock()', 'LockService.getDocumentLock'],
  ['console.table([])', 'console.table'],
])('refuses %s by name', async (code, name) => {
  await expect(ask(code)).rejects.toThrow(`${name} is not supported by the local Apps Script runtime`);
});

it('tells a refusal in the log even if the script swallows it', async () => {
  const { runtime } = start('function main() { try { Utilities.unzip(1); } catch (error) {} }');
  expect(await runtime.run('main')).toMatchObject({
    log: ['Utilities.unzip is not supported by the local Apps Script runtime'],
  });
});

it('runs only functions of the script, and says so of others', async () => {
  const { runtime } = start('function main(...args) { console.log(args.length); }');
  expect(await runtime.run('main')).toMatchObject({ log: ['0'], trigger: 'run', startedAt: expect.any(Number) });
  expect((await runtime.run('parseInt')).error).toBe('Script function not found: parseInt');
  expect((await runtime.run('main(); (() => {})')).error).toMatch('Script function not found');
});

it('reports what the script threw, and what it logged before', async () => {
  const { runtime } = start(`function main() {
    console.log('step', 12, { a: 1 }, new Error('why'));
    Logger.log(null);
    throw new Error('broken');
  }`);
  expect(await runtime.run('main')).toMatchObject({ error: 'broken', log: ['step 12 {"a":1} why', 'null'] });
});

it('formats times by the zone asked for', async () => {
  const at = `new Date(${NIGHT})`;
  expect(await ask(`return Utilities.formatDate(${at}, 'Europe/Berlin', "yyyy-MM-dd'T'HH:mm:ss z")`)).toMatch(
    /^2026-11-22T03:00:00 (GMT\+1|CET)$/,
  );
  expect(await ask("return Utilities.base64Encode('Grüße')")).toBe('R3LDvMOfZQ==');
});
