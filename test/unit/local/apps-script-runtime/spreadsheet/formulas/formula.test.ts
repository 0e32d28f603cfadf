import { quirksOf } from '../../../../../../local/apps-script-runtime/quirks.ts';
import { Spreadsheets } from '../../../../../../local/apps-script-runtime/spreadsheet/sheet-model.ts';
import { BOOK, MANAGER, NIGHT, runtimeHouse, until } from '../../start-runtime.ts';

const { start, ask } = runtimeHouse();

/** What a cell of this formula shows, beside the tabs below, at 02:00 UTC. */
function show(formula: string, now = NIGHT): string | undefined {
  const around = { now: () => now, quirks: quirksOf(), changed: () => {} };
  const book = new Spreadsheets(around, MANAGER).create({
    id: 'x',
    name: 'x',
    timeZone: 'Europe/Berlin',
    tabs: {
      Rundown: [[formula, 'Done', 2, '', '=C1*10', '=1/0', '=A1']],
      Meta: [['heartbeat', '2026-11-22 02:58'], ['Done'], ['done'], ['Go'], [3]],
      'Read me': [['', 'Hello']],
    },
  });
  return book.displayValues('Rundown')[0]?.[0];
}

it.each([
  ['=1+2*3-4/2', '5'],
  ['=(1+2)*-3', '-9'],
  ['="a"&"b"&1', 'ab1'],
  ['="say ""hi"""', 'say "hi"'],
  ['=IF(B1="done","yes","no")', 'yes'],
  ['=if(C1>=3, "yes")', 'FALSE'],
  ['=IF(AND(C1=2;B1="Done");"both";1/0)', 'both'],
  ['=AND(C1=2,B1<>"Done")', 'FALSE'],
  ['=D1=0', 'TRUE'],
  ['=$E$1+1', '21'],
  ['=LEFT("Until 02:12",6)="Until "', 'TRUE'],
  ['=LEFT(B1)', 'D'],
  ['="a"&CHAR(10)&"b"', 'a\nb'],
  ['=ROUND(2.5)&" "&ROUND(-2.5;0)&" "&ROUND(1.26;1)', '3 -3 1.3'],
  ['=SUBSTITUTE("a.b.a";"a";"c")', 'c.b.c'],
  ['=Meta!A1', 'heartbeat'],
  ["='Read me'!B1", 'Hello'],
])('computes %s', (formula, wanted) => {
  expect(show(formula)).toBe(wanted);
});

it('knows the time, in the sheet’s zone, and how long ago another was', () => {
  expect(show('=NOW()')).toBe('2026-11-22 03:00');
  expect(show('=NOW()+0.5')).toBe('2026-11-22 15:00');
  expect(show('=NOW()+TIME(0,5,0)')).toBe('2026-11-22 03:05');
  expect(show('=NOW()+TIME(25;0;0)')).toBe('2026-11-22 04:00');
  const banner = '=IF(NOW()-Meta!B1>3/1440,"not connected since "&Meta!B1,"")';
  expect(show(banner)).toBe('');
  expect(show(banner, NIGHT + 61_000)).toBe('not connected since 2026-11-22 02:58');
});

it.each([
  ['=F1', '#DIV/0!'],
  ['=F1+1', '#DIV/0!'],
  ['=Nowhere!A1', '#REF!'],
  ['=Z5000', '#REF!'],
  ['=A1&A1', '#REF!'],
  ['=B1+1', '#VALUE!'],
  ['=B1:C1', '#VALUE!'],
  ['=G1', '#REF!'],
])('shows %s as the error that it is', (formula, wanted) => {
  expect(show(formula)).toBe(wanted);
});

it.each([
  ['=SUM(A1:A2)', 'SUM'],
  ['=COUNTIF(A1:A2,1)', 'COUNTIF'],
  ['=IF(1)', 'IF with 1 arguments'],
  ['=1+', 'An open end'],
  ['=(1', 'An open end'],
  ['=1 2', '"2"'],
  ['={1,2}', '"{"'],
  ['=Planned', '"Planned"'],
  ['=A1%', '"%"'],
])('refuses %s by name', (formula, named) => {
  expect(() => show(formula)).toThrow(`${named} in the formula ${formula} is not supported`);
});

it('gives a script the value', async () => {
  const body = `const sheet = SpreadsheetApp.openById('${BOOK}').getSheetByName('Rundown');
    sheet.getRange('D2:D3').setValues([['=A2+1'], ['text']]); sheet.getRange('D4').setFormula('NOW()');
    return [sheet.getRange('D2').getValue(), sheet.getRange('D4').getValue() instanceof Date];`;
  expect(await ask(body)).toEqual([2, true]);
});

it('is a formula when a person types one, and its text when the cell is plain text', async () => {
  const { runtime } = start(`function main() {
    SpreadsheetApp.openById('${BOOK}').getSheetByName('Rundown').getRange('D3').setNumberFormat('@'); }`);
  await runtime.run('main');
  const typing = (range: string) =>
    runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range, values: [['=B2&"?"']], user: MANAGER });
  typing('D2');
  typing('D3');
  const book = runtime.spreadsheets.get(BOOK);
  expect(book.displayValues('Rundown').map((row) => row[3])).toEqual(['', 'Planned?', '=B2&"?"']);
  expect(book.formulas('Rundown').map((row) => row[3])).toEqual(['', '=B2&"?"', '']);
});

it('keeps its text when its row moves, and is sorted by what it comes to', async () => {
  const { runtime } = start('');
  const put = (range: string, value: unknown) =>
    runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range, values: [[value]], user: MANAGER });
  put('D2', '=A1&"z"');
  put('D3', 'a');
  runtime.sort(BOOK, 'Rundown', 4);
  runtime.insertRows(BOOK, 'Rundown', 2);
  expect(
    runtime.spreadsheets
      .get(BOOK)
      .formulas('Rundown')
      .map((row) => row[3]),
  ).toEqual(['', '', '', '=A1&"z"']);
});

it('is computed from what the execution has seen of other tabs, until it flushes', async () => {
  const { runtime, clock, sleeps } = start(`function main() {
    const book = SpreadsheetApp.openById('${BOOK}'); const sheet = book.getSheetByName('Rundown'); const meta = book.insertSheet('Meta');
    meta.getRange('A1').setValue('old'); sheet.getRange('D2').setFormula('Meta!A1');
    const read = () => sheet.getRange('D2').getValue();
    const first = read(); Utilities.sleep(1000); const second = read(); SpreadsheetApp.flush();
    console.log(first, second, read()); }`);
  const running = runtime.run('main');
  await until(() => sleeps() > 0);
  runtime.edit({ spreadsheetId: BOOK, sheet: 'Meta', range: 'A1', values: [['new']], user: MANAGER });
  clock.moveTo(clock.now() + 1_000);
  expect((await running).log).toEqual(['old old new']);
});
