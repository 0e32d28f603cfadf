import type { RuntimeOptions } from '../../../../local/apps-script-runtime/host.ts';
import { BOOK, MANAGER, runtimeHouse, until } from './start-runtime.ts';

const { start, ask } = runtimeHouse();

const SHEET = `const sheet = SpreadsheetApp.openById('${BOOK}').getSheetByName('Rundown');`;

it('reads and writes cells, dates among them', async () => {
  const body = `${SHEET}
    sheet.getRange(3, 2, 1, 2).setValues([['Go', new Date(Date.UTC(2026, 10, 22, 1, 30))]]);
    sheet.getRange('A4').setValue('2026-11-22 04:00').setNote('typed');
    const range = sheet.getRange('A4');
    return [sheet.getRange('B3:C3').getDisplayValues(), range.getValue().toISOString(), range.getDisplayValues()];`;
  expect(await ask(body)).toEqual([[['Go', '2026-11-22 02:30']], '2026-11-22T03:00:00.000Z', [['2026-11-22 04:00']]]);
});

it('navigates from a spreadsheet to its cells and back', async () => {
  const body = `
    const book = SpreadsheetApp.openById('${BOOK}');
    const sheet = book.getSheets()[0];
    const range = sheet.getRange(2, 2, 2, 2);
    return [book.getId(), book.getName(), book.getSpreadsheetTimeZone(), book.getSheetByName('None'),
      sheet.getName(), sheet.getSheetId(), sheet.getLastRow(), sheet.getLastColumn(), sheet.getMaxRows(),
      range.getA1Notation(), range.getLastRow(), range.getLastColumn(), range.getSheet().getName()];`;
  expect(await ask(body)).toEqual(
    [BOOK, 'Release 42', 'Europe/Berlin', null].concat([
      'Rundown',
      0,
      3,
      3,
      1000,
      'B2:C3',
      3,
      3,
      'Rundown',
    ] as string[]),
  );
});

it('counts opening a spreadsheet, reads and writes of cells as service calls, and no navigation', async () => {
  const { runtime } = start(`function main() { ${SHEET}
    sheet.getDataRange().getValues();
    sheet.getRange(2, 2).setValue('Go');
    sheet.getLastRow(); sheet.getRange('A1').getSheet().getName(); Utilities.getUuid();
    SpreadsheetApp.flush();
  }`);
  const { calls } = await runtime.run('main');
  expect(calls).toEqual(['Spreadsheet.open', 'Range.getValues', 'Range.setValues', 'Spreadsheet.flush']);
});

it.each([
  ['sheet.getRange(1001, 1)', 'outside the dimensions of the sheet'],
  ['sheet.getRange(0, 1)', 'starting row of the range is too small'],
  ["sheet.getRange(1, 1, 2, 2).setValues([['x']])", 'The data has 1 but the range has 2'],
  ["SpreadsheetApp.openById('none')", 'no spreadsheet none'],
  ["sheet.getRange('A1').setValue('=SUM(A2:A3)')", 'SUM in the formula =SUM(A2:A3) is not supported'],
])('answers %s with an error', async (code, message) => {
  await expect(ask(`${SHEET} ${code}`)).rejects.toThrow(message);
});

describe('what an execution sees of others', () => {
  /** Reads, waits for a person to edit B2, reads again, flushes, reads again. */
  const watching = async (more: Partial<RuntimeOptions> = {}) => {
    const { runtime, clock, sleeps } = start(
      `function main() { ${SHEET}
        const cell = () => sheet.getRange('B2').getValue() + '/' + sheet.getLastRow();
        const first = cell();
        sheet.getRange('A2').setValue('mine');
        Utilities.sleep(300000);
        const second = cell() + '/' + sheet.getRange('A2').getValue();
        SpreadsheetApp.flush();
        console.log(JSON.stringify([first, second, cell()]));
      }`,
      more,
    );
    const running = runtime.run('main');
    await until(() => sleeps() > 0);
    const between = runtime.spreadsheets.get(BOOK).displayValues('Rundown')[1]?.[0];
    runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range: 'B2', values: [['Go']], user: MANAGER });
    runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range: 'A9', values: [['9']], user: MANAGER });
    clock.moveTo(clock.now() + 300_000);
    const { log } = await running;
    return { seen: JSON.parse(log.at(-1) ?? ''), between };
  };

  it('stays what it read first, with its own writes, until it flushes', async () => {
    expect((await watching()).seen).toEqual(['Planned/3', 'Planned/3/mine', 'Go/9']);
  });

  it('is what there is, if reads are not cached', async () => {
    expect((await watching({ cachedReads: false })).seen).toEqual(['Planned/3', 'Go/9/mine', 'Go/9']);
  });

  it('keeps its writes to itself until it flushes, if the platform is that hostile', async () => {
    expect((await watching()).between).toBe('mine');
    expect((await watching({ faultInjection: { lateWrites: true } })).between).toBe('1');
  });
});

it('writes late writes out at the end of the execution, but not of one that was cut', async () => {
  const { runtime } = start(
    `function main() { ${SHEET} sheet.getRange('A2').setValue('mine'); sheet.getRange('B2').getValue(); }`,
    {
      faultInjection: { lateWrites: true },
    },
  );
  const cell = () => runtime.spreadsheets.get(BOOK).displayValues('Rundown')[1]?.[0];
  runtime.cutNext({ at: 2, side: 'after' });
  expect(await runtime.run('main')).toMatchObject({ cut: true });
  expect(cell()).toBe('1');
  await runtime.run('main');
  expect(cell()).toBe('mine');
});

it('goes on seeing what it read first though it flushed, if the platform is that stale', async () => {
  const { runtime, clock, sleeps } = start(
    `function main() { ${SHEET}
      sheet.getRange('B2').getValue();
      sheet.getRange('A2').setValue('mine');
      Utilities.sleep(1000);
      SpreadsheetApp.flush();
      console.log(sheet.getRange('B2').getValue(), sheet.getRange('A2').getValue());
    }`,
    { faultInjection: { staleReads: 1 } },
  );
  const running = runtime.run('main');
  await until(() => sleeps() > 0);
  runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range: 'B2', values: [['Go']], user: MANAGER });
  clock.moveTo(clock.now() + 1_000);
  expect((await running).log).toEqual(['Planned mine']);
});
