import { BOOK, MANAGER, runtimeHouse, until } from '../start-runtime.ts';

const { start, ask } = runtimeHouse();

const BOOK_AND_SHEET = `const book = SpreadsheetApp.openById('${BOOK}'); const sheet = book.getSheetByName('Rundown');`;

/** Runs the body as the script, and gives the runtime to look at. */
async function ran(body: string) {
  const { runtime } = start(`function main() { ${BOOK_AND_SHEET} ${body} }`);
  const { error, calls } = await runtime.run('main');
  expect(error).toBeUndefined();
  const book = runtime.spreadsheets.get(BOOK);
  return { runtime, book, calls, formatting: () => book.formatting('Rundown') };
}

describe('a spreadsheet that a script creates', () => {
  it('belongs to the account that runs it, has one empty tab, and is a service call', async () => {
    const { runtime } = start(
      `function main() { const made = SpreadsheetApp.create('Night', 50, 5); 
        made.setSpreadsheetTimeZone('Europe/Paris');
        const [tab] = made.getSheets();
        console.log(JSON.stringify([made.getId(), tab.getName(), tab.getMaxRows(), tab.getMaxColumns(), made.getUrl()])); }`,
    );
    const { log, calls } = await runtime.run('main', { user: MANAGER });
    const [id, ...rest] = JSON.parse(log[0] ?? '');
    expect(rest).toEqual(['Sheet1', 50, 5, `https://docs.google.com/spreadsheets/d/${id}/edit`]);
    const { name, owner, timeZone } = runtime.spreadsheets.get(id);
    expect({ name, owner, timeZone }).toEqual({ name: 'Night', owner: MANAGER, timeZone: 'Europe/Paris' });
    expect(calls).toEqual(['Spreadsheet.create', 'Spreadsheet.setSpreadsheetTimeZone']);
  });

  it('is told to who lists spreadsheets, as are its tabs and a new name', async () => {
    const { runtime } = start(
      `function main() { ${BOOK_AND_SHEET} book.insertSheet('Audit'); SpreadsheetApp.create('y'); }`,
    );
    const heard: string[] = [];
    runtime.onSpreadsheets((id) => heard.push(runtime.spreadsheets.get(id).name));
    await runtime.run('main');
    runtime.spreadsheets.get(BOOK).rename('x');
    expect(heard).toEqual(['Release 42', 'y', 'y', 'x']);
  });

  it('refuses a time zone that does not exist', async () => {
    await expect(ask(`${BOOK_AND_SHEET} book.setSpreadsheetTimeZone('Mars/Base')`)).rejects.toThrow('Mars/Base');
  });
});

describe('tabs', () => {
  it('are inserted where asked and renamed, and a script’s object follows its tab', async () => {
    const body = `${BOOK_AND_SHEET}
      book.insertSheet('Audit', 0); book.insertSheet(); sheet.setName('Plan');
      return [book.getSheets().map((one) => one.getName()), sheet.getName(), sheet.getRange('A1').getValue()];`;
    expect(await ask(body)).toEqual([['Audit', 'Plan', 'Sheet3'], 'Plan', 'Step']);
  });

  it.each([
    ["book.insertSheet('rundown')", 'A sheet with the name "rundown" already exists'],
    ["const taken = book.insertSheet('x'); taken.setName('Rundown')", 'A sheet with the name "Rundown" already exists'],
  ])('refuse %s as Sheets does', async (code, message) => {
    await expect(ask(`${BOOK_AND_SHEET} ${code}`)).rejects.toThrow(message);
  });

  it('are gone for the script once a person has deleted them, but for the last one', async () => {
    const { runtime, book } = await ran('console.log(sheet === null); sheet.getName();');
    expect(() => book.deleteTab(book.tab('Rundown').sheetId)).toThrow("can't remove all the sheets");
    book.insertTab('x');
    book.deleteTab(book.tab('Rundown').sheetId);
    expect((await runtime.run('main')).log).toEqual(['true']);
  });

  it('grow by appended rows and inserted columns', async () => {
    const { runtime, book } = await ran(`sheet.appendRow(['3', '=A2&"!"']); sheet.insertRowsAfter(1, 1);
      sheet.insertColumnsAfter(1, 1); sheet.getRange('A6').setValue('5');`);
    runtime.deleteRows(BOOK, 'Rundown', 4, 1);
    expect(book.displayValues('Rundown')).toEqual([
      ['Step', '', 'Status', 'Planned start'],
      ['', '', '', ''],
      ['1', '', 'Planned', '2026-11-22 02:00'],
      ['3', '', '!', ''],
      ['5', '', '', ''],
    ]);
  });
});

describe('formatting', () => {
  it('are kept and told as plain JSON', async () => {
    const { formatting } = await ran(`
      sheet.setFrozenRows(1); sheet.setColumnWidth(1, 44); sheet.setColumnWidths(2, 2, 120); sheet.setTabColor('#ff0000');
      sheet.getRange('A1:C1').setFontWeight('bold').setBackground('#f1f3f4').setVerticalAlignment('middle');
      sheet.getRange('B2:B').setFontColor('#333333').setWrap(true);
      sheet.getRange('B2').setNote('why');`);
    expect(formatting()).toMatchObject({
      frozenRows: 1,
      tabColor: '#ff0000',
      columnWidths: { A: 44, B: 120, C: 120 },
      fontWeights: [{ range: 'A1:C1', value: 'bold' }],
      backgrounds: [{ range: 'A1:C1', value: '#f1f3f4' }],
      verticalAlignments: [{ range: 'A1:C1', value: 'middle' }],
      fontColors: [{ range: 'B2:B', value: '#333333' }],
      wraps: [{ range: 'B2:B', value: true }],
      notes: [{ cell: 'B2', text: 'why' }],
    });
  });

  it('of one cell take the place of its column’s, and a whole column set anew is one again', async () => {
    const one = `sheet.getRange('B2:B').setBackground('#aaaaaa'); sheet.getRange('B4').setBackground('#bbbbbb');`;
    expect((await ran(one)).formatting().backgrounds).toEqual([
      { range: 'B2:B3', value: '#aaaaaa' },
      { range: 'B5:B', value: '#aaaaaa' },
      { range: 'B4', value: '#bbbbbb' },
    ]);
    const { formatting } = await ran(`${one} sheet.getRange(2, 2, sheet.getMaxRows() - 1).setBackground('#cccccc');`);
    expect(formatting().backgrounds).toEqual([{ range: 'B2:B', value: '#cccccc' }]);
  });

  it('move with inserted and deleted rows, and stay open at the bottom', async () => {
    const { runtime, formatting } = await ran(`sheet.setFrozenRows(1);
      sheet.getRange('B3:B5').setBackground('#aaaaaa'); sheet.getRange('C2:C').setBackground('#bbbbbb');
      sheet.getRange('A3:C3').protect();`);
    runtime.insertRows(BOOK, 'Rundown', 4, 2);
    runtime.insertRows(BOOK, 'Rundown', 1, 1);
    runtime.deleteRows(BOOK, 'Rundown', 8, 1);
    expect(formatting().frozenRows).toBe(2);
    expect(formatting().backgrounds).toEqual([
      { range: 'B4:B7', value: '#aaaaaa' },
      { range: 'C3:C', value: '#bbbbbb' },
    ]);
    runtime.deleteRows(BOOK, 'Rundown', 4, 1);
    expect(formatting().protections).toEqual([]);
  });

  it('keep their frozen rows and column widths in step with deleted rows and inserted columns', async () => {
    const { runtime, formatting } = await ran(`sheet.setFrozenRows(3);
      sheet.setColumnWidths(2, 2, 120); sheet.insertColumnsAfter(2, 1);`);
    runtime.deleteRows(BOOK, 'Rundown', 2, 3);
    expect(formatting()).toMatchObject({ frozenRows: 1, columnWidths: { B: 120, D: 120 } });
  });

  it('go with the contents when a tab is cleared; its rules stay', async () => {
    const { book, formatting } = await ran(`
      sheet.getRange('A1:C1').setBackground('#aaaaaa');
      sheet.getRange('B2:B').setDataValidation(SpreadsheetApp.newDataValidation().requireValueInList(['Go']).build());
      sheet.clear();`);
    expect(book.displayValues('Rundown')).toEqual([]);
    expect(formatting()).toMatchObject({ backgrounds: [], validations: [{ range: 'B2:B' }] });
  });

  it('keep conditional formats with their ranges, and hand back rules that can be set again', async () => {
    const { formatting } = await ran(`
      const done = SpreadsheetApp.newConditionalFormatRule().whenTextEqualTo('Done').setBackground('#00ff00').setFontColor('#000000')
        .setRanges([sheet.getRange('B2:B')]).build();
      const late = SpreadsheetApp.newConditionalFormatRule().whenFormulaSatisfied('=$B2="Late"').setBackground('#ff0000')
        .setRanges([sheet.getRange('A2:C')]).build();
      sheet.setConditionalFormatRules([done]);
      sheet.setConditionalFormatRules(sheet.getConditionalFormatRules().concat(late));`);
    expect(formatting().conditionalFormats).toEqual([
      { ranges: ['B2:B'], when: { textEqualTo: 'Done' }, background: '#00ff00', fontColor: '#000000' },
      { ranges: ['A2:C'], when: { formula: '=$B2="Late"' }, background: '#ff0000' },
    ]);
  });

  it('are told to who watches the sheet, as a change of formatting', async () => {
    const { runtime } = start(
      `function main() { ${BOOK_AND_SHEET} sheet.getRange('A1').setBackground('#aaaaaa').setValue('x'); }`,
    );
    const heard: string[] = [];
    runtime.onChange(({ what, by, sheet }) => heard.push(`${what} ${by} ${sheet}`));
    await runtime.run('main');
    expect(heard).toEqual(['formatting script Rundown', 'cells script Rundown']);
  });

  it('are seen by an execution as they were when it first looked, until it flushes', async () => {
    const { runtime, clock, sleeps } = start(`
      function watch() { ${BOOK_AND_SHEET}
        const seen = () => sheet.getRange('A2').getDisplayValues()[0][0];
        const first = seen(); Utilities.sleep(60000); const second = seen(); SpreadsheetApp.flush();
        console.log(JSON.stringify([first, second, seen()])); }
      function paint() { ${BOOK_AND_SHEET} sheet.getRange('A2').setNumberFormat('hh:mm').setFormula('NOW()'); }`);
    const watching = runtime.run('watch');
    await until(() => sleeps() > 0);
    await runtime.run('paint');
    clock.moveTo(clock.now() + 60_000);
    expect(JSON.parse((await watching).log[0] ?? '')).toEqual(['1', '1', '03:01']);
  });

  it.each([
    ["getRange('A1').setNumberFormat('#,##0.00')", 'The number format #,##0.00 is not supported'],
    ["getRange('A1').setBackground('red')", 'The colour red is not supported'],
    ["getRange('A1').setFontWeight('heavy')", 'Invalid argument: heavy'],
    ["getRange('A1:B1').setNotes([['x']])", 'does not match the range A1:B1'],
    ["getProtections('CELL')", 'Invalid argument: type'],
  ])('refuse %s, which would not be shown or is wrong', async (code, message) => {
    await expect(ask(`${BOOK_AND_SHEET} sheet.${code}`)).rejects.toThrow(message);
  });
});

it('copies values, formulas, formatting, notes, rules and protections, but no triggers, for a new owner', async () => {
  const { runtime } = await ran(`
    sheet.getRange('A4').setFormula('=1+1').setNote('sum').setBackground('#aaaaaa');
    const kept = sheet.getRange('B2:B').protect(); kept.removeEditors(kept.getEditors()); kept.addEditors(['intern@example.com']);
    ScriptApp.newTrigger('main').forSpreadsheet(book).onEdit().create();`);
  const id = runtime.copySpreadsheet(BOOK, { user: MANAGER });
  const copy = runtime.spreadsheets.get(id);
  expect(copy).toMatchObject({ name: 'Copy of Release 42', owner: MANAGER, timeZone: 'Europe/Berlin' });
  expect(copy.displayValues('Rundown')[3]?.[0]).toBe('2');
  expect(copy.formatting('Rundown')).toMatchObject({
    backgrounds: [{ range: 'A4', value: '#aaaaaa' }],
    notes: [{ cell: 'A4', text: 'sum' }],
    protections: [{ range: 'B2:B', editors: [MANAGER] }],
  });
  runtime.spreadsheets.get(BOOK).tab('Rundown').setNote(4, 1, 'changed');
  expect(copy.formatting('Rundown').notes).toEqual([{ cell: 'A4', text: 'sum' }]);
  const edit = { spreadsheetId: id, sheet: 'Rundown', range: 'A2', values: [['9']], user: MANAGER };
  expect(await runtime.edit(edit).executions).toEqual([]);
});
