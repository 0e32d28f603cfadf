import type { RuntimeOptions } from '../../../../local/apps-script-runtime/host.ts';
import { fromWall, wallAsUtc } from '../../../../local/apps-script-runtime/spreadsheet/zoned-time.ts';
import { BOOK, MANAGER, runtimeHouse } from './start-runtime.ts';

const { start } = runtimeHouse();

/** A person types it; what the cell shows, what a script reads, and what is shown when the script writes that back. */
async function typing(text: string, more: Partial<RuntimeOptions> = {}) {
  const { runtime } = start(
    `function main() { const sheet = SpreadsheetApp.openById('${BOOK}').getSheetByName('Rundown');
      const read = sheet.getRange('C2').getValue(); sheet.getRange('C3').setValue(read); console.log(JSON.stringify(read)); }`,
    more,
  );
  runtime.edit({ spreadsheetId: BOOK, sheet: 'Rundown', range: 'C2', values: [[text]], user: MANAGER });
  const { log } = await runtime.run('main');
  const [, [, , shown] = [], [, , back] = []] = runtime.spreadsheets.get(BOOK).displayValues('Rundown');
  return { shown, read: JSON.parse(log[0] ?? ''), back };
}

describe('a time that the clocks skip', () => {
  const SKIPPED = '2026-03-29 02:30';

  it('is shown as it was typed, and read as an hour later', async () => {
    expect(await typing(SKIPPED)).toEqual({
      shown: SKIPPED,
      read: '2026-03-29T01:30:00.000Z',
      back: '2026-03-29 03:30',
    });
  });

  it('is read as an hour earlier if that was recorded', async () => {
    const read = await typing(SKIPPED, { quirks: { skippedHourReadsAs: 'earlier' } });
    expect(read).toEqual({ shown: SKIPPED, read: '2026-03-29T00:30:00.000Z', back: '2026-03-29 01:30' });
  });
});

describe('a time that the clocks show twice', () => {
  const TWICE = '2026-10-25 02:30';

  it('is shown as it was typed, and read as the first', async () => {
    expect(await typing(TWICE)).toEqual({ shown: TWICE, read: '2026-10-25T00:30:00.000Z', back: TWICE });
  });

  it('is read as the second if that was recorded', async () => {
    const read = await typing(TWICE, { quirks: { repeatedHourReadsAs: 'second' } });
    expect(read).toEqual({ shown: TWICE, read: '2026-10-25T01:30:00.000Z', back: TWICE });
  });
});

it.each([
  ['2026-03-29 01:59', '2026-03-29T00:59:00.000Z'],
  ['2026-03-29 03:00', '2026-03-29T01:00:00.000Z'],
  ['2026-10-25 01:59', '2026-10-24T23:59:00.000Z'],
  ['2026-10-25 03:00', '2026-10-25T02:00:00.000Z'],
])('reads %s, beside a change, as the one instant that it is', async (text, read) => {
  expect(await typing(text)).toEqual({ shown: text, read, back: text });
});

it('shows what a script wrote in the sheet’s zone, and goes on showing it when the zone is another', async () => {
  const { runtime } = start(`
    const book = () => SpreadsheetApp.openById('${BOOK}');
    const cell = () => book().getSheetByName('Rundown').getRange('C2');
    function write() { cell().setValue(new Date('2026-07-01T10:00:00Z')); console.log(cell().getDisplayValues()[0][0]); }
    function move() { book().setSpreadsheetTimeZone('America/New_York'); console.log(cell().getDisplayValues()[0][0], cell().getValue().toISOString()); }`);
  expect((await runtime.run('write')).log).toEqual(['2026-07-01 12:00']);
  expect((await runtime.run('move')).log).toEqual(['2026-07-01 12:00 2026-07-01T16:00:00.000Z']);
});

it('finds its way back from every hour around a change, in zones on both sides of Greenwich', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])
    for (const start of [Date.UTC(2026, 2, 7), Date.UTC(2026, 2, 28), Date.UTC(2026, 9, 24), Date.UTC(2026, 10, 1)])
      for (let at = start; at < start + 72 * 3_600_000; at += 900_000) {
        const wall = wallAsUtc(at, zone);
        const both = [fromWall(wall, zone), fromWall(wall, zone, { skipped: 'later', repeated: 'second' })];
        expect(both).toContain(at);
      }
});

it.each([
  ['dd.mm.yyyy', '01.07.2026'],
  ['hh:mm', '12:05'],
  ['hh:mm:ss', '12:05:09'],
  ['mm:ss', '05:09'],
  ['yyyy-mm-dd "at" hh:mm', '2026-07-01 at 12:05'],
])('shows a date in the cell’s format %s', async (format, wanted) => {
  const { runtime } = start(`function main() {
    SpreadsheetApp.openById('${BOOK}').getSheetByName('Rundown').getRange('C2').setNumberFormat('${format}').setValue('2026-07-01 12:05:09'); }`);
  await runtime.run('main');
  expect(runtime.spreadsheets.get(BOOK).displayValues('Rundown')[1]?.[2]).toBe(wanted);
});
